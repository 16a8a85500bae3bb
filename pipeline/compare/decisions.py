"""What people decided on cells: kept beside the plans, and put over what the program says at every run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from schemas.criteria import Cell, Comparison, Status
from schemas.errors import CriteriaError


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on a cell; `plan` is the name of the plan, so that a re-issued file keeps it."""

    plan: str
    criteria_set: str
    criterion: str
    status: Status
    by: str
    note: str = ""


def load_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file of JSON lines, the latest of each cell; none where there is no file."""
    if not path.is_file():
        return ()
    latest: dict[tuple[str, str, str], Decision] = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            record = json.loads(text)
            made = Decision(**record | {"status": Status(record["status"])})
        except (ValueError, TypeError, KeyError) as error:
            raise CriteriaError(f"Tệp {path.name}, dòng {number}: không phải một quyết định.", repr(error)) from error
        latest[(made.plan, made.criteria_set, made.criterion)] = made
    return tuple(latest.values())


def add_decision(path: Path, decision: Decision) -> None:
    """Add a decision to the file; earlier ones stay as history."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(decision) | {"status": str(decision.status)}, ensure_ascii=False) + "\n")


def decided(comparison: Comparison, decisions: Iterable[Decision]) -> Comparison:
    """The comparison with the decisions of its plan and set put over its cells."""
    mine = {
        one.criterion: one
        for one in decisions
        if (one.plan, one.criteria_set) == (comparison.plan, comparison.criteria_set)
    }
    return replace(
        comparison,
        cells=tuple(
            settled(cell, one.status, one.by, one.note) if (one := mine.get(cell.criterion)) else cell
            for cell in comparison.cells
        ),
    )


def settled(cell: Cell, status: Status, by: str, note: str = "") -> Cell:
    """The cell as a person decided it; what the program had said stays beside."""
    return replace(
        cell, status=status, probability=1.0, doubtful=False, reason=note, decided_by=by, proposed=cell.status
    )
