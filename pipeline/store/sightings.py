"""What was seen in the folders: which bytes lay under which path, and the files whose bytes are no work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from normalizers.fold import search_key
from pipeline.store.states import State
from pipeline.store.tables import documents, sightings


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it lay there: `sha256` is "" and `size` None where its bytes could not be read.

    `root` is the watched folder that it lies in, `fingerprint` what tells without reading that it is unchanged.
    """

    path: str
    name: str
    sha256: str = ""
    size: int | None = None
    commune: str | None = None
    root: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a file that has no hash: its state, code, sentence for staff, and detail for the log."""

    state: State
    code: str
    message: str
    detail: str | None = None


def plain(path: str) -> str:
    """The path as text: a name that is no UTF-8 keeps its bytes as escapes.

    >>> plain("/vào/t\\udcean.txt")
    '/vào/t\\\\udcean.txt'
    """
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def record_bytes(connection: Connection, seen: Seen) -> None:
    """Note that these bytes lie under that path; what was said of the path before its bytes were read is over."""
    stored = select(documents.c.document_id).where(documents.c.sha256 == seen.sha256)
    document = connection.execute(stored).scalar()
    _record(connection, seen, {"document_id": document, "hashed_at": datetime.now(UTC)})
    unread = (sightings.c.path == plain(seen.path)) & (sightings.c.sha256 == "")
    connection.execute(delete(sightings).where(unread))


def has_standing(connection: Connection, seen: Seen, standing: Standing) -> bool:
    """Whether the very same is noted already of a file without a hash."""
    same = (sightings.c.path == plain(seen.path)) & (sightings.c.sha256 == "")
    line = connection.execute(select(sightings).where(same)).mappings().first()
    told = (str(standing.state), standing.code, seen.size, seen.fingerprint)
    return line is not None and told == tuple(line[name] for name in ("state", "code", "size", "fingerprint"))


def record_standing(connection: Connection, seen: Seen, standing: Standing) -> None:
    """Note how it stands with a file without a hash (`seen.sha256` is "")."""
    said = {"state": str(standing.state), "code": standing.code, "message": standing.message}
    _record(connection, seen, said | {"detail": standing.detail or None, "document_id": None})


def _record(connection: Connection, seen: Seen, told: dict[str, Any]) -> None:
    now, path, name = datetime.now(UTC), plain(seen.path), plain(seen.name)
    same = (sightings.c.path == path) & (sightings.c.sha256 == seen.sha256)
    found = connection.execute(select(sightings.c.sighting_id).where(same)).first()
    changes = told | {"last_seen": now, "size": seen.size, "fingerprint": seen.fingerprint}
    if seen.commune or not found:
        changes |= {"commune": seen.commune, "commune_key": search_key(seen.commune) if seen.commune else None}
    if seen.root or not found:
        changes["root"] = plain(seen.root) if seen.root else None
    if found:
        connection.execute(update(sightings).where(same).values(**changes))
    else:
        first = {"path": path, "name": name, "sha256": seen.sha256, "first_seen": now}
        connection.execute(insert(sightings).values(**changes, **first))
