"""What a night has to tell: documents stored since a moment, tasks due in some days; light queries for a digest."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.store.engine import reading
from pipeline.store.queries import batched_keys
from pipeline.store.store import Store
from pipeline.store.tables import documents, sightings, task_bodies, tasks
from schemas.task import Kind

TOLD = ("document_id", "file", "issuer", "doc_type", "doc_number", "issued_date", "title", "n_rows", "n_review")
DUTIES = (Kind.TASK, Kind.REQUEST, Kind.MILESTONE, Kind.OBJECTIVE)
"""Kinds of rows that fall due: requirements and resources are conditions of the work."""


def new_documents(store: Store, since: datetime | None = None) -> tuple[dict[str, Any], ...]:
    """The documents whose rows were stored after `since` (all if None), the newest last, each with its "communes".

    A document that was read again with another result counts.
    """
    wanted = select(*(documents.c[name] for name in TOLD)).order_by(documents.c.stored_at, documents.c.document_id)
    if since is not None:
        wanted = wanted.where(documents.c.stored_at > since)
    with reading(store.engine) as connection:
        found = [_plain(dict(line)) for line in connection.execute(wanted).mappings()]
        communes = _communes(connection, [line["document_id"] for line in found])
    return tuple(line | {"communes": communes[line["document_id"]]} for line in found)


def due_tasks(store: Store, first: date, last: date, most: int) -> tuple[int, tuple[dict[str, Any], ...]]:
    """How many duties fall due from `first` to `last` (both included), and the first `most` of them by their day.

    Each with task_id, text, due, deadline_text, lead (names), path, communes and the document's fields.
    """
    conditions = (tasks.c.due >= first, tasks.c.due <= last, tasks.c.kind.in_([str(kind) for kind in DUTIES]))
    told = (*(documents.c[name] for name in TOLD if name != "document_id"), documents.c.document_id)
    mine = (tasks.c.task_id, tasks.c.text, tasks.c.due, tasks.c.deadline_text, tasks.c.path)
    wanted = select(*mine, *told).join_from(tasks, documents).where(*conditions)
    wanted = wanted.order_by(tasks.c.due, documents.c.issuer, tasks.c.document_id, tasks.c.ordinal).limit(most)
    with reading(store.engine) as connection:
        count = connection.execute(select(func.count()).select_from(tasks).where(*conditions)).scalar_one()
        found = [_plain(dict(line)) for line in connection.execute(wanted).mappings()]
        leads = _leads(connection, [line["task_id"] for line in found])
        communes = _communes(connection, [line["document_id"] for line in found])
    lines = (
        line | {"lead": leads[line["task_id"]], "communes": communes[line["document_id"]], "due": _day(line["due"])}
        for line in found
    )
    return count, tuple(lines)


def pulse(store: Store) -> str:
    """A sha256 that changes whenever a stored document comes, goes or changes, or lies in another folder."""
    digest = hashlib.sha256()
    held = select(documents.c.document_id, documents.c.content_hash).order_by(documents.c.document_id)
    lying = (
        select(sightings.c.document_id, sightings.c.commune).distinct().where(sightings.c.document_id.is_not(None))
    )
    with reading(store.engine) as connection:
        for wanted in (held, lying.order_by(sightings.c.document_id, sightings.c.commune)):
            for line in connection.execute(wanted):
                digest.update(repr(tuple(line)).encode())
    return digest.hexdigest()


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"issued_date": _day(line["issued_date"])}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _communes(connection: Connection, keys: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for some in batched_keys(list(dict.fromkeys(keys))):
        here = sightings.c.document_id.in_(some) & sightings.c.commune.is_not(None)
        for line in connection.execute(select(sightings.c.document_id, sightings.c.commune).where(here)):
            found[line.document_id].add(line.commune)
    return defaultdict(list, {key: sorted(names) for key, names in found.items()})


def _leads(connection: Connection, keys: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for some in batched_keys(keys):
        here = task_bodies.c.task_id.in_(some) & (task_bodies.c.role == "lead")
        wanted = select(task_bodies.c.task_id, task_bodies.c.name).where(here).order_by(task_bodies.c.ordinal)
        for line in connection.execute(wanted):
            found[line.task_id].append(line.name)
    return found
