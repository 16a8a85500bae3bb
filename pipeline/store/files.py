"""What the store knows of the files of a watched folder: their last bytes, and whether they are to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from pipeline.store.engine import reading, transact
from pipeline.store.queries import SEEN, STATE
from pipeline.store.sightings import plain
from pipeline.store.states import READ
from pipeline.store.store import Store
from pipeline.store.tables import sightings


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was last seen: `sha256` is "" where its bytes were not kept; `state` as in the ledger.

    `size` is in bytes; `noted_at` is when this was noted, `hashed_at` when its bytes were last read.
    """

    path: str
    sha256: str
    fingerprint: str | None
    state: str
    size: int | None
    noted_at: datetime
    hashed_at: datetime | None


def known_files(store: Store, root: str) -> dict[str, KnownFile]:
    """The files of a watched folder by path, each as it was seen last."""
    columns = (sightings.c.path, sightings.c.sha256, sightings.c.fingerprint, STATE.label("state"), sightings.c.size)
    times = (sightings.c.last_seen, sightings.c.hashed_at)
    wanted = select(*columns, *times).select_from(SEEN).where(sightings.c.root == plain(root))
    with reading(store.engine) as connection:
        lines = connection.execute(wanted.order_by(sightings.c.last_seen)).all()
    return {
        line.path: KnownFile(*line[:5], aware(line.last_seen), line.hashed_at and aware(line.hashed_at))
        for line in lines
    }


def read_files(store: Store, root: str) -> tuple[KnownFile, ...]:
    """The files of a watched folder whose bytes, as they were seen last, are read and stored."""
    return tuple(file for file in known_files(store, root).values() if file.state in READ)


def moved(store: Store, file: KnownFile, path: str) -> None:
    """Note that a file was put to another path, where it is looked at no more."""
    same = (sightings.c.path == file.path) & (sightings.c.sha256 == file.sha256)
    changes = {"path": plain(path), "fingerprint": None, "root": None}
    transact(store.engine, lambda connection: connection.execute(update(sightings).where(same).values(**changes)))


def aware(moment: datetime) -> datetime:
    """The moment with its zone: SQLite forgets that of what is stored in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
