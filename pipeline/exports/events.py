"""When the tasks of a listing fall due, as plain events: one a task, or one for each rule by which it recurs."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from dateutil.rrule import rrulestr

from pipeline.exports.columns import document_name
from pipeline.exports.words import KINDS, recurrence_words
from pipeline.listing import Listing
from schemas.task import TaskRow

DOMAIN = "giaoviec"
MOST_SUMMARY = 160
HORIZON = timedelta(days=5 * 366)
"""So far ahead an endless recurrence is looked through for holidays."""
DAY_IN_MONTH = re.compile(r"ngày\s+(\d{1,2})(?![\d/.-])", re.IGNORECASE)
DAY_IN_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?![\d/.-])")
FRIDAY = 4


class Holidays(StrEnum):
    """What becomes of an event on a day off: it stays, or moves to the working day before or after."""

    KEEP = "keep"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Event:
    """An all-day event: `rule` is an RRULE text without prefix; `moved` are (occurrence, day instead) of it."""

    uid: str
    task_id: str
    day: date
    summary: str
    description: str
    category: str
    rule: str | None = None
    moved: tuple[tuple[date, date], ...] = ()

    def fingerprint(self) -> str:
        """A digest of all that is shown: another one is a changed event."""
        return hashlib.sha256(self.to_json().encode("utf-8", "replace")).hexdigest()

    def to_json(self) -> str:
        """The event as JSON, days as ISO texts."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=date.isoformat)

    @classmethod
    def from_json(cls, written: str) -> Event:
        """The event of `to_json`."""
        known = json.loads(written)
        moved = tuple((date.fromisoformat(one), date.fromisoformat(other)) for one, other in known.pop("moved"))
        return cls(**known | {"day": date.fromisoformat(known["day"]), "moved": moved})


def events_of(listing: Listing, holidays: Holidays = Holidays.KEEP) -> tuple[Event, ...]:
    """The events of the rows in their order; rows without a day and without a period that they recur in have none."""
    documents = listing.by_id()
    found = []
    for row in listing.rows:
        for number, event in enumerate(_events(row, documents.get(row.document_id, {})), 1):
            suffix = f"-{number}" if number > 1 else ""
            found.append(_off_holidays(replace(event, uid=f"{row.task_id}{suffix}@{DOMAIN}"), holidays))
    return tuple(found)


def _events(row: TaskRow, document: Mapping[str, Any]) -> Iterator[Event]:
    due = date.fromisoformat(row.due) if row.due else None
    if not row.recurrence:
        if due:
            yield _event(row, document, due, None)
        return
    start, end = _period(row, document, due)
    for rule in row.recurrence.split():
        if start and (recurring := _recurring(rule, start, end, row.deadline_text or "")):
            yield _event(row, document, *recurring)


def _period(row: TaskRow, document: Mapping[str, Any], due: date | None) -> tuple[date | None, date | None]:
    """In which period a row recurs: its own, else from the plan's issue on to the end of the plan's one year."""
    years = document.get("plan_years") or []
    year = years[0] if len(years) == 1 else due.year if due else None
    issued = date.fromisoformat(document["issued_date"]) if document.get("issued_date") else None
    start = date.fromisoformat(row.start) if row.start else None
    first = date(year, 1, 1) if year else None
    begin = start or (max(first, issued) if first and issued and issued.year == year else first or issued)
    yearly = "FREQ=YEARLY" in (row.recurrence or "")
    return begin, due or (date(year, 12, 31) if year and not yearly else None)


def _recurring(rule: str, start: date, end: date | None, words: str) -> tuple[date, str] | None:
    """The first day of a recurrence and its rule: the last day of each period unless the words name the day."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    interval = int(parts.get("INTERVAL", "1"))
    match parts.get("FREQ"):
        case "YEARLY":
            first = _yearly(start, words)
        case "MONTHLY":
            first, rule = _monthly(start, interval, rule, words)
        case "WEEKLY":
            first, rule = start + timedelta(days=(FRIDAY - start.weekday()) % 7), f"{rule};BYDAY=FR"
        case _:
            first = start
    if end and first > end:
        return (end, "") if end >= start else None
    return first, rule + (f";UNTIL={end:%Y%m%d}" if end else "")


def _yearly(start: date, words: str) -> date:
    month, day = 12, 31
    if named := DAY_IN_YEAR.search(words):
        one, other = int(named[1]), int(named[2])
        if 1 <= other <= 12 and 1 <= one <= calendar.monthrange(2025, other)[1]:
            month, day = other, one
    first = date(start.year, month, day)
    return first if first >= start else date(start.year + 1, month, day)


def _monthly(start: date, interval: int, rule: str, words: str) -> tuple[date, str]:
    """The day that the words name ("ngày 25"), else the last of every `interval`-th month, counted from the start."""
    named = DAY_IN_MONTH.search(words)
    if named and 1 <= int(named[1]) <= 28:
        day = int(named[1])
        months = start.year * 12 + start.month - 1 + (start.day > day)
        return date(months // 12, months % 12 + 1, day), f"{rule};BYMONTHDAY={day}"
    months = start.year * 12 + start.month - 1
    months += (-(months + 1)) % interval if 12 % interval == 0 else interval - 1  # quarters end in March, June …
    year, month = months // 12, months % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1]), f"{rule};BYMONTHDAY=-1"


def _event(row: TaskRow, document: Mapping[str, Any], day: date, rule: str | None) -> Event:
    lead = ", ".join(row.lead)
    summary = " ".join((f"{lead}: {row.text}" if lead else row.text).split())
    if len(summary) > MOST_SUMMARY:
        summary = summary[: MOST_SUMMARY - 1].rsplit(" ", 1)[0] + "…"
    said = {
        "Nhiệm vụ": row.text,
        "Chủ trì": "; ".join(row.lead),
        "Phối hợp": "; ".join(row.coordinating),
        "Thời hạn": row.deadline_text or recurrence_words(row.recurrence),
        "Sản phẩm": row.deliverable or "",
        "Văn bản": document_name(document),
        "Cơ quan ban hành": document.get("issuer") or "",
        "Mục": row.path,
        "Mã nhiệm vụ": row.task_id,
    }
    description = "\n".join(f"{label}: {words}" for label, words in said.items() if words)
    return Event("", row.task_id, day, summary, description, KINDS[row.kind], rule or None)


def _off_holidays(event: Event, holidays: Holidays) -> Event:
    """The event with its day, or the occurrences of its rule, moved off days on which nobody works."""
    if holidays is Holidays.KEEP:
        return event
    if not event.rule:
        return replace(event, day=working_day(event.day, holidays))
    moved = []
    for one in rrulestr(f"DTSTART:{event.day:%Y%m%d}\nRRULE:{event.rule}"):
        if one.date() > event.day + HORIZON:
            break
        instead = working_day(one.date(), holidays)
        if instead != one.date():
            moved.append((one.date(), instead))
    return replace(event, moved=tuple(moved))


def working_day(day: date, holidays: Holidays) -> date:
    """The day itself where people work on it, else the working day before or after, by the holidays of Vietnam.

    >>> working_day(date(2026, 4, 30), Holidays.BEFORE), working_day(date(2026, 9, 2), Holidays.AFTER)
    (datetime.date(2026, 4, 29), datetime.date(2026, 9, 3))
    """
    step = timedelta(days={Holidays.KEEP: 0, Holidays.BEFORE: -1, Holidays.AFTER: 1}[holidays])
    while step and (day.weekday() > FRIDAY or day in _days_off(day.year)):
        day += step
    return day


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays("VN", years=year))
