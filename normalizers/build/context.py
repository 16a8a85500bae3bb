"""The network of the context, trained with torch on one thread: a fixed number of steps, all chance from one seed.

First it learns to tell words of the same letters by the words around them; then to add to what the language model and
the channel say of the places that these leave undecided. The words around a place are at times swapped for others of
the same letters, as an earlier reading may have got them wrong.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normalizers.build import context_examples, corpus, language
from normalizers.build.context_examples import Examples, Lists
from normalizers.build.restoration import corpus_of, write_asset
from normalizers.restore import assets
from normalizers.restore.context import AROUND, FAR, NEAR, WEIGHTS, packed
from normalizers.restore.language import BREAK, GAP, SPECIAL

Ints = npt.NDArray[np.int64]
_SEED = 7
_VECTOR, _HIDDEN = 96, 256
_BATCH, _NOISY_SHARE = 1024, 3 / 8
_STEPS = (2500, 2500)
_RATES = (4e-3, 2e-3)
_MISREAD = 0.02
_DROPPED = 0.15
_IMPOSSIBLE = -1e4


@dataclass(slots=True)
class Trainer:
    """The weights being trained, by name; `torch` is loaded only here, as the product does without it."""

    torch: Any
    weights: dict[str, Any]
    optimiser: Any

    @classmethod
    def of(cls, n_words: int, vector: int = _VECTOR, hidden: int = _HIDDEN) -> Trainer:
        """Weights drawn by chance from the seed."""
        torch = import_module("torch")
        torch.set_num_threads(1)
        torch.manual_seed(_SEED)
        torch.use_deterministic_algorithms(True)
        sizes = {"window": (hidden, (len(AROUND) + 2) * vector), "hidden": (hidden, hidden), "out": (vector, hidden)}
        weights = {"words": torch.randn(n_words, vector) * 0.15, "bias": torch.zeros(n_words)}
        for name, (rows, columns) in sizes.items():
            weights[name] = (torch.rand(rows, columns) * 2 - 1) / math.sqrt(columns)
            weights[f"{name}_bias"] = torch.zeros(rows)
        for value in weights.values():
            value.requires_grad_(True)
        return cls(torch, weights, torch.optim.Adam(weights.values(), lr=1.0, betas=(0.9, 0.98)))

    def fit(self, around: Ints, words: npt.NDArray[np.int16], dropped: float) -> Any:
        """How well each word fits its place; `around` has the words at all distances, FAR to either side."""
        torch, w = self.torch, self.weights
        functional = torch.nn.functional
        seen = torch.from_numpy(around)
        near = functional.embedding(seen[:, AROUND + FAR], w["words"]).flatten(1)
        left = functional.embedding_bag(seen[:, : FAR - NEAR], w["words"], mode="mean")
        right = functional.embedding_bag(seen[:, FAR + NEAR + 1 :], w["words"], mode="mean")
        hidden = torch.cat([near, left, right], 1) @ w["window"].T + w["window_bias"]
        hidden = functional.dropout(functional.gelu(hidden, approximate="tanh"), dropped)
        hidden = hidden + functional.gelu(hidden @ w["hidden"].T + w["hidden_bias"], approximate="tanh")
        out = hidden @ w["out"].T + w["out_bias"]
        asked = torch.from_numpy(np.maximum(words, 0).astype(np.int64))
        vectors = functional.embedding(asked, w["words"])
        scores = (vectors @ out.unsqueeze(-1)).squeeze(-1) + w["bias"][asked]
        return scores.masked_fill(torch.from_numpy(words < 0), _IMPOSSIBLE)

    def step(self, scores: Any, right: Ints, rate: float) -> float:
        """One step down; the loss before it."""
        loss = self.torch.nn.functional.cross_entropy(scores, self.torch.from_numpy(right))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return float(loss.detach())

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """The weights as the product's file has them: matrices of 8 bits, biases."""
        plain = {name: value.detach().numpy() for name, value in self.weights.items()}
        result: dict[str, npt.NDArray[np.generic]] = {}
        for name, value in sorted(plain.items()):
            if name in WEIGHTS:
                result[name], result[f"{name}_step"] = packed(value)
            else:
                result[name] = value
        return result


@dataclass(slots=True)
class Batches:
    """Draws the places of each step, and the words around them with a few misread."""

    ids: Ints
    table: Lists
    swaps: npt.NDArray[np.float64]
    rng: np.random.Generator

    @classmethod
    def of(cls, ids: Ints, table: Lists) -> Batches:
        """Words are misread as others of the same letters by the root of their number."""
        counts = np.bincount(ids, minlength=len(table.siblings))
        chance = np.where(table.siblings >= 0, np.sqrt(counts[table.siblings] + 1.0), 0)
        total = np.maximum(chance.sum(axis=1, keepdims=True), 1e-9)
        return cls(ids, table, np.cumsum(chance / total, axis=1), np.random.default_rng(_SEED))

    def around(self, places: Ints) -> Ints:
        """The words around the places, as an earlier reading may have read them."""
        words: Ints = self.ids[places[:, None] + np.arange(-FAR, FAR + 1)]
        n = int(words.size * _MISREAD)
        row, column = self.rng.integers(0, words.shape[0], n), self.rng.integers(0, words.shape[1], n)
        drawn = (self.rng.random(n)[:, None] > self.swaps[words[row, column]]).sum(axis=1)
        other = self.table.siblings[words[row, column], np.minimum(drawn, context_examples.MOST - 1)]
        words[row, column] = np.where(other >= 0, other, words[row, column])
        return words

    def anywhere(self) -> tuple[Ints, npt.NDArray[np.int16], Ints]:
        """(places, the words of the same letters, which is right) of places drawn from the whole text."""
        places = self.rng.integers(FAR, len(self.ids) - FAR, _BATCH)
        words = self.table.siblings[self.ids[places]]
        able = (self.ids[places] >= len(SPECIAL)) & (words[:, 1] >= 0)
        places, words = places[able], words[able]
        return places, words, (words == self.ids[places][:, None]).argmax(axis=1)

    def undecided(self, sources: Sequence[tuple[Examples, int]]) -> Examples:
        """So many examples of each source."""
        drawn = [(source, self.rng.integers(0, len(source.places), n)) for source, n in sources]
        parts = [Examples(s.places[i], s.words[i], s.scores[i], s.right[i]) for s, i in drawn]
        return Examples.joined(parts)


def trained(trainer: Trainer, batches: Batches, stripped: Examples, noisy: Examples, steps: tuple[int, int]) -> None:
    """Train the weights: `steps` on any places, then on those that the language model leaves undecided."""
    losses: list[float] = []
    for number in range(steps[0]):
        rate = _RATES[0] * min(1, (number + 1) / 100) * (1 - 0.6 * number / steps[0])
        places, words, right = batches.anywhere()
        losses.append(trainer.step(trainer.fit(batches.around(places), words, 0.0), right, rate))
        _tell("words around", number, losses)
    n_noisy = int(_BATCH * _NOISY_SHARE)
    for number in range(steps[1]):
        rate = _RATES[1] * min(1, (number + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * number / steps[1]) + 0.01)
        part = batches.undecided([(stripped, _BATCH - n_noisy), (noisy, n_noisy)])
        scores = trainer.fit(batches.around(part.places.astype(np.int64)), part.words, _DROPPED)
        scores = scores + trainer.torch.from_numpy(part.scores.astype(np.float32))
        losses.append(trainer.step(scores, part.right.astype(np.int64), rate))
        _tell("undecided", number, losses)


def _tell(what: str, number: int, losses: list[float]) -> None:
    if (number + 1) % 250 == 0:
        print(f"{what}: step {number + 1}, loss {np.mean(losses[-250:]):.4f}", flush=True)


def build_context(corpus_files: Sequence[Path], tests: Sequence[Path]) -> None:
    """Write the network; the language model and the channel must have been built."""
    loaded = assets.load(context=False)
    kept = corpus_of(chain.from_iterable(corpus.lines_of(path) for path in corpus_files), tests)
    text, _ = language.without_slips(language.stream(kept, list(loaded.words)))
    half = context_examples.halves(len(text.ids), np.random.default_rng(_SEED))
    of_half = context_examples.models(text, half)
    table = context_examples.lists(loaded, text.counts)
    ids = np.where(text.ids == GAP, BREAK, text.ids)
    stripped, noisy = (
        context_examples.examples(ids, half, of_half, table, kind, _SEED + kind) for kind in (False, True)
    )
    print(
        f"{len(stripped.places)} and {len(noisy.places)} places that the language model leaves undecided", flush=True
    )
    trainer = Trainer.of(len(table.siblings))
    trained(trainer, Batches.of(ids, table), stripped, noisy, _STEPS)
    file = io.BytesIO()
    np.savez_compressed(file, **trainer.arrays())  # type: ignore[arg-type]
    write_asset(assets.CONTEXT, file.getvalue(), corpus_files, _COMMAND, _LICENCE)


_COMMAND = "python -m normalizers.build context --corpus CORPUS --tests TEXTS"
_LICENCE = "GPL-3.0-or-later; weights only"
