"""What calendar files said before, so that a change is told as one and a deleted task is cancelled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from pipeline.exports.events import Event, Holidays
from pipeline.exports.ics import Remembered
from pipeline.store.engine import writing
from pipeline.store.queries import batched_keys
from pipeline.store.store import Store
from pipeline.store.tables import calendar_events, tasks
from pipeline.task_filter import TaskFilter


def remember(
    store: Store, wanted: TaskFilter, holidays: Holidays, events: Sequence[Event], now: datetime | None = None
) -> list[Remembered]:
    """The events with what earlier files of the same filter said of them, then those whose task is no more.

    An event that changed since its last file gets the next sequence number and the time of `now`. One that the
    filter alone leaves out is not cancelled: it is still due, for somebody else.
    """
    feed = _feed(wanted, holidays)
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    with writing(store.engine) as connection:
        mine = calendar_events.c.feed == feed
        lines = connection.execute(select(calendar_events).where(mine).order_by(calendar_events.c.uid)).mappings()
        known = {line["uid"]: _remembered(dict(line)) for line in lines}
        given = [_settled(event, known.get(event.uid), moment) for event in events]
        gone = _gone(connection, known, events)
        given += [one if one.cancelled else _grown(one, moment, cancelled=True) for one in gone]
        _keep(connection, feed, known, given)
        return given


def _feed(wanted: TaskFilter, holidays: Holidays) -> str:
    """A filter with its setting: each has a memory of its own."""
    said = json.dumps([wanted.everything().to_query(), str(holidays)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _remembered(line: dict[str, Any]) -> Remembered:
    at = line["changed_at"] if line["changed_at"].tzinfo else line["changed_at"].replace(tzinfo=UTC)
    return Remembered(Event.from_json(line["content"]), line["sequence"], at, line["cancelled"])


def _settled(event: Event, before: Remembered | None, moment: datetime) -> Remembered:
    if before is None:
        return Remembered(event, 0, moment)
    if before.event.fingerprint() == event.fingerprint() and not before.cancelled:
        return before
    return _grown(Remembered(event, before.sequence, moment), moment)


def _grown(one: Remembered, moment: datetime, cancelled: bool = False) -> Remembered:
    return Remembered(one.event, one.sequence + 1, moment, cancelled)


def _gone(connection: Connection, known: dict[str, Remembered], events: Sequence[Event]) -> list[Remembered]:
    """The remembered events that are no more: their task was dropped, or has no such day or rule any longer."""
    here = {event.uid for event in events}
    told = {event.task_id for event in events}
    missing = [one for uid, one in known.items() if uid not in here]
    due = or_(tasks.c.due.is_not(None), tasks.c.recurrence.is_not(None))
    alive: set[str] = set()
    for some in batched_keys([one.event.task_id for one in missing]):
        alive |= set(connection.execute(select(tasks.c.task_id).where(tasks.c.task_id.in_(some), due)).scalars())
    return [one for one in missing if one.event.task_id not in alive or one.event.task_id in told]


def _keep(connection: Connection, feed: str, known: dict[str, Remembered], given: Sequence[Remembered]) -> None:
    new = []
    for one in given:
        if known.get(one.event.uid) == one:
            continue
        line = {
            "task_id": one.event.task_id,
            "content": one.event.to_json(),
            "sequence": one.sequence,
            "changed_at": one.changed_at,
            "cancelled": one.cancelled,
        }
        if one.event.uid in known:
            same = (calendar_events.c.feed == feed) & (calendar_events.c.uid == one.event.uid)
            connection.execute(update(calendar_events).where(same).values(line))
        else:
            new.append(line | {"feed": feed, "uid": one.event.uid})
    if new:
        connection.execute(insert(calendar_events), new)
