"""What a time expression says, before the plan's year is known: the `Saying` that each deadline rule returns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from extractors.facts.deadline_units import Grain, Unit
from normalizers import periods
from schemas.facts import Period, Qualifier

NO_YEAR = "thời hạn không rõ năm"
NO_SUCH_DAY = "thời hạn có ngày, tháng không có trong lịch"
BACKWARDS = "thời hạn có ngày đầu sau ngày cuối"
SEVERAL_TIMES = "nhiều lần trong một kỳ, lịch lặp chỉ ghi kỳ"
IMPRECISE = "thời hạn chỉ là một phần của tháng, quý hoặc năm"
SHORT_YEAR = "năm chỉ viết hai chữ số"


class Force(IntEnum):
    """How surely an expression in running text says when the work is done."""

    WEAK = 1
    """Only in a place made for a time: "năm 2026", "2025 - 2026"."""
    PLAIN = 2
    """Unless the context says otherwise: "ngày 04/3/2025", "quý II/2026"."""
    STRONG = 3
    """A preposition of time stands before it: "trước ngày …", "trong tháng 3"."""


@dataclass(frozen=True, slots=True)
class Saying:
    """First and last unit, recurrence and qualifier; `ahead`: the work ends before `last` begins."""

    first: Unit | None = None
    last: Unit | None = None
    recurrence: str | None = None
    qualifier: Qualifier | None = None
    force: Force = Force.STRONG
    ahead: bool = False
    doubt: str | None = None

    @property
    def states_year(self) -> bool:
        """Whether the words themselves name the year."""
        return any(unit.year for unit in (self.first, self.last) if unit)


def within(unit: Unit, force: Force = Force.STRONG, doubt: str | None = None) -> Saying:
    """Both ends of the unit; a single day is a last day only."""
    if unit.grain is Grain.DAY:
        return Saying(None, unit, None, Qualifier.ON, force, doubt=doubt)
    return Saying(unit, unit, None, Qualifier.WITHIN, force, doubt=doubt)


def resolve(saying: Saying, plan_year: int | None) -> tuple[Period, str | None]:
    """The period, and the doubt where it lacks its year or is not in the calendar."""
    first, last = saying.first, saying.last
    if first and last:
        first, last = first.completed(last), last.completed(first)
    began = first.period(plan_year) if first else None
    ended = last.period(plan_year) if last else None
    if (first and not began) or (last and not ended):
        lacks = not plan_year and not all(unit.year for unit in (first, last) if unit)
        return Period(recurrence=saying.recurrence), NO_YEAR if lacks else NO_SUCH_DAY
    return _joined(saying, first, began, ended)


def _joined(
    saying: Saying, first: Unit | None, began: Period | None, ended: Period | None
) -> tuple[Period, str | None]:
    """The period from the days found; "từ ngày 15/11 đến ngày 15/01/2026" began the year before."""
    if ended and saying.ahead:
        ended = periods.before(ended)
    start = began and (began.start or began.due)
    due = ended and ended.due
    if start and due and start > due:
        earlier = saying.first.period(int(due[:4]) - 1) if saying.first and not saying.first.year else None
        start = earlier and (earlier.start or earlier.due)
        if not start:
            return Period(due=due, recurrence=saying.recurrence), BACKWARDS
    return Period(start or None, due or None, saying.recurrence), saying.doubt
