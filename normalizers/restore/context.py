"""What the words around a place say of the words it may hold: a small neural network, computed with numpy.

The language model sees two words to either side; the network sees eight, and the mean of those further off. It was
trained on what the language model had not decided (`normalizers/build/context.py`), so the two may be added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normalizers.restore.language import BREAK, UNKNOWN

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Packed = dict[str, npt.NDArray[Any]]
NEAR, FAR = 8, 32
"""Words to either side that are seen one by one, and up to which they are seen as a mean."""
AROUND = np.array([step for step in range(-NEAR, NEAR + 1) if step])
WEIGHTS = ("words", "window", "hidden", "out")
_WEIGHT = 0.6
"""The share of the network that made the fewest mistakes on corpus text neither it nor the pairs had seen."""
_MOST = 6.0
_AT_ONCE = 1024
_NONE = -1


def _gelu(value: Floats) -> Floats:
    result: Floats = 0.5 * value * (1 + np.tanh(0.7978845608 * (value + 0.044715 * value**3)))
    return result


def packed(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """A matrix in 8 bits, and the step of each of its rows."""
    step = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-9) / 127
    return np.round(weights / step).astype(np.int8), step.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the network says in each place of a passage; `first` is the word read there before, -1 for none."""

    network: Network
    outputs: Floats
    first: Ints

    def gains(self, places: Ints, words: Ints) -> Floats:
        """What is added (nats) to each word in its place: how much better it fits than the one read first.

        Where that was no word of the model, the best of those asked about keeps its score.
        """
        result = np.zeros(len(words), dtype=np.float32)
        asked = np.flatnonzero(self.first[places] != _NONE)
        place, word = places[asked], words[asked]
        fit = self.network.fit(self.outputs[place], word)
        before = np.full(len(self.first), -np.inf, dtype=np.float32)
        counts = (word == self.first[place]) | (self.first[place] == UNKNOWN)
        np.maximum.at(before, place[counts], fit[counts])
        gain = np.clip(fit - before[place], -_MOST, _MOST)
        result[asked] = _WEIGHT * np.where(np.isfinite(before[place]), gain, np.float32(0))
        return result


@dataclass(frozen=True, slots=True)
class Network:
    """Words as vectors, the words around a place turned into a vector that should be near that of its word."""

    words: Floats
    bias: Floats
    window: Floats
    window_bias: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats

    @classmethod
    def of(cls, arrays: Packed) -> Network:
        """The network of the arrays of its file: matrices of 8 bits with a step for each row, biases."""
        values = {name: (arrays[name].astype(np.float32) * arrays[f"{name}_step"]).T for name in WEIGHTS}
        biases = {name: arrays[name].astype(np.float32) for name in ("bias", *(f"{n}_bias" for n in WEIGHTS[1:]))}
        return cls(words=np.ascontiguousarray(values.pop("words").T), **values, **biases)

    def opinion(self, sequence: Ints, places: Iterable[tuple[int, int, int]], n_places: int) -> Opinion:
        """The opinion of a text read as `sequence`; `places` are (place, its word's index in it, the word)."""
        rows = np.array(list(places), dtype=np.int64).reshape(-1, 3)
        first = np.full(n_places, _NONE, dtype=np.int64)
        first[rows[:, 0]] = rows[:, 2]
        outputs = np.zeros((n_places, self.words.shape[1]), dtype=np.float32)
        edge = np.full(FAR, BREAK, dtype=np.int64)
        vectors = self.words[np.concatenate([edge, sequence, edge])]
        sums = np.concatenate([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0, dtype=np.float64)])
        for low in range(0, len(rows), _AT_ONCE):
            part = rows[low : low + _AT_ONCE]
            outputs[part[:, 0]] = self._outputs(vectors, sums, part[:, 1] + FAR)
        return Opinion(self, outputs, first)

    def _outputs(self, vectors: Floats, sums: npt.NDArray[np.float64], at: Ints) -> Floats:
        near = vectors[at[:, None] + AROUND].reshape(len(at), -1)
        left = (sums[at - NEAR] - sums[at - FAR]) / (FAR - NEAR)
        right = (sums[at + FAR + 1] - sums[at + NEAR + 1]) / (FAR - NEAR)
        seen = np.concatenate([near, left, right], axis=1, dtype=np.float32)
        hidden = _gelu(seen @ self.window + self.window_bias)
        hidden += _gelu(hidden @ self.hidden + self.hidden_bias)
        result: Floats = hidden @ self.out + self.out_bias
        return result

    def fit(self, outputs: Floats, words: Ints) -> Floats:
        """How well each word fits what the network gives for its place."""
        result: Floats = np.einsum("nd,nd->n", outputs, self.words[words]) + self.bias[words]
        return result
