"""A document cut into its parts: letterhead, title, legal bases, body, closing, recipients, signature, annexes."""

from __future__ import annotations

import re

from extractors.plan.annexes import Cut, annex_of, cut_annexes, opens_annex
from extractors.plan.attached import Attachment, find_attachment
from extractors.plan.header import read_header
from extractors.plan.letterhead import is_letterhead
from extractors.plan.recipients import Place, is_recipients, is_signature, place_of, places
from extractors.plan.sheet import Seen, Sheet, marker, paragraph_end, see
from extractors.plan.title import ISSUER_LINE, find_title, is_preamble, kind_of, title_end
from schemas.plan import Frame, Part, PartKind
from schemas.source import Block

# "… xây dựng Kế hoạch như sau:", "với những nội dung cụ thể sau đây:"
_LEADS_IN = re.compile(r"(?:nhu sau|sau day|sau|duoi day|nhu duoi)\W*\Z")
# a section "I. CĂN CỨ PHÁP LÝ"
_ISSUES = re.compile(r"\b(?:ban hanh|xay dung|trien khai)\b.*\b(?:ke hoach|chuong trinh|phuong an|de an)\b")
_BASES_SECTION = re.compile(
    r"(?:(?:nhung|cac) )?can cu(?: phap ly| xay dung.*| ban hanh.*| lap.*| de xay dung.*)?\W*\Z"
)
# headings that may stand without a number
_HEADING = re.compile(
    r"(?:muc dich|muc tieu|yeu cau|noi dung|nhiem vu|to chuc thuc hien|quan diem|doi tuong|pham vi|thoi gian|"
    r"dac diem tinh hinh)"
    r"[^.;]{0,60}\Z"
)
_ARTICLE = re.compile(r"\W*dieu\s+\d+\b")
_DECIDES = re.compile(r"\W*quyet\s+dinh\s*:\W*\Z")
# "Trên đây là Kế hoạch …", "Trong quá trình (tổ chức, triển khai) thực hiện …"
_CLOSING = re.compile(
    r"tren day [l1i]a\b|trong qua trinh (?:to chuc )?(?:trien khai )?(?:va )?(?:to chuc )?thuc hien\b"
)
_BULLET = re.compile(r"[-+•*–—]\s*")


def read_frame(blocks: tuple[Block, ...]) -> Frame:
    """The header and the parts of a document; the parts cover every block once, in order.

    A block that holds the end of one part and the begin of the next belongs to the first of them.
    """
    sheet = see(blocks)
    cuts = _cut(sheet)
    return Frame(read_header(sheet, cuts), _parts(sheet, cuts, len(blocks)))


def _parts(sheet: Sheet, cuts: list[Cut], n_blocks: int) -> tuple[Part, ...]:
    """The cuts as parts of blocks: a part begins at the first block that no earlier part holds."""
    parts: list[Part] = []
    for number, (line, kind, annex) in enumerate(cuts):
        first = 0 if number == 0 else sheet[line].block
        if parts and first <= parts[-1].first:
            continue
        if parts and line and sheet[line - 1].block == first:
            first += 1
        if first >= n_blocks and number:
            continue
        if parts:
            parts[-1] = Part(parts[-1].kind, parts[-1].first, first, parts[-1].annex)
        parts.append(Part(kind, first, n_blocks, annex))
    return tuple(_merged([part for part in parts if part.first < part.last]))


def _merged(parts: list[Part]) -> list[Part]:
    merged: list[Part] = []
    for part in parts:
        last = merged[-1] if merged else None
        if last and (last.kind, last.annex) == (part.kind, part.annex) and part.kind is not PartKind.ANNEX_HEAD:
            merged[-1] = Part(last.kind, last.first, part.last, last.annex)
        else:
            merged.append(part)
    return merged


def _cut(sheet: Sheet) -> list[Cut]:
    """The whole document's cuts; where a Decision carries a plan, those of both."""
    if not sheet:
        return [(0, PartKind.BODY, None)]
    title = find_title(sheet)
    if title is None:
        return _cut_untitled(sheet)
    cuts: list[Cut] = [(0, PartKind.LETTERHEAD, None)] if title else []
    carried = _carried_plan(sheet, title) if kind_of(sheet[title]) == "Quyết định" else None
    if carried is None:
        return cuts + _cut_document(sheet, title, len(sheet), PartKind.BODY)
    between = carried
    while between > title + 1 and is_letterhead(sheet[between - 1]):
        between -= 1
    between = _issuer_above(sheet, title, between) if between < carried else carried
    return (
        cuts
        + _cut_document(sheet, title, between, PartKind.DECISION)
        + ([(between, PartKind.LETTERHEAD, None)] if between < carried else [])
        + _cut_document(sheet, carried, len(sheet), PartKind.BODY)
    )


def _issuer_above(sheet: Sheet, low: int, at: int) -> int:
    """The first line of the issuer's name above a motto that stands between a Decision and its plan."""
    while at > low + 1 and at > 0 and place_of(sheet[at - 1]) is Place.MORE and sheet[at - 1].upper:
        at -= 1
    return at


def _cut_untitled(sheet: Sheet) -> list[Cut]:
    """A document without a heading that names its kind: what looks like a letterhead, then the rest."""
    own = find_attachment(sheet)
    if own is not None:
        return _cut_own_annex(sheet, own)
    end = 0
    while end < len(sheet) and is_letterhead(sheet[end]):
        end += 1
    head: list[Cut] = [(0, PartKind.LETTERHEAD, None)] if end else []
    return head + _cut_rest(sheet, end, len(sheet), PartKind.BODY)


def _cut_own_annex(sheet: Sheet, own: Attachment) -> list[Cut]:
    """An annex that is a file of its own: its letterhead if it has one, its head, what it holds, its end."""
    begin = own.start
    while begin > 0 and not is_letterhead(sheet[begin - 1]) and _heads_annex(sheet[begin - 1]):
        begin -= 1
    if any(sheet[at].cell is None and annex_of(sheet[at]) for at in range(begin, own.start)):
        begin = next(at for at in range(begin, own.start) if annex_of(sheet[at]))
    annex = next((found for seen in sheet[begin : own.start] if (found := annex_of(seen))), "PL")
    high = len(sheet)
    tail = _tail_start(sheet, own.end, high) if own.end < high else high
    other = next((at for at in range(own.end, tail) if annex_of(sheet[at]) and sheet[at].cell is None), tail)
    cuts: list[Cut] = [(0, PartKind.LETTERHEAD, None)] if begin else []
    cuts.append((begin, PartKind.ANNEX_HEAD, annex))
    if own.end < high:
        cuts += [(own.end, PartKind.ANNEX, annex)] if own.end < other else []
        cuts += cut_annexes(sheet, other, tail, opened=False)
    if tail < high:
        end = _tail_end(sheet, tail, high)
        cuts += _cut_tail(sheet, tail, end) + cut_annexes(sheet, end, high, opened=True)
    return cuts


def _heads_annex(seen: Seen) -> bool:
    return seen.upper or seen.line.bold or seen.line.centered or annex_of(seen) is not None


def _carried_plan(sheet: Sheet, title: int) -> int | None:
    """The line of the title of the plan that follows a Decision, or None."""
    signed = False
    for at in range(title + 1, len(sheet)):
        signed = signed or is_recipients(sheet[at]) or is_signature(sheet[at])
        if signed and kind_of(sheet[at]) not in (None, "Quyết định"):
            return at
        if signed and annex_of(sheet[at]):
            return None
    return None


def _cut_document(sheet: Sheet, title: int, high: int, body: PartKind) -> list[Cut]:
    end = title_end(sheet[:high], title)
    cuts: list[Cut] = [(title, PartKind.TITLE, None)]
    return cuts + _cut_rest(sheet, end, high, body)


def _cut_rest(sheet: Sheet, low: int, high: int, body: PartKind) -> list[Cut]:
    """The cuts of everything below the title: bases, body with closing, end, annexes."""
    if low >= high:
        return []
    start = _body_start(sheet, low, high)
    cuts: list[Cut] = [(low, PartKind.BASES, None)] if start > low else []
    tail = _tail_start(sheet, start, high)
    cuts += _cut_body(sheet, start, tail, body)
    if tail < high:
        end = _tail_end(sheet, tail, high)
        cuts += _cut_tail(sheet, tail, end)
        cuts += cut_annexes(sheet, end, high, opened=True)
    return cuts


def _body_start(sheet: Sheet, low: int, high: int) -> int:
    """The first line of the body: behind the sentence that leads in, or the first numbered item or heading."""
    for at in range(low, high):
        seen = sheet[at]
        if _DECIDES.match(seen.fold) or (_ARTICLE.match(seen.fold) and seen.starts):
            return at
        mark = marker(seen.text)
        if (mark and seen.starts) or (not mark and seen.upper and _HEADING.match(seen.fold)):
            if mark and _BASES_SECTION.match(seen.fold[len(mark) :].strip()):
                return _after_section(sheet, at, high)
            if not is_preamble_item(seen, mark):
                return at
        sentence = at > low or len(seen.text) > 60 or _ISSUES.search(seen.fold)
        if _LEADS_IN.search(seen.fold) and paragraph_end(sheet, at) == at + 1 and sentence:
            return at + 1
        if is_recipients(seen) or (seen.starts and _CLOSING.match(seen.fold)):
            break
    return _after_preamble(sheet, low, high)


def is_preamble_item(seen: Seen, mark: str) -> bool:
    """Whether a numbered line is a legal basis ("1. Căn cứ Luật …")."""
    return bool(
        re.match(r"can cu (?!phap|vao tinh|tinh hinh|xay|ket qua|ke hoach nay)", seen.fold[len(mark) :].strip())
    )


def _after_section(sheet: Sheet, at: int, high: int) -> int:
    """The next line with an enumerator of the same look as that of line `at`."""
    roman = sheet[at].text[:1].isalpha()
    for end in range(at + 1, high):
        mark = marker(sheet[end].text)
        if mark and mark[:1].isalpha() == roman and mark[:1].isupper() == sheet[at].text[:1].isupper():
            return end
    return at


def _after_preamble(sheet: Sheet, low: int, high: int) -> int:
    """Without any enumerator or leading-in sentence: behind the paragraphs that open like legal bases."""
    at = low
    while at < high and is_preamble(sheet[at]):
        at = paragraph_end(sheet, at)
    return min(at, high)


def _cut_body(sheet: Sheet, low: int, high: int, body: PartKind) -> list[Cut]:
    """The body and its closing paragraphs; annexes that stand before the signature."""
    annex = next((at for at in range(low, high) if annex_of(sheet[at]) and sheet[at].cell is None), high)
    cuts: list[Cut] = []
    at, fresh = low, True
    while at < annex:
        seen = sheet[at]
        if seen.cell is None and _closes(seen) and (seen.starts or _after_sentence(sheet, at)):
            end = min(paragraph_end(sheet, at), annex)
            cuts.append((at, PartKind.CLOSING, None))
            at, fresh = end, True
            continue
        if fresh:
            cuts.append((at, body, None))
            fresh = False
        at += 1
    return cuts + cut_annexes(sheet, annex, high, opened=False)


def _after_sentence(sheet: Sheet, at: int) -> bool:
    """Whether a sentence ends above a line of which the file does not tell where it stands on the page."""
    return sheet[at].line.bbox is None and sheet[at - 1].text.endswith((".", ";"))


def _closes(seen: Seen) -> bool:
    mark = marker(seen.text) or (found.group() if (found := _BULLET.match(seen.text)) else "")
    return bool(_CLOSING.match(seen.fold[len(mark) :].lstrip())) and seen.text[len(mark) :].lstrip()[:1].isupper()


def _tail_start(sheet: Sheet, low: int, high: int) -> int:
    """The first line of recipients and signature, whichever comes first, or `high`."""
    for at in range(low, high):
        if is_recipients(sheet[at]):
            return _with_signature_above(sheet, low, at)
        if (is_signature(sheet[at]) and _signs(sheet, at, high)) or (at > low and _issuer_signs(sheet, at)):
            return at
    return high


def _issuer_signs(sheet: Sheet, at: int) -> bool:
    """Whether the bare name of the issuer in capitals stands below the last words of an attached plan."""
    if not (sheet[at].starts and sheet[at].upper and sheet[at - 1].text.endswith("./.")):
        return False
    lines = sheet[at : paragraph_end(sheet, at)]
    return bool(ISSUER_LINE.match(" ".join(seen.fold for seen in lines))) and all(seen.upper for seen in lines)


def _with_signature_above(sheet: Sheet, low: int, at: int) -> int:
    while at > low and is_signature(sheet[at - 1]):
        at -= 1
    return at


def _signs(sheet: Sheet, at: int, high: int) -> bool:
    """Whether an office in capitals is a signature: a name or Nơi nhận stands below, and no numbered item."""
    if re.match(r"(?:t\s?\.?\s?m|k\s?\.?\s?t|t\s?\.?\s?l|t\.?\s?u\.?\s?q|q)\s?[.,]", sheet[at].fold):
        return True
    for below in range(at + 1, min(at + 6, high)):
        if is_recipients(sheet[below]) or place_of(sheet[below]) is Place.NAME:
            return True
        if marker(sheet[below].text) or len(sheet[below].text) > 60:
            return False
    return False


def _tail_end(sheet: Sheet, low: int, high: int) -> int:
    """The index behind the last line of recipients and signature."""
    named = kept = False
    for at, place in zip(range(low, high), places(sheet[low:high]), strict=True):
        seen = sheet[at]
        if at > low and (opens_annex(seen) or kind_of(seen) or is_letterhead(seen)):
            return at
        if place is Place.OTHER and at > low and (named or not seen.fold.startswith(("-", "noi nhan"))):
            return at
        if (
            named
            and place in (Place.MORE, Place.OTHER)
            and (kept or (seen.starts and (marker(seen.text) or seen.upper)))
        ):
            return at
        if named and kept and (place is not Place.OFFICE):
            return at
        if named and seen.cell is not None and seen.block != sheet[at - 1].block:
            return at
        named = named or (place is Place.NAME and _may_sign(sheet, low, at))
        kept = kept or "luu" in seen.fold[:12] or "; - luu" in seen.fold or " luu:" in seen.fold
    return high


def _may_sign(sheet: Sheet, low: int, at: int) -> bool:
    return any(is_signature(seen) for seen in sheet[low:at])


def _cut_tail(sheet: Sheet, low: int, high: int) -> list[Cut]:
    """Recipients and signature line by line, so that both column orders come out right."""
    cuts: list[Cut] = []
    begun = False
    for at, place in zip(range(low, high), places(sheet[low:high]), strict=True):
        begun = begun or place is Place.HEAD
        signs = place in (Place.OFFICE, Place.NAME) or not begun
        kind = PartKind.SIGNATURE if signs else PartKind.RECIPIENTS
        if not cuts or cuts[-1][1] is not kind:
            cuts.append((at, kind, None))
    return cuts
