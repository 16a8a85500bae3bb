"""Takes what people decided along to a new version of a document, once a person has said that it is one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from pipeline.store.anchors import Anchor, find_anchors
from pipeline.store.human import ADDED, DROPPED, HumanRecord, load_records, placed, plain, save_record
from pipeline.store.records import task_rows
from pipeline.store.rewriting import document_line_of, recount, remove_row, rewrite_rows
from pipeline.store.tables import decisions, human_records, task_bodies, task_texts, tasks
from schemas.task import TaskRow


def carry_over(connection: Connection, older: str, newer: str, who: str) -> int:
    """Lay the decisions on the rows of `older` over the like rows of `newer`; return over how many.

    Rows of `newer` that people touched already are left alone. What finds no like row, and rows that were added by
    hand, stay with the older document: a new version may well have dropped them.
    """
    rows = _rows(connection, newer)
    touched = {one.task_id for one in load_records(connection, human_records.c.document_id == newer)}
    free = [(ordinal, row) for ordinal, row in rows if row.task_id not in touched]
    old = [
        one
        for one in load_records(connection, human_records.c.document_id == older)
        if one.task_id is not None and one.machine is not None and one.status != ADDED
    ]
    found = find_anchors([_anchor(one, len(rows)) for one in old], [row for _, row in free])
    document = document_line_of(connection, newer)
    if document is None:
        return 0
    carried = [(one, *free[place]) for one, place in zip(old, found, strict=True) if place is not None]
    for record, ordinal, row in carried:
        _lay(connection, document, record, ordinal, row, who)
    recount(connection, newer)
    return len(carried)


def _rows(connection: Connection, document_id: str) -> list[tuple[int, TaskRow]]:
    wanted = select(tasks).where(tasks.c.document_id == document_id).order_by(tasks.c.ordinal)
    lines = [dict(line) for line in connection.execute(wanted).mappings()]
    children = []
    for table in (task_bodies, task_texts):
        owned = table.c.task_id.in_(select(tasks.c.task_id).where(tasks.c.document_id == document_id))
        children.append(connection.execute(select(table).where(owned).order_by(table.c.ordinal)).mappings())
    rows = task_rows(lines, [dict(one) for one in children[0]], [dict(one) for one in children[1]])
    return [(line["ordinal"], row) for line, row in zip(lines, rows, strict=True)]


def _anchor(record: HumanRecord, count: int) -> Anchor:
    machine = record.machine or {}
    place = record.ordinal / max(1, count - 1)
    return Anchor(str(record.task_id), None, machine["path"], machine["text"], place, record.status == DROPPED)


def _lay(
    connection: Connection, document: Mapping[Any, Any], record: HumanRecord, ordinal: int, row: TaskRow, who: str
) -> None:
    """The held values go along with what the machine had read then: where the new version differs, it shows."""
    carried = HumanRecord(
        document["document_id"], row.task_id, record.status, 1, record.held, plain(row.to_record()), row.task_id,
        text=record.text, ordinal=ordinal, changed_by=who,
    )  # fmt: skip
    save_record(connection, carried, decided=True)
    if carried.status == DROPPED:
        remove_row(connection, row.task_id)
    else:
        rewrite_rows(connection, document, [placed(carried, ordinal)])
    line = {"document_id": carried.document_id, "task_id": row.task_id, "action": "carry", "version": 1}
    said = {"before": f'"{record.task_id}"', "who": who, "at": datetime.now(UTC), "source": "page"}
    connection.execute(insert(decisions).values(line | said))
