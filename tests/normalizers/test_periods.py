"""Periods are whole calendar units, in order, and recurrences are RRULE texts."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from normalizers import periods

YEARS = st.integers(1990, 2099)


@given(YEARS)
def test_quarters_and_halves_cover_the_year(year: int) -> None:
    for parts in ([periods.quarter(year, q) for q in (1, 2, 3, 4)], [periods.half(year, h) for h in (1, 2)]):
        assert periods.between(parts[0], parts[-1]) == periods.year(year)
        for earlier, later in pairwise(parts):
            assert (date.fromisoformat(later.start or "") - date.fromisoformat(earlier.due or "")).days == 1


@given(YEARS, st.integers(1, 12))
def test_the_eve_of_a_month_is_the_last_day_of_the_month_before(year: int, month: int) -> None:
    last = periods.month(year, month - 1) if month > 1 else periods.month(year - 1, 12)
    assert periods.before(periods.month(year, month)).due == last.due


def test_a_day_that_is_not_in_the_calendar_is_an_error() -> None:
    with pytest.raises(ValueError, match="day"):
        periods.day(2026, 2, 30)


@given(st.sampled_from(["day", "week", "month", "quarter", "year"]), st.integers(1, 60))
def test_recurrences_parse_and_never_name_twelve_months(unit: str, interval: int) -> None:
    rule = periods.every(unit, interval)
    assert rrulestr(rule)
    assert not rule.endswith("MONTHLY;INTERVAL=12")
