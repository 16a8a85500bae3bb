"""Why a row wants a look: named checks, each a sentence for staff. What can't be decided is told, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from normalizers.bodies import is_body
from schemas.facts import Period
from schemas.plan import PlanTree
from schemas.source import Line
from schemas.task import Kind, LeadBasis

LOW_OCR = 91.0
"""Mean confidence, 0-100: measured pages at or under it had 3.7-8.7 % wrong letters, those over it 3.4 % at most."""
LOW_WORD = 0.9
"""Posterior of a restored word under which it is shown to a person."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A row before it is checked."""

    place: str
    kind: Kind
    text: str
    leads: tuple[str, ...]
    joins: tuple[str, ...]
    basis: LeadBasis | None
    period: Period
    time_text: str | None
    time_doubts: tuple[str, ...]
    actor_doubts: tuple[str, ...]
    by_reference: bool
    qualifier: str | None
    tree: PlanTree
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A check: what a doubt of this kind takes from the confidence (0–1), and the sentences that it finds."""

    weight: float
    find: Callable[[Draft], tuple[str, ...]]


def _no_lead(draft: Draft) -> tuple[str, ...]:
    if draft.kind in (Kind.TASK, Kind.REQUEST) and not draft.leads and not draft.by_reference:
        return ("Không tìm thấy cơ quan chủ trì.",)
    return ()


def _by_reference(draft: Draft) -> tuple[str, ...]:
    return ("Phân công theo một văn bản khác, cần tra văn bản đó.",) if draft.by_reference else ()


def _unknown_body(draft: Draft) -> tuple[str, ...]:
    if draft.basis is LeadBasis.ISSUER:
        return ()
    return tuple(
        f"Chưa chắc “{name}” là tên cơ quan, đơn vị." for name in (*draft.leads, *draft.joins) if not is_body(name)
    )


def _sentence(words: str) -> str:
    """The words with one full stop at their end, which some of them bring along; an ellipsis stays.

    >>> _sentence("Thời hạn: hai thời hạn khác nhau"), _sentence("Thời hạn: hai thời hạn khác nhau.")
    ('Thời hạn: hai thời hạn khác nhau.', 'Thời hạn: hai thời hạn khác nhau.')
    >>> _sentence("Thời hạn: chờ ...")
    'Thời hạn: chờ ...'
    """
    said = words.rstrip()
    return said if said.endswith((".", "…", "!", "?")) else f"{said}."


def _time(draft: Draft) -> tuple[str, ...]:
    return tuple(_sentence(f"Thời hạn: {doubt}") for doubt in draft.time_doubts if doubt)


def _actors(draft: Draft) -> tuple[str, ...]:
    return tuple(_sentence(f"Cơ quan: {doubt}") for doubt in draft.actor_doubts if doubt)


def _ends_before_it_starts(draft: Draft) -> tuple[str, ...]:
    start, due = draft.period.start, draft.period.due
    return ("Ngày bắt đầu sau ngày hoàn thành.",) if start and due and start > due else ()


def _low_ocr(draft: Draft) -> tuple[str, ...]:
    known = [line.confidence for line in draft.lines if line.confidence is not None]
    if known and sum(known) / len(known) <= LOW_OCR:
        return (f"Bản quét khó đọc (độ tin cậy {sum(known) / len(known):.0f}/100).",)
    return ()


def _two_readings(draft: Draft) -> tuple[str, ...]:
    pairs = [(word.text, word.other) for line in draft.lines for word in line.words if word.other]
    return tuple(f"Hai lần đọc khác nhau ở chữ số: “{one}” hay “{other}”." for one, other in dict.fromkeys(pairs))


def _restored(draft: Draft) -> tuple[str, ...]:
    unsure = [edit for line in draft.lines for edit in line.edits if edit.score < LOW_WORD]
    if not unsure:
        return ()
    shown = "; ".join(f"“{edit.before}” → “{edit.after}”" for edit in unsure[:5])
    return (f"Chữ phục hồi chưa chắc: {shown}{' …' if len(unsure) > 5 else ''}.",)


def _unreadable(draft: Draft) -> tuple[str, ...]:
    return ("Có ký tự không đọc được.",) if "�" in draft.text else ()


def _very_long(draft: Draft) -> tuple[str, ...]:
    return ("Nội dung dài bất thường, có thể gộp nhiều nhiệm vụ.",) if len(draft.text.split()) > 350 else ()


DOUBTS: dict[str, Doubt] = {
    "no_lead": Doubt(0.4, _no_lead),
    "by_reference": Doubt(0.4, _by_reference),
    "unknown_body": Doubt(0.3, _unknown_body),
    "time": Doubt(0.2, _time),
    "actors": Doubt(0.3, _actors),
    "order_of_days": Doubt(0.4, _ends_before_it_starts),
    "low_ocr": Doubt(0.4, _low_ocr),
    "two_readings": Doubt(0.4, _two_readings),
    "restored": Doubt(0.2, _restored),
    "unreadable": Doubt(0.3, _unreadable),
    "very_long": Doubt(0.1, _very_long),
}
"""The one place to add a reason for review."""


def examine(draft: Draft) -> tuple[float, tuple[str, ...]]:
    """The confidence of a row (0–1) and the Vietnamese sentences that say why it wants a look."""
    confidence = 1.0
    reasons: list[str] = []
    for doubt in DOUBTS.values():
        if found := doubt.find(draft):
            confidence *= 1 - doubt.weight
            reasons += found
    return round(confidence, 3), tuple(dict.fromkeys(reasons))
