"""The channel of Vietnamese OCR: its readings and edits, and what its confidence says, from pages of known text."""

from __future__ import annotations

import csv
import gzip
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from normalizers.build.pairs import Pair, aligned, word_pair
from normalizers.restore.alphabet import early_tone

_EDGES = (0, 20, 40, 55, 65, 75, 82, 87, 90, 92, 94, 95, 96, 97)
"""Where ranges of confidence begin (0–100)."""
_PSEUDO = 2.0


def slip_pairs(path: Path) -> Iterator[tuple[Pair, float]]:
    """Yield the words of a table of poor pages with their readings and the confidence of each (0–100)."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            clean = unicodedata.normalize("NFC", row["clean"]).split()
            noisy = unicodedata.normalize("NFC", row["noisy"]).split()
            sure = dict(enumerate(map(float, row["confidences"].split())))
            place = 0
            for left, right in aligned(clean, noisy):
                if len(left) == len(right) == 1 and (pair := word_pair(left[0], right[0])):
                    yield (pair[0], early_tone(pair[1])), sure.get(place, 0.0)
                place += len(right)


def counted(paths: Sequence[Path]) -> tuple[Counter[Pair], list[tuple[float, float, float]]]:
    """How often each word was read in each way, and the odds of each range of confidence."""
    pairs: Counter[Pair] = Counter()
    right: Counter[int] = Counter()
    wrong: Counter[int] = Counter()
    for path in paths:
        for pair, sure in slip_pairs(path):
            pairs[pair] += 1
            place = max(index for index, edge in enumerate(_EDGES) if sure >= edge)
            (right if pair[0] == pair[1] else wrong)[place] += 1
    return pairs, _odds(right, wrong)


def _odds(right: Counter[int], wrong: Counter[int]) -> list[tuple[float, float, float]]:
    """For each range of confidence its edge, and what it adds to log P of the word as read and of any other."""
    rate = (wrong.total() + _PSEUDO) / (right.total() + wrong.total() + 2 * _PSEUDO)
    rows = []
    for place, edge in enumerate(_EDGES):
        here = (wrong[place] + _PSEUDO * rate) / (right[place] + wrong[place] + _PSEUDO)
        rows.append((float(edge), math.log((1 - here) / (1 - rate)), math.log(here / rate)))
    return rows
