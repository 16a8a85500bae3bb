"""What people decide about rows and documents, kept beside what the machine reads."""

from pipeline.records.changes import (
    COMMAND,
    PAGE,
    Source,
    add,
    approve,
    approve_many,
    decide,
    decide_document,
    drop,
    reopen,
    revert,
    revert_document,
    undrop,
)
from pipeline.records.errors import BadValue, Conflict, NoSuchRow
from pipeline.records.fields import DOCUMENT_FIELDS, FIELDS
from pipeline.records.history import Decision, history, last_decisions
from pipeline.records.merged import (
    FieldValue,
    MergedDocument,
    MergedRow,
    dropped_rows,
    merged_document,
    merged_row,
    merged_rows,
)

__all__ = [
    "COMMAND",
    "DOCUMENT_FIELDS",
    "FIELDS",
    "PAGE",
    "BadValue",
    "Conflict",
    "Decision",
    "FieldValue",
    "MergedDocument",
    "MergedRow",
    "NoSuchRow",
    "Source",
    "add",
    "approve",
    "approve_many",
    "decide",
    "decide_document",
    "drop",
    "dropped_rows",
    "history",
    "last_decisions",
    "merged_document",
    "merged_row",
    "merged_rows",
    "reopen",
    "revert",
    "revert_document",
    "undrop",
]
