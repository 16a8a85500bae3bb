"""When the work is done: times in running text, times known to be such, and what several of them amount to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from extractors.facts.deadline_contexts import is_deadline, sentence_of
from extractors.facts.deadline_dates import DATED
from extractors.facts.deadline_repeats import REPEATED
from extractors.facts.deadline_sayings import BACKWARDS, Saying, resolve
from extractors.facts.deadline_undated import RELATIVE, UNDATED
from extractors.facts.rules import Hit, composed, find, view
from schemas.facts import Deadline, Period, Qualifier

_TIMES = (*RELATIVE, *DATED, *REPEATED)
_HINT = re.compile(r"\d|quý|tuần\s|hằng|mỗi|(?:trong|cả) năm|định kỳ|lần|trong vòng|thời hạn|năm học")
_YEAR = re.compile(r"(?<![\d/])20\d\d(?!\d)")
_LOOKS_AT = re.compile(r"(?:tầm nhìn|định hướng|mốc (?:thời gian )?(?:kiểm tra|giám sát|thanh tra))[:\s]*$")
_UNKNOWN = Period()


class Timing(NamedTuple):
    """The period of a row, the words that give it, how the last day binds, and what a reader should look at."""

    period: Period = _UNKNOWN
    text: str | None = None
    qualifier: Qualifier | None = None
    doubts: tuple[str, ...] = ()


def find_deadlines(text: str, *, plan_year: int | None = None) -> tuple[Deadline, ...]:
    """The times in running text that say when the work is done, in order; none for what else has a date.

    `plan_year` is the year of the plan's title where that names exactly one; it completes days without a year.

    >>> [d.period for d in find_deadlines("Báo cáo kết quả trước ngày 30/11 hằng năm.")]
    [Period(start=None, due=None, recurrence='FREQ=YEARLY')]
    >>> [d.text for d in find_deadlines("Hoàn thành trong Quý II/2026 theo Kế hoạch số 5/KH-UBND ngày 02/01/2026.")]
    ['trong Quý II/2026']
    >>> find_deadlines("Công nhận xã đạt chuẩn năm 2026.")
    ()
    """
    plain, places = composed(text)
    lowered = view(plain)
    hits = find(_TIMES, lowered) if _HINT.search(lowered) else []
    dated = [hit for hit in hits if is_deadline(lowered, hit.start, hit.end, hit.said.force)]
    found = [*dated, *_apart_from(hits, find(UNDATED, lowered))]
    found.sort(key=lambda hit: hit.start)
    return tuple(_deadline(text, places, hit, lowered, dated, plan_year) for hit in found)


def read_time(text: str, *, head: str = "", plan_year: int | None = None) -> Timing:
    """What a text that is known to be a time says: the value behind "Thời gian:", or a cell of a time column.

    A year in the column's `head` goes before `plan_year`. Words without a date are the timing's text all the same.

    >>> read_time("Từ tháng 3 đến tháng 9", head="Thời gian (Năm 2026)").period
    Period(start='2026-03-01', due='2026-09-30', recurrence=None)
    >>> read_time("Khi có phát sinh")
    Timing(period=Period(start=None, due=None, recurrence=None), text='Khi có phát sinh', qualifier=None, doubts=())
    """
    if not text.strip():
        return Timing()
    years = set(_YEAR.findall(head))
    year = int(years.pop()) if len(years) == 1 else plan_year
    plain, places = composed(text)
    lowered = view(plain)
    hits = [hit for hit in find(_TIMES, lowered) if not _is_outlook(lowered, hit)] if _HINT.search(lowered) else []
    timing = combine(_deadline(text, places, hit, lowered, hits, year) for hit in hits)
    return timing._replace(text=" ".join(text.split()))


def combine(deadlines: Iterable[Deadline]) -> Timing:
    """What the times of one row amount to: the first start, the last due, the distinct recurrences in order.

    >>> combine(find_deadlines("Dự kiến ngày 05/12/2025 (chậm nhất ngày 10/12/2025)")).period.due
    '2025-12-10'
    """
    found = tuple(deadlines)
    if not found:
        return Timing()
    starts = [d.period.start for d in found if d.period.start]
    last = max((d for d in found if d.period.due), key=lambda d: d.period.due or "", default=None)
    rules = " ".join(d.period.recurrence for d in found if d.period.recurrence)
    period = Period(
        min(starts, default=None), last.period.due if last else None, " ".join(dict.fromkeys(rules.split())) or None
    )
    doubts = tuple(dict.fromkeys(d.doubt for d in found if d.doubt))
    if period.start and period.due and period.start > period.due:
        period, doubts = replace(period, start=None), (*doubts, BACKWARDS)
    told = [d for d in found if d.period] or list(found)
    qualifier = (last or told[0]).qualifier
    return Timing(period, "; ".join(dict.fromkeys(d.text for d in found)), qualifier, doubts)


def _deadline(
    text: str,
    places: tuple[int, ...] | None,
    hit: Hit[Saying],
    view: str,
    others: Iterable[Hit[Saying]],
    year: int | None,
) -> Deadline:
    """The hit with its place in the text and its period in the plan's year."""
    start, end = (places[hit.start], places[hit.end]) if places else (hit.start, hit.end)
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    said = hit.said
    if not said.recurrence and not said.states_year and _recurs(view, hit, others):
        return Deadline(text[start:end], start, end, Period(), said.qualifier)
    period, doubt = resolve(said, year)
    return Deadline(text[start:end], start, end, period, said.qualifier, doubt)


def _recurs(view: str, hit: Hit[Saying], others: Iterable[Hit[Saying]]) -> bool:
    """Whether the sentence also says "hằng năm": its day and month then give no date."""
    begin, end = sentence_of(view, hit.start)
    named = hit.said.last or hit.said.first
    if named is None or not named.number:
        return False
    return any(other.said.recurrence for other in others if begin <= other.start < end)


def _apart_from(taken: list[Hit[Saying]], hits: list[Hit[Saying]]) -> list[Hit[Saying]]:
    """The hits that overlap none of those taken."""
    return [hit for hit in hits if all(hit.end <= other.start or hit.start >= other.end for other in taken)]


def _is_outlook(view: str, hit: Hit[Saying]) -> bool:
    """Whether "tầm nhìn" or "mốc kiểm tra" stands before a time, which is then not the work's."""
    return bool(_LOOKS_AT.search(view[: hit.start]))
