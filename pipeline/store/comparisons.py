"""Stored comparisons: what a document does for a set of criteria, its proofs, and what changed in the matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from normalizers.fold import search_key
from pipeline.store.comparison_tables import comparison_cells, comparison_rows, comparisons, matrix_changes
from pipeline.store.engine import reading, writing
from pipeline.store.files import aware
from pipeline.store.queries import BY_DAY, batched_keys
from pipeline.store.records import storable
from pipeline.store.store import Store
from pipeline.store.tables import decisions, document_texts, documents, sightings
from schemas.criteria import Cell, Comparison, Evidence, Status

ROW, SUPPORT, CANDIDATE = "row", "support", "candidate"
_STATUS = {str(status): status for status in Status}
_COLUMNS = (
    *("document_id", "content_hash", "file", "issuer", "issuer_key", "issuer_level"),
    *("doc_type", "doc_number", "issued_date", "title", "is_draft"),
)


@dataclass(frozen=True, slots=True)
class HeldPlan:
    """What the store knows of a document without its rows; `year` is the first year it plans for.

    `decided` is the number of people's last decision on it or its rows, 0 where they made none.
    """

    document_id: str
    content_hash: str
    file: str
    issuer: str | None
    issuer_key: str | None
    issuer_level: str | None
    doc_type: str | None
    doc_number: str | None
    issued_date: date | None
    title: str | None
    is_draft: bool
    commune: str | None = None
    year: int | None = None
    decided: int = 0

    @property
    def place_key(self) -> str:
        """One form for one column of the matrix: the issuer, else the folder's commune, else the document."""
        return self.issuer_key or search_key(self.commune or "") or self.document_id

    @property
    def place(self) -> str:
        """The column's name."""
        return self.issuer or self.commune or self.file

    @property
    def plan_key(self) -> str:
        """One form for one plan, whichever file it came in; a plan without number and date is its own document."""
        if self.issuer_key and self.doc_number and self.issued_date:
            return f"{self.issuer_key}|{self.doc_number}|{self.issued_date.isoformat()}"
        return self.document_id


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison to store: `fingerprint` of all that it depends on, `flags` of bodies as plain data."""

    comparison: Comparison
    fingerprint: str
    flags: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became different: a cell's status, or (`criterion` None) the document that stands for a place."""

    criteria_set: str
    place: str
    plan: str
    criterion: str | None
    before: str | None
    after: str | None
    found_at: datetime | None = None


def held_plans(store: Store) -> tuple[HeldPlan, ...]:
    """Every document of the store, by date and file."""
    wanted = select(*(documents.c[name] for name in _COLUMNS)).order_by(*BY_DAY)
    seen = select(sightings.c.document_id, sightings.c.commune).where(sightings.c.commune.is_not(None))
    years = select(document_texts.c.document_id, document_texts.c.value).where(document_texts.c.role == "plan_years")
    last = select(decisions.c.document_id, func.max(decisions.c.decision_id)).group_by(decisions.c.document_id)
    with reading(store.engine) as connection:
        decided = dict(connection.execute(last).tuples().all())
        communes = dict(connection.execute(seen.order_by(sightings.c.sighting_id)).tuples().all())
        first: dict[str, int] = {}
        for key, year in connection.execute(years).tuples():
            first[key] = min(int(year), first.get(key, int(year)))
        return tuple(
            HeldPlan(**line, commune=communes.get(key), year=first.get(key), decided=decided.get(key, 0))
            for key, line in ((line["document_id"], line) for line in connection.execute(wanted).mappings())
        )


def fingerprints(store: Store, criteria_set: str) -> dict[str, str]:
    """The fingerprint of each document's comparison with the set."""
    wanted = select(comparisons.c.document_id, comparisons.c.fingerprint)
    with reading(store.engine) as connection:
        found = connection.execute(wanted.where(comparisons.c.criteria_set == criteria_set))
        return dict(found.tuples().all())


def save_comparisons(store: Store, made: Sequence[Compared]) -> None:
    """Store the comparisons in one transaction, in the place of earlier ones of the same documents and sets."""
    with writing(store.engine) as connection:
        for one in made:
            done = one.comparison
            here = (comparisons.c.document_id == done.document) & (comparisons.c.criteria_set == done.criteria_set)
            connection.execute(delete(comparisons).where(here))
            connection.execute(insert(comparisons).values(_comparison_line(one)))
        for table, lines in (
            (comparison_cells, [line for one in made for line in _cell_lines(one.comparison)]),
            (comparison_rows, [line for one in made for line in _row_lines(one.comparison)]),
        ):
            if lines:
                connection.execute(insert(table), [storable(line) for line in lines])


def _comparison_line(one: Compared) -> dict[str, Any]:
    done = one.comparison
    return storable(
        {
            "document_id": done.document,
            "criteria_set": done.criteria_set,
            "set_version": done.set_version,
            "fingerprint": one.fingerprint,
            "plan": done.plan,
            "orphans": list(done.orphans),
            "notes": list(done.notes),
            "flags": list(one.flags),
            "compared_at": datetime.now(UTC),
        }
    )


def _cell_lines(done: Comparison) -> Iterator[dict[str, Any]]:
    for ordinal, cell in enumerate(done.cells):
        yield {
            "document_id": done.document,
            "criteria_set": done.criteria_set,
            "criterion": cell.criterion,
            "ordinal": ordinal,
            "status": str(cell.status),
            "probability": cell.probability,
            "doubtful": cell.doubtful,
            "reason": cell.reason,
            "differences": list(cell.differences),
            "remarks": list(cell.remarks),
        }


def _row_lines(done: Comparison) -> Iterator[dict[str, Any]]:
    for cell in done.cells:
        said = [(SUPPORT if row.support else ROW, row) for row in cell.rows]
        said += [(CANDIDATE, row) for row in cell.candidates]
        for ordinal, (role, row) in enumerate(said):
            yield {
                "document_id": done.document,
                "criteria_set": done.criteria_set,
                "criterion": cell.criterion,
                "ordinal": ordinal,
                "role": role,
                "task_id": row.task_id,
                "path": row.path,
                "text": row.text,
                "probability": row.probability,
                "features": row.features,
            }


def load_comparisons(store: Store, criteria_set: str, wanted: Iterable[str]) -> dict[str, Compared]:
    """The stored comparisons of the wanted documents with the set, as the program judged them, by `document_id`."""
    keys = list(wanted)
    rows: dict[tuple[str, str], list[RowMapping]] = defaultdict(list)
    cells: dict[str, list[Cell]] = defaultdict(list)
    found: dict[str, Compared] = {}
    with reading(store.engine) as connection:
        for line in _lines(connection, comparison_rows, criteria_set, keys):
            rows[line["document_id"], line["criterion"]].append(line)
        for line in _lines(connection, comparison_cells, criteria_set, keys):
            cells[line["document_id"]].append(_cell(line, rows[line["document_id"], line["criterion"]]))
        for line in _lines(connection, comparisons, criteria_set, keys):
            found[line["document_id"]] = _compared(line, cells[line["document_id"]])
    return found


def _lines(connection: Connection, table: Any, criteria_set: str, keys: Sequence[str]) -> Iterator[RowMapping]:
    for some in batched_keys(keys):
        here = select(table).where(table.c.criteria_set == criteria_set, table.c.document_id.in_(some))
        order = [table.c.ordinal] if "ordinal" in table.c else []
        yield from connection.execute(here.order_by(table.c.document_id, *order)).mappings()


def _compared(line: RowMapping, cells: Sequence[Cell]) -> Compared:
    done = Comparison(
        line["document_id"],
        line["plan"],
        line["criteria_set"],
        line["set_version"],
        tuple(cells),
        tuple(line["orphans"]),
        tuple(line["notes"]),
    )
    return Compared(done, line["fingerprint"], tuple(line["flags"]))


def _cell(line: RowMapping, rows: Sequence[RowMapping]) -> Cell:
    return Cell(
        line["criterion"],
        Status(line["status"]),
        tuple(_evidence(row) for row in rows if row["role"] != CANDIDATE),
        tuple(line["differences"]),
        tuple(line["remarks"]),
        line["probability"],
        line["doubtful"],
        line["reason"],
        candidates=tuple(_evidence(row) for row in rows if row["role"] == CANDIDATE),
    )


def _evidence(row: RowMapping) -> Evidence:
    return Evidence(
        row["path"], row["task_id"], row["text"], row["probability"], dict(row["features"]), row["role"] == SUPPORT
    )


def status_counts(store: Store, criteria_set: str) -> dict[str, dict[Status, int]]:
    """How many stored cells of the set have each status, as the program judged them: document → status → count."""
    names = (comparison_cells.c.document_id, comparison_cells.c.status)
    counted = select(*names, func.count()).where(comparison_cells.c.criteria_set == criteria_set).group_by(*names)
    found: dict[str, dict[Status, int]] = defaultdict(dict)
    with reading(store.engine) as connection:
        for key, status, count in connection.execute(counted).tuples():
            found[key][_STATUS[status]] = count
    return dict(found)


def cell_statuses(store: Store, criteria_set: str, keys: Sequence[str]) -> dict[str, dict[str, Status]]:
    """The status of the cells of these documents, as the program judged it: document → criterion → status."""
    names = ("document_id", "criterion", "status")
    wanted = select(*(comparison_cells.c[name] for name in names)).order_by(comparison_cells.c.ordinal)
    wanted = wanted.where(comparison_cells.c.criteria_set == criteria_set)
    found: dict[str, dict[str, Status]] = defaultdict(dict)
    with reading(store.engine) as connection:
        for some in batched_keys(keys):
            here = wanted.where(comparison_cells.c.document_id.in_(some))
            for key, criterion, status in connection.execute(here).tuples():
                found[key][criterion] = _STATUS[status]
    return dict(found)


def cells_of_task(store: Store, task_id: str) -> tuple[dict[str, Any], ...]:
    """The cells that a task proves, wherever it counts: criteria_set, criterion, status, role."""
    joined = comparison_rows.join(comparison_cells)
    columns = [comparison_cells.c[name] for name in ("criteria_set", "criterion", "status")]
    wanted = select(*columns, comparison_rows.c.role).select_from(joined).where(comparison_rows.c.task_id == task_id)
    with reading(store.engine) as connection:
        found = connection.execute(wanted.order_by(comparison_cells.c.criteria_set, comparison_cells.c.ordinal))
        return tuple(dict(line) for line in found.mappings())


def record_changes(store: Store, changes: Sequence[Change]) -> None:
    """Add what became different in the matrix, now."""
    now = datetime.now(UTC)
    names = ("criteria_set", "place", "plan", "criterion", "before", "after")
    lines = [storable({name: getattr(one, name) for name in names}) | {"found_at": now} for one in changes]
    if lines:
        with writing(store.engine) as connection:
            connection.execute(insert(matrix_changes), lines)


def changes_since(store: Store, moment: datetime, criteria_set: str | None = None) -> tuple[Change, ...]:
    """What became different in the matrix after a moment (with its time zone), the oldest first."""
    wanted = select(matrix_changes).where(matrix_changes.c.found_at > moment.astimezone(UTC))
    if criteria_set:
        wanted = wanted.where(matrix_changes.c.criteria_set == criteria_set)
    with reading(store.engine) as connection:
        found = connection.execute(wanted.order_by(matrix_changes.c.change_id)).mappings()
        lines = [dict(line) | {"found_at": aware(line["found_at"])} for line in found]
    return tuple(Change(**{name: value for name, value in line.items() if name != "change_id"}) for line in lines)
