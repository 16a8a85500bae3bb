"""The store: a database opened, and what is written to it without a claim; the same bytes once, nothing twice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from pipeline.store.engine import open_engine, reading, transact
from pipeline.store.ledger import Entry, Ledger, settle_read, settle_refused, store_extraction
from pipeline.store.migrate import upgrade
from pipeline.store.sightings import Seen, Standing, has_standing, record_standing
from pipeline.store.states import State
from schemas.errors import Crashed, PlanError
from schemas.extraction import Extraction

UNHASHED = {"unfinished": State.WAITING, "io": State.RETRY}
"""Codes of files whose bytes could not be kept → their state, where it is not "rejected"."""


@dataclass(frozen=True, slots=True)
class Store:
    """The database of documents and rows; safe for several processes at once."""

    engine: Engine

    @classmethod
    def open(cls, url: str, pooled: bool = False) -> Store:
        """The store at a SQLite or PostgreSQL address, with its schema brought up to date.

        `pooled` is for a process that serves pages (see `pooling`). Raises `StoreError` where it cannot be used.
        """
        engine = open_engine(url, pooled)
        upgrade(engine)
        return cls(engine)

    @property
    def ledger(self) -> Ledger:
        """Which bytes are to be read, are being read, and how the others ended."""
        return Ledger(self.engine)

    def gave_up(self, sha256: str) -> PlanError | None:
        """The refusal of bytes that crashed their reader too often to be tried again, else None."""
        entry = self.ledger.look_up(sha256)
        crashed = entry and entry.state == State.REJECTED and entry.code == Crashed.code
        return Crashed(entry.message or "") if entry and crashed else None

    def see_again(self, seen: Seen) -> Entry:
        """Note another sighting of bytes that were entered before."""
        return self.ledger.enter(seen)

    def save(self, extraction: Extraction, seen: Seen) -> bool:
        """Store a document, its rows and its sighting, without a claim; return whether its content is new."""
        self.ledger.enter(seen)

        def work(connection: Connection) -> bool:
            settle_read(connection, extraction)
            return store_extraction(connection, extraction)

        return transact(self.engine, work)

    def refuse(self, seen: Seen, error: PlanError) -> None:
        """Note that a file was refused, without a claim; without a hash it is the path that is refused."""
        if not seen.sha256:
            state = UNHASHED.get(error.code, State.REJECTED)
            self.note(seen, Standing(state, error.code, str(error), error.detail))
            return
        self.ledger.enter(seen)
        transact(self.engine, lambda connection: settle_refused(connection, seen.sha256, error))

    def note(self, seen: Seen, standing: Standing) -> None:
        """Note how it stands with a file that has no hash: unreadable, unfinished or ignored; once is enough."""
        with reading(self.engine) as connection:
            if has_standing(connection, seen, standing):
                return
        transact(self.engine, lambda connection: record_standing(connection, seen, standing))
