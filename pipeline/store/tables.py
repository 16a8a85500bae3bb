"""The schema: one for SQLite and PostgreSQL; the columns of a task are the fields of `TaskRow`."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from schemas.source import BBox
from schemas.task import TaskRow

BODY_FIELDS = ("lead", "coordinating", "monitoring")
DATE_FIELDS = frozenset({"start", "due"})
BBOX_COLUMNS = tuple(f"bbox_{side}" for side in BBox._fields)
_HINTS = get_type_hints(TaskRow)
_SQL_TYPES: dict[type, type[Any]] = {str: Text, int: Integer, float: Float, bool: Boolean}

_BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts alike on both databases."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _plain_type(name: str) -> tuple[Any, bool]:
    """Return the type of a field of `TaskRow` without None, and whether None is allowed."""
    hint = _HINTS[name]
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    parts = [part for part in get_args(hint) if part is not type(None)]
    return parts[0], True


def _is_list(name: str) -> bool:
    return get_origin(_plain_type(name)[0]) is tuple


LIST_FIELDS = tuple(field.name for field in fields(TaskRow) if _is_list(field.name))
TEXT_FIELDS = tuple(name for name in LIST_FIELDS if name not in BODY_FIELDS)
SCALAR_FIELDS = tuple(
    field.name
    for field in fields(TaskRow)
    if field.name not in LIST_FIELDS and _plain_type(field.name)[0] is not BBox
)
_KEYS = ("task_id", "document_id")


def _task_column(name: str) -> Column[Any]:
    kind, nullable = _plain_type(name)
    if name in DATE_FIELDS:
        return Column(name, Date, nullable=nullable)
    plain = str if issubclass(kind, StrEnum) else kind
    return Column(name, _SQL_TYPES[plain], nullable=nullable)


def _owner(table: str, column: str, length: int | None, **options: Any) -> Column[Any]:
    kind = String(length) if length else Text
    return Column(column, kind, ForeignKey(f"{table}.{column}", ondelete="CASCADE"), nullable=False, **options)


documents = Table(
    "documents",
    metadata,
    Column("document_id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("file", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("reader", Text, nullable=False),
    Column("n_pages", Integer),
    Column("damage", Text, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("issuer", Text),
    Column("issuer_key", Text, index=True),
    Column("issuer_level", Text),
    Column("doc_type", Text),
    Column("doc_number", Text),
    Column("issued_date", Date),
    Column("place", Text),
    Column("title", Text),
    Column("signer", Text),
    Column("signer_title", Text),
    Column("is_draft", Boolean, nullable=False),
    Column("lacks_header", Boolean, nullable=False),
    Column("n_rows", Integer, nullable=False),
    Column("n_review", Integer, nullable=False, index=True),
    Column("kinds", JSON, nullable=False),
    Column("accounting", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
)

document_texts = Table(
    "document_texts",
    metadata,
    _owner("documents", "document_id", 16, primary_key=True),
    Column("role", String(32), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    comment="Lists of a document: plan_years, recipients, doubts, warnings.",
)

document_sections = Table(
    "document_sections",
    metadata,
    _owner("documents", "document_id", 16, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("roman", Text, nullable=False),
    Column("title", Text, nullable=False),
)

legal_bases = Table(
    "legal_bases",
    metadata,
    _owner("documents", "document_id", 16, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("doc_type", Text, nullable=False),
    Column("number", Text, index=True),
    Column("date", Date),
    Column("issuer", Text),
    Column("subject", Text),
)

tasks = Table(
    "tasks",
    metadata,
    Column("task_id", Text, primary_key=True),
    _owner("documents", "document_id", 16),
    Column("ordinal", Integer, nullable=False),
    *(_task_column(name) for name in SCALAR_FIELDS if name not in _KEYS),
    *(Column(name, Float) for name in BBOX_COLUMNS),
    Column("marked", Text, nullable=False, comment="words in lower case, for search with diacritics"),
    Column("folded", Text, nullable=False, comment="words without diacritics, đ as d, for search"),
    Column(
        "status", String(16), nullable=False, server_default="machine", comment="machine, corrected, approved, added"
    ),
    Column("conflict", Boolean, nullable=False, server_default=false(), comment="machine and people now differ"),
    Column("sort_key", _BYTEWISE, nullable=False, server_default="", comment="date, file, document, place in it"),
    Column("lead_key", _BYTEWISE, nullable=False, server_default="", comment="the first lead, to sort by"),
    Index("ix_tasks_due", "due"),
    Index("ix_tasks_kind", "kind", "sort_key"),
    Index("ix_tasks_document_id", "document_id", "sort_key"),
    Index("ix_tasks_sort_key", "sort_key", "due"),
    Index("ix_tasks_lead_key", "lead_key", "sort_key"),
    Index("ix_tasks_needs_review", "needs_review", "sort_key"),
)

task_bodies = Table(
    "task_bodies",
    metadata,
    _owner("tasks", "task_id", None, primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("body_key", Text, nullable=False, index=True, comment="one form for one body, to group by"),
    Column("folded", Text, nullable=False, comment="the key without diacritics, to filter by"),
    comment="Bodies of a task by their part (lead, coordinating, monitoring), as written and comparable.",
)

task_texts = Table(
    "task_texts",
    metadata,
    _owner("tasks", "task_id", None, primary_key=True),
    Column("role", String(32), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    comment="Other lists of a task: heading_path, review_reasons.",
)

row_places = Table(
    "row_places",
    metadata,
    _owner("documents", "document_id", 16, primary_key=True),
    Column(
        "task_id", Text, primary_key=True, comment="the machine's row; not a key, as people's rows keep their ids"
    ),
    Column("page", Integer, primary_key=True),
    *(Column(side, Float, nullable=False) for side in BBox._fields),
    comment="Where rows that run over several pages lie on those after their first.",
)

sightings = Table(
    "sightings",
    metadata,
    Column("sighting_id", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, comment="empty where the bytes could not be read at all"),
    Column("size", BigInteger),
    Column("commune", Text),
    Column("commune_key", Text, index=True),
    Column("root", Text, index=True, comment="the watched folder that it lies in"),
    Column("fingerprint", Text, comment="size, times and inode when it was last hashed: unchanged is not read again"),
    Column("hashed_at", DateTime(timezone=True), comment="when its bytes were last read"),
    Column("state", String(24), comment="only where there is no sha256; else the state is the ledger's"),
    Column("code", String(32), comment="kind of refusal"),
    Column("message", Text, comment="why it was refused, a sentence for staff"),
    Column("detail", Text, comment="for the log"),
    Column("document_id", String(16), ForeignKey("documents.document_id", ondelete="SET NULL"), index=True),
    Column("first_seen", DateTime(timezone=True), nullable=False),
    Column("last_seen", DateTime(timezone=True), nullable=False),
    UniqueConstraint("path", "sha256"),
    Index("ix_sightings_last_seen", "last_seen", "sighting_id"),
)

human_records = Table(
    "human_records",
    metadata,
    Column("record_id", Integer, primary_key=True),
    Column("document_id", String(16), nullable=False, index=True),
    Column("task_id", Text, unique=True, comment="the row as people know it; null for the document's own fields"),
    Column("machine_id", Text, comment="the machine's row that it stands on today; null where there is none"),
    Column("status", String(16), nullable=False, comment="corrected, approved, added or dropped"),
    Column("version", Integer, nullable=False, comment="grows with every decision"),
    Column("held", Text, nullable=False, comment="JSON: field → {value, machine}: people's value, machine's then"),
    Column("machine", Text, comment="JSON: what the machine reads now, or read last"),
    Column("gone", Boolean, nullable=False, server_default=false(), comment="the machine no longer finds the row"),
    Column("after_id", Text, comment="of an added row: the row that it stands behind"),
    Column("ordinal", Integer, nullable=False, server_default="0", comment="its place when it was last seen"),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    comment="What people decided, one line a row or document that they touched; outlives every reading.",
)

decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", Integer, primary_key=True),
    Column("document_id", String(16), nullable=False, index=True),
    Column("task_id", Text, index=True, comment="null for the document's own fields"),
    Column(
        "action", String(16), nullable=False, comment="correct, approve, reopen, revert, add, drop, undrop, carry"
    ),
    Column("field", String(32), comment="null where the whole row is meant"),
    Column("before", Text, comment="JSON: the value that people saw before"),
    Column("machine", Text, comment="JSON: the machine's value then"),
    Column("after", Text, comment="JSON: the value from then on"),
    Column("version", Integer, nullable=False, comment="of the row after this decision"),
    Column("who", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("source", String(16), nullable=False, comment="page, command or file"),
    Column("source_name", Text),
    Column("source_sha256", String(64)),
    comment="Every change that a person made, in order; nothing is ever taken out.",
)

returned_files = Table(
    "returned_files",
    metadata,
    Column("returned_id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False, comment="where its bytes are kept"),
    Column("state", String(16), nullable=False, comment="waiting, taken or declined"),
    Column("changes", Integer, nullable=False, comment="how many changes it held when it came"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    comment="Workbooks that came back by the folder and wait for a person to look at their changes.",
)

calendar_events = Table(
    "calendar_events",
    metadata,
    Column("feed", String(32), primary_key=True, comment="digest of the filter that the file was made by"),
    Column("uid", Text, primary_key=True),
    Column("task_id", Text, nullable=False),
    Column("content", Text, nullable=False, comment="JSON: the event as the last file had it"),
    Column("sequence", Integer, nullable=False, comment="grows with each change"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("cancelled", Boolean, nullable=False),
    comment="What calendar files said of an event, so that the next file tells changes and cancellations.",
)
