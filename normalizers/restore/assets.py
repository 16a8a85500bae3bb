"""The model's files: mapped into memory, or read where they are small."""

from __future__ import annotations

import gzip
import io
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from normalizers.assets import asset_path, open_asset
from normalizers.restore.channel import NoiseChannel, Pair, StrippedChannel
from normalizers.restore.context import Network
from normalizers.restore.language import SPECIAL, STEP, LanguageModel
from normalizers.restore.slips import Slips
from normalizers.restore.static_map import StaticMap
from normalizers.restore.trie import Edit

UNIGRAMS = "restore_unigrams.npy"
PAIRS, PAIR_VALUES = "restore_pairs.npy", "restore_pair_values.npy"
TRIPLES, TRIPLE_VALUES = "restore_triples.npy", "restore_triple_values.npy"
WORDS, FOREIGN = "restore_words.tsv", "restore_foreign.txt"
KNOWN = "restore_known.npz"
CONTEXT = "restore_context.npz"
READINGS, EDITS = "restore_readings.tsv.gz", "restore_edits.tsv"
SLIP_READINGS, SLIP_EDITS = "restore_slip_readings.tsv.gz", "restore_slip_edits.tsv"
SLIP_ODDS = "restore_slip_odds.tsv"
_SLIP_SHIFT = -3.0
"""Vietnamese OCR seldom makes a mistake that the training pages do not show."""


@dataclass(frozen=True, slots=True)
class Assets:
    """All that restoration needs; `title` is the share (0–1) of each word's inner occurrences with a capital."""

    words: tuple[str, ...]
    title: tuple[float, ...]
    foreign: frozenset[str]
    model: LanguageModel
    noise: NoiseChannel
    stripped: StrippedChannel
    context: Network | None

    @property
    def skeletons(self) -> Container[str]:
        """The forms that known words have without their marks."""
        return self.stripped.by_skeleton

    @property
    def known(self) -> Container[str]:
        """The words of the model."""
        return self.noise.numbers


def load(known: bool = True, context: bool = True) -> Assets:
    """The files of the model; AssetError where one is missing or changed.

    Without `known` every form is searched; without `context` no network is read, as one cannot be while it is built.
    """
    head, *rows = open_asset(WORDS).decode("utf-8").splitlines()
    seeds = [int(seed) for seed in head.split("\t")[1:]]
    words = tuple(row.split("\t")[0] for row in rows)
    title = tuple(int(row.split("\t")[1]) / 255 for row in rows)
    model = LanguageModel(
        np.array(_mapped(UNIGRAMS)),
        StaticMap(_mapped(PAIRS), _mapped(PAIR_VALUES), seeds[0]),
        StaticMap(_mapped(TRIPLES), _mapped(TRIPLE_VALUES), seeds[1]),
    )
    noise = NoiseChannel.of(words, len(SPECIAL), _readings(READINGS), _edits(EDITS))
    if known:
        noise.know(_known())
    foreign = frozenset(open_asset(FOREIGN).decode("utf-8").split())
    stripped = StrippedChannel.of(words, len(SPECIAL))
    return Assets(words, title, foreign, model, noise, stripped, _context() if context else None)


def slip_channel(words: Sequence[str]) -> tuple[NoiseChannel, Slips]:
    """The channel of Vietnamese OCR over the words, and what its confidence tells."""
    channel = NoiseChannel.of(words, len(SPECIAL), _readings(SLIP_READINGS), _edits(SLIP_EDITS), _SLIP_SHIFT)
    rows = [line.split("\t") for line in open_asset(SLIP_ODDS).decode("utf-8").splitlines()]
    numbers = {word: number + len(SPECIAL) for word, number in channel.numbers.items()}
    edges = [float(edge) for edge, _, _ in rows]
    return channel, Slips(edges, [(float(same), float(other)) for _, same, other in rows], numbers)


def _mapped(name: str) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(asset_path(name), mmap_mode="r")
    return array


def _context() -> Network:
    with np.load(io.BytesIO(open_asset(CONTEXT))) as arrays:
        return Network.of(dict(arrays))


def _known() -> dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
    """The words that common forms may have been by their edits, searched when the model was built."""
    with np.load(io.BytesIO(open_asset(KNOWN))) as arrays:
        forms = arrays["forms"].tobytes().decode("utf-8").split("\n")
        ends = np.cumsum(arrays["counts"].astype(np.int64)).tolist()
        words = arrays["words"].astype(np.int64)
        scores = arrays["scores"].astype(np.float32) * np.float32(-STEP)
    bounds = pairwise([0, *ends])
    return {form: (words[low:high], scores[low:high]) for form, (low, high) in zip(forms, bounds, strict=True)}


def _readings(name: str) -> dict[Pair, float]:
    rows = (line.split("\t") for line in gzip.decompress(open_asset(name)).decode("utf-8").splitlines())
    return {(printed, read): float(count) for printed, read, count in rows}


def _edits(name: str) -> dict[Edit, float]:
    rows = (line.split("\t") for line in open_asset(name).decode("utf-8").splitlines())
    return {(printed, read): float(value) for printed, read, value in rows}
