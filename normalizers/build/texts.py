"""Texts and marks for measuring: syllables as they are scored, errors by edit distance, baselines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from normalizers.restore.alphabet import early_tone
from normalizers.restore.damage import GLYPHS

_WORD = re.compile(r"[^\W_]+")


def syllables(text: str) -> list[str]:
    """The words of a text as they are scored: lower case, tone marks in one place, without plain numbers.

    >>> syllables("Uỷ ban, số 5: Văn hoá")
    ['ủy', 'ban', 'số', 'văn', 'hóa']
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text).translate(GLYPHS).lower())
    return [early_tone(word) for word in words if not word.isdigit()]


@dataclass(frozen=True, slots=True)
class Score:
    """How many syllables the truth has and how many edits lead from it to the output."""

    total: int = 0
    errors: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.total + other.total, self.errors + other.errors)

    @property
    def accuracy(self) -> float:
        """Per cent of the syllables that are right."""
        return 100 - 100 * self.errors / max(1, self.total)


def score(truth: str, output: str) -> Score:
    """The score of an output.

    >>> score("Ủy ban nhân dân", "Uy ban nhân dân").accuracy
    75.0
    """
    wanted = syllables(truth)
    return Score(len(wanted), Levenshtein.distance(wanted, syllables(output)))


def digit_tokens(text: str) -> list[str]:
    """The tokens with three or more digits, or joined by a slash, dot or hyphen, that must never change."""
    return _PROTECTED.findall(text)


_PROTECTED = re.compile(r"(?:\d+[./-])+\d+|\d{3,}")


def paired(truth: str, output: str) -> Iterator[tuple[str, str]]:
    """Yield the syllables of truth and output that stand at the same place, "" where one has none."""
    wanted, found = syllables(truth), syllables(output)
    for code in Levenshtein.opcodes(wanted, found):
        left = wanted[code.src_start : code.src_end]
        right = found[code.dest_start : code.dest_end]
        for number in range(max(len(left), len(right))):
            yield (left[number] if number < len(left) else "", right[number] if number < len(right) else "")
