"""How it stands with everything that was ever seen, and whether the ledger, the documents and the rows agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, exists, func, or_, select

from pipeline.processes import is_dead
from pipeline.store.engine import reading
from pipeline.store.files import aware
from pipeline.store.ledger_tables import ledger, versions
from pipeline.store.queries import SEEN, STATE
from pipeline.store.states import OPEN, READ, State
from pipeline.store.store import Store
from pipeline.store.tables import documents, sightings, tasks
from pipeline.store.versions import PROPOSED


@dataclass(frozen=True, slots=True)
class Overview:
    """`hashes` counts bytes by state, `files` those without a hash by state (unreadable, unfinished, ignored).

    `oldest` is the path and the first sighting of what has waited longest; `unread` are the files that are rejected,
    wait for another try or are unfinished, with path, state, code and message; `proposals` counts versions that
    wait for a person.
    """

    hashes: dict[str, int]
    files: dict[str, int]
    oldest: tuple[str, datetime] | None
    unread: tuple[dict[str, Any], ...]
    proposals: int

    def count(self, *states: State) -> int:
        """How many there are in these states, with a hash or without."""
        return sum(self.hashes.get(state, 0) + self.files.get(state, 0) for state in states)


def overview(store: Store) -> Overview:
    """How it stands with all that was ever seen."""
    by_hash = select(ledger.c.state, func.count()).group_by(ledger.c.state)
    bare = select(sightings.c.state, func.count()).where(sightings.c.sha256 == "").group_by(sightings.c.state)
    proposed = select(func.count()).select_from(versions).where(versions.c.state == PROPOSED)
    with reading(store.engine) as connection:
        return Overview(
            dict(connection.execute(by_hash).tuples().all()),
            dict(connection.execute(bare).tuples().all()),
            _oldest(connection),
            _unread(connection),
            connection.execute(proposed).scalar_one(),
        )


def _oldest(connection: Connection) -> tuple[str, datetime] | None:
    waiting = select(sightings.c.path, ledger.c.first_seen).select_from(SEEN).where(ledger.c.state.in_(OPEN))
    line = connection.execute(waiting.order_by(ledger.c.first_seen).limit(1)).first()
    return (line.path, aware(line.first_seen)) if line else None


def _unread(connection: Connection) -> tuple[dict[str, Any], ...]:
    told = [func.coalesce(ledger.c[name], sightings.c[name]).label(name) for name in ("code", "message")]
    columns = (sightings.c.path, sightings.c.commune, STATE.label("state"), *told)
    unfinished = (sightings.c.sha256 == "") & (sightings.c.state == State.WAITING)
    wanted = select(*columns).select_from(SEEN).where(STATE.in_((State.REJECTED, State.RETRY)) | unfinished)
    return tuple(dict(line) for line in connection.execute(wanted.order_by(sightings.c.path)).mappings())


def all_hashes(store: Store) -> tuple[str, ...]:
    """Every hash of the ledger, in order."""
    with reading(store.engine) as connection:
        return tuple(connection.execute(select(ledger.c.sha256).order_by(ledger.c.sha256)).scalars())


_STORED = exists().where(documents.c.sha256 == ledger.c.sha256)
_ENTERED = exists().where(ledger.c.sha256 == sightings.c.sha256)
_SEEN = exists().where(sightings.c.sha256 == ledger.c.sha256)
_COUNTED = select(func.count()).select_from(tasks).where(tasks.c.document_id == documents.c.document_id)
_ENDED = select(ledger.c.sha256).where(ledger.c.state.in_((State.REJECTED, State.IGNORED)))
_RULES: tuple[tuple[str, FromClause, ColumnElement[Any], ColumnElement[bool]], ...] = (
    ("{0}: ghi là đã đọc mà không có văn bản", ledger, ledger.c.sha256, ledger.c.state.in_(READ) & ~_STORED),
    ("{0}: không rõ tệp nào mang nội dung này", ledger, ledger.c.sha256, ~_SEEN),
    (
        "{0}: văn bản không có trong sổ, hoặc sổ ghi là không đọc được",
        documents,
        documents.c.sha256,
        or_(
            documents.c.sha256.in_(_ENDED),
            documents.c.sha256.not_in(select(ledger.c.sha256)),
        ),
    ),
    (
        "{0}: tệp đã thấy mà nội dung không có trong sổ",
        sightings,
        sightings.c.path,
        (sightings.c.sha256 != "") & ~_ENTERED,
    ),
    (
        "{0}: tệp không có trạng thái",
        sightings,
        sightings.c.path,
        (sightings.c.sha256 == "") & sightings.c.state.is_(None),
    ),
    (
        "{0}: số dòng không khớp với số dòng đã ghi",
        documents,
        documents.c.document_id,
        documents.c.n_rows != _COUNTED.scalar_subquery(),
    ),
)
"""Sentence → where to look, what to name, and the condition of a breach."""


def disagreements(store: Store) -> Iterator[str]:
    """What contradicts "every hash ever seen is in exactly one state, every row is there once", a sentence each."""
    with reading(store.engine) as connection:
        yield from _integrity(connection)
        for sentence, table, named, breach in _RULES:
            for value in connection.execute(select(named).select_from(table).where(breach)).scalars():
                yield sentence.format(value)
        for key in connection.execute(_twice()):
            yield f"{key.document_id}: có hai dòng cùng thứ tự {key.ordinal}"
        running = select(ledger.c.sha256, ledger.c.owner).where(ledger.c.state == State.RUNNING)
        for line in connection.execute(running):
            if line.owner and is_dead(line.owner):
                yield f"{line.sha256}: tiến trình đọc đã dừng mà chưa trả lại"


def _twice() -> Select[Any]:
    keys = (tasks.c.document_id, tasks.c.ordinal)
    return select(*keys).group_by(*keys).having(func.count() > 1)


def _integrity(connection: Connection) -> Iterator[str]:
    """Ask the database itself."""
    if connection.dialect.name != "sqlite":
        return
    for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if line != "ok":
            yield f"SQLite báo lỗi: {line}"
    for line in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"SQLite báo dòng mồ côi trong bảng {line[0]}"
