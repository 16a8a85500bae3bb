"""The syllable language model: log-probabilities of many words in their contexts at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normalizers.restore.static_map import Keys, StaticMap

SPECIAL = ("<gap>", "<s>", "<num>", ",", "<unk>")
GAP, BREAK, NUMBER, COMMA, UNKNOWN = range(5)
WORD_BITS = 15
STEP = 0.0625
"""Log-probabilities are kept in steps of this many nats."""
LOWEST = 255

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


def pair_keys(first: Ids, second: Ids) -> Keys:
    """The key of each pair of words."""
    return ((first << WORD_BITS) | second).astype(np.uint64)


def triple_keys(first: Ids, second: Ids, third: Ids) -> Keys:
    """The key of each triple of words."""
    return ((((first << WORD_BITS) | second) << WORD_BITS) | third).astype(np.uint64)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A trigram model with back-off; words are numbers, `unigrams` holds log-probability and back-off by word.

    `pairs` maps a pair to its log-probability (8 bits) and its back-off (8 bits above), `triples` a triple to
    its log-probability (8 bits), all in steps of `STEP` below zero.
    """

    unigrams: Floats
    pairs: StaticMap
    triples: StaticMap

    def pair_scores(self, first: Ids, second: Ids) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """log P(second | first), the back-off weight of the pair as a history, and whether the pair is known."""
        value, known = self.pairs.get(pair_keys(first, second))
        probability = (value & 0xFF).astype(np.float32) * np.float32(-STEP)
        backoff = ((value >> 8) & 0xFF).astype(np.float32) * np.float32(-STEP)
        lower = self.unigrams[1][first] + self.unigrams[0][second]
        return np.where(known, probability, lower), np.where(known, backoff, np.float32(0)), known

    def triple_scores(
        self, first: Ids, second: Ids, third: Ids, lower: Floats, backoff: Floats, possible: npt.NDArray[np.bool_]
    ) -> Floats:
        """log P(third | first second), given log P(third | second) and the back-off of (first, second).

        `possible` says that both pairs are known: no triple was kept without them.
        """
        scores: Floats = backoff + lower
        asked = np.flatnonzero(possible)
        value, known = self.triples.get(triple_keys(first[asked], second[asked], third[asked]))
        found = asked[known]
        scores[found] = value[known].astype(np.float32) * np.float32(-STEP)
        return scores
