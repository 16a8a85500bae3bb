"""From a `TaskFilter` to SQL: its conditions and its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, literal, literal_column, or_, select

from normalizers.fold import search_key
from pipeline.search import padded, query
from pipeline.store.derived import NO_DUE, body_named, holds, words_match
from pipeline.store.tables import sightings, task_bodies, tasks
from pipeline.store.versions import is_current
from pipeline.task_filter import TaskFilter

FEW = 3_000
Conditions = list[ColumnElement[bool]]


def _by_commune(value: str) -> Conditions:
    return [tasks.c.document_id.in_(select(sightings.c.document_id).where(commune_is(value)))]


def commune_is(value: str) -> ColumnElement[bool]:
    """Whether a sighting lies in the folder of a commune, with or without diacritics."""
    return sightings.c.commune_key == search_key(value)


CONDITIONS: dict[str, Callable[[Any], Conditions]] = {
    "commune": _by_commune,
    "kind": lambda value: [tasks.c.kind == value],
    "due_from": lambda value: [tasks.c.due >= value],
    "due_to": lambda value: [tasks.c.due <= value],
    "recurring": lambda value: [tasks.c.recurrence.is_not(None) if value else tasks.c.recurrence.is_(None)],
    "needs_review": lambda value: [tasks.c.needs_review == value],
    "status": lambda value: [tasks.c.status == value],
    "conflict": lambda value: [tasks.c.conflict == value],
    "document": lambda value: [or_(tasks.c.document_id == value, tasks.c.document_id == value[:16])],
    "task": lambda value: [tasks.c.task_id == value],
}
"""A filter's field → its conditions; those that need more than their own value stand in `conditions`."""


def conditions(connection: Connection, wanted: TaskFilter, today: date) -> Conditions:
    """The conditions of a filter on `tasks`; `overdue` is before `today`."""
    found = [
        condition
        for field in fields(wanted)
        if field.name in CONDITIONS and (value := getattr(wanted, field.name)) is not None
        for condition in CONDITIONS[field.name](value)
    ]
    if not (wanted.superseded or wanted.document or wanted.task):
        found.append(is_current(tasks.c.document_id))
    if wanted.overdue is not None:
        late = tasks.c.due < today
        found.append(late if wanted.overdue else or_(tasks.c.due.is_(None), ~late))
    if wanted.words and (words := query(wanted.words).folded):
        found.append(words_match(words, connection.dialect.name))
    if wanted.body or wanted.role:
        found.append(_body_condition(connection, wanted))
    return found


def _body_condition(connection: Connection, wanted: TaskFilter) -> ColumnElement[bool]:
    from normalizers.bodies import asked_key

    dialect = connection.dialect.name
    here: Conditions = [task_bodies.c.role == wanted.role] if wanted.role else []
    if wanted.body:
        here += body_named(asked_key(wanted.body).split(), dialect)
    if dialect == "sqlite" and _are_few(connection, here):
        return tasks.c.task_id.in_(select(task_bodies.c.task_id).where(*here).correlate(None))
    return exists().where(task_bodies.c.task_id == tasks.c.task_id, *here).correlate(tasks)


def _are_few(connection: Connection, here: Conditions) -> bool:
    """Whether few lines name the body: then they are looked up, else rows are walked in order until a page is full.

    PostgreSQL weighs this by itself; the planner of SQLite takes the order in which it is written.
    """
    some = select(literal(1)).select_from(task_bodies).where(*here).limit(FEW + 1)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()) <= FEW


ORDERS: dict[str, ColumnElement[Any]] = {
    "due": literal_column(NO_DUE),
    "body": tasks.c.lead_key,
    "kind": tasks.c.kind,
}


def ordered(statement: Select[Any], wanted: TaskFilter, dialect: str) -> Select[Any]:
    """The statement in the order of the filter, from its offset on, up to its limit."""
    order: list[ColumnElement[Any]] = []
    if wanted.sort in (None, "rank"):
        order += _ranks(wanted.words, dialect)
    elif wanted.sort in ORDERS:
        order.append(ORDERS[wanted.sort])
    order.append(tasks.c.sort_key)
    if wanted.descending:
        order = [column.desc() for column in order]
    return statement.order_by(*order).limit(wanted.limit).offset(wanted.offset or None)


def _ranks(words: str | None, dialect: str) -> Iterator[ColumnElement[Any]]:
    """Whoever types marks means them: first the phrase as typed, then its words as typed, then the bare phrase."""
    if not words:
        return
    asked = query(words)
    if asked.marked:
        yield _first(holds(tasks.c.marked, padded(asked.marked), dialect))
        if len(every := asked.marked.split()) > 1:
            found = (_first(holds(tasks.c.marked, padded(word), dialect)) for word in every)
            yield sum(found, start=literal(0))
    yield _first(holds(tasks.c.folded, padded(asked.phrase), dialect))


def _first(found: ColumnElement[bool]) -> ColumnElement[int]:
    return case((found, 0), else_=1)
