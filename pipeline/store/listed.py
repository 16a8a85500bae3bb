"""Rows and documents as lists show them: only the columns that stand on the page, in as few questions as they need.

The statements are made once: building one costs more than asking it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from pipeline.store.annex_tables import annexes
from pipeline.store.annexes import JOINED, PARENT_FIELDS
from pipeline.store.engine import reading, together
from pipeline.store.queries import KEYS, MOST_COUNTED, batched_keys, count_found, task_keys
from pipeline.store.store import Store
from pipeline.store.tables import documents, sightings, task_bodies, task_texts, tasks
from pipeline.task_filter import TaskFilter


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row in a list: what `TaskRow` and `RowState` say of it, `due` as ISO text."""

    task_id: str
    document_id: str
    path: str
    kind: str
    text: str
    due: str | None
    recurrence: str | None
    deadline_text: str | None
    needs_review: bool
    status: str
    conflict: bool
    section: str | None
    section_title: str | None
    lead: Sequence[str] = ()
    coordinating: Sequence[str] = ()
    heading_path: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page of a list: its rows, by id the documents they are of (`LISTED_FIELDS`), the count as in `Page`."""

    rows: tuple[ListedRow, ...]
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    total: int = 0
    more: bool = False


LISTED_FIELDS = ("document_id", "file", "doc_type", "doc_number", "issued_date")
"""What a list says of a document, beside its "communes" and its "parent" (the plan it was joined to, or None)."""
_COLUMNS = [tasks.c[name] for name in ListedRow.__dataclass_fields__ if name in tasks.c]
_DUE = [column.name for column in _COLUMNS].index("due")
_ROWS = select(*_COLUMNS).where(tasks.c.task_id.in_(KEYS))
_OF_DOCUMENT = (
    select(*_COLUMNS)
    .where(tasks.c.document_id == bindparam("document_id"))
    .order_by(tasks.c.sort_key)
    .limit(bindparam("most"))
    .offset(bindparam("first"))
)
_BODIES = (
    select(task_bodies.c.task_id, task_bodies.c.role, task_bodies.c.name)
    .where(task_bodies.c.task_id.in_(KEYS), task_bodies.c.role != "monitoring")
    .order_by(task_bodies.c.task_id, task_bodies.c.role, task_bodies.c.ordinal)
)
_HEADINGS = (
    select(task_texts.c.task_id, task_texts.c.value)
    .where(task_texts.c.task_id.in_(KEYS), task_texts.c.role == "heading_path")
    .order_by(task_texts.c.task_id, task_texts.c.ordinal)
)
_PLAN = documents.alias("plan")
HEAD_FIELDS = ("sha256", "n_pages", "facts")
"""What the page of a row needs to know of its document beside `LISTED_FIELDS`."""


def _documents(fields: Sequence[str]) -> Select[Any]:
    """A question for documents: their fields, then each commune that they were seen in, then the plan's fields."""
    return (
        select(
            *(documents.c[name] for name in fields),
            sightings.c.commune,
            *(_PLAN.c[name].label(f"plan_{name}") for name in PARENT_FIELDS),
        )
        .select_from(
            documents.outerjoin(sightings, sightings.c.document_id == documents.c.document_id)
            .outerjoin(annexes, (annexes.c.annex == documents.c.document_id) & (annexes.c.state == JOINED))
            .outerjoin(_PLAN, _PLAN.c.document_id == annexes.c.plan)
        )
        .where(documents.c.document_id.in_(KEYS))
    )


_LISTED, _HEADS = _documents(LISTED_FIELDS), _documents((*LISTED_FIELDS, *HEAD_FIELDS))


def find_listed(
    store: Store, wanted: TaskFilter, today: date | None = None, most_counted: int = MOST_COUNTED
) -> ListedPage:
    """The rows of a filter (with a limit) as a list shows them, counted up to `most_counted`."""
    today = today or date.today()
    with together(store.engine) as connection:
        total = count_found(connection, wanted, today, most_counted + 1)
        rows = listed_rows(connection, task_keys(connection, wanted, today))
        owners = listed_documents(connection, list(dict.fromkeys(row.document_id for row in rows)))
    return ListedPage(rows, owners, min(total, most_counted), total > most_counted)


def listed_rows(connection: Connection, keys: Sequence[str]) -> tuple[ListedRow, ...]:
    """The rows of the ids, in the order of the ids, without their headings."""
    found: dict[str, ListedRow] = {}
    for some in batched_keys(keys):
        lines = connection.execute(_ROWS, {"keys": some}).all()
        found |= {row.task_id: row for row in _made(lines, _bodies(connection, some), {})}
    return tuple(found[key] for key in keys)


def rows_of_document(store: Store, document_id: str, most: int, first: int = 0) -> tuple[ListedRow, ...]:
    """The rows of a document in their order, from `first` on, with their headings."""
    asked = {"document_id": document_id, "most": most, "first": first}
    with together(store.engine) as connection:
        lines = connection.execute(_OF_DOCUMENT, asked).all()
        keys = [line[0] for line in lines]
        headings: dict[str, list[str]] = defaultdict(list)
        for some in batched_keys(keys):
            for task_id, value in connection.execute(_HEADINGS, {"keys": some}):
                headings[task_id].append(value)
        return tuple(_made(lines, _bodies(connection, keys), headings))


def _bodies(connection: Connection, keys: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """The names of the bodies by row and part."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for some in batched_keys(keys):
        for task_id, role, name in connection.execute(_BODIES, {"keys": some}):
            found[task_id, role].append(name)
    return found


def _made(
    lines: Iterable[Any], bodies: dict[tuple[str, str], list[str]], headings: dict[str, list[str]]
) -> Iterable[ListedRow]:
    for line in lines:
        key, due = line[0], line[_DUE]
        bodied = (bodies.get((key, "lead"), ()), bodies.get((key, "coordinating"), ()))
        values = (*line[:_DUE], due.isoformat() if due else None, *line[_DUE + 1 :], *bodied, headings.get(key, ()))
        yield ListedRow(*values)


def listed_documents(connection: Connection, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What a list says of the documents, by their ids."""
    found: dict[str, dict[str, Any]] = {}
    for some in batched_keys(keys):
        _gather(connection.execute(_LISTED, {"keys": some}), LISTED_FIELDS, found)
    return found


def document_head(store: Store, document_id: str) -> dict[str, Any] | None:
    """What a list says of a document, and `HEAD_FIELDS`; None where it is not held."""
    found: dict[str, dict[str, Any]] = {}
    with reading(store.engine) as connection:
        _gather(connection.execute(_HEADS, {"keys": [document_id]}), (*LISTED_FIELDS, *HEAD_FIELDS), found)
    return found.get(document_id)


def _gather(lines: Iterable[Any], fields: Sequence[str], into: dict[str, dict[str, Any]]) -> None:
    for line in lines:
        told = into.get(line[0])
        if told is None:
            told = into[line[0]] = _document(line, fields)
        if line.commune and line.commune not in told["communes"]:
            told["communes"] = sorted([*told["communes"], line.commune])


def _document(line: Any, fields: Sequence[str]) -> dict[str, Any]:
    told = dict(zip(fields, line, strict=False))
    told["issued_date"] = told["issued_date"].isoformat() if told["issued_date"] else None
    plan = dict(zip(PARENT_FIELDS, line[len(fields) + 1 :], strict=True))
    plan["issued_date"] = plan["issued_date"].isoformat() if plan["issued_date"] else None
    return told | {"communes": [], "parent": plan if plan["document_id"] else None}
