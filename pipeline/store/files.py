"""What the store knows of the files of a watched folder: their last bytes, and whether they are to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select, update

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


def known_files(store: Store, root: str) -> dict[str, tuple[KnownFile, ...]]:
    """The files below a folder by path, with all that ever lay under that path.

    By whom or from which folder above they were seen does not matter; nor does the order, which a clock that was
    set back would turn round: what lies there now is told by its fingerprint.
    """
    columns = (sightings.c.path, sightings.c.sha256, sightings.c.fingerprint, STATE.label("state"), sightings.c.size)
    times = (sightings.c.last_seen, sightings.c.hashed_at)
    found: dict[str, list[KnownFile]] = {}
    with reading(store.engine) as connection:
        below = _below(plain(root))
        for line in connection.execute(select(*columns, *times).select_from(SEEN).where(below)):
            hashed = aware(line.hashed_at) if line.hashed_at else None
            found.setdefault(line.path, []).append(KnownFile(*line[:5], aware(line.last_seen), hashed))
    return {path: tuple(files) for path, files in found.items()}


def _below(root: str) -> ColumnElement[bool]:
    """Return the condition that a path lies below a folder, as a stretch of the index of paths."""
    path = sightings.c.path
    inside = root.rstrip("/") + "/"
    return (path >= inside) & (path < inside[:-1] + chr(ord("/") + 1))


def read_files(store: Store, root: str) -> tuple[KnownFile, ...]:
    """What lies or lay below a folder and is read and stored."""
    return tuple(file for files in known_files(store, root).values() for file in files if file.state in READ)


def moved(store: Store, file: KnownFile, path: str) -> None:
    """Note that a file was put to another path, where it is looked at no more."""
    same = (sightings.c.path == file.path) & (sightings.c.sha256 == file.sha256)
    changes = {"path": plain(path), "fingerprint": None, "root": None}
    transact(store.engine, lambda connection: connection.execute(update(sightings).where(same).values(**changes)))


def aware(moment: datetime) -> datetime:
    """The moment with its zone: SQLite forgets that of what is stored in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
