"""Slips of Vietnamese OCR: what its confidence says of a word, and which changes may be made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from normalizers.restore.alphabet import Case, bare, case_of, early_tone
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


_LONGER = 1
_LEAST = {Case.LOWER: 0.9, Case.TITLE: 0.97, Case.UPPER: 0.97}
_LEAST_KNOWN = {Case.LOWER: 0.98, Case.TITLE: 0.99, Case.UPPER: 0.995}


def is_slip(source: str, chosen: str, skeletons: Container[str]) -> bool:
    """Whether `chosen` may be what was printed where `source` was read: no abbreviation, no foreign word, no letter.

    >>> [is_slip(source, "kiểm", {"kiem", "tu"}) for source in ("kiếm", "kiem", "email", "TU", "5G")]
    [True, True, False, False, False]
    >>> is_slip("sơsinh", "sơ sinh", set()), is_slip("độingũ", "động", set())
    (True, False)
    """
    if not source.isalpha() or not (source.isupper() or source[1:] == source[1:].lower()):
        return False
    if source.isascii() and (source.isupper() or bare(source.lower()) not in skeletons):
        return False
    if " " in chosen:
        return bare(chosen.replace(" ", "")) == bare(source)
    return min(len(source), len(chosen)) > 1 and abs(len(source) - len(chosen)) <= _LONGER


def least_posterior(source: str, is_known: bool) -> float:
    """How sure another word must be (0–1) to take the place of the one that was read.

    >>> least_posterior("kiếm", is_known=True) < least_posterior("Kiếm", is_known=True)
    True
    """
    return (_LEAST_KNOWN if is_known else _LEAST)[case_of(source)]
