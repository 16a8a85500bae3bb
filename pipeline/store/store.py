"""Writes what was read: one transaction a document, the same bytes once, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.store import records
from pipeline.store.engine import open_engine, reading, writing
from pipeline.store.migrate import upgrade
from pipeline.store.sightings import REFUSED, Seen, record_done, record_refused
from pipeline.store.tables import (
    document_sections,
    document_texts,
    documents,
    legal_bases,
    metadata,
    sightings,
    tasks,
)
from schemas.errors import Crashed, PlanError, StoreError
from schemas.extraction import RULES_VERSION, Extraction

T = TypeVar("T")
MOST_CRASHES = 3
CLASH = "Không ghi được văn bản vào cơ sở dữ liệu vì trùng mã; chi tiết ghi trong nhật ký."


@dataclass(frozen=True, slots=True)
class Store:
    """The database of documents and rows; safe for several processes at once."""

    engine: Engine

    @classmethod
    def open(cls, url: str) -> Store:
        """The store at a SQLite or PostgreSQL address, with its schema brought up to date.

        Raises `StoreError` where the database cannot be used.
        """
        engine = open_engine(url)
        upgrade(engine)
        return cls(engine)

    def knows(self, sha256: str) -> bool:
        """Whether these bytes are stored as the rules of today read them."""
        wanted = (documents.c.sha256 == sha256) & (documents.c.rules_version == RULES_VERSION)
        with reading(self.engine) as connection:
            return connection.execute(select(documents.c.document_id).where(wanted)).first() is not None

    def gave_up(self, sha256: str) -> PlanError | None:
        """The refusal of bytes that crashed their reader too often to be tried again, else None."""
        crashed = (sightings.c.sha256 == sha256) & (sightings.c.code == Crashed.code) & (sightings.c.state == REFUSED)
        wanted = select(func.sum(sightings.c.tries), func.max(sightings.c.message)).where(crashed)
        with reading(self.engine) as connection:
            tries, message = connection.execute(wanted).one()
        return Crashed(message) if (tries or 0) >= MOST_CRASHES else None

    def see_again(self, seen: Seen) -> None:
        """Note another sighting of bytes that are stored."""
        with writing(self.engine) as connection:
            wanted = (document_texts.c.document_id == seen.sha256[:16]) & (document_texts.c.role == "warnings")
            warned = connection.execute(select(func.count()).select_from(document_texts).where(wanted)).scalar_one()
            record_done(connection, seen, seen.sha256[:16], warned=bool(warned))

    def save(self, extraction: Extraction, seen: Seen) -> bool:
        """Store a document, its rows and its sighting in one transaction; return whether its content is new."""

        def work(connection: Connection) -> bool:
            changed = _replace(connection, extraction)
            record_done(connection, seen, extraction.raw.source.document_id, warned=bool(extraction.warnings))
            return changed

        return self._write(work)

    def refuse(self, seen: Seen, error: PlanError) -> None:
        """Note that a file was refused."""
        self._write(lambda connection: record_refused(connection, seen, error))

    def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            with writing(self.engine) as connection:
                return work(connection)
        except IntegrityError:  # another process stored the same bytes between our look and our write
            return self._write_again(work)

    def _write_again(self, work: Callable[[Connection], T]) -> T:
        try:
            with writing(self.engine) as connection:
                return work(connection)
        except IntegrityError as error:
            raise StoreError(CLASH, str(error.orig)) from error


def _replace(connection: Connection, extraction: Extraction) -> bool:
    line = records.document_line(extraction)
    same = documents.c.document_id == line["document_id"]
    known = connection.execute(select(documents.c.content_hash).where(same)).scalar()
    if known == line["content_hash"]:
        return False
    stored = records.storable(line) | {"stored_at": datetime.now(UTC)}
    if known is None:
        connection.execute(insert(documents).values(stored))
    else:
        connection.execute(update(documents).where(same).values(stored))
        for table in (document_texts, document_sections, legal_bases, tasks):
            connection.execute(delete(table).where(table.c.document_id == line["document_id"]))
    placed = [records.Placed(row, ordinal) for ordinal, row in enumerate(extraction.rows)]
    for name, lines in (records.document_lists(extraction) | records.task_lists(placed, line)).items():
        if lines:
            connection.execute(insert(metadata.tables[name]), [records.storable(line) for line in lines])
    return True
