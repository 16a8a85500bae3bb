"""From a `TaskFilter` to SQL: its conditions and its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, literal, literal_column, or_, select

from normalizers.fold import search_key
from pipeline.search import padded, query
from pipeline.store.derived import NO_DUE, words_match
from pipeline.store.tables import sightings, task_bodies, tasks
from pipeline.store.versions import is_current
from pipeline.task_filter import TaskFilter

Conditions = list[ColumnElement[bool]]


def _words_in(column: Any, key: str) -> Conditions:
    return [column.contains(f" {word}", autoescape=True) for word in key.split()]


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


def conditions(wanted: TaskFilter, today: date, dialect: str) -> Conditions:
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
        found.append(words_match(words, dialect))
    if wanted.body or wanted.role:
        found.append(_body_condition(wanted))
    return found


def _body_condition(wanted: TaskFilter) -> ColumnElement[bool]:
    from normalizers.bodies import body_key

    here: Conditions = [task_bodies.c.task_id == tasks.c.task_id]
    if wanted.role:
        here.append(task_bodies.c.role == wanted.role)
    if wanted.body:
        here += _words_in(task_bodies.c.folded, search_key(body_key(wanted.body)))
    return exists().where(*here)


ORDERS: dict[str, ColumnElement[Any]] = {
    "due": literal_column(NO_DUE),
    "body": tasks.c.lead_key,
    "kind": tasks.c.kind,
}


def ordered(statement: Select[Any], wanted: TaskFilter) -> Select[Any]:
    """The statement in the order of the filter, from its offset on, up to its limit."""
    order: list[ColumnElement[Any]] = []
    if wanted.sort in (None, "rank"):
        order += _ranks(wanted.words)
    elif wanted.sort in ORDERS:
        order.append(ORDERS[wanted.sort])
    order.append(tasks.c.sort_key)
    if wanted.descending:
        order = [column.desc() for column in order]
    return statement.order_by(*order).limit(wanted.limit).offset(wanted.offset or None)


def _ranks(words: str | None) -> Iterator[ColumnElement[Any]]:
    """Whoever types marks means them: first the phrase as typed, then its words as typed, then the bare phrase."""
    if not words:
        return
    asked = query(words)
    if asked.marked:
        yield case((tasks.c.marked.contains(padded(asked.marked), autoescape=True), 0), else_=1)
        every = [tasks.c.marked.contains(padded(word), autoescape=True) for word in asked.marked.split()]
        yield sum((case((found, 0), else_=1) for found in every), start=literal(0))
    yield case((tasks.c.folded.contains(padded(asked.phrase), autoescape=True), 0), else_=1)
