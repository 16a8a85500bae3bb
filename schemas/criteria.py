"""A set of criteria, and what a plan does for each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What a plan does for a criterion."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"


STATUS_WORDS = {Status.COVERED: "Đáp ứng", Status.PARTIAL: "Một phần", Status.MISSING: "Thiếu"}
DOUBT_WORD = "Cần xem"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing without which a row meets a criterion only in part.

    `head` says what sort of thing (content, channel, place, people, cadence, form, act, trigger; a remark is only
    noted), `name` what it is called, `phrases` the ways in which rows name it.
    """

    head: str
    name: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """How a criterion is read when rows are held against it.

    `subject` holds groups that must all be there, each a choice of phrases; `act` a class of acts or "" for any;
    `exceptions` phrases whose sentence speaks of something else; `telling` is true where propaganda itself is
    what is asked; `derived` where nobody but the program read the criterion.
    """

    act: str = ""
    subject: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Part, ...] = ()
    exceptions: tuple[str, ...] = ()
    content_of_publishing: bool = False
    telling: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; `cadence` is an RRULE text without its prefix, `points` null where the set has none."""

    id: str
    group: str
    text: str
    source_path: str | None = None
    cadence: str | None = None
    cadence_min: int | None = None
    cadence_text: str | None = None
    target: str | None = None
    due: str | None = None
    expected_lead: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    points: float | None = None
    threshold: float | None = None
    needs: Needs = field(default_factory=Needs)


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """Criteria that were issued together; `valid_from` and `valid_to` are ISO dates or null, `rebuilt` is true where
    the text was not taken from the decision itself."""

    id: str
    title: str
    criteria: tuple[Criterion, ...]
    groups: tuple[tuple[str, str], ...] = ()
    version: str = "1"
    valid_from: str | None = None
    valid_to: str | None = None
    rebuilt: bool = False
    source: str = ""
    decision: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row that speaks for a criterion: its probability and the named features behind it, each 0–1."""

    path: str
    task_id: str
    text: str
    probability: float
    features: dict[str, float]
    support: bool = False

    def to_record(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "path": self.path,
            "task_id": self.task_id,
            "text": self.text,
            "probability": round(self.probability, 3),
            "support": self.support,
            "features": {name: round(value, 3) for name, value in self.features.items()},
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """A plan against one criterion.

    `status` is the likelier answer, `probability` how sure it is; `doubtful` means that a person must look
    (“cần xem”), and `reason` says why in Vietnamese. `differences` begin with the heads of the contract
    ("content missing: …"), `remarks` says the same in Vietnamese. `decided_by` names who settled it by hand and
    `proposed` what the program had said; `candidates` are rows that nearly speak for a criterion that is likelier
    missing.
    """

    criterion: str
    status: Status
    rows: tuple[Evidence, ...]
    differences: tuple[str, ...]
    remarks: tuple[str, ...]
    probability: float
    doubtful: bool = False
    reason: str = ""
    decided_by: str | None = None
    candidates: tuple[Evidence, ...] = ()
    proposed: Status | None = None

    @property
    def label(self) -> str:
        """The word on the page."""
        return DOUBT_WORD if self.doubtful else STATUS_WORDS[self.status]

    @property
    def proposed_label(self) -> str:
        """The word for what the program said where a person decided otherwise, else ""."""
        return STATUS_WORDS[self.proposed] if self.proposed and self.proposed is not self.status else ""

    def to_record(self) -> dict[str, Any]:
        """The cell in the shape of the worked example, with what explains it beside."""
        return {
            "criterion": self.criterion,
            "status": str(self.status),
            "rows": [row.path for row in self.rows],
            "differences": list(self.differences),
            "doubtful": self.doubtful,
            "label": self.label,
            "reason": self.reason,
            "probability": round(self.probability, 3),
            "task_ids": [row.task_id for row in self.rows],
            "remarks": list(self.remarks),
            "decided_by": self.decided_by,
            "proposed": str(self.proposed) if self.proposed else None,
            "evidence": [row.to_record() for row in self.rows],
            "candidates": [row.to_record() for row in self.candidates],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """One plan against one set; `orphans` are paths of tasks and requests that meet no criterion."""

    document: str
    plan: str
    criteria_set: str
    set_version: str
    cells: tuple[Cell, ...]
    orphans: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """The comparison in the shape of the worked example."""
        counts = {str(status): 0 for status in Status} | {"doubtful": 0}
        for cell in self.cells:
            counts["doubtful" if cell.doubtful else str(cell.status)] += 1
        return {
            "document": self.document,
            "plan": self.plan,
            "criteria_set": self.criteria_set,
            "set_version": self.set_version,
            "criteria": [cell.to_record() for cell in self.cells],
            "orphans": list(self.orphans),
            "counts": counts,
            "notes": list(self.notes),
        }
