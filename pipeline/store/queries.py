"""Reads the store: tasks by filters, documents, what was refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
)

from pipeline.listing import Listing
from pipeline.store.annexes import parents_of
from pipeline.store.conditions import commune_is, conditions, count_some, level_keys, ordered
from pipeline.store.engine import reading
from pipeline.store.ledger_tables import ledger
from pipeline.store.levels import levels
from pipeline.store.records import PLAIN_COLUMNS, Lines, document_record, task_rows
from pipeline.store.states import READ, State
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
from pipeline.store.versions import successors
from pipeline.task_filter import TaskFilter
from schemas.task import TaskRow

SEARCHED = ("marked", "folded", "sort_key", "lead_key", "body_key")
"""Columns that rows are only searched and ordered by."""
MOST_KEYS = 500
"""Keys in one IN (…): SQLite and PostgreSQL both take far more, memory and plans do not like it."""

MOST_COUNTED = 10_000
"""Beyond it a page says "more than": counting all would grow with what is stored, not with what is shown."""

__all__ = ["TaskFilter", "count_by", "count_tasks", "find_documents", "find_page", "find_tasks"]
SEEN = sightings.outerjoin(ledger, (ledger.c.sha256 == sightings.c.sha256) & (sightings.c.sha256 != ""))
STATE = func.coalesce(ledger.c.state, sightings.c.state)
"""The state of a file: that of its bytes, or its own where its bytes could not be read."""
KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
"""The ids that a statement is asked with; statements that are asked for each page are made once."""
BY_DAY = (documents.c.issued_date.nulls_first(), documents.c.file, documents.c.document_id)
"""The order of documents: SQLite and PostgreSQL put what has no day at different ends by themselves."""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of what a filter finds: its rows, and how many there are in all; `more` where even more than that."""

    listing: Listing
    total: int
    more: bool = False


def find_tasks(store: Store, wanted: TaskFilter | None = None, today: date | None = None) -> Listing:
    """The tasks of a filter with their documents, in its order; `today` (the day of now) is what is overdue by."""
    with reading(store.engine) as connection:
        return _find(connection, wanted or TaskFilter(), today or date.today())


def find_page(store: Store, wanted: TaskFilter, today: date | None = None, most_counted: int = MOST_COUNTED) -> Page:
    """The tasks of a filter with their number, which is not counted beyond `most_counted`."""
    today = today or date.today()
    with reading(store.engine) as connection:
        total = count_found(connection, wanted, today, most_counted + 1)
        return Page(_find(connection, wanted, today), min(total, most_counted), total > most_counted)


def count_tasks(store: Store, wanted: TaskFilter | None = None, today: date | None = None) -> int:
    """How many tasks a filter finds, without its paging."""
    with reading(store.engine) as connection:
        return count_found(connection, wanted or TaskFilter(), today or date.today(), None)


def count_found(connection: Connection, wanted: TaskFilter, today: date, most: int | None) -> int:
    """How many tasks a filter finds, at most `most`."""
    if most is not None:
        return count_some(connection, wanted, today, most)
    some = select(literal(1)).select_from(tasks).where(*conditions(connection, wanted, today))
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def count_by(
    store: Store, wanted: TaskFilter, by: str, today: date | None = None, most: int = 1000
) -> tuple[tuple[str, int], ...]:
    """How many tasks of a filter fall under each value of `by` (a key of `GROUPS`), most first, months in order."""
    return count_by_each(store, wanted, (by,), today, most)[0]


def count_by_each(
    store: Store, wanted: TaskFilter, by: Sequence[str], today: date | None = None, most: int = 1000
) -> list[tuple[tuple[str, int], ...]]:
    """`count_by` for each of several keys."""
    with reading(store.engine) as connection:
        where = conditions(connection, wanted, today or date.today())
        return [_grouped(connection, where, one, most) for one in by]


def _grouped(
    connection: Connection, where: list[ColumnElement[bool]], by: str, most: int
) -> tuple[tuple[str, int], ...]:
    column, joined = GROUPS[by]
    statement = select(column.label("value"), func.count().label("n")).select_from(joined).where(*where)
    order = column.nulls_first() if by == "month" else func.count().desc()
    found = connection.execute(statement.group_by(column).order_by(order, column).limit(most))
    return tuple((value or "", count) for value, count in found)


_LEADS = tasks.join(task_bodies, (task_bodies.c.task_id == tasks.c.task_id) & (task_bodies.c.role == "lead"))
GROUPS: dict[str, tuple[ColumnElement[Any], Any]] = {
    "body": (task_bodies.c.body_key, _LEADS),
    "month": (func.substr(cast(tasks.c.due, Text), 1, 7), tasks),
    "kind": (tasks.c.kind, tasks),
    "status": (tasks.c.status, tasks),
    "document": (tasks.c.document_id, tasks),
}
"""What tasks can be counted by: "body" is the lead's comparable name, "month" "2026-06" of the due day."""


def find_rows(
    store: Store, wanted: TaskFilter, most_counted: int = MOST_COUNTED
) -> tuple[tuple[TaskRow, ...], int, bool]:
    """The rows of a page without their documents, their number and whether there are more, as `find_page` tells."""
    today = date.today()
    with reading(store.engine) as connection:
        total = count_found(connection, wanted, today, most_counted + 1)
        rows = task_rows(*_lines(connection, wanted, today))
    return rows, min(total, most_counted), total > most_counted


def _find(connection: Connection, wanted: TaskFilter, today: date) -> Listing:
    lines, bodies, texts = _lines(connection, wanted, today)
    owners = list(dict.fromkeys(line["document_id"] for line in lines))
    return Listing(load_documents(connection, owners), task_rows(lines, bodies, texts))


def _lines(connection: Connection, wanted: TaskFilter, today: date) -> tuple[Lines, Lines, Lines]:
    """The lines of the tasks, of their bodies, of their texts."""
    lines = _task_lines(connection, wanted, today)
    keys = [line["task_id"] for line in lines]
    bodies = children_of(connection, task_bodies, "task_id", keys, SEARCHED)
    return lines, bodies, children_of(connection, task_texts, "task_id", keys)


def task_keys(connection: Connection, wanted: TaskFilter, today: date) -> list[str]:
    """The ids of the tasks of a filter in its order."""
    if wanted.limit is not None and wanted.words and wanted.sort in (None, "rank"):
        return _ranked_keys(connection, wanted, today)
    where = conditions(connection, wanted, today, wanted.limit is not None)
    statement = ordered(select(tasks.c.task_id).where(*where), wanted, connection.dialect.name)
    return list(connection.execute(statement).scalars())


def _ranked_keys(connection: Connection, wanted: TaskFilter, today: date) -> list[str]:
    """The same for rows by rank: rank after rank until the page is full, so that the others need not be ranked."""
    dialect, wordless = connection.dialect.name, replace(wanted, words=None, sort="document", offset=0)
    ranks = levels(wanted.words or "", dialect)
    if not ranks:
        return task_keys(connection, replace(wordless, offset=wanted.offset), today)
    where = conditions(connection, wordless, today, True)
    keys: list[str] = []
    skip, most = wanted.offset, wanted.limit or 0
    for level in reversed(ranks) if wanted.descending else ranks:
        here = replace(wordless, limit=skip + most - len(keys))
        statement = level_keys(connection, level, where, here, wanted.words or "")
        found: list[str] = list(connection.execute(statement).scalars())
        keys += found[skip:]
        skip = max(0, skip - len(found))
        if len(keys) >= most:
            break
    return keys


def _task_lines(connection: Connection, wanted: TaskFilter, today: date) -> list[dict[str, Any]]:
    """The lines of `tasks` in order; with a limit the order is found on the ids alone: whole rows are heavy."""
    if wanted.limit is None:
        where = conditions(connection, wanted, today)
        statement = ordered(select(tasks).where(*where), wanted, connection.dialect.name)
        return [dict(line) for line in connection.execute(statement).mappings()]
    keys = task_keys(connection, wanted, today)
    found = {line["task_id"]: line for line in task_lines(connection, keys)}
    return [found[key] for key in keys]


def task_lines(connection: Connection, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The lines of `tasks` of the ids, in no order."""
    return [
        dict(line) for some in batched_keys(keys) for line in connection.execute(_TASKS, {"keys": some}).mappings()
    ]


def children_of(
    connection: Connection, table: Any, key: str, values: Sequence[str], without: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """The lines of a child table for keys of its owner, in the order of `ordinal`; `without` some of its columns."""
    found: list[dict[str, Any]] = []
    for some in batched_keys(values):
        lines = connection.execute(_children(table, key, without), {"keys": some})
        names = tuple(lines.keys())
        found += [dict(zip(names, line, strict=True)) for line in lines]
    return found


@cache
def _children(table: Any, key: str, without: tuple[str, ...]) -> Select[Any]:
    columns = [column for column in table.columns if column.name not in without]
    return select(*columns).where(table.c[key].in_(KEYS)).order_by(table.c[key], table.c.ordinal)


def batched_keys(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in stretches of `MOST_KEYS`."""
    for first in range(0, len(values), MOST_KEYS):
        yield values[first : first + MOST_KEYS]


def find_documents(store: Store, commune: str | None = None) -> tuple[dict[str, Any], ...]:
    """The records of the stored documents, each with its "communes" and "paths", by date and file."""
    wanted = select(documents.c.document_id).order_by(*BY_DAY)
    if commune:
        here = (sightings.c.document_id == documents.c.document_id) & commune_is(commune)
        wanted = wanted.where(exists().where(here))
    with reading(store.engine) as connection:
        return load_documents(connection, list(connection.execute(wanted).scalars()))


def find_whole_documents(store: Store, keys: Sequence[str], with_rows: Sequence[str] | None = None) -> Listing:
    """The documents of these keys with all their rows (of `with_rows` only); one without rows has its record."""
    with reading(store.engine) as connection:
        held = [key for some in batched_keys(keys) for key in connection.execute(_held(some)).scalars()]
        wanted = held if with_rows is None else [key for key in held if key in set(with_rows)]
        lines = children_of(connection, tasks, "document_id", wanted, SEARCHED)
        task_ids = [line["task_id"] for line in lines]
        bodies = children_of(connection, task_bodies, "task_id", task_ids, SEARCHED)
        texts = children_of(connection, task_texts, "task_id", task_ids)
        return Listing(load_documents(connection, held), task_rows(lines, bodies, texts))


def find_document(store: Store, document_id: str) -> dict[str, Any] | None:
    """The record of a document without its rows, None where it is not held."""
    with reading(store.engine) as connection:
        found = load_documents(connection, [document_id])
    return found[0] if found else None


def _held(keys: Sequence[str]) -> Select[Any]:
    return select(documents.c.document_id).where(documents.c.document_id.in_(keys)).order_by(documents.c.document_id)


def load_documents(connection: Connection, keys: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """The records of the held ones of some documents, each with "communes", "paths", "superseded_by" and "parent".

    They stand in the order of the keys.
    """
    children: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for table in (document_texts, legal_bases):
        for line in children_of(connection, table, "document_id", keys):
            children[line["document_id"]][table.name].append(line)
    seen: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    lines: dict[str, dict[str, Any]] = {}
    newer = successors(connection)
    parents: dict[str, dict[str, Any]] = {}
    for some in batched_keys(keys):
        parents |= parents_of(connection, some)
        for key, commune, path in connection.execute(_SIGHTINGS, {"keys": some}):
            seen[key].append((commune, path))
        for document in connection.execute(_DOCUMENTS, {"keys": some}).mappings():
            lines[document["document_id"]] = dict(document)
    return tuple(
        document_record(lines[key], children[key])
        | {"communes": sorted({commune for commune, _ in seen[key] if commune})}
        | {"paths": [path for _, path in seen[key]], "superseded_by": newer.get(key), "parent": parents.get(key)}
        for key in keys
        if key in lines
    )


_TASKS = select(tasks).where(tasks.c.task_id.in_(KEYS))
_SIGHTINGS = (
    select(sightings.c.document_id, sightings.c.commune, sightings.c.path)
    .where(sightings.c.document_id.in_(KEYS))
    .order_by(sightings.c.path)
)
_DOCUMENTS = select(*(documents.c[name] for name in (*PLAIN_COLUMNS, "issued_date"))).where(
    documents.c.document_id.in_(KEYS)
)
"""All but the text, which is long."""


def find_refused(store: Store) -> tuple[dict[str, Any], ...]:
    """The files that could not be read: path, code, message, tries, last_seen; not those that were read later."""
    later, read = sightings.alias("later"), ledger.alias("read")
    later_read = later.join(read, read.c.sha256 == later.c.sha256)
    read_later = (
        exists()
        .select_from(later_read)
        .where(
            (later.c.path == sightings.c.path) & read.c.state.in_(READ) & (later.c.last_seen > sightings.c.last_seen)
        )
    )
    unread = STATE.in_((State.REJECTED, State.RETRY)) & ~read_later
    return _seen_files(store, [unread])


def find_files_by_state(store: Store, state: str | None = None) -> tuple[dict[str, Any], ...]:
    """The files that were seen, each with path, commune, sha256, state, code, message, tries, last_seen."""
    return _seen_files(store, [STATE.in_((state,))] if state else [])


def _seen_files(store: Store, conditions: list[ColumnElement[bool]]) -> tuple[dict[str, Any], ...]:
    columns = [sightings.c[name] for name in ("path", "name", "commune", "sha256", "document_id", "last_seen")]
    told = [func.coalesce(ledger.c[name], sightings.c[name]).label(name) for name in ("code", "message")]
    tries = func.coalesce(ledger.c.tries, 1).label("tries")
    wanted = select(*columns, STATE.label("state"), *told, tries).select_from(SEEN).where(*conditions)
    with reading(store.engine) as connection:
        return tuple(dict(line) for line in connection.execute(wanted.order_by(sightings.c.path)).mappings())


def count_by_state(store: Store) -> dict[str, int]:
    """How many files were seen, by the state that each is in."""
    wanted = select(STATE, func.count()).select_from(SEEN).group_by(STATE)
    with reading(store.engine) as connection:
        return {line[0]: line[1] for line in connection.execute(wanted)}


def find_faults(store: Store) -> tuple[str, ...]:
    """What is wrong in the database itself, in sentences for staff; empty where all is well."""
    stored = exists().where(documents.c.sha256 == ledger.c.sha256)
    orphans = select(func.count()).select_from(ledger).where(ledger.c.state.in_(READ), ~stored)
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
