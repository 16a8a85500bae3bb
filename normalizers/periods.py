"""Calendar arithmetic and RRULE texts: what a quarter is, what "every month" is, as `schemas.facts.Period`.

What the words of a plan say is read elsewhere; here are the days that they stand for.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from schemas.facts import Period

_FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_MONTHS_OF_A_YEAR = 12
_MONTHS_OF_A_QUARTER = 3


def day(year: int, month: int, day: int) -> Period:
    """A single day: a last day without a first. ValueError where the calendar has no such day.

    >>> day(2025, 3, 4)  # ngày 04/3/2025
    Period(start=None, due='2025-03-04', recurrence=None)
    """
    return Period(due=date(year, month, day).isoformat())


def months(year: int, first: int, last: int) -> Period:
    """The months `first` to `last` of a year, both ends. ValueError where there is no such month.

    >>> months(2026, 1, 6)  # 6 tháng đầu năm 2026
    Period(start='2026-01-01', due='2026-06-30', recurrence=None)
    """
    end = date(year, last, 1).replace(day=monthrange(year, last)[1])
    return Period(date(year, first, 1).isoformat(), end.isoformat())


def month(year: int, number: int) -> Period:
    """A month's first and last day.

    >>> month(2024, 2)  # tháng 02/2024
    Period(start='2024-02-01', due='2024-02-29', recurrence=None)
    """
    return months(year, number, number)


def quarter(year: int, number: int) -> Period:
    """A quarter's first and last day.

    >>> quarter(2026, 2)  # Quý II/2026
    Period(start='2026-04-01', due='2026-06-30', recurrence=None)
    """
    last = number * _MONTHS_OF_A_QUARTER
    return months(year, last - _MONTHS_OF_A_QUARTER + 1, last)


def half(year: int, number: int) -> Period:
    """The first or second half of a year.

    >>> half(2026, 2)  # 6 tháng cuối năm 2026
    Period(start='2026-07-01', due='2026-12-31', recurrence=None)
    """
    return months(year, 6 * number - 5, 6 * number)


def year(number: int) -> Period:
    """A year's first and last day.

    >>> year(2026)  # năm 2026
    Period(start='2026-01-01', due='2026-12-31', recurrence=None)
    """
    return months(number, 1, _MONTHS_OF_A_YEAR)


def since(period: Period) -> Period:
    """An open period that begins with the first day of another ("năm 2027 trở đi").

    >>> since(year(2027))
    Period(start='2027-01-01', due=None, recurrence=None)
    >>> since(day(2023, 4, 19))  # từ ngày 19/4/2023
    Period(start='2023-04-19', due=None, recurrence=None)
    """
    return Period(start=period.start or period.due)


def until(period: Period) -> Period:
    """A period without a first day that ends with the last day of another ("đến hết năm 2030").

    >>> until(year(2030))
    Period(start=None, due='2030-12-31', recurrence=None)
    """
    return Period(due=period.due)


def before(period: Period) -> Period:
    """What is to be done before another period: the day before it begins, but "trước 19/4/2023" means that day.

    >>> before(month(2026, 6))  # trước tháng 6/2026
    Period(start=None, due='2026-05-31', recurrence=None)
    >>> before(day(2023, 4, 19))
    Period(start=None, due='2023-04-19', recurrence=None)
    """
    if period.start is None:
        return period
    return Period(due=(date.fromisoformat(period.start) - timedelta(days=1)).isoformat())


def between(first: Period, last: Period) -> Period:
    """From the first day of one period to the last day of another.

    >>> between(quarter(2025, 4), quarter(2026, 2))  # Quý IV/2025 - Quý II/2026
    Period(start='2025-10-01', due='2026-06-30', recurrence=None)
    """
    return Period(first.start or first.due, last.due)


def every(unit: str, interval: int = 1) -> str:
    """The RRULE text of "every `interval` units"; units are day, week, month, quarter, year. KeyError for others.

    >>> every("month"), every("quarter")  # hằng tháng, hằng quý
    ('FREQ=MONTHLY', 'FREQ=MONTHLY;INTERVAL=3')
    >>> every("month", 12), every("year", 5)  # 12 tháng/lần, 5 năm một lần
    ('FREQ=YEARLY', 'FREQ=YEARLY;INTERVAL=5')
    """
    if unit == "quarter":
        unit, interval = "month", interval * _MONTHS_OF_A_QUARTER
    if unit == "month" and interval and interval % _MONTHS_OF_A_YEAR == 0:
        unit, interval = "year", interval // _MONTHS_OF_A_YEAR
    frequency = f"FREQ={_FREQUENCY[unit]}"
    return frequency if interval <= 1 else f"{frequency};INTERVAL={interval}"
