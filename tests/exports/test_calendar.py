"""The calendar: days as others read them, alarms, changes that count up, cancellations, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import records
from pipeline.exports.events import Event, Holidays, events_of, working_day
from pipeline.exports.ics import write_ics
from pipeline.exports.stored import holidays_setting, write_stored
from pipeline.listing import Listing
from pipeline.store.calendar_memory import remember
from pipeline.store.queries import find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from schemas.errors import StoreError
from schemas.task import Kind, TaskRow
from tests.making import extraction

DOCUMENT = {"document_id": "d", "issued_date": "2026-01-15", "plan_years": [2026], "file": "x.pdf"}


def row(**fields: Any) -> TaskRow:
    return TaskRow("I/1", Kind.TASK, "Báo cáo kết quả.", ("Sở Nội vụ",), task_id="d-1", document_id="d", **fields)


def listing(*rows: TaskRow, **document: Any) -> Listing:
    return Listing((DOCUMENT | document,), rows)


def parsed(made: Listing) -> icalendar.Calendar:
    stream = io.BytesIO()
    write_ics(made, stream)
    return icalendar.Calendar.from_ical(stream.getvalue())


def days(made: Listing, first: date = date(2026, 1, 1), last: date = date(2027, 1, 1)) -> list[date]:
    """The days on which a second library shows the events."""
    return sorted(one["DTSTART"].dt for one in recurring_ical_events.of(parsed(made)).between(first, last))


def test_a_due_day_is_an_all_day_event_with_three_alarms() -> None:
    (event,) = parsed(listing(row(due="2026-06-30", coordinating=("Công an xã",)))).events
    assert (event.start, event.end, event["DTSTART"].params["VALUE"]) == (date(2026, 6, 30), date(2026, 7, 1), "DATE")
    assert [alarm["TRIGGER"].dt for alarm in event.alarms.times and event.walk("VALARM")] == [
        timedelta(days=-7),
        timedelta(days=-3),
        timedelta(days=-1),
    ]
    assert event["SUMMARY"] == "Sở Nội vụ: Báo cáo kết quả."
    assert "Phối hợp: Công an xã" in event["DESCRIPTION"]
    assert (event["UID"], event["STATUS"], event["TRANSP"]) == ("d-1@giaoviec", "CONFIRMED", "TRANSPARENT")
    assert days(listing(row(due="2026-06-30"))) == [date(2026, 6, 30)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"start": "2026-01-01"}, []),
        ({"recurrence": "FREQ=MONTHLY;INTERVAL=3"}, ["31/3", "30/6", "30/9", "31/12"]),
        ({"recurrence": "FREQ=MONTHLY;INTERVAL=6"}, ["30/6", "31/12"]),
        (
            {"recurrence": "FREQ=MONTHLY", "start": "2026-04-01", "due": "2026-08-31"},
            ["30/4", "31/5", "30/6", "31/7", "31/8"],
        ),
        (
            {"recurrence": "FREQ=MONTHLY", "due": "2026-04-30", "deadline_text": "trước ngày 25 hằng tháng"},
            ["25/1", "25/2", "25/3", "25/4"],
        ),
        ({"recurrence": "FREQ=YEARLY", "deadline_text": "trước ngày 30/11 hằng năm"}, ["30/11"]),
        ({"recurrence": "FREQ=YEARLY"}, ["31/12"]),
        ({"recurrence": "FREQ=WEEKLY", "start": "2026-03-01", "due": "2026-03-20"}, ["6/3", "13/3", "20/3"]),
        ({"recurrence": "FREQ=MONTHLY;INTERVAL=6 FREQ=YEARLY"}, ["30/6", "31/12", "31/12"]),
        ({"recurrence": "FREQ=MONTHLY;INTERVAL=3", "start": "2026-04-10", "due": "2026-05-31"}, ["31/5"]),
    ],
)
def test_recurrences_fall_on_the_days_that_an_office_means(fields: dict[str, Any], expected: list[str]) -> None:
    assert [f"{day.day}/{day.month}" for day in days(listing(row(**fields)))] == expected


def test_a_yearly_duty_goes_on_in_later_years() -> None:
    made = listing(row(recurrence="FREQ=YEARLY", deadline_text="trước 30/11 hằng năm"))
    assert days(made, last=date(2029, 1, 1)) == [date(2026, 11, 30), date(2027, 11, 30), date(2028, 11, 30)]


def test_a_recurrence_without_any_year_has_no_event() -> None:
    assert events_of(listing(row(recurrence="FREQ=MONTHLY"), issued_date=None, plan_years=[])) == ()


@pytest.mark.parametrize(
    ("due", "before", "after"),
    [
        ("2026-04-30", date(2026, 4, 29), date(2026, 5, 4)),
        ("2026-09-02", date(2026, 8, 28), date(2026, 9, 3)),  # 31/8 is off, worked for on 22/8
        ("2026-02-17", date(2026, 2, 13), date(2026, 2, 23)),  # Tết
        ("2026-06-30", date(2026, 6, 30), date(2026, 6, 30)),
    ],
)
def test_a_day_off_moves_by_the_setting(due: str, before: date, after: date) -> None:
    made = listing(row(due=due))
    assert [event.day for event in events_of(made)] == [date.fromisoformat(due)]
    assert [event.day for event in events_of(made, Holidays.BEFORE)] == [before]
    assert [event.day for event in events_of(made, Holidays.AFTER)] == [after]


def test_occurrences_on_days_off_move_too() -> None:
    made = listing(row(recurrence="FREQ=MONTHLY;INTERVAL=3"))
    (event,) = events_of(made, Holidays.BEFORE)
    assert event.moved == ()
    made = listing(row(recurrence="FREQ=MONTHLY", start="2026-01-01", due="2026-05-31"))
    (event,) = events_of(made, Holidays.BEFORE)
    assert dict(event.moved) == {
        date(2026, 1, 31): date(2026, 1, 30),
        date(2026, 2, 28): date(2026, 2, 27),
        date(2026, 4, 30): date(2026, 4, 29),
        date(2026, 5, 31): date(2026, 5, 29),
    }
    stream = io.BytesIO()
    from pipeline.exports.ics import Remembered, write_events

    write_events([Remembered(event)], stream)
    shown = recurring_ical_events.of(icalendar.Calendar.from_ical(stream.getvalue()))
    found = sorted(one["DTSTART"].dt for one in shown.between(date(2026, 1, 1), date(2027, 1, 1)))
    assert found == [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 31), date(2026, 4, 29), date(2026, 5, 29)]


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from([Holidays.BEFORE, Holidays.AFTER]))
def test_a_working_day_is_one_and_stays(day: date, holidays: Holidays) -> None:
    moved = working_day(day, holidays)
    assert moved.weekday() < 5
    assert working_day(moved, holidays) == moved
    assert (moved <= day) if holidays is Holidays.BEFORE else (moved >= day)


@settings(deadline=None)  # how long one example takes says nothing on a busy machine
@given(
    st.sampled_from(
        ["FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY"]
    ),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(0, 800),
)
def test_two_libraries_agree_on_every_recurrence(rule: str, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    made = listing(row(recurrence=rule, start=start.isoformat(), due=end.isoformat()))
    for event in events_of(made):
        assert start <= event.day <= end
        expected = [event.day]
        if event.rule:
            expected = [one.date() for one in rrulestr(f"DTSTART:{event.day:%Y%m%d}\nRRULE:{event.rule}")]
        assert days(made, start, end + timedelta(days=1)) == expected
        assert all(start <= day <= end for day in expected)


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=400))
def test_any_text_parses_back(text: str) -> None:
    (event,) = parsed(listing(replace(row(due="2026-06-30"), text=text, lead=(text,)))).events
    assert event.start == date(2026, 6, 30)


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    stream = io.BytesIO()
    write_ics(listing(row(due="2026-06-30", deliverable="Báo cáo; kế hoạch, " * 30)), stream)
    lines = stream.getvalue().split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)


# --- what is remembered ---


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path}/kho.db")
    read(store)
    return store


def read(store: Store, change: Callable[[tuple[TaskRow, ...]], tuple[TaskRow, ...]] = lambda rows: rows) -> None:
    made = extraction()
    source = made.raw.source
    store.save(replace(made, rows=change(made.rows)), Seen("/vao/x.txt", "x.txt", source.sha256, source.size))


def taken(store: Store, **fields: Any) -> bytes:
    stream = io.BytesIO()
    write_stored(store, TaskFilter(**fields), "ics", stream, Holidays.KEEP)
    return stream.getvalue()


def standing(written: bytes) -> dict[str, tuple[int, str, date]]:
    events = icalendar.Calendar.from_ical(written).events
    return {one["UID"].split("@")[0][-1:]: (int(one["SEQUENCE"]), str(one["STATUS"]), one.start) for one in events}


def test_the_same_export_twice_is_the_same_bytes(store: Store) -> None:
    assert taken(store) == taken(store)
    first = standing(taken(store))
    assert {key: value[:2] for key, value in first.items()} == {"1": (0, "CONFIRMED"), "3": (0, "CONFIRMED")}


def test_the_sequence_grows_on_a_change_and_only_then(store: Store) -> None:
    taken(store)
    key = find_tasks(store).rows[2].task_id
    records.decide(store, key, "due", "2026-11-30", "Lan", records.merged_row(store, key).version)
    now = standing(taken(store))
    assert (now["1"][0], now["3"]) == (0, (1, "CONFIRMED", date(2026, 11, 30)))
    assert taken(store) == taken(store)


def test_a_dropped_task_is_cancelled_and_comes_back_with_the_next_number(store: Store) -> None:
    before = taken(store)
    key = find_tasks(store).rows[2].task_id
    out = records.drop(store, key, "Lan", records.merged_row(store, key).version)
    cancelled = taken(store)
    assert standing(cancelled)["3"] == (1, "CANCELLED", date(2026, 12, 31))
    assert taken(store) == cancelled
    records.undrop(store, key, "Lan", out.version)
    assert standing(taken(store))["3"] == (2, "CONFIRMED", date(2026, 12, 31))
    assert standing(before)["3"][0] == 0


def test_a_task_without_its_day_is_cancelled(store: Store) -> None:
    taken(store)
    read(store, lambda rows: (*rows[:2], replace(rows[2], due=None)))
    assert standing(taken(store))["3"][:2] == (1, "CANCELLED")


def test_what_another_filter_leaves_out_is_not_cancelled(store: Store) -> None:
    assert set(standing(taken(store, kind=Kind.TASK))) == {"1"}
    assert set(standing(taken(store))) == {"1", "3"}
    key = find_tasks(store).rows[0].task_id
    records.decide(store, key, "kind", "request", "Lan", records.merged_row(store, key).version)
    assert standing(taken(store, kind=Kind.TASK)) == {}
    assert standing(taken(store))["1"][0] == 1


def test_the_stamp_is_the_time_of_the_change(store: Store) -> None:
    (event, *_) = events_of(find_tasks(store))
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    (first,) = remember(store, TaskFilter(), Holidays.KEEP, [event], noon)
    (second,) = remember(store, TaskFilter(), Holidays.KEEP, [event], noon + timedelta(days=1))
    assert (first.changed_at, second) == (noon, first)
    assert Event.from_json(event.to_json()) == event


def test_the_setting_of_days_off_is_one_of_three() -> None:
    assert holidays_setting({}) is Holidays.KEEP
    assert holidays_setting({"GIAOVIEC_HOLIDAYS": "before"}) is Holidays.BEFORE
    with pytest.raises(StoreError, match="GIAOVIEC_HOLIDAYS"):
        holidays_setting({"GIAOVIEC_HOLIDAYS": "sometimes"})
