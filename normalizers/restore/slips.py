"""Slips of Vietnamese OCR: what its confidence says of a word."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from normalizers.restore.alphabet import early_tone
from normalizers.restore.channel import Candidates


@dataclass(frozen=True, slots=True)
class Slips:
    """`gains` gives for each range of confidence from `edges` on what speaks for the word as read and for another.

    `numbers` are those of the known words, as candidates have them.
    """

    edges: Sequence[float]
    gains: Sequence[tuple[float, float]]
    numbers: Mapping[str, int]

    def odds(self, sure: float | None) -> tuple[float, float]:
        """What a confidence (0–100) adds to log P of the word as read, and of every other word."""
        return (0.0, 0.0) if sure is None else self.gains[bisect_right(self.edges, sure) - 1]

    def weighed(self, found: Candidates, form: str, sure: float | None) -> Candidates:
        """The candidates of a form with what its confidence says of them."""
        same, other = self.odds(sure)
        own = self.numbers.get(early_tone(form.lower()), -1)
        gain = np.where(found.words == own, np.float32(same), np.float32(other))
        return Candidates(found.words, (found.scores + gain).astype(np.float32), found.cases)
