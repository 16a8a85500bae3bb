"""What people decided, laid over what the machine reads: pure functions, and the lines of `human_records`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Connection, bindparam, func, insert, select, update

from pipeline.store.anchors import Anchor, find_anchors
from pipeline.store.records import UNSTORABLE, Placed, document_values
from pipeline.store.tables import human_records
from schemas.task import TaskRow

MACHINE, CORRECTED, APPROVED, ADDED, DROPPED = "machine", "corrected", "approved", "added", "dropped"
DECISION_LOCK = 7_190_252
STILL_THE_SAME = 90.0
"""How alike (0–100) a row's text must stay for a correction to hold without another look."""
DIFFERS = "Máy đọc lại khác với điều người đã chốt ({fields}); hãy chọn một."
GONE = "Bản đọc mới không còn dòng này; hãy giữ hoặc bỏ."
SHIFTED = "Lời của dòng đã đổi từ khi người sửa; hãy xem lại."
LABELS = {
    "text": "nội dung",
    "kind": "loại",
    "lead": "chủ trì",
    "coordinating": "phối hợp",
    "monitoring": "theo dõi",
    "deadline_text": "thời hạn",
    "start": "ngày bắt đầu",
    "due": "hạn hoàn thành",
    "recurrence": "định kỳ",
    "deliverable": "sản phẩm",
    "path": "mục",
}
"""The fields of a row that people decide on, and what a sentence calls them."""
DOCUMENT_LABELS = {
    "issuer": "cơ quan ban hành",
    "doc_type": "loại văn bản",
    "doc_number": "số, ký hiệu",
    "issued_date": "ngày ban hành",
    "title": "trích yếu",
    "signer": "người ký",
}


@dataclass(frozen=True, slots=True)
class HeldValue:
    """What people hold a field to: their value, the machine's when they decided, who and when (ISO, UTC)."""

    value: Any
    machine: Any
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class HumanRecord:
    """What people made of one row (or of a document's fields, where `task_id` is None).

    `machine` is the record of the machine's row as it is now, or was last where `gone`. `text` is the machine's text
    when people last decided; `kept` says that a row that is gone was kept by a person.
    """

    document_id: str
    task_id: str | None
    status: str = MACHINE
    version: int = 0
    held: Mapping[str, HeldValue] = field(default_factory=dict)
    machine: Mapping[str, Any] | None = None
    machine_id: str | None = None
    gone: bool = False
    kept: bool = False
    text: str = ""
    after_id: str | None = None
    ordinal: int = 0
    changed_by: str = ""
    record_id: int | None = None

    @property
    def conflicts(self) -> dict[str, Any]:
        """The machine's new values that are neither the people's nor what the machine had when they decided."""
        if self.machine is None or self.gone:
            return {}
        now = self.machine
        return {
            name: now[name]
            for name, held in self.held.items()
            if name in now and now[name] not in (held.value, held.machine)
        }

    @property
    def in_doubt(self) -> bool:
        """Whether machine and people now differ in a way that a person has to settle."""
        lost = self.gone and not self.kept and self.status in (CORRECTED, APPROVED)
        return bool(self.conflicts) or lost


def plain(value: Any) -> Any:
    """The value as the database gives it back: without letters that none takes, tuples as lists."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, (list, tuple)) else value


def dump(value: Any) -> str:
    """The value as JSON that a person can read in a query."""
    return json.dumps(plain(value), ensure_ascii=False)


def laid_over(record: HumanRecord) -> TaskRow:
    """The row that people see: the machine's with the values that are held over it."""
    row: dict[str, Any] = dict(record.machine or {"source_text": ""})
    row |= {name: held.value for name, held in record.held.items()}
    row |= {"task_id": record.task_id, "document_id": record.document_id}
    if "lead" in record.held and (not record.machine or record.machine["lead"] != row["lead"]):
        row["lead_basis"] = None  # neither the text nor a heading says so: a person does
    reasons = _reasons(record, row.get("review_reasons", []))
    return TaskRow.from_record(row | {"review_reasons": reasons, "needs_review": bool(reasons) or _asks(record, row)})


def _asks(record: HumanRecord, row: Mapping[str, Any]) -> bool:
    return bool(row.get("needs_review")) and record.status not in (APPROVED, ADDED)


def _reasons(record: HumanRecord, machine: Sequence[str]) -> list[str]:
    reasons = [] if record.status in (APPROVED, ADDED) else list(machine)
    if conflicts := record.conflicts:
        reasons.append(DIFFERS.format(fields=", ".join(LABELS[name] for name in conflicts)))
    elif record.in_doubt:
        reasons.append(GONE)
    elif _shifted(record):
        reasons.append(SHIFTED)
    return reasons


def _shifted(record: HumanRecord) -> bool:
    """Whether the row's text is no longer what it was when people decided, and nobody holds the text itself."""
    if not record.held or not record.machine or "text" in record.held or record.gone:
        return False
    return bool(fuzz.ratio(record.text, record.machine["text"]) < STILL_THE_SAME)


def placed(record: HumanRecord, ordinal: int) -> Placed:
    """The row of a record as it is stored."""
    return Placed(laid_over(record), ordinal, record.status, record.in_doubt)


def merge(rows: Sequence[TaskRow], records: Sequence[HumanRecord]) -> tuple[list[Placed], list[HumanRecord]]:
    """The rows that people see when the machine reads `rows`, and their records as they stand from then on."""
    of_rows = [record for record in records if record.task_id is not None and record.machine is not None]
    anchors = [_anchor(record, len(rows)) for record in of_rows]
    taken: dict[int, HumanRecord] = {}
    behind = [record for record in records if record.task_id is not None and record.machine is None]
    for record, place in zip(of_rows, find_anchors(anchors, rows), strict=True):
        if place is None:
            behind.append(replace(record, gone=True, machine_id=None))
        else:
            machine = plain(rows[place].to_record())
            stood = replace(record, machine=machine, machine_id=rows[place].task_id, gone=False, kept=False)
            taken[place] = stood
    line: list[HumanRecord | TaskRow] = [taken.get(place, row) for place, row in enumerate(rows)]
    for record in sorted(behind, key=lambda one: one.ordinal):
        line.insert(_place(line, record), record)
    return _numbered(line)


def _anchor(record: HumanRecord, count: int) -> Anchor:
    machine = record.machine or {}
    place = record.ordinal / max(1, count - 1)
    return Anchor(
        record.task_id or "", record.machine_id, machine["path"], machine["text"], place, record.status == DROPPED
    )


def _place(line: Sequence[HumanRecord | TaskRow], record: HumanRecord) -> int:
    """Behind the row that it stood behind, else where it stood."""
    for place, one in enumerate(line):
        if one.task_id == record.after_id:
            return place + 1
    return 0 if record.after_id is None else min(record.ordinal, len(line))


def _numbered(line: Sequence[HumanRecord | TaskRow]) -> tuple[list[Placed], list[HumanRecord]]:
    shown: list[Placed] = []
    records: list[HumanRecord] = []
    before: str | None = None
    for ordinal, one in enumerate(line):
        if isinstance(one, HumanRecord):
            records.append(replace(one, ordinal=ordinal, after_id=before))
            if one.status != DROPPED:
                shown.append(placed(records[-1], ordinal))
        else:
            shown.append(Placed(one, ordinal))
        before = one.task_id
    return shown, records


# --- the table ---


def take_turns(connection: Connection, deciding: bool) -> None:
    """Wait until nobody else decides, to the end of this transaction; several may read anew at once.

    Without this, two people who saw the same version would both be taken at their word on PostgreSQL, and what is
    read anew would pass over a decision made meanwhile. SQLite lets but one write in any case.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if deciding else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(DECISION_LOCK)))


def load_records(connection: Connection, *conditions: Any) -> list[HumanRecord]:
    """The records that meet the conditions, in the order in which they were made."""
    found = connection.execute(select(human_records).where(*conditions).order_by(human_records.c.record_id))
    return [_record(line) for line in found.mappings()]


def records_of(connection: Connection, task_ids: Sequence[str]) -> list[HumanRecord]:
    """The records of rows."""
    return [_record(line) for line in connection.execute(_OF_ROWS, {"keys": task_ids}).mappings()]


_OF_ROWS = select(human_records).where(human_records.c.task_id.in_(bindparam("keys", expanding=True)))


def _record(line: Mapping[Any, Any]) -> HumanRecord:
    said = json.loads(line["held"])
    known = {one.name: line[one.name] for one in fields(HumanRecord) if one.name in line}
    return HumanRecord(
        **known
        | {
            "held": {name: HeldValue(**held) for name, held in said["fields"].items()},
            "machine": json.loads(line["machine"]) if line["machine"] else None,
            "text": said["text"],
            "kept": said["kept"],
        }
    )


def save_record(connection: Connection, record: HumanRecord, decided: bool = False) -> HumanRecord:
    """Write a record; `decided` notes the time at which a person changed it. Return it with its `record_id`."""
    held = {name: {"value": one.value, "machine": one.machine, "who": one.who, "at": one.at}
            for name, one in record.held.items()}  # fmt: skip
    line: dict[str, Any] = {
        name: getattr(record, name)
        for name in ("document_id", "task_id", "machine_id", "status", "version", "gone", "after_id", "ordinal")
    }
    line |= {
        "held": dump({"fields": held, "text": record.text, "kept": record.kept}),
        "machine": dump(record.machine) if record.machine is not None else None,
        "changed_by": record.changed_by,
    }
    if decided or record.record_id is None:
        line["changed_at"] = datetime.now(UTC)
    if record.record_id is not None:
        connection.execute(update(human_records).where(human_records.c.record_id == record.record_id).values(line))
        return record
    made = connection.execute(insert(human_records).values(line)).inserted_primary_key
    assert made is not None
    return replace(record, record_id=made[0])


def merge_stored(
    connection: Connection, document: Mapping[str, Any], rows: Sequence[TaskRow]
) -> tuple[list[Placed], dict[str, Any]]:
    """The rows that people see of a new reading, and its document's line with what they hold; records are kept up."""
    take_turns(connection, deciding=False)
    records = load_records(connection, human_records.c.document_id == document["document_id"])
    if not records:
        return [Placed(row, ordinal) for ordinal, row in enumerate(rows)], dict(document)
    shown, changed = merge(rows, records)
    for record in changed:
        save_record(connection, record)
    line = dict(document)
    for record in records:
        if record.task_id is None:
            machine = {name: plain(_iso(document[name])) for name in DOCUMENT_LABELS}
            save_record(connection, replace(record, machine=machine))
            line = document_laid_over(line, record)
    review = sum(one.row.needs_review for one in shown)
    kinds = dict(Counter(str(one.row.kind) for one in shown))
    return shown, line | {"n_rows": len(shown), "n_review": review, "kinds": kinds}


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def document_laid_over(line: Mapping[str, Any], record: HumanRecord) -> dict[str, Any]:
    """A line of `documents` with the values that people hold."""
    return dict(line) | document_values({name: held.value for name, held in record.held.items()})
