"""The log of decisions: who changed what, when, from what to what, and by which way it came."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from pipeline.store.engine import reading
from pipeline.store.human import dump
from pipeline.store.store import Store
from pipeline.store.tables import decisions


@dataclass(frozen=True, slots=True)
class Source:
    """By which way a decision came: "page", "command" or "file" (then its name and sha256)."""

    kind: str
    name: str | None = None
    sha256: str | None = None


PAGE, COMMAND = Source("page"), Source("command")


@dataclass(frozen=True, slots=True)
class Decision:
    """One change: `before` is what people saw, `machine` what the machine read then, `after` what holds since.

    `task_id` is None for a document's own fields, `field` where the whole row is meant. `at` is in UTC.
    """

    decision_id: int
    document_id: str
    task_id: str | None
    action: str
    field: str | None
    before: Any
    machine: Any
    after: Any
    version: int
    who: str
    at: datetime
    source: Source


def history(
    store: Store,
    document_id: str | None = None,
    task_id: str | None = None,
    who: str | None = None,
    offset: int = 0,
    limit: int | None = 100,
) -> tuple[tuple[Decision, ...], int]:
    """The decisions, the newest first, and how many there are in all."""
    given = {"document_id": document_id, "task_id": task_id, "who": who}
    asked = {name: value for name, value in given.items() if value is not None}
    counting, listing = _questions(tuple(asked))
    with reading(store.engine) as connection:
        total = connection.execute(counting, asked).scalar_one()
        lines = connection.execute(listing, asked | {"first": offset, "most": MOST if limit is None else limit})
        return tuple(_decision(line._asdict()) for line in lines.all()), total


@cache
def _questions(names: tuple[str, ...]) -> tuple[Select[Any], Select[Any]]:
    """How many decisions have these columns, and which; made once."""
    conditions = [decisions.c[name] == bindparam(name) for name in names]
    listing = select(decisions).where(*conditions).order_by(decisions.c.decision_id.desc())
    return (
        select(func.count()).select_from(decisions).where(*conditions),
        listing.offset(bindparam("first")).limit(bindparam("most")),
    )


MOST = 2**62
"""Decisions, where no limit is given."""
_OF_ROW = (
    select(decisions)
    .where(decisions.c.task_id == bindparam("task_id"))
    .order_by(decisions.c.decision_id.desc())
    .limit(bindparam("most"))
)


def last_decisions(store: Store, task_id: str, most: int) -> tuple[Decision, ...]:
    """The last decisions on a row, the newest first."""
    with reading(store.engine) as connection:
        lines = connection.execute(_OF_ROW, {"task_id": task_id, "most": most}).all()
        return tuple(_decision(line._asdict()) for line in lines)


def _decision(line: dict[str, Any]) -> Decision:
    at = line["at"] if line["at"].tzinfo else line["at"].replace(tzinfo=UTC)
    source = Source(line.pop("source"), line.pop("source_name"), line.pop("source_sha256"))
    for name in ("before", "machine", "after"):
        line[name] = json.loads(line[name]) if line[name] else None
    return Decision(**(line | {"at": at, "source": source}))


def note(connection: Connection, source: Source, who: str, **line: Any) -> None:
    """Add a decision to the log; `before`, `machine` and `after` are plain data."""
    values = {name: dump(line[name]) for name in ("before", "machine", "after") if line.get(name) is not None}
    origin = {"source": source.kind, "source_name": source.name, "source_sha256": source.sha256}
    connection.execute(insert(decisions).values(line | values | origin | {"who": who, "at": datetime.now(UTC)}))
