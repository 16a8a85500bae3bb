"""Every commune against every criterion, and what stands out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.compare.bodies_in_time import Flag
from schemas.criteria import Cell, Comparison, CriteriaSet, Criterion, Status

WORTH = {Status.COVERED: 1.0, Status.PARTIAL: 0.5, Status.MISSING: 0.0}
"""What a cell counts towards the share that a plan meets."""
FEW = 3
"""Up to so many plans every cell is written out; more of them are a map or a line each."""
_COMMITTEE = "Ủy ban nhân dân "
_LEAD, _WEAKER, _LATER = "no lead named", "cadence weaker", "time:"


@dataclass(frozen=True, slots=True)
class Weakness:
    """A criterion and how the plans meet it; `share` is 0–1, a partial cell counting half."""

    criterion: Criterion
    counts: dict[Status, int]
    doubtful: int
    share: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell in which the plan gives no lead, a rarer cadence or a later date than is asked."""

    plan: str
    criterion: str
    words: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Comparisons with one set, in the order of the plans; `flags` of each plan's bodies, () where nobody looked."""

    criteria: CriteriaSet
    comparisons: tuple[Comparison, ...]
    flags: tuple[tuple[Flag, ...], ...] = ()

    def weakest(self) -> list[Weakness]:
        """The criteria, the least met first."""
        found = [self._weakness(at, one) for at, one in enumerate(self.criteria.criteria)]
        return sorted(found, key=lambda one: (one.share, one.criterion.id))

    def _weakness(self, at: int, criterion: Criterion) -> Weakness:
        cells = [one.cells[at] for one in self.comparisons]
        counts = Counter(cell.status for cell in cells)
        share = sum(WORTH[cell.status] for cell in cells) / max(1, len(cells))
        return Weakness(criterion, dict(counts), sum(cell.doubtful for cell in cells), share)

    def unmet(self) -> list[Criterion]:
        """The criteria that no plan meets, not even in part."""
        return [one.criterion for one in self.weakest() if one.counts.get(Status.MISSING, 0) == len(self.comparisons)]

    def problems(self) -> list[Problem]:
        """The cells without lead, with a rarer cadence or a later date."""
        return [
            Problem(one.plan, cell.criterion, words)
            for one in self.comparisons
            for cell in one.cells
            for head, words in zip(cell.differences, cell.remarks, strict=True)
            if head.startswith((_LEAD, _WEAKER, _LATER))
        ]

    def gaps(self) -> list[tuple[Comparison, Cell]]:
        """The cells that are not covered, plan by plan."""
        return [(one, cell) for one in self.comparisons for cell in one.cells if cell.status is not Status.COVERED]


def share_met(comparison: Comparison) -> float:
    """The share of the criteria that a plan meets, 0–1; a partial cell counts half.

    >>> share_met(Comparison("", "", "", "", (), ()))
    0.0
    """
    return sum(WORTH[cell.status] for cell in comparison.cells) / max(1, len(comparison.cells))


def notes_of(matrix: Matrix) -> dict[str, list[str]]:
    """The notes, each once, and the plans that it is about: none named where it is about all."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in matrix.comparisons:
        for note in one.notes:
            found[note].append(short_name(one.plan))
    return {note: [] if len(plans) == len(matrix.comparisons) else plans for note, plans in found.items()}


def short_name(plan: str) -> str:
    """The name of an issuer as it fits a column.

    >>> short_name("Ủy ban nhân dân xã Hồng Châu")
    'xã Hồng Châu'
    """
    return plan.removeprefix(_COMMITTEE) or plan


def make_matrix(
    criteria: CriteriaSet, comparisons: Sequence[Comparison], flagged: Sequence[Sequence[Flag]] = ()
) -> Matrix:
    """The matrix of comparisons with one set, each with the flags of its plan where they are given."""
    return Matrix(criteria, tuple(comparisons), tuple(tuple(found) for found in flagged))
