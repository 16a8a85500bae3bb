"""What people do to rows and documents; each change is checked against what they saw, logged, and shown at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, select, update

from pipeline.records.errors import BadValue, Conflict, NoSuchRow
from pipeline.records.fields import DOCUMENT_FIELDS, FIELDS, clean
from pipeline.records.history import COMMAND, PAGE, Source, note
from pipeline.records.merged import MergedDocument, MergedRow, load_document, load_row, load_rows
from pipeline.store.engine import writing
from pipeline.store.human import (
    ADDED,
    APPROVED,
    CORRECTED,
    DROPPED,
    MACHINE,
    HeldValue,
    HumanRecord,
    load_records,
    placed,
    plain,
    save_record,
    take_turns,
)
from pipeline.store.queries import children_of
from pipeline.store.records import Placed, document_values, task_rows
from pipeline.store.rewriting import (
    document_line_of,
    insert_row,
    place_behind,
    place_of,
    recount,
    remove_row,
    rewrite_rows,
    row_before,
)
from pipeline.store.store import Store
from pipeline.store.tables import documents, human_records, task_bodies, task_texts, tasks

__all__ = ["COMMAND", "PAGE", "Desk", "Source"]
T = TypeVar("T")
UNKNOWN = "Không có trường này để sửa."
NOBODY = "Cần biết ai là người quyết định; hãy ghi tên."
ADDED_NEEDS = ("text", "kind")


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at work inside one transaction: all changes of a `Desk` are taken together or not at all."""

    connection: Connection
    who: str
    source: Source = PAGE

    def __post_init__(self) -> None:
        take_turns(self.connection, deciding=True)

    def decide(self, task_id: str, field: str, value: Any, expected: int) -> MergedRow:
        """Hold a field of a row to a value."""
        if field not in FIELDS:
            raise BadValue(field, UNKNOWN)
        wanted = FIELDS[field].read(value)
        seen = self._seen(task_id, expected, field, wanted)
        record = self._record(seen)
        held = HeldValue(wanted, (record.machine or {}).get(field), self.who, _now())
        changed = replace(record, held={**record.held, field: held}, status=self._status(record, CORRECTED))
        return self._keep(seen, changed, "correct", field, seen.fields[field].value, wanted)

    def revert(self, task_id: str, field: str, expected: int) -> MergedRow:
        """Let the machine's value of a field hold again."""
        seen = self._seen(task_id, expected, field, None)
        record = self._record(seen)
        if field not in record.held or record.machine is None:
            return seen
        held = {name: one for name, one in record.held.items() if name != field}
        status = MACHINE if not held and record.status == CORRECTED else record.status
        changed = replace(record, held=held, status=CORRECTED if status == APPROVED else status)
        before = seen.fields[field].value
        return self._keep(seen, changed, "revert", field, before, record.machine.get(field))

    def approve(self, task_id: str, expected: int) -> MergedRow:
        """Hold every field of a row to what it shows: no new reading changes it."""
        seen = self._seen(task_id, expected, None, None)
        record = self._record(seen)
        machine, now = record.machine or {}, _now()
        held = {
            name: replace(record.held[name], machine=machine.get(name))
            if name in record.held and not seen.fields[name].conflict
            else HeldValue(field.value, machine.get(name), self.who, now)
            for name, field in seen.fields.items()
        }
        changed = replace(record, held=held, status=APPROVED, kept=record.gone)
        return self._keep(seen, changed, "approve", None, seen.status, APPROVED)

    def reopen(self, task_id: str, expected: int) -> MergedRow:
        """Take an approval back; what differs from the machine stays held."""
        seen = self._seen(task_id, expected, None, None)
        record = self._record(seen)
        if record.status != APPROVED:
            return seen
        machine = record.machine
        held = {name: one for name, one in record.held.items() if machine is None or one.value != machine.get(name)}
        status = ADDED if machine is None else CORRECTED if held else MACHINE
        return self._keep(seen, replace(record, held=held, status=status), "reopen", None, APPROVED, status)

    def drop(self, task_id: str, expected: int) -> MergedRow:
        """Take a row that is none out of the table; new readings leave it out too."""
        seen = self._seen(task_id, expected, None, None)
        if seen.status == DROPPED:
            return seen
        record = replace(self._record(seen), status=DROPPED)
        place = place_of(self.connection, task_id)
        remove_row(self.connection, task_id)
        record = replace(record, ordinal=place if place is not None else record.ordinal)
        return self._note(seen, record, "drop", None, seen.row.to_record(), None)

    def undrop(self, task_id: str, expected: int) -> MergedRow:
        """Put a dropped row back where it stood, with what was held."""
        seen = self._seen(task_id, expected, None, None)
        if seen.status != DROPPED:
            return seen
        record = self._record(seen)
        status = ADDED if record.machine is None else CORRECTED if record.held else MACHINE
        record = replace(record, status=status)
        insert_row(self.connection, self._document(record.document_id), placed(record, record.ordinal))
        return self._note(seen, record, "undrop", None, None, seen.row.to_record())

    def add(self, document_id: str, values: Mapping[str, Any], after: str | None) -> MergedRow:
        """Put a row that the machine missed behind the row `after` (first where None)."""
        document = self._document(document_id)
        if unknown := values.keys() - FIELDS.keys():
            raise BadValue(min(unknown), UNKNOWN)
        given = {"kind": "task"} | {name: value for name, value in values.items() if value is not None}
        read = {name: FIELDS[name].read(given.get(name)) for name in {*given, *ADDED_NEEDS}}
        shown = {"path": "", "source_text": ""} | read
        now, before = _now(), load_rows(self.connection, [after]).get(after) if after else None
        if before and "path" not in read:
            shown["path"] = f"{before.row.path}/+"
        held = {name: HeldValue(plain(value), None, self.who, now) for name, value in shown.items()}
        place = place_behind(self.connection, document_id, after)
        record = HumanRecord(
            document_id, f"{document_id}-h{secrets.token_hex(5)}", ADDED, 1, held,
            after_id=after, ordinal=place, changed_by=self.who,
        )  # fmt: skip
        save_record(self.connection, record, decided=True)
        insert_row(self.connection, document, placed(record, place))
        recount(self.connection, document_id)
        key = {"document_id": document_id, "task_id": record.task_id, "version": 1}
        note(self.connection, self.source, self.who, action="add", after=read, **key)
        return load_row(self.connection, str(record.task_id))

    def decide_document(self, document_id: str, field: str, value: Any, expected: int) -> MergedDocument:
        """Hold a field of a document to a value."""
        if field not in DOCUMENT_FIELDS:
            raise BadValue(field, UNKNOWN)
        wanted = DOCUMENT_FIELDS[field].read(value)
        seen = self._seen_document(document_id, expected, field, wanted)
        record = self._document_record(seen)
        held = HeldValue(wanted, (record.machine or {}).get(field), self.who, _now())
        changed = replace(record, held={**record.held, field: held}, status=CORRECTED)
        return self._keep_document(seen, changed, "correct", field, wanted)

    def revert_document(self, document_id: str, field: str, expected: int) -> MergedDocument:
        """Let the machine's value of a document's field hold again."""
        seen = self._seen_document(document_id, expected, field, None)
        record = self._document_record(seen)
        if field not in record.held or record.machine is None:
            return seen
        held = {name: one for name, one in record.held.items() if name != field}
        changed = replace(record, held=held, status=CORRECTED if held else MACHINE)
        return self._keep_document(seen, changed, "revert", field, record.machine.get(field))

    # --- what they share ---

    def _seen(self, task_id: str, expected: int, field: str | None, wanted: Any) -> MergedRow:
        """The row as it stands now; raises `Conflict` where it is not what was looked at."""
        if not clean(self.who):
            raise BadValue("who", NOBODY)
        seen = load_row(self.connection, task_id)
        if seen.version != expected:
            current = seen.fields[field].value if field else seen.row.to_record()
            raise Conflict(field, current, wanted, seen.changed_by, seen.version)
        return seen

    def _record(self, seen: MergedRow) -> HumanRecord:
        task_id = seen.row.task_id
        if found := load_records(self.connection, human_records.c.task_id == task_id):
            return found[0]
        machine = plain(seen.row.to_record())
        place = place_of(self.connection, task_id) or 0
        return HumanRecord(
            seen.row.document_id, task_id, machine=machine, machine_id=task_id, ordinal=place,
            after_id=row_before(self.connection, seen.row.document_id, place),
        )  # fmt: skip

    def _seen_document(self, document_id: str, expected: int, field: str, wanted: Any) -> MergedDocument:
        """The document as it stands now; raises `Conflict` where it is not what was looked at."""
        if not clean(self.who):
            raise BadValue("who", NOBODY)
        seen = load_document(self.connection, document_id)
        if seen.version != expected:
            raise Conflict(field, seen.fields[field].value, wanted, seen.changed_by, seen.version)
        return seen

    def _keep_document(
        self, seen: MergedDocument, record: HumanRecord, action: str, field: str, after: Any
    ) -> MergedDocument:
        """Show a changed record of a document in its line and its rows' keys, and log it."""
        record = replace(record, version=record.version + 1, changed_by=self.who)
        save_record(self.connection, record, decided=True)
        same = documents.c.document_id == seen.document_id
        self.connection.execute(update(documents).where(same).values(document_values({field: after})))
        self._follow_document(seen.document_id)
        key = {"document_id": seen.document_id, "version": record.version, "field": field}
        values = {"before": seen.fields[field].value, "machine": seen.fields[field].machine, "after": after}
        note(self.connection, self.source, self.who, action=action, **key, **values)
        return load_document(self.connection, seen.document_id)

    def _document_record(self, seen: MergedDocument) -> HumanRecord:
        mine = (human_records.c.document_id == seen.document_id) & human_records.c.task_id.is_(None)
        if found := load_records(self.connection, mine):
            return found[0]
        return HumanRecord(seen.document_id, None, machine={name: f.value for name, f in seen.fields.items()})

    def _status(self, record: HumanRecord, wanted: str) -> str:
        """An approved or added row stays so when it is corrected."""
        return record.status if record.status in (APPROVED, ADDED, DROPPED) else wanted

    def _keep(
        self, seen: MergedRow, record: HumanRecord, action: str, field: str | None, before: Any, after: Any
    ) -> MergedRow:
        """Show a changed record in the table, and log it."""
        record = replace(record, text=(record.machine or {}).get("text", ""))
        place = place_of(self.connection, seen.row.task_id)
        if place is not None:
            record = replace(record, ordinal=place)
            document = self._document(record.document_id)
            rewrite_rows(self.connection, document, [placed(record, place)])
        return self._note(seen, record, action, field, before, after)

    def _note(
        self, seen: MergedRow, record: HumanRecord, action: str, field: str | None, before: Any, after: Any
    ) -> MergedRow:
        record = replace(record, version=record.version + 1, changed_by=self.who)
        save_record(self.connection, record, decided=True)
        recount(self.connection, record.document_id)
        key = {"document_id": record.document_id, "task_id": record.task_id, "version": record.version}
        machine = seen.fields[field].machine if field else None
        values = {"field": field, "before": before, "machine": machine, "after": after}
        note(self.connection, self.source, self.who, action=action, **key, **values)
        return load_row(self.connection, seen.row.task_id)

    def _follow_document(self, document_id: str) -> None:
        """Bring the rows' order and their bodies' keys after the document's day and issuer."""
        lines = self.connection.execute(
            select(tasks).where(tasks.c.document_id == document_id).order_by(tasks.c.ordinal)
        )
        found = [dict(line) for line in lines.mappings()]
        keys = [line["task_id"] for line in found]
        bodies = children_of(self.connection, task_bodies, "task_id", keys)
        rows = task_rows(found, bodies, children_of(self.connection, task_texts, "task_id", keys))
        stood = [
            Placed(row, line["ordinal"], line["status"], line["conflict"])
            for row, line in zip(rows, found, strict=True)
        ]
        rewrite_rows(self.connection, self._document(document_id), stood)

    def _document(self, document_id: str) -> Mapping[Any, Any]:
        line = document_line_of(self.connection, document_id)
        if line is None:
            raise NoSuchRow
        return line


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _at_desk(store: Store, who: str, source: Source, work: Callable[[Desk], T]) -> T:
    with writing(store.engine) as connection:
        return work(Desk(connection, clean(who), source))


def decide(
    store: Store, task_id: str, field: str, value: Any, who: str, expected_version: int, source: Source = PAGE
) -> MergedRow:
    """The row with `field` (a key of `FIELDS`) held to `value`.

    Raises `Conflict` where the row is not at `expected_version` any more, `BadValue`, `NoSuchRow`.
    """
    return _at_desk(store, who, source, lambda desk: desk.decide(task_id, field, value, expected_version))


def revert(
    store: Store, task_id: str, field: str, who: str, expected_version: int, source: Source = PAGE
) -> MergedRow:
    """The row with the machine's value of `field` back: also the answer to a conflict that takes the machine's."""
    return _at_desk(store, who, source, lambda desk: desk.revert(task_id, field, expected_version))


def approve(store: Store, task_id: str, who: str, expected_version: int, source: Source = PAGE) -> MergedRow:
    """The row approved as it shows; also the answer to conflicts that keeps what people said."""
    return _at_desk(store, who, source, lambda desk: desk.approve(task_id, expected_version))


def approve_many(
    store: Store, wanted: Iterable[tuple[str, int]], who: str, source: Source = PAGE
) -> tuple[MergedRow, ...]:
    """Several rows, given as (task_id, version), approved together or, on the first `Conflict`, none."""
    return _at_desk(store, who, source, lambda desk: tuple(desk.approve(*one) for one in wanted))


def reopen(store: Store, task_id: str, who: str, expected_version: int, source: Source = PAGE) -> MergedRow:
    """The row with its approval taken back."""
    return _at_desk(store, who, source, lambda desk: desk.reopen(task_id, expected_version))


def drop(store: Store, task_id: str, who: str, expected_version: int, source: Source = PAGE) -> MergedRow:
    """The row, taken out of the table; `dropped_rows` lists it, `undrop` puts it back."""
    return _at_desk(store, who, source, lambda desk: desk.drop(task_id, expected_version))


def undrop(store: Store, task_id: str, who: str, expected_version: int, source: Source = PAGE) -> MergedRow:
    """The dropped row, back in its place."""
    return _at_desk(store, who, source, lambda desk: desk.undrop(task_id, expected_version))


def add(
    store: Store,
    document_id: str,
    values: Mapping[str, Any],
    who: str,
    after: str | None = None,
    source: Source = PAGE,
) -> MergedRow:
    """A row that the machine missed, with `values` by field (`text` at least), behind the row `after`."""
    return _at_desk(store, who, source, lambda desk: desk.add(document_id, values, after))


def decide_document(
    store: Store, document_id: str, field: str, value: Any, who: str, expected_version: int, source: Source = PAGE
) -> MergedDocument:
    """The document with `field` (a key of `DOCUMENT_FIELDS`) held to `value`; raises as `decide` does."""
    return _at_desk(
        store, who, source, lambda desk: desk.decide_document(document_id, field, value, expected_version)
    )


def revert_document(
    store: Store, document_id: str, field: str, who: str, expected_version: int, source: Source = PAGE
) -> MergedDocument:
    """The document with the machine's value of `field` back; raises as `decide` does."""
    return _at_desk(store, who, source, lambda desk: desk.revert_document(document_id, field, expected_version))
