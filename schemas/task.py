"""The row of the task table, with every field of the contract in the contract's order.

Store, exports and pages take their columns from `TaskRow`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from schemas.source import BBox


class Kind(StrEnum):
    """What a row is; the order is that of a plan."""

    OBJECTIVE = "objective"
    REQUIREMENT = "requirement"
    TASK = "task"
    REQUEST = "request"
    MILESTONE = "milestone"
    RESOURCE = "resource"


class LeadBasis(StrEnum):
    """Where a row's lead was found."""

    EXPLICIT = "explicit"
    ASSIGNMENT = "assignment"
    HEADING = "heading"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing to be done, achieved or observed, with the place in the document that says so.

    Scored fields first (`path` to `recurrence`), then those that are always there. Dates are ISO texts,
    `recurrence` RRULE texts without the prefix joined by a space, offsets characters of `RawDocument.text`,
    `bbox` points on `page`, `confidence` 0–1, `review_reasons` Vietnamese sentences.
    """

    path: str
    kind: Kind
    text: str
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    start: str | None = None
    due: str | None = None
    recurrence: str | None = None
    task_id: str = ""
    document_id: str = ""
    section: str | None = None
    section_title: str | None = None
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    char_start: int | None = None
    char_end: int | None = None
    bbox: BBox | None = None
    source_text: str = ""
    lead_basis: LeadBasis | None = None
    deadline_text: str | None = None
    deadline_qualifier: str | None = None
    target_text: str | None = None
    target_value: float | None = None
    target_unit: str | None = None
    target_comparator: str | None = None
    deliverable: str | None = None
    monitoring: tuple[str, ...] = ()
    confidence: float = 1.0
    needs_review: bool = False
    review_reasons: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """The row as plain data: lists for tuples, text for enumerations."""
        record: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, tuple):
                record[name] = list(value)
            else:
                record[name] = str(value) if isinstance(value, StrEnum) else value
        return record

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> TaskRow:
        """The row of a record; unknown keys are left out, lists become tuples."""
        known: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            if name in record:
                value = record[name]
                known[name] = tuple(value) if isinstance(value, list) else value
        known["kind"] = Kind(known["kind"])
        if known.get("lead_basis"):
            known["lead_basis"] = LeadBasis(known["lead_basis"])
        if known.get("bbox"):
            known["bbox"] = BBox(*known["bbox"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A further page that a row's text runs on to: `bbox` is around its words there, in points of that page.

    It stands outside of the row, whose fields are the contract's: `TaskRow.page` and `bbox` are its first page.
    """

    task_id: str
    page: int
    bbox: BBox


NAMES = tuple(field.name for field in fields(TaskRow))
"""The fields of the contract in its order."""
