"""What rows that speak for a criterion are worth together: a status, and what is missing or differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from normalizers.bodies import body_key
from pipeline.compare.cadence import against, in_words
from pipeline.compare.features import Meeting
from pipeline.compare.phrases import lexicon
from pipeline.compare.prepared import PreparedRow
from pipeline.exports.words import day_words
from schemas.criteria import Criterion, Part, Status
from schemas.task import Kind, LeadBasis

_HEADS = {
    "content": "content missing",
    "place": "place missing",
    "channel": "channel missing",
    "form": "form missing",
    "people": "scope narrower",
    "act": "act differs",
    "cadence": "cadence missing",
    "trigger": "trigger",
    "remark": "form",
}
_VIETNAMESE = {
    "content missing": "thiếu nội dung",
    "place missing": "không nêu nơi thực hiện",
    "channel missing": "thiếu kênh",
    "form missing": "thiếu hình thức",
    "scope narrower": "phạm vi hẹp hơn, không nêu",
    "act differs": "chưa có việc",
    "cadence missing": "không nêu nhịp",
    "cadence differs": "nhịp khác",
    "cadence weaker": "nhịp thưa hơn",
    "cadence stronger": "có nhịp dù tiêu chí không yêu cầu",
    "content differs": "chủ đề chưa đúng hẳn",
    "asked of": "chỉ đề nghị cơ quan khác",
    "lead differs": "cơ quan chủ trì khác bộ tiêu chí",
    "no lead named": "chưa giao cơ quan chủ trì",
    "time": "thời hạn muộn hơn",
    "trigger": "không nêu trường hợp",
    "form": "không nêu hình thức",
    "content": "chỉ nằm trong lời chung",
}
REMARKS = frozenset(
    {"content", "place", "scope", "time", "trigger", "period", "cadence", "channel", "form"}
    | {"cadence stronger", "lead differs", "no lead named"}
)
"""Heads that do not change a status."""
_OFTEN = " thường xuyên "
_LEVEL = " cấp xã"
_ANYBODY = ("Các cơ quan", "Cán bộ", "Người đứng đầu", "Bí thư", "Chủ tịch", "Đảng ủy", "Ủy ban nhân dân")
_AT_INTERVALS = " định kỳ "


@dataclass(frozen=True, slots=True)
class Difference:
    """A head of the contract and free words after it; `said` is the whole clause where head and words make none."""

    head: str
    words: str = ""
    said: str = ""

    def __str__(self) -> str:
        return f"{self.head}: {self.words}" if self.words else self.head

    @property
    def counts(self) -> bool:
        """Whether it makes a covered criterion partial."""
        return self.head not in REMARKS

    def in_vietnamese(self) -> str:
        """The difference as a clause for staff."""
        head = _VIETNAMESE[self.head]
        return self.said or (f"{head}: {self.words}" if self.words else head)


@dataclass(frozen=True, slots=True)
class Speaking:
    """A row that speaks for the criterion, and how sure that is."""

    row: PreparedRow
    meeting: Meeting
    probability: float


def verdict(criterion: Criterion, speaking: Sequence[Speaking]) -> tuple[Status, tuple[Difference, ...]]:
    """The status of a criterion for which these tasks and requests speak, the best first, and its differences."""
    differences = (
        *_missing_parts(criterion, speaking),
        *_cadence(criterion, speaking),
        *_subject(speaking[0]),
        *_asked_of(speaking),
        *_lead(criterion, speaking[0]),
        *_late(criterion, speaking[0]),
    )
    lacks = any(one.counts for one in differences)
    return (Status.PARTIAL if lacks else Status.COVERED), differences


def _missing_parts(criterion: Criterion, speaking: Sequence[Speaking]) -> Iterator[Difference]:
    named = frozenset[str]().union(*(one.meeting.named for one in speaking))
    parts = criterion.needs.parts
    general = bool(named) and any(_speaks_generally(one) for one in speaking)
    by_head: dict[str, list[Part]] = {}
    for part in parts:
        if part.name not in named:
            head = "content" if general and part.head == "content" else _HEADS[part.head]
            by_head.setdefault(head, []).append(part)
    given = next((one.row.row.recurrence for one in speaking if one.row.row.recurrence), None)
    for head, missing in by_head.items():
        if head == _HEADS["cadence"] and given:
            yield Difference(
                "cadence differs", f"{in_words(given)} so với {'; '.join(part.name for part in missing)}"
            )
            continue
        yield Difference(head, "; ".join(part.name for part in missing))


def _speaks_generally(one: Speaking) -> bool:
    words = [phrase.atoms[0].key for phrase in lexicon().general]
    whole = one.meeting.features["subject"] >= 1 and bool(one.meeting.named)
    return whole and any(key in one.row.sentences[at].marked for at in one.meeting.speaking for key in words)


def _cadence(criterion: Criterion, speaking: Sequence[Speaking]) -> Iterator[Difference]:
    asked = criterion.cadence
    answers = [(against(one.row.row.recurrence, asked), one) for one in speaking]
    answers = [answer for answer in answers if answer[0]]
    if not asked:
        if answers and not criterion.cadence_text:
            yield Difference("cadence stronger", in_words(answers[0][1].row.row.recurrence or ""))
        return
    if any(answer in ("same", "stronger") for answer, _ in answers):
        return
    wanted = criterion.cadence_text or in_words(asked)
    weaker = next((one for answer, one in answers if answer == "weaker"), None)
    if weaker is not None:
        yield Difference("cadence weaker", f"{in_words(weaker.row.row.recurrence or '')} so với {wanted}")
    elif any(_says(one, _OFTEN) for one in speaking):
        yield Difference("cadence weaker", f"thường xuyên so với {wanted}")
    elif any(_says(one, _AT_INTERVALS) for one in speaking):
        yield Difference("cadence missing", f"“định kỳ” không có kỳ, so với {wanted}")
    else:
        yield Difference("cadence missing", wanted)


def _says(one: Speaking, key: str) -> bool:
    return any(key in one.row.sentences[at].marked for at in one.meeting.speaking)


def _subject(best: Speaking) -> Iterator[Difference]:
    features = best.meeting.features
    if features["propaganda"]:
        yield Difference("act differs", "tuyên truyền", "dòng này chỉ tuyên truyền, không nêu việc làm")
    elif features["subject"] < 1 and features["heading_subject"] + features["subject"] >= 1:
        yield Difference("content differs", "tiêu đề", "chủ đề chỉ có trong đề mục phía trên dòng này")
    elif features["subject"] < 1:
        yield Difference("content differs", "chủ đề", "dòng này không nêu đủ chủ đề của tiêu chí")
    elif features["other_act"]:
        yield Difference("act differs", "hành động", "dòng này không nêu hành động mà tiêu chí yêu cầu")


def _asked_of(speaking: Sequence[Speaking]) -> Iterator[Difference]:
    if all(one.row.row.kind is Kind.REQUEST for one in speaking):
        yield Difference("asked of", ", ".join(speaking[0].row.row.lead) or "cơ quan ngoài quyền chỉ đạo")


def _lead(criterion: Criterion, best: Speaking) -> Iterator[Difference]:
    row = best.row.row
    if not criterion.expected_lead or row.kind is Kind.REQUEST or not row.lead:
        return
    if row.lead_basis is LeadBasis.ISSUER:
        yield Difference("no lead named")
    elif not _fits(criterion.expected_lead, row.lead):
        yield Difference("lead differs", f"{', '.join(row.lead)} so với {', '.join(criterion.expected_lead)}")


def _fits(expected: Sequence[str], leads: Sequence[str]) -> bool:
    """Whether a lead is one of the expected bodies; where any unit or the head is expected, every lead fits."""
    if any(one.startswith(_ANYBODY) for one in expected):
        return True
    wanted = [body_key(one).removesuffix(_LEVEL) for one in expected]
    named = [body_key(lead) for lead in leads]
    return any(one in lead or lead in one for one in wanted for lead in named)


def _late(criterion: Criterion, best: Speaking) -> Iterator[Difference]:
    due = best.row.row.due
    if criterion.due and due and due > criterion.due:
        yield Difference("time", f"{day_words(due)} so với {day_words(criterion.due)}")
