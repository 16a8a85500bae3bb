"""Counts as bars: who leads how much, what falls due when, of which kind."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from pipeline.exports.words import KINDS
from pipeline.store.desk_queries import spellings
from pipeline.store.queries import count_by_each
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from schemas.task import Kind

MOST_BODIES, MOST_MONTHS = 20, 36
NO_DUE = "Không có hạn"
Counted = tuple[tuple[str, int], ...]
"""Values with their counts."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its words, its count, its length 0–100, and the filter that shows what it counts."""

    label: str
    count: int
    share: float
    narrows: dict[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title; `of` names what they stand for, `rest` says what is not shown."""

    title: str
    of: str
    bars: tuple[Bar, ...]
    rest: str = ""


def charts(store: Store, wanted: TaskFilter) -> tuple[Chart, ...]:
    """The charts of a filter."""
    by_body, by_month, by_kind = count_by_each(store, wanted, ("body", "month", "kind"))
    return (_bodies(store, by_body), _months(by_month, wanted), _kinds(by_kind))


def _bars(counted: list[tuple[str, int, dict[str, str]]]) -> tuple[Bar, ...]:
    most = max((count for _, count, _ in counted), default=1)
    return tuple(Bar(label, count, round(100 * count / most, 1), narrows) for label, count, narrows in counted)


def _bodies(store: Store, found: Counted) -> Chart:
    named = spellings(store, [name for name, _ in found[:MOST_BODIES]])
    bars = [(named[name], count, {"body": name, "role": "lead"}) for name, count in found[:MOST_BODIES]]
    rest = f"và {len(found) - MOST_BODIES} cơ quan khác" if len(found) > MOST_BODIES else ""
    return Chart("Theo cơ quan chủ trì", "Cơ quan", _bars(bars), rest)


def _months(counted: Counted, wanted: TaskFilter) -> Chart:
    found = dict(counted)
    none = found.pop("", 0)
    months = sorted(found)
    bars = [(_month_words(month), found[month], _narrow(month, wanted)) for month in months[:MOST_MONTHS]]
    rest = [f"và {len(months) - MOST_MONTHS} tháng sau đó"] if len(months) > MOST_MONTHS else []
    rest += [f"{none} dòng không có ngày đến hạn"] if none else []
    return Chart("Theo tháng đến hạn", "Tháng", _bars(bars), "; ".join(rest))


def _month_words(month: str) -> str:
    """The month as it is written.

    >>> _month_words("2026-06")
    '06/2026'
    """
    year, _, number = month.partition("-")
    return f"{number}/{year}"


def _narrow(month: str, wanted: TaskFilter) -> dict[str, str]:
    """The days of the month that lie within the filter's own."""
    year, number = (int(part) for part in month.split("-"))
    first, last = date(year, number, 1), date(year, number, monthrange(year, number)[1])
    narrowed = replace(
        wanted, due_from=max(first, wanted.due_from or first), due_to=min(last, wanted.due_to or last)
    ).to_query()
    return {name: narrowed[name] for name in ("due_from", "due_to")}


def _kinds(found: Counted) -> Chart:
    return Chart("Theo loại", "Loại", _bars([(KINDS[Kind(kind)], count, {"kind": kind}) for kind, count in found]))
