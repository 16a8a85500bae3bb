"""What a line of the log was done to, in the words by which staff know it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from pipeline.exports.columns import document_name
from pipeline.records import Decision
from pipeline.store.engine import reading
from pipeline.store.human import laid_over, load_records
from pipeline.store.store import Store
from pipeline.store.tables import documents, human_records, tasks

NAMED_BY = ("document_id", "doc_type", "doc_number", "issued_date", "file")


def subjects_of(store: Store, decisions: Sequence[Decision]) -> dict[str, str]:
    """The row or document of each decision by its id: the document as it is cited, and the row's place in it.

    What is no longer held is left out.
    """
    rows = {one.task_id for one in decisions if one.task_id}
    with reading(store.engine) as connection:
        names = _documents(connection, {one.document_id for one in decisions})
        places = _places(connection, rows)
    return names | {key: f"{names[owner]}, mục {path}" for key, (owner, path) in places.items() if owner in names}


def _documents(connection: Connection, keys: set[str]) -> dict[str, str]:
    wanted = select(*(documents.c[name] for name in NAMED_BY)).where(documents.c.document_id.in_(keys))
    return {
        line["document_id"]: document_name(
            dict(line) | {"issued_date": line["issued_date"].isoformat() if line["issued_date"] else None}
        )
        for line in connection.execute(wanted).mappings().all()
    }


def _places(connection: Connection, keys: set[str]) -> dict[str, tuple[str, str]]:
    """The document and the path of each row; of a dropped one those that it had."""
    wanted = select(tasks.c.task_id, tasks.c.document_id, tasks.c.path).where(tasks.c.task_id.in_(keys))
    found = {line.task_id: (line.document_id, line.path) for line in connection.execute(wanted).all()}
    if gone := keys - found.keys():
        for record in load_records(connection, human_records.c.task_id.in_(gone)):
            row = laid_over(record)
            found[row.task_id] = (row.document_id, row.path)
    return found
