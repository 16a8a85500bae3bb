"""Rows and documents as people see them: the value that holds, the machine's beside it, and where the two differ."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pipeline.records.errors import NoSuchRow
from pipeline.records.fields import DOCUMENT_FIELDS, FIELDS, Field
from pipeline.store.engine import reading
from pipeline.store.human import DROPPED, MACHINE, HumanRecord, laid_over, load_records, records_of
from pipeline.store.queries import batched_keys, children_of, task_lines
from pipeline.store.records import task_rows
from pipeline.store.store import Store
from pipeline.store.tables import documents, human_records, task_bodies, task_texts
from schemas.task import TaskRow


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field: `value` holds, `machine` is what the machine reads now (plain data as in a row's record).

    `human` says that a person set `value` (`who`, `at`); `conflict` that the machine now reads something new.
    """

    name: str
    label: str
    value: Any
    machine: Any
    human: bool = False
    conflict: bool = False
    who: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A row as people see it. `machine` is None for an added row; `gone`: the machine no longer finds it.

    `status` is machine, corrected, approved, added or dropped. `version` is what `decide` wants back: it changes
    with every change of what is shown, whoever made it.
    """

    row: TaskRow
    machine: TaskRow | None
    status: str
    version: int
    fields: Mapping[str, FieldValue]
    gone: bool = False
    in_doubt: bool = False
    changed_by: str | None = None

    @property
    def conflicts(self) -> tuple[FieldValue, ...]:
        """The fields in which the machine now reads something that nobody has settled."""
        return tuple(field for field in self.fields.values() if field.conflict)


@dataclass(frozen=True, slots=True)
class MergedDocument:
    """A document's own fields as people see them; `version` as in `MergedRow`."""

    document_id: str
    version: int
    fields: Mapping[str, FieldValue]
    changed_by: str | None = None


def version_of(shown: Mapping[str, Any], record: HumanRecord | None) -> int:
    """A number that changes with what is shown and with every decision."""
    said = [
        shown,
        record.status if record else MACHINE,
        record.version if record else 0,
        bool(record and record.gone),
    ]
    return zlib.crc32(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "replace"))


def merge_row(row: TaskRow, record: HumanRecord | None) -> MergedRow:
    """A row of the store with its record laid beside it."""
    shown = row.to_record()
    machine = _machine(record) if record else row
    read = machine.to_record() if machine else {}
    held, differs = (record.held, record.conflicts) if record else ({}, {})
    return MergedRow(
        row, machine, record.status if record else MACHINE, version_of(shown, record),
        {name: _field(field, shown[name], read.get(name), held.get(name), name in differs)
         for name, field in FIELDS.items()},
        bool(record and record.gone), bool(record and record.in_doubt), record.changed_by if record else None,
    )  # fmt: skip


def _machine(record: HumanRecord) -> TaskRow | None:
    return TaskRow.from_record(dict(record.machine)) if record.machine is not None else None


def _field(field: Field, shown: Any, machine: Any, held: Any, differs: bool) -> FieldValue:
    if held is None:
        return FieldValue(field.name, field.label, shown, machine)
    at = datetime.fromisoformat(held.at)
    return FieldValue(field.name, field.label, shown, machine, True, differs, held.who, at)


def merged_rows(store: Store, task_ids: Iterable[str]) -> dict[str, MergedRow]:
    """The rows of the ids, by id, as people see them; ids that are not there are left out."""
    with reading(store.engine) as connection:
        return load_rows(connection, list(task_ids))


def merged_row(store: Store, task_id: str) -> MergedRow:
    """One row, dropped ones too; raises `NoSuchRow`."""
    with reading(store.engine) as connection:
        return load_row(connection, task_id)


def dropped_rows(store: Store, document_id: str | None = None) -> tuple[MergedRow, ...]:
    """The rows that people dropped, of one document or of all."""
    conditions = [human_records.c.status == DROPPED]
    if document_id:
        conditions.append(human_records.c.document_id == document_id)
    with reading(store.engine) as connection:
        return tuple(merge_row(laid_over(record), record) for record in load_records(connection, *conditions))


def merged_document(store: Store, document_id: str) -> MergedDocument:
    """A document's own fields; raises `NoSuchRow`."""
    with reading(store.engine) as connection:
        return load_document(connection, document_id)


def load_rows(connection: Connection, task_ids: list[str]) -> dict[str, MergedRow]:
    """`merged_rows` inside a transaction."""
    lines: list[dict[str, Any]] = []
    records: dict[str | None, HumanRecord] = {}
    for some in batched_keys(task_ids):
        lines += task_lines(connection, some)
        records |= {one.task_id: one for one in records_of(connection, some)}
    keys = [line["task_id"] for line in lines]
    bodies = children_of(connection, task_bodies, "task_id", keys)
    texts = children_of(connection, task_texts, "task_id", keys)
    found = {row.task_id: merge_row(row, records.get(row.task_id)) for row in task_rows(lines, bodies, texts)}
    return {key: found[key] for key in task_ids if key in found}


def load_row(connection: Connection, task_id: str) -> MergedRow:
    """`merged_row` inside a transaction."""
    if shown := load_rows(connection, [task_id]):
        return shown[task_id]
    records = load_records(connection, human_records.c.task_id == task_id)
    if not records:
        raise NoSuchRow
    return merge_row(laid_over(records[0]), records[0])


def load_document(connection: Connection, document_id: str) -> MergedDocument:
    """`merged_document` inside a transaction."""
    columns = [documents.c[name] for name in DOCUMENT_FIELDS]
    line = connection.execute(select(*columns).where(documents.c.document_id == document_id)).mappings().first()
    if line is None:
        raise NoSuchRow
    shown = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in line.items()}
    records = load_records(connection, human_records.c.document_id == document_id, human_records.c.task_id.is_(None))
    record = records[0] if records else None
    machine = record.machine or {} if record else shown
    held, differs = (record.held, record.conflicts) if record else ({}, {})
    fields = {
        name: _field(field, shown[name], machine.get(name), held.get(name), name in differs)
        for name, field in DOCUMENT_FIELDS.items()
    }
    version = version_of({"shown": shown, "machine": machine}, record)  # who takes the machine's back has seen it
    return MergedDocument(document_id, version, fields, record.changed_by if record else None)
