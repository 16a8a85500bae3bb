"""Which of a new reading's rows is the row that a person decided on, when its text or place has shifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from normalizers.fold import search_key
from schemas.task import TaskRow

MOST_LETTERS = 2_000
"""So much of a text is compared."""
SAME_PLACE, ELSEWHERE, DROPPED = 0.6, 0.8, 0.9
"""How alike two texts must be: at the same path, anywhere, and where the row would vanish."""
FOR_PATH, FOR_ORDER = 0.15, 0.05
"""What the same path and a like place in the order add: less than what a changed word takes away."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row as it was last seen: its ids (the people's and the machine's), path, text and place in 0–1."""

    task_id: str
    machine_id: str | None
    path: str
    text: str
    place: float
    dropped: bool = False


def find_anchors(anchors: Sequence[Anchor], rows: Sequence[TaskRow]) -> list[int | None]:
    """For each anchor the index of its row, None where no row is like enough; no row is given twice.

    The same id comes first, then the likeness of the text, with path and order deciding between like texts.
    """
    found: list[int | None] = [None] * len(anchors)
    by_id = {row.task_id: place for place, row in enumerate(rows)}
    for ids in ([anchor.task_id for anchor in anchors], [anchor.machine_id for anchor in anchors]):
        taken = set(found)
        for place, one in enumerate(ids):
            row = by_id.get(one) if one else None
            if found[place] is None and row is not None and row not in taken:
                found[place] = row
                taken.add(row)
    _by_likeness(anchors, rows, found)
    return found


def _by_likeness(anchors: Sequence[Anchor], rows: Sequence[TaskRow], found: list[int | None]) -> None:
    lost = [place for place, row in enumerate(found) if row is None]
    free = sorted(set(range(len(rows))) - set(found))
    if not lost or not free:
        return
    pairs = []
    likeness = _likeness([anchors[place].text for place in lost], [rows[place].text for place in free])
    for i, j in np.argwhere(likeness >= SAME_PLACE):
        anchor, row, place = anchors[lost[i]], rows[free[j]], free[j] / max(1, len(rows) - 1)
        same_path = anchor.path == row.path
        least = DROPPED if anchor.dropped else SAME_PLACE if same_path else ELSEWHERE
        if likeness[i, j] >= least:
            score = likeness[i, j] + FOR_PATH * same_path + FOR_ORDER * (1 - abs(anchor.place - place))
            pairs.append((-score, lost[i], free[j]))
    taken: set[int] = set()
    for _, anchor_place, row_place in sorted(pairs):
        if found[anchor_place] is None and row_place not in taken:
            found[anchor_place] = row_place
            taken.add(row_place)


def _likeness(old: Sequence[str], new: Sequence[str]) -> np.ndarray:
    """The likeness in 0–1 of each old text with each new one, in words without diacritics."""
    keys = [[search_key(text)[:MOST_LETTERS] for text in texts] for texts in (old, new)]
    return process.cdist(*keys, scorer=fuzz.ratio, score_cutoff=100 * SAME_PLACE, dtype=np.float32) / 100
