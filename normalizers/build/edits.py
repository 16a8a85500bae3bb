"""The channel's character edits, learned from pairs of words by expectation maximisation over best alignments."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

from normalizers.restore.alphabet import MARKED, bare

Edit = tuple[str, str]
_ROUNDS = 6
_STEPS = ((1, 0), (1, 1), (1, 2), (1, 3), (2, 1), (0, 1))
_FIRST_GUESS = {(1, 0): -6.0, (1, 2): -5.0, (1, 3): -7.0, (2, 1): -6.0, (0, 1): -7.0}
_UNSEEN = -13.0
_KAPPA = 4.0
_FLOOR = 2e-5


def best_edits(clean: str, noisy: str, cost: dict[Edit, float]) -> list[Edit]:
    """The edits of the likeliest alignment of two words."""
    rows, columns = len(clean), len(noisy)
    best = [[-math.inf] * (columns + 1) for _ in range(rows + 1)]
    back: dict[tuple[int, int], tuple[int, int]] = {}
    best[0][0] = 0.0
    for i in range(rows + 1):
        for j in range(columns + 1):
            for di, dj in _STEPS:
                if i < di or j < dj:
                    continue
                edit = (clean[i - di : i], noisy[j - dj : j])
                total = best[i - di][j - dj] + cost.get(edit, _guess(edit))
                if total > best[i][j]:
                    best[i][j], back[i, j] = total, (di, dj)
    edits, i, j = [], rows, columns
    while i or j:
        di, dj = back[i, j]
        edits.append((clean[i - di : i], noisy[j - dj : j]))
        i, j = i - di, j - dj
    return edits


def _guess(edit: Edit) -> float:
    """The log-probability of an edit before any is learned: like letters are near."""
    clean, noisy = edit
    if len(clean) == len(noisy) == 1:
        if clean == noisy:
            return -0.1
        return -1.0 if bare(clean).lower() == bare(noisy).lower() else -5.0
    near = bool(clean and noisy) and bare(clean[0]).lower() in bare(noisy).lower()
    return _FIRST_GUESS[len(clean), len(noisy)] + (2.0 if near else 0.0) - 3.0


def learned(pairs: Counter[Edit]) -> dict[Edit, float]:
    """The log-probability of each edit given what was printed, smoothed over letters of the same base."""
    cost: dict[Edit, float] = {}
    for _ in range(_ROUNDS):
        counts: Counter[Edit] = Counter()
        for (clean, noisy), count in sorted(pairs.items()):
            if len(noisy) <= len(clean) + 4:
                for edit in best_edits(clean, noisy, cost):
                    counts[edit] += count
        cost = _probabilities(counts)
    return _smoothed(counts)


def _probabilities(counts: Counter[Edit]) -> dict[Edit, float]:
    single = sum(count for (clean, _), count in counts.items() if len(clean) == 1)
    total: Counter[str] = Counter()
    for (clean, _), count in counts.items():
        total[clean] += count
    return {
        edit: math.log(
            count / (single if not edit[0] else total[edit[0][:1]] if len(edit[0]) > 1 else total[edit[0]])
        )
        for edit, count in counts.items()
        if total[edit[0][:1]]
    }


def _smoothed(counts: Counter[Edit]) -> dict[Edit, float]:
    """Counts made probabilities: an unseen reading of ắ borrows from those of ă, â, á … and from the small letter."""
    letters = [*MARKED, *"abcdefghijklmnopqrstuvwxyz"]
    letters += [letter.upper() for letter in letters]
    total: Counter[str] = Counter()
    family: dict[str, Counter[str]] = defaultdict(Counter)
    for (clean, noisy), count in counts.items():
        total[clean] += count
        if len(clean) == 1 and clean.lower() in MARKED:
            family[bare(clean)][noisy] += count
    result = {
        edit: math.log(count / max(1, total[edit[0][:1]])) for edit, count in counts.items() if len(edit[0]) != 1
    }
    for letter in letters:
        seen = {noisy: count for (clean, noisy), count in counts.items() if clean == letter}
        kin = family[bare(letter)] if letter.lower() in MARKED else Counter()
        weight = max(1, sum(kin.values()))
        same = {letter: 0.4, bare(letter): 0.4}
        for noisy in sorted({*seen, *kin, *same}):
            borrowed = 0.25 * kin[noisy] / weight + 0.5 * same.get(noisy, 0.0) + _FLOOR
            result[letter, noisy] = math.log((seen.get(noisy, 0) + _KAPPA * borrowed) / (total[letter] + _KAPPA))
    return {edit: value for edit, value in result.items() if value > math.log(_FLOOR)}
