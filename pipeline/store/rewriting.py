"""Changes single rows of a stored document: what a person decided shows at once, everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, case, cast, delete, func, insert, select, update

from pipeline.store.records import Placed, sort_key, storable, task_lists
from pipeline.store.tables import documents, metadata, task_bodies, task_texts, tasks


def document_line_of(connection: Connection, document_id: str) -> Mapping[Any, Any] | None:
    """What a row needs of its document: id, file, issuer, day; None where there is no such document."""
    columns = [documents.c[name] for name in ("document_id", "file", "issuer", "issued_date")]
    return connection.execute(select(*columns).where(documents.c.document_id == document_id)).mappings().first()


def rewrite_rows(connection: Connection, document: Mapping[Any, Any], placed: Iterable[Placed]) -> None:
    """Write rows that are stored, in their places, with their bodies and texts."""
    lists = task_lists(placed, document)
    for line in lists.pop("tasks"):
        same = tasks.c.task_id == line["task_id"]
        connection.execute(update(tasks).where(same).values(storable(line)))
        for table in (task_bodies, task_texts):
            connection.execute(delete(table).where(table.c.task_id == line["task_id"]))
    _insert(connection, lists)


def insert_row(connection: Connection, document: Mapping[Any, Any], placed: Placed) -> None:
    """Write a new row at its place; the rows behind move on where the place is taken."""
    here = (tasks.c.document_id == document["document_id"]) & (tasks.c.ordinal >= placed.ordinal)
    behind = connection.execute(select(tasks.c.task_id, tasks.c.ordinal).where(here)).all()
    if any(line.ordinal == placed.ordinal for line in behind):
        moved = [
            {"key": line.task_id, "place": line.ordinal + 1, "sorted": sort_key(document, line.ordinal + 1)}
            for line in behind
        ]
        statement = update(tasks).where(tasks.c.task_id == bindparam("key"))
        connection.execute(statement.values(ordinal=bindparam("place"), sort_key=bindparam("sorted")), moved)
    _insert(connection, task_lists([placed], document))


def remove_row(connection: Connection, task_id: str) -> None:
    """Take a row out; its bodies and texts go with it."""
    connection.execute(delete(tasks).where(tasks.c.task_id == task_id))


def _insert(connection: Connection, lists: Mapping[str, list[dict[str, Any]]]) -> None:
    for name, lines in lists.items():
        if lines:
            connection.execute(insert(metadata.tables[name]), [storable(line) for line in lines])


def recount(connection: Connection, document_id: str) -> None:
    """Bring a document's counts of its rows up to date."""
    review = func.sum(case((tasks.c.needs_review, 1), else_=0))
    counted = select(tasks.c.kind, func.count(), cast(review, Integer)).where(tasks.c.document_id == document_id)
    lines = connection.execute(counted.group_by(tasks.c.kind).order_by(tasks.c.kind)).all()
    values = {
        "n_rows": sum(line[1] for line in lines),
        "n_review": sum(line[2] or 0 for line in lines),
        "kinds": {line[0]: line[1] for line in lines},
    }
    connection.execute(update(documents).where(documents.c.document_id == document_id).values(values))


def place_of(connection: Connection, task_id: str) -> int | None:
    """The ordinal of a row, None where it is not shown."""
    return connection.execute(select(tasks.c.ordinal).where(tasks.c.task_id == task_id)).scalar()


def row_before(connection: Connection, document_id: str, place: int) -> str | None:
    """The id of the row in front of a place in a document, None at its head."""
    here = (tasks.c.document_id == document_id) & (tasks.c.ordinal < place)
    wanted = select(tasks.c.task_id).where(here).order_by(tasks.c.ordinal.desc()).limit(1)
    return connection.execute(wanted).scalar()


def place_behind(connection: Connection, document_id: str, task_id: str | None) -> int:
    """The ordinal behind a row of the document; the first where `task_id` is None."""
    if task_id is None:
        return 0
    found = place_of(connection, task_id)
    if found is not None:
        return found + 1
    last = select(func.max(tasks.c.ordinal)).where(tasks.c.document_id == document_id)
    return int(connection.execute(last).scalar() or 0) + 1
