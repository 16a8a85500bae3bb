"""From a `TaskFilter` to SQL: its conditions and its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from normalizers.fold import search_key
from pipeline.search import query
from pipeline.store.derived import NO_DUE, body_named, in_index, in_order, numbered, words_match
from pipeline.store.levels import Level, having, ranks
from pipeline.store.tables import sightings, task_bodies, tasks
from pipeline.store.versions import is_current, superseded
from pipeline.task_filter import TaskFilter

FEW = 5_000
"""Up to so many hits are gathered and sorted; of more the first are met on the way through the rows in order."""
Conditions = list[ColumnElement[bool]]
TOUCHED = tasks.c.status != literal_column("'machine'")
"""Says of the rows that people touched what the index of those rows says of itself: so it may be used."""
UNINDEXED_DUE = literal_column("+tasks.due", Date)
"""The due day for SQLite where its index shall not be used."""
ANY_SUPERSEDED = superseded().limit(1)


def _by_commune(value: str) -> Conditions:
    return [tasks.c.document_id.in_(select(sightings.c.document_id).where(commune_is(value)))]


def commune_is(value: str) -> ColumnElement[bool]:
    """Whether a sighting lies in the folder of a commune, with or without diacritics."""
    return sightings.c.commune_key == search_key(value)


CONDITIONS: dict[str, Callable[[Any], Conditions]] = {
    "commune": _by_commune,
    "kind": lambda value: [tasks.c.kind == value],
    "recurring": lambda value: [tasks.c.recurrence.is_not(None) if value else tasks.c.recurrence.is_(None)],
    "needs_review": lambda value: [tasks.c.needs_review == value],
    "status": lambda value: [tasks.c.status == value, *([TOUCHED] if value != "machine" else [])],
    "conflict": lambda value: [tasks.c.conflict == value],
    "document": lambda value: [or_(tasks.c.document_id == value, tasks.c.document_id == value[:16])],
    "task": lambda value: [tasks.c.task_id == value],
}
"""A filter's field → its conditions; those that need more than their own value stand in `conditions`."""


def conditions(connection: Connection, wanted: TaskFilter, today: date, paged: bool = False) -> Conditions:
    """The conditions of a filter on `tasks`; `overdue` is before `today`.

    `paged`: only the first rows in the filter's order are wanted, so that many hits are better met on the way than
    all gathered. PostgreSQL weighs this by itself; the planner of SQLite takes what is written.
    """
    found = [
        condition
        for field in fields(wanted)
        if field.name in CONDITIONS and (value := getattr(wanted, field.name)) is not None
        for condition in CONDITIONS[field.name](value)
    ]
    if not (wanted.superseded or wanted.document or wanted.task) and connection.execute(ANY_SUPERSEDED).first():
        found.append(is_current(tasks.c.document_id))
    walked = paged and connection.dialect.name == "sqlite"
    found += _due_conditions(connection, wanted, today, walked)
    if wanted.words and query(wanted.words).folded:
        found += _word_conditions(connection, wanted.words, walked)
    if wanted.body or wanted.role:
        found.append(_body_condition(connection, wanted))
    return found


def _due_conditions(connection: Connection, wanted: TaskFilter, today: date, walked: bool) -> Conditions:
    plain = list(_due_bounds(tasks.c.due, wanted, today))
    if not plain:
        return plain
    if wanted.sort == "due":  # in the order of the index by day the bounds are a stretch of it
        by_day: Conditions = list(_due_bounds(literal_column(NO_DUE, Date), wanted, today))
        return [*by_day, *_due_bounds(UNINDEXED_DUE if walked else tasks.c.due, wanted, today)]
    if not walked or _are_few(connection, select(literal(1)).select_from(tasks).where(*plain)):
        return plain
    return list(_due_bounds(UNINDEXED_DUE, wanted, today))


def _due_bounds(due: ColumnElement[Any], wanted: TaskFilter, today: date) -> Iterator[ColumnElement[bool]]:
    if wanted.due_from:
        yield due >= wanted.due_from
    if wanted.due_to:
        yield due <= wanted.due_to
    if wanted.overdue is not None:
        yield due < today if wanted.overdue else or_(due.is_(None), due >= today)


def _word_conditions(connection: Connection, words: str, walked: bool) -> Conditions:
    dialect = connection.dialect.name
    those = having(words, dialect)
    if walked and not _level_is_small(connection, those):
        return those.where
    return [words_match(query(words).folded, dialect)]


def level_keys(
    connection: Connection, level: Level, where: Conditions, wanted: TaskFilter, words: str
) -> Select[Any]:
    """The ids of the tasks of a rank that meet `where`, in the order of `wanted` and up to its limit."""
    dialect, keys = connection.dialect.name, select(tasks.c.task_id)
    if dialect != "sqlite":
        mine = [words_match(query(words).folded, dialect), *level.where]
    elif not _level_is_small(connection, level):
        mine = level.where
    elif not where:
        return in_order(level.asked, wanted.descending).limit(wanted.limit)
    else:
        mine = [numbered(level.asked)]
    return ordered(keys.where(*where, *mine), wanted, dialect)


def _level_is_small(connection: Connection, level: Level) -> bool:
    return _are_few(connection, in_index(level.quick)) and (
        level.quick == level.asked or _are_few(connection, in_index(level.asked))
    )


def count_some(connection: Connection, wanted: TaskFilter, today: date, most: int) -> int:
    """How many tasks a filter finds, at most `most`; what is told by words or bodies alone is counted there."""
    dialect = connection.dialect.name
    words = wanted.words if wanted.words and query(wanted.words).folded else None
    wordless = replace(wanted, words=None)
    here = [] if words else _bodies(wanted, dialect)
    if here and not conditions(connection, replace(wordless, body=None, role=None), today):
        return _counted(connection, select(task_bodies.c.task_id).where(*here).distinct(), most)
    rest = conditions(connection, wordless, today)
    if words and (rest or dialect != "sqlite"):
        rest += _word_conditions(connection, words, dialect == "sqlite")
    elif words:
        those = having(words, dialect)
        quick = _counted(connection, in_index(those.quick), most)
        return quick if quick == most else _counted(connection, in_index(those.asked), most)
    return _counted(connection, select(literal(1)).select_from(tasks).where(*rest), most)


def _counted(connection: Connection, hits: Select[Any], most: int) -> int:
    some = hits.limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _body_condition(connection: Connection, wanted: TaskFilter) -> ColumnElement[bool]:
    dialect, here = connection.dialect.name, _bodies(wanted, connection.dialect.name)
    if dialect == "sqlite" and _are_few(connection, select(literal(1)).select_from(task_bodies).where(*here)):
        return tasks.c.task_id.in_(select(task_bodies.c.task_id).where(*here).correlate(None))
    return exists().where(task_bodies.c.task_id == tasks.c.task_id, *here).correlate(tasks)


def _bodies(wanted: TaskFilter, dialect: str) -> Conditions:
    """The conditions of a filter on `task_bodies`."""
    from normalizers.bodies import asked_key

    here: Conditions = [task_bodies.c.role == wanted.role] if wanted.role else []
    return here + (body_named(asked_key(wanted.body).split(), dialect) if wanted.body else [])


def _are_few(connection: Connection, hits: Select[Any]) -> bool:
    """Whether a question has few hits: then they are looked up, else rows are walked until a page is full."""
    return _counted(connection, hits, FEW + 1) <= FEW


ORDERS: dict[str, ColumnElement[Any]] = {
    "due": literal_column(NO_DUE),
    "body": tasks.c.lead_key,
    "kind": tasks.c.kind,
}


def ordered(statement: Select[Any], wanted: TaskFilter, dialect: str) -> Select[Any]:
    """The statement in the order of the filter, from its offset on, up to its limit."""
    order: list[ColumnElement[Any]] = []
    if wanted.sort in (None, "rank"):
        order += ranks(wanted.words, dialect)
    elif wanted.sort in ORDERS:
        order.append(ORDERS[wanted.sort])
    order.append(tasks.c.sort_key)
    if wanted.descending:
        order = [column.desc() for column in order]
    return statement.order_by(*order).limit(wanted.limit).offset(wanted.offset or None)
