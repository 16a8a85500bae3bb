"""What became of each duty from one plan to another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import ScoreAlignment

from normalizers.bodies import body_key
from pipeline.compare.phrases import plain
from pipeline.compare.plans import Plan
from pipeline.compare.prepared import Vector, Weights, content_words, cosine, recall
from schemas.task import LeadBasis, TaskRow

_SAME_DUTY = 0.48
"""Likeness from which two rows are the same duty in other words."""
_HELD = 0.86
"""Share of a piece's words that must stand in the row that it was split from."""
_STANDS = 85.0
"""Likeness, of 100, of a piece with the stretch of the row in which it stands."""
_OVERLAP = 0.2
_WHOLE = 0.8
"""Share of a row's letters that its pieces must fill together."""
_NEAR = 0.4
"""Share of the words of a row without partner, or of the other row, from which a look at the other is worth it."""
_MOST_NEAR = 2
_FEWEST_WORDS = 3
_ENOUGH_WORDS = 8
"""Under so many words a short row stands in many a long one by chance."""


class Change(StrEnum):
    """What happened to a duty."""

    KEPT = "kept"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    DROPPED = "dropped"
    NEW = "new"


CHANGE_WORDS = {
    Change.KEPT: "Giữ nguyên",
    Change.REWORDED: "Đổi lời",
    Change.SPLIT: "Tách",
    Change.MERGED: "Gộp",
    Change.DROPPED: "Bỏ",
    Change.NEW: "Mới",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One duty: the old rows, the new rows, what happened, and what else changed.

    `lead` and `time` hold (before, after) where they changed, `likeness` is 0–1. `near` holds rows of the other plan
    in which a dropped duty may live on, or from which a new one may come, the nearest first: for a person to look at.
    """

    change: Change
    old: tuple[TaskRow, ...]
    new: tuple[TaskRow, ...]
    likeness: float
    lead: tuple[str, str] | None = None
    time: tuple[str, str] | None = None
    near: tuple[TaskRow, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """The move as plain data."""
        return {
            "change": str(self.change),
            "label": CHANGE_WORDS[self.change],
            "old": [{"path": row.path, "task_id": row.task_id, "text": row.text} for row in self.old],
            "new": [{"path": row.path, "task_id": row.task_id, "text": row.text} for row in self.new],
            "likeness": round(self.likeness, 3),
            "lead_changed": list(self.lead) if self.lead else None,
            "deadline_changed": list(self.time) if self.time else None,
            "near": [row.path for row in self.near],
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """The moves from one plan to another, in the order of the new plan, the dropped ones last."""

    old: str
    new: str
    moves: tuple[Move, ...]

    def summary(self) -> list[str]:
        """Vietnamese sentences with the moves grouped."""
        counts = Counter(move.change for move in self.moves)
        lines = [
            f"{counts[change]} nhiệm vụ: {word.lower()}." for change, word in CHANGE_WORDS.items() if counts[change]
        ]
        return [*lines, *_lead_groups(self.moves), *_time_groups(self.moves)]

    def to_record(self) -> dict[str, Any]:
        """The difference as plain data."""
        return {
            "old": self.old,
            "new": self.new,
            "summary": self.summary(),
            "moves": [move.to_record() for move in self.moves],
        }


def _lead_groups(moves: Sequence[Move]) -> Iterator[str]:
    changed = [move for move in moves if move.lead]
    given = sum(move.lead[0] == "" for move in changed if move.lead)
    lost = sum(move.lead[1] == "" for move in changed if move.lead)
    if given:
        yield f"{given} nhiệm vụ được giao cơ quan chủ trì, trước không giao."
    if lost:
        yield f"{lost} nhiệm vụ không còn giao cơ quan chủ trì."
    others = Counter(move.lead for move in changed if move.lead and all(move.lead))
    for (before, after), count in sorted(others.items(), key=lambda one: (-one[1], one[0])):
        yield f"{count} nhiệm vụ chuyển chủ trì từ {before} sang {after}."


def _time_groups(moves: Sequence[Move]) -> Iterator[str]:
    changed = [move.time for move in moves if move.time]
    if changed:
        yield f"{len(changed)} nhiệm vụ đổi thời hạn hoặc nhịp."


def diff_plans(old: Plan, new: Plan) -> Diff:
    """The moves from the old plan's rows to the new plan's."""
    return Diff(old.name, new.name, tuple(_Aligner(old, new).moves()))


class _Aligner:
    """Pairs rows: the same words first, then pieces, then likeness; each row is used once."""

    def __init__(self, old: Plan, new: Plan) -> None:
        self.plans = (old, new)
        self.old, self.new = old.rows, new.rows
        counts = [[Counter(content_words(row.text)) for row in rows] for rows in (self.old, self.new)]
        self.counts = counts
        weights = Weights.of(row.text for row in (*self.old, *self.new))
        self.vectors: list[list[Vector]] = [[weights.vector(one) for one in side] for side in counts]
        self.keys = [[plain(row.text) for row in rows] for rows in (self.old, self.new)]
        self.free: tuple[set[int], set[int]] = (set(range(len(self.old))), set(range(len(self.new))))

    def moves(self) -> list[Move]:
        found = [*self._same(), *self._pieces(Change.SPLIT), *self._pieces(Change.MERGED), *self._alike()]
        found += [Move(Change.NEW, (), (self.new[at],), 0.0, near=self._near(1, at)) for at in self.free[1]]
        found += [Move(Change.DROPPED, (self.old[at],), (), 0.0, near=self._near(0, at)) for at in self.free[0]]
        return sorted(found, key=self._place)

    def _place(self, move: Move) -> tuple[bool, int]:
        rows, side = (move.new, self.new) if move.new else (move.old, self.old)
        return (not move.new, next(at for at, row in enumerate(side) if row is rows[0]))

    def _take(self, olds: Sequence[int], news: Sequence[int], change: Change, likeness: float) -> Move:
        self.free[0].difference_update(olds)
        self.free[1].difference_update(news)
        before, after = tuple(self.old[at] for at in olds), tuple(self.new[at] for at in news)
        alone = len(before) == len(after) == 1
        lead = _lead_change(before[0], after[0], self.plans) if alone else None
        time = _time_change(before[0], after[0]) if alone else None
        return Move(change, before, after, likeness, lead, time)

    def _same(self) -> Iterator[Move]:
        places: dict[str, list[int]] = defaultdict(list)
        for at in sorted(self.free[0]):
            places[self.keys[0][at]].append(at)
        for at in sorted(self.free[1]):
            waiting = places[self.keys[1][at]]
            if waiting:
                same_path = [one for one in waiting if self.old[one].path == self.new[at].path]
                chosen = (same_path or waiting)[0]
                waiting.remove(chosen)
                yield self._take([chosen], [at], Change.KEPT, 1.0)

    def _pieces(self, change: Change) -> Iterator[Move]:
        """Rows whose text stands in one row of the other plan: a split of it, or merged into it."""
        whole, piece = (0, 1) if change is Change.SPLIT else (1, 0)
        held: dict[int, list[tuple[int, ScoreAlignment]]] = defaultdict(list)
        for at in sorted(self.free[piece]):
            found = self._holder(whole, piece, at)
            if found is not None:
                held[found[0]].append((at, found[1]))
        for one, pieces in held.items():
            chosen, share = _tiles(pieces, len(self.keys[whole][one]))
            if len(chosen) > 1 and share >= _WHOLE:
                olds, news = ([one], chosen) if change is Change.SPLIT else (chosen, [one])
                yield self._take(olds, news, change, share)

    def _holder(self, whole: int, piece: int, at: int) -> tuple[int, ScoreAlignment] | None:
        """The row in which the piece stands best, and where."""
        best: tuple[int, ScoreAlignment] | None = None
        key = self.keys[piece][at]
        if len(self.counts[piece][at]) < _FEWEST_WORDS:
            return None
        for one in sorted(self.free[whole]):
            if len(key) >= len(self.keys[whole][one]):
                continue
            if recall(self.vectors[piece][at], self.vectors[whole][one]) < _HELD:
                continue
            found = fuzz.partial_ratio_alignment(key, self.keys[whole][one], score_cutoff=_STANDS)
            if found is not None and (best is None or found.score > best[1].score):
                best = (one, found)
        return best

    def _alike(self) -> Iterator[Move]:
        pairs = sorted(
            (
                (-self._likeness(first, second), first, second)
                for first in self.free[0]
                for second in self.free[1]
                if self.old[first].kind is self.new[second].kind
            ),
        )
        for score, first, second in pairs:
            if -score < _SAME_DUTY:
                return
            if first in self.free[0] and second in self.free[1]:
                yield self._take([first], [second], Change.REWORDED, -score)

    def _near(self, side: int, at: int) -> tuple[TaskRow, ...]:
        """The rows of the other plan that share much with a row without partner, whether they have one or not."""
        mine, others = self.vectors[side][at], self.vectors[1 - side]
        rows = (self.new, self.old)[side]
        enough = [len(one) >= _FEWEST_WORDS for one in others]
        shares = [max(recall(mine, other), recall(other, mine)) for other in others]
        order = sorted((-share, place) for place, share in enumerate(shares) if share >= _NEAR and enough[place])
        return tuple(rows[place] for _, place in order[:_MOST_NEAR])

    def _likeness(self, first: int, second: int) -> float:
        by_words = cosine(self.vectors[0][first], self.vectors[1][second])
        keys = self.keys[0][first], self.keys[1][second]
        by_letters = max(fuzz.ratio(*keys), fuzz.token_sort_ratio(*keys)) / 100
        vectors = self.vectors[0][first], self.vectors[1][second]
        shorter = min(len(vectors[0]), len(vectors[1]))
        held = max(recall(*vectors), recall(*reversed(vectors))) * min(1.0, shorter / _ENOUGH_WORDS)
        return 0.4 * by_words + 0.3 * by_letters + 0.3 * held


def _tiles(pieces: Sequence[tuple[int, ScoreAlignment]], length: int) -> tuple[list[int], float]:
    """The pieces that lie beside each other, in the order of the text, and the share of it that they fill, 0–1."""
    chosen: list[tuple[int, int, int]] = []
    for at, found in sorted(pieces, key=lambda one: (-one[1].score, one[0])):
        start, end = found.dest_start, found.dest_end
        overlap = sum(max(0, min(end, other[1]) - max(start, other[0])) for other in chosen)
        if overlap <= (end - start) * _OVERLAP:
            chosen.append((start, end, at))
    filled = sum(end - start for start, end, _ in chosen) / max(1, length)
    return [at for _, _, at in sorted(chosen)], min(1.0, filled)


def _lead_change(before: TaskRow, after: TaskRow, plans: tuple[Plan, Plan]) -> tuple[str, str] | None:
    sides = []
    for row, plan in zip((before, after), plans, strict=True):
        issuer = str(plan.document.get("issuer") or "")
        named = () if row.lead_basis is LeadBasis.ISSUER else row.lead
        sides.append((frozenset(body_key(body, issuer) for body in named), "; ".join(named)))
    return None if sides[0][0] == sides[1][0] else (sides[0][1], sides[1][1])


def _time_change(before: TaskRow, after: TaskRow) -> tuple[str, str] | None:
    if (before.start, before.due, before.recurrence) == (after.start, after.due, after.recurrence):
        return None
    return _time(before), _time(after)


def _time(row: TaskRow) -> str:
    days = " – ".join(day for day in (row.start, row.due) if day)
    return "; ".join(part for part in (days, row.recurrence or "") if part)
