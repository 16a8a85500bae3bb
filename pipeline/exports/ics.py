"""The calendar file that Outlook, Google and telephones show: all-day events with alarms, stable in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import IO

from icalendar import Alarm, Calendar, vDDDLists, vRecur
from icalendar import Event as CalendarEvent

from pipeline.exports.cells import printable
from pipeline.exports.events import Event, Holidays, events_of
from pipeline.listing import Listing

PRODUCT = "-//giaoviec//so theo doi nhiem vu//VI"
NAME = "Hạn nhiệm vụ"
ALARM_DAYS = (7, 3, 1)
FIRST_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""The time stamp of an event that nothing is remembered of: the same rows give the same bytes."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What earlier files said of an event: how often it changed, since when it is as it is, whether it is no more."""

    event: Event
    sequence: int = 0
    changed_at: datetime = FIRST_TIME
    cancelled: bool = False


def write_ics(listing: Listing, stream: IO[bytes]) -> None:
    """Write the events of a listing of which nothing is remembered."""
    write_events((Remembered(event) for event in events_of(listing)), stream)


def write_events(remembered: Iterable[Remembered], stream: IO[bytes], holidays: Holidays = Holidays.KEEP) -> None:
    """Write events in their order; the same events give the same bytes."""
    book = Calendar()
    for name, value in _head(holidays).items():
        book.add(name, value)
    for one in remembered:
        book.add_component(_component(one))
    stream.write(book.to_ical(sorted=False))


def _head(holidays: Holidays) -> Mapping[str, str]:
    return {
        "prodid": PRODUCT,
        "version": "2.0",
        "calscale": "GREGORIAN",
        "method": "PUBLISH",
        "x-wr-calname": NAME,
        "x-giaoviec-holidays": str(holidays),
    }


def _component(one: Remembered) -> CalendarEvent:
    event, component = one.event, CalendarEvent()
    component.add("uid", event.uid)
    component.add("dtstamp", one.changed_at)
    component.add("last-modified", one.changed_at)
    component.add("sequence", one.sequence)
    component.add("dtstart", event.day)
    component.add("dtend", event.day + timedelta(days=1))
    if event.rule:
        component.add("rrule", vRecur.from_ical(event.rule))
    if event.moved:
        component["exdate"] = _days(day for day, _ in event.moved)
        component["rdate"] = _days(dict.fromkeys(day for _, day in event.moved))
    component.add("summary", printable(event.summary))
    component.add("description", printable(event.description))
    component.add("categories", [event.category])
    component.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    component.add("transp", "TRANSPARENT")
    if not one.cancelled:
        for days in ALARM_DAYS:
            component.add_component(_alarm(event, days))
    return component


def _days(days: Iterable[date]) -> vDDDLists:
    made = vDDDLists(list(days))
    made.params["VALUE"] = "DATE"
    return made


def _alarm(event: Event, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", printable(f"Còn {days} ngày: {event.summary}"))
    alarm.add("trigger", timedelta(days=-days))
    return alarm
