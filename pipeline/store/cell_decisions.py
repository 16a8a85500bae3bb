"""People's decisions on cells: only added to, the latest counts, and no run of the program touches them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select

from pipeline.store.comparison_tables import cell_decisions
from pipeline.store.comparisons import HeldPlan
from pipeline.store.engine import reading, writing
from pipeline.store.records import storable
from pipeline.store.store import Store
from schemas.criteria import Status

_FIELDS = (
    *("plan_key", "document_id", "criteria_set", "criterion", "status"),
    *("proposed", "decided_by", "note", "decided_at"),
)


@dataclass(frozen=True, slots=True)
class CellDecision:
    """A person's word on a cell; `status` None takes an earlier word back, `proposed` is what the program said."""

    plan_key: str
    document_id: str
    criteria_set: str
    criterion: str
    status: Status | None
    proposed: Status | None
    decided_by: str
    note: str
    decided_at: datetime


def decide_cell(
    store: Store,
    plan: HeldPlan,
    cell: tuple[str, str],
    status: Status | None,
    by: str,
    note: str = "",
    proposed: Status | None = None,
) -> None:
    """Add a decision on a cell (set, criterion) of a plan."""
    criteria_set, criterion = cell
    line = {
        "plan_key": plan.plan_key,
        "document_id": plan.document_id,
        "criteria_set": criteria_set,
        "criterion": criterion,
        "status": str(status) if status else None,
        "proposed": str(proposed) if proposed else None,
        "decided_by": by,
        "note": note,
        "decided_at": datetime.now(UTC),
    }
    with writing(store.engine) as connection:
        connection.execute(insert(cell_decisions).values(storable(line)))


def decisions_on(store: Store, criteria_set: str) -> dict[str, dict[str, CellDecision]]:
    """The decisions in force on the set's cells: plan_key → criterion → decision."""
    latest: dict[tuple[str, str], CellDecision] = {}
    for one in _read(store, criteria_set):
        latest[one.plan_key, one.criterion] = one
    found: dict[str, dict[str, CellDecision]] = {}
    for (plan, criterion), one in latest.items():
        if one.status is not None:
            found.setdefault(plan, {})[criterion] = one
    return found


def decision_history(store: Store, plan: HeldPlan, criteria_set: str, criterion: str) -> tuple[CellDecision, ...]:
    """Every decision on a cell, the oldest first, those taken back too."""
    return tuple(
        one for one in _read(store, criteria_set) if (one.plan_key, one.criterion) == (plan.plan_key, criterion)
    )


def _read(store: Store, criteria_set: str) -> tuple[CellDecision, ...]:
    wanted = select(*(cell_decisions.c[name] for name in _FIELDS)).order_by(cell_decisions.c.decision_id)
    with reading(store.engine) as connection:
        found = connection.execute(wanted.where(cell_decisions.c.criteria_set == criteria_set)).mappings()
        return tuple(
            CellDecision(**dict(line) | {name: _status(line[name]) for name in ("status", "proposed")})
            for line in found
        )


def _status(written: str | None) -> Status | None:
    return Status(written) if written else None
