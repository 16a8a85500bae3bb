"""Slips of OCR in the training text ("XÃ HỌI CHỦ NGHĨA", "bao gôm"), put right by what stands there elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from normalizers.restore.alphabet import bare, is_syllable
from normalizers.restore.language import SPECIAL, WORD_BITS

Ints = npt.NDArray[np.int64]
_RARER = 20
"""A slip is a word so many times rarer than one of the same letters."""
_LESS_USUAL = 10
"""Between the same two neighbours the other word is so many times as usual."""


def repaired(ids: Ints, words: Sequence[str]) -> tuple[Ints, int]:
    """The word numbers with slips put right, and how many there were."""
    size = len(SPECIAL) + len(words)
    counts = np.bincount(ids, minlength=size)
    siblings = _siblings(words, counts)
    keys, found = np.unique(_triples(ids[:-2], ids[1:-1], ids[2:]), return_counts=True)
    places = np.flatnonzero((siblings[ids[1:-1]] >= 0).any(axis=1)) + 1
    before, here, after = ids[places - 1], ids[places], ids[places + 1]
    own = _count(_triples(before, here, after), keys, found)
    best, chosen = np.zeros(len(places), dtype=np.int64), here.copy()
    for column in siblings.T:
        other = column[here]
        usual = np.where(other >= 0, _count(_triples(before, np.maximum(other, 0), after), keys, found), 0)
        better = usual > best
        best, chosen = np.where(better, usual, best), np.where(better, other, chosen)
    slips = best >= _LESS_USUAL * own
    result = ids.copy()
    result[places[slips]] = chosen[slips]
    return result, int(slips.sum())


def _siblings(words: Sequence[str], counts: Ints) -> Ints:
    """For each word number the much more common words of the same letters, padded with -1."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, word in enumerate(words):
        if is_syllable(word):
            groups[bare(word)].append(index + len(SPECIAL))
    table = np.full((len(counts), max(map(len, groups.values()))), -1, dtype=np.int64)
    for group in groups.values():
        for number in group:
            common = [other for other in group if counts[other] >= _RARER * max(1, counts[number])]
            table[number, : len(common)] = common
    return table


def _triples(first: Ints, second: Ints, third: Ints) -> Ints:
    return (((first << WORD_BITS) | second) << WORD_BITS) | third


def _count(asked: Ints, keys: Ints, counts: Ints) -> Ints:
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[place] == asked, counts[place], 0)
