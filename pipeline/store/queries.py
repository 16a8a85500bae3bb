"""Reads the store: tasks by filters, documents, what was refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, literal, or_, select

from normalizers.fold import search_key
from pipeline.listing import Listing
from pipeline.search import padded, query
from pipeline.store.engine import reading
from pipeline.store.records import document_record, task_rows
from pipeline.store.sightings import REFUSED
from pipeline.store.store import Store
from pipeline.store.tables import (
    document_texts,
    documents,
    legal_bases,
    sightings,
    task_bodies,
    task_texts,
    tasks,
)

MOST_KEYS = 500
"""Keys in one IN (…): SQLite and PostgreSQL both take far more, memory and plans do not like it."""


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks; None leaves a field open. `body` and `commune` are words with or without diacritics.

    `role` narrows `body` to "lead", "coordinating" or "monitoring". `due_from` and `due_to` are both included.
    """

    commune: str | None = None
    body: str | None = None
    role: str | None = None
    kind: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    needs_review: bool | None = None
    words: str | None = None
    document: str | None = None
    task: str | None = None
    limit: int | None = None


def _words_in(column: Any, key: str) -> list[ColumnElement[bool]]:
    return [column.contains(f" {word}", autoescape=True) for word in key.split()]


def _by_commune(value: str) -> list[ColumnElement[bool]]:
    here = (sightings.c.document_id == tasks.c.document_id) & (sightings.c.commune_key == search_key(value))
    return [exists().where(here)]


def _by_body(value: str) -> list[ColumnElement[bool]]:
    from normalizers.bodies import body_key

    return _words_in(task_bodies.c.folded, search_key(body_key(value)))


def _by_words(value: str) -> list[ColumnElement[bool]]:
    return _words_in(tasks.c.folded, " ".join(query(value).folded))


CONDITIONS: dict[str, Callable[[Any], list[ColumnElement[bool]]]] = {
    "commune": _by_commune,
    "kind": lambda value: [tasks.c.kind == value],
    "due_from": lambda value: [tasks.c.due >= value],
    "due_to": lambda value: [tasks.c.due <= value],
    "needs_review": lambda value: [tasks.c.needs_review == value],
    "words": _by_words,
    "document": lambda value: [or_(tasks.c.document_id == value, tasks.c.document_id == value[:16])],
    "task": lambda value: [tasks.c.task_id == value],
}
"""A filter's field → its conditions; `body` and `role` go together and stand apart."""


def find_tasks(store: Store, wanted: TaskFilter | None = None) -> Listing:
    """The tasks of a filter with their documents, in the order of the documents, or by rank where words are given."""
    with reading(store.engine) as connection:
        lines = [dict(line) for line in connection.execute(_select(wanted or TaskFilter())).mappings()]
        keys = [line["task_id"] for line in lines]
        bodies = _children(connection, task_bodies, "task_id", keys)
        texts = _children(connection, task_texts, "task_id", keys)
        owners = list(dict.fromkeys(line["document_id"] for line in lines))
        return Listing(_documents(connection, owners), task_rows(lines, bodies, texts))


def _select(wanted: TaskFilter) -> Select[Any]:
    conditions = [
        condition
        for field in fields(wanted)
        if field.name in CONDITIONS and (value := getattr(wanted, field.name)) is not None
        for condition in CONDITIONS[field.name](value)
    ]
    if wanted.body or wanted.role:
        conditions.append(_body_condition(wanted))
    statement = select(tasks).join(documents).where(*conditions)
    order = [documents.c.issued_date, documents.c.file, tasks.c.document_id, tasks.c.ordinal]
    return statement.order_by(*_ranks(wanted.words), *order).limit(wanted.limit)


def _body_condition(wanted: TaskFilter) -> ColumnElement[bool]:
    here = [task_bodies.c.task_id == tasks.c.task_id]
    if wanted.role:
        here.append(task_bodies.c.role == wanted.role)
    return exists().where(*here, *(_by_body(wanted.body) if wanted.body else []))


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


def _children(connection: Connection, table: Any, key: str, values: Sequence[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for some in batched_keys(values):
        wanted = select(table).where(table.c[key].in_(some)).order_by(table.c[key], table.c.ordinal)
        found += [dict(line) for line in connection.execute(wanted).mappings()]
    return found


def batched_keys(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in stretches of `MOST_KEYS`."""
    for first in range(0, len(values), MOST_KEYS):
        yield values[first : first + MOST_KEYS]


def find_documents(store: Store, commune: str | None = None) -> tuple[dict[str, Any], ...]:
    """The records of the stored documents, each with its "communes" and "paths", by date and file."""
    wanted = select(documents.c.document_id).order_by(documents.c.issued_date, documents.c.file)
    if commune:
        here = (sightings.c.document_id == documents.c.document_id) & (sightings.c.commune_key == search_key(commune))
        wanted = wanted.where(exists().where(here))
    with reading(store.engine) as connection:
        return _documents(connection, list(connection.execute(wanted).scalars()))


def find_whole_documents(store: Store, keys: Sequence[str]) -> Listing:
    """The documents of these keys with all their rows; a document without rows has its record."""
    with reading(store.engine) as connection:
        held = [key for some in batched_keys(keys) for key in connection.execute(_held(some)).scalars()]
        lines = _children(connection, tasks, "document_id", held)
        task_ids = [line["task_id"] for line in lines]
        bodies = _children(connection, task_bodies, "task_id", task_ids)
        texts = _children(connection, task_texts, "task_id", task_ids)
        return Listing(_documents(connection, held), task_rows(lines, bodies, texts))


def _held(keys: Sequence[str]) -> Select[Any]:
    return select(documents.c.document_id).where(documents.c.document_id.in_(keys)).order_by(documents.c.document_id)


def _documents(connection: Connection, keys: Sequence[str]) -> tuple[dict[str, Any], ...]:
    children: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for table in (document_texts, legal_bases):
        for line in _children(connection, table, "document_id", keys):
            children[line["document_id"]][table.name].append(line)
    seen: dict[str, list[dict[str, Any]]] = defaultdict(list)
    lines: dict[str, dict[str, Any]] = {}
    for some in batched_keys(keys):
        here = select(sightings).where(sightings.c.document_id.in_(some)).order_by(sightings.c.path)
        for sighting in connection.execute(here).mappings():
            seen[sighting["document_id"]].append(dict(sighting))
        for document in connection.execute(select(documents).where(documents.c.document_id.in_(some))).mappings():
            lines[document["document_id"]] = dict(document)
    return tuple(
        document_record(lines[key], children[key])
        | {"communes": sorted({line["commune"] for line in seen[key] if line["commune"]})}
        | {"paths": [line["path"] for line in seen[key]]}
        for key in keys
    )


def find_refused(store: Store) -> tuple[dict[str, Any], ...]:
    """The files that were refused: path, code, message, tries, last_seen; not those that were read later."""
    later = sightings.alias("later")
    read_later = exists().where(
        (later.c.path == sightings.c.path) & (later.c.state != REFUSED) & (later.c.last_seen > sightings.c.last_seen)
    )
    columns = [sightings.c[name] for name in ("path", "commune", "code", "message", "tries", "last_seen")]
    wanted = select(*columns).where(sightings.c.state == REFUSED, ~read_later).order_by(sightings.c.path)
    with reading(store.engine) as connection:
        return tuple(dict(line) for line in connection.execute(wanted).mappings())


def count_by_state(store: Store) -> dict[str, int]:
    """How many files were seen, by the state that each is in."""
    wanted = select(sightings.c.state, func.count()).group_by(sightings.c.state)
    with reading(store.engine) as connection:
        return {line.state: line[1] for line in connection.execute(wanted)}


def find_faults(store: Store) -> tuple[str, ...]:
    """What is wrong in the database itself, in sentences for staff; empty where all is well."""
    orphans = select(func.count()).where(sightings.c.state != REFUSED, sightings.c.document_id.is_(None))
    counted = select(func.count()).select_from(tasks).where(tasks.c.document_id == documents.c.document_id)
    uneven = select(func.count()).where(documents.c.n_rows != counted.scalar_subquery())
    faults = []
    with reading(store.engine) as connection:
        if store.engine.dialect.name == "sqlite":
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
            faults += [] if said == "ok" else [f"SQLite báo lỗi: {said}"]
        if count := connection.execute(orphans).scalar_one():
            faults.append(f"{count} tệp ghi là đã đọc mà không có văn bản")
        if count := connection.execute(uneven).scalar_one():
            faults.append(f"{count} văn bản không đủ số dòng")
    return tuple(faults)
