"""What a night has to tell: documents stored since a moment, and what of the store changed; light queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.store.engine import reading
from pipeline.store.queries import batched_keys
from pipeline.store.store import Store
from pipeline.store.tables import decisions, documents, sightings
from pipeline.store.versions import is_current

TOLD = ("document_id", "file", "issuer", "doc_type", "doc_number", "issued_date", "title", "n_rows", "n_review")


@dataclass(frozen=True, slots=True)
class Holding:
    """A stored document: `key` changes whenever its rows do, by the machine or by people; its folders' communes."""

    document_id: str
    key: str
    n_rows: int
    communes: tuple[str, ...]


def new_documents(store: Store, since: datetime | None = None) -> tuple[dict[str, Any], ...]:
    """The documents whose rows were stored after `since` (all if None), the newest last, each with its "communes".

    A document that was read again with another result counts.
    """
    wanted = select(*(documents.c[name] for name in TOLD)).order_by(documents.c.stored_at, documents.c.document_id)
    if since is not None:
        wanted = wanted.where(documents.c.stored_at > since.astimezone(UTC))  # SQLite keeps no zone
    with reading(store.engine) as connection:
        found = [dict(line) for line in connection.execute(wanted).mappings()]
        communes = _communes(connection, [line["document_id"] for line in found])
    return tuple(
        line
        | {"issued_date": line["issued_date"].isoformat() if line["issued_date"] else None}
        | {"communes": communes.get(line["document_id"], [])}
        for line in found
    )


def holdings(store: Store) -> tuple[Holding, ...]:
    """Every stored document that no newer version replaced, in the order of its id, in a few small queries."""
    held = select(documents.c.document_id, documents.c.content_hash, documents.c.n_rows)
    held = held.where(is_current(documents.c.document_id))
    decided = select(decisions.c.document_id, func.max(decisions.c.decision_id)).group_by(decisions.c.document_id)
    with reading(store.engine) as connection:
        lines = connection.execute(held.order_by(documents.c.document_id)).all()
        last = {line[0]: line[1] for line in connection.execute(decided)}
        communes = _communes(connection, None)
    return tuple(
        Holding(key, f"{content} {last.get(key, '')}", rows, tuple(communes.get(key, [])))
        for key, content, rows in lines
    )


def _communes(connection: Connection, keys: Sequence[str] | None) -> dict[str, list[str]]:
    """The folders' communes of these documents (of all if None), by their ids."""
    named = select(sightings.c.document_id, sightings.c.commune).distinct()
    named = named.where(sightings.c.document_id.is_not(None), sightings.c.commune.is_not(None))
    found: dict[str, set[str]] = defaultdict(set)
    for some in [None] if keys is None else batched_keys(keys):
        wanted = named if some is None else named.where(sightings.c.document_id.in_(some))
        for line in connection.execute(wanted):
            found[line.document_id].add(line.commune)
    return {key: sorted(names) for key, names in found.items()}
