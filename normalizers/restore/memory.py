"""What a document has already shown: which word follows which, learned from its own confident words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normalizers.restore.language import pair_keys

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_SHARE = 0.12
_KAPPA = 1.5


@dataclass(frozen=True, slots=True)
class Memory:
    """log P(word | word before) in the document, by sorted pair keys; empty before the first pass."""

    keys: npt.NDArray[np.uint64]
    values: Floats
    """What share of the words behind the first one is the second."""

    @classmethod
    def empty(cls) -> Memory:
        """The memory of a document that was not read yet."""
        return cls(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.float32))

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int, float]]) -> Memory:
        """The memory of (word, word behind it, weight)."""
        counts: Counter[tuple[int, int]] = Counter()
        total: Counter[int] = Counter()
        for first, second, weight in pairs:
            counts[first, second] += weight  # type: ignore[assignment]
            total[first] += weight  # type: ignore[assignment]
        rows = sorted((first, second, count / (total[first] + _KAPPA)) for (first, second), count in counts.items())
        if not rows:
            return cls.empty()
        before, after = (np.array([row[place] for row in rows], dtype=np.int64) for place in (0, 1))
        keys = pair_keys(before, after)
        return cls(keys, np.array([row[2] for row in rows], dtype=np.float32))

    def mixed(self, first: Ints, second: Ints, gain: Floats) -> Floats:
        """The log-probabilities of the language model mixed with those of the document."""
        if not len(self.keys):
            return gain
        keys = pair_keys(first, second)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        share = np.where(self.keys[place] == keys, self.values[place], np.float32(0))
        return np.log((1 - _SHARE) * np.exp(gain) + _SHARE * share).astype(np.float32)
