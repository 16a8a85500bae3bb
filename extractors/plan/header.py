"""The document's metadata, put together from its parts; what they do not state stays None."""

from __future__ import annotations

from extractors.plan.annexes import Cut
from extractors.plan.attached import annex_title, find_attachment
from extractors.plan.bases import read_bases
from extractors.plan.issuer import (
    as_written_in,
    complete,
    issuer_leading_in,
    issuer_of_lines,
    level_and_name,
    level_of,
    spell_out,
)
from extractors.plan.letterhead import Letterhead, read_letterhead
from extractors.plan.recipients import Ending, read_ending
from extractors.plan.sheet import Seen, Sheet, join_lines
from extractors.plan.title import PLAN_TYPES, kind_in_front, kind_of, title_text, title_years
from normalizers.fold import fold
from normalizers.places import Gazetteer
from schemas.plan import PartKind, PlanHeader

ANNEX_TYPE = "Phụ lục"
_ENDING = (PartKind.RECIPIENTS, PartKind.SIGNATURE)


def read_header(sheet: Sheet, cuts: list[Cut]) -> PlanHeader:
    """The metadata of the document whose parts begin at `cuts`.

    Where a Decision carries the plan, number, date, bases, recipients and signature are the Decision's, kind and
    title the plan's. `plan_years` holds the title's years only: those of its tasks are known later.
    """
    letterhead = read_letterhead(_first(sheet, cuts, PartKind.LETTERHEAD))
    doc_type, title, doubts = _kind_and_title(sheet, cuts)
    preamble = _first(sheet, cuts, PartKind.BASES)
    ending = _ending(sheet, cuts)
    attached = find_attachment(sheet) if doc_type == ANNEX_TYPE else None
    issuer, issuer_doubts = _issuer(letterhead, join_lines([seen.text for seen in preamble]), title, ending)
    if attached and attached.document.issuer and (issuer is None or not level_and_name(issuer)):
        issuer, issuer_doubts = spell_out(attached.document.issuer), []
    return PlanHeader(
        issuer=issuer,
        issuer_level=level_of(issuer),
        doc_type=doc_type,
        number=letterhead.number,
        issued_date=letterhead.issued,
        place=letterhead.place,
        title=title,
        plan_years=title_years(title, letterhead.issued),
        signer=ending.signer,
        signer_title=ending.signer_title,
        recipients=ending.recipients,
        legal_bases=read_bases(preamble),
        is_draft=letterhead.is_draft,
        lacks_header=not letterhead.found,
        doubts=(*letterhead.doubts, *doubts, *issuer_doubts),
        attached_to=attached.document if attached else None,
    )


def _stretches(sheet: Sheet, cuts: list[Cut], kind: PartKind) -> list[Sheet]:
    ends = [cut[0] for cut in cuts[1:]] + [len(sheet)]
    return [sheet[cut[0] : end] for cut, end in zip(cuts, ends, strict=True) if cut[1] is kind]


def _first(sheet: Sheet, cuts: list[Cut], kind: PartKind) -> Sheet:
    stretches = _stretches(sheet, cuts, kind)
    return stretches[0] if stretches else ()


def _kind_and_title(sheet: Sheet, cuts: list[Cut]) -> tuple[str | None, str | None, list[str]]:
    """Kind and title of the plan; of the Decision alone, if it carries none."""
    titles = _stretches(sheet, cuts, PartKind.TITLE)
    if not titles:
        return _annex_kind(sheet, cuts)
    stretch = titles[-1]
    front = kind_in_front(stretch[0])
    kind = kind_of(stretch[0]) or (front[0] if front else None)
    title = title_text(stretch, 0, len(stretch))
    doubts = [] if title else ["không thấy trích yếu"]
    if kind == "Quyết định":
        doubts.append("quyết định không kèm văn bản kế hoạch")
    elif kind not in PLAN_TYPES:
        doubts.append("tên loại văn bản không phải là kế hoạch")
    return kind, title, doubts


def _annex_kind(sheet: Sheet, cuts: list[Cut]) -> tuple[str | None, str | None, list[str]]:
    """Kind and title of a document that is nothing but an annex; else what is missing."""
    title = annex_title(_first(sheet, cuts, PartKind.ANNEX_HEAD)) if find_attachment(sheet) else None
    return (ANNEX_TYPE, title, []) if title else (None, None, ["không thấy tên loại văn bản"])


def _ending(sheet: Sheet, cuts: list[Cut]) -> Ending:
    """Recipients and signature of the first end of the document, up to where another part begins."""
    ends = [cut[0] for cut in cuts[1:]] + [len(sheet)]
    lines: list[Seen] = []
    for cut, end in zip(cuts, ends, strict=True):
        if cut[1] in _ENDING:
            lines += sheet[cut[0] : end]
        elif lines:
            break
    return read_ending(lines)


def _issuer(letterhead: Letterhead, preamble: str, title: str | None, ending: Ending) -> tuple[str | None, list[str]]:
    """The issuer from letterhead, preamble or signature, the first that names it, and what is doubtful about it."""
    hints = tuple(
        hint for hint in (title or "", preamble, f"thành phố {letterhead.place}", *_levels(letterhead.place)) if hint
    )
    led_in = issuer_leading_in(preamble, hints)
    issuer = issuer_of_lines(letterhead.bodies)
    if issuer:
        named = as_written_in(complete(_with_name(issuer, led_in), hints), preamble)
        return named, _check(named)
    if led_in:
        return led_in, ["cơ quan ban hành lấy từ lời dẫn, không có ở đầu văn bản", *_check(led_in)]
    if ending.body:
        return spell_out(ending.body), ["cơ quan ban hành lấy từ phần ký"]
    return None, ["không thấy cơ quan ban hành"]


def _levels(place: str | None) -> tuple[str, ...]:
    """The place of the date under every level, for a body that names its level only."""
    return (
        tuple(f"{level} {place}" for level in ("phường", "xã", "tỉnh", "huyện", "đặc khu", "quận", "thị xã"))
        if place
        else ()
    )


def _with_name(issuer: str, led_in: str | None) -> str:
    """The letterhead's issuer; the preamble's where that is the same body with its place."""
    if led_in and level_and_name(led_in) and not level_and_name(issuer) and fold(led_in).startswith(fold(issuer)):
        return led_in
    return issuer


def _check(issuer: str) -> list[str]:
    """A doubt where no place of that level and name is known; never a guess at which of many it is."""
    place = level_and_name(issuer)
    if place is None:
        return []
    level, name = place
    known = any(found.level == level.lower() for found in Gazetteer.load().find(name))
    return [] if known else [f"không có {level} {name} trong danh mục đơn vị hành chính"]
