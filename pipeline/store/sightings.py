"""What was seen in the folders: each file in exactly one state, done or refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from normalizers.fold import search_key
from pipeline.store.tables import sightings
from schemas.errors import PlanError

DONE, WARNED, REFUSED = "done", "done_with_warnings", "refused"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it lay there: `sha256` is "" and `size` None where its bytes could not be read."""

    path: str
    name: str
    sha256: str = ""
    size: int | None = None
    commune: str | None = None


def record_done(connection: Connection, seen: Seen, document_id: str, warned: bool) -> None:
    """Note that the file's rows are stored under `document_id`."""
    outcome = {"state": WARNED if warned else DONE, "document_id": document_id}
    _record(connection, seen, outcome | dict.fromkeys(("code", "message", "detail")))


def record_refused(connection: Connection, seen: Seen, error: PlanError) -> None:
    """Note that the file was refused, and why."""
    outcome = {"state": REFUSED, "code": error.code, "message": str(error), "detail": error.detail or None}
    _record(connection, seen, outcome | {"document_id": None})


def _plain(path: str) -> str:
    """The path as text: a name that is no UTF-8 keeps its bytes as escapes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _record(connection: Connection, seen: Seen, outcome: dict[str, Any]) -> None:
    now, path, name = datetime.now(UTC), _plain(seen.path), _plain(seen.name)
    same = (sightings.c.path == path) & (sightings.c.sha256 == seen.sha256)
    found = connection.execute(select(sightings).where(same)).mappings().first()
    changes = outcome | {"last_seen": now, "size": seen.size}
    if seen.commune or not found:
        changes |= {"commune": seen.commune, "commune_key": search_key(seen.commune) if seen.commune else None}
    if found:
        tries = found["tries"] + (outcome["state"] == REFUSED)
        connection.execute(update(sightings).where(same).values(**changes, tries=tries))
    else:
        first = {"path": path, "name": name, "sha256": seen.sha256, "first_seen": now, "tries": 1}
        connection.execute(insert(sightings).values(**changes, **first))
