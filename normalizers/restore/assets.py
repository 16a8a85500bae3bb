"""The model's files: mapped into memory, or read where they are small."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normalizers.assets import asset_path, open_asset
from normalizers.restore.channel import NoiseChannel, Pair, StrippedChannel
from normalizers.restore.language import SPECIAL, LanguageModel
from normalizers.restore.static_map import StaticMap
from normalizers.restore.trie import Edit

UNIGRAMS = "restore_unigrams.npy"
PAIRS, PAIR_VALUES = "restore_pairs.npy", "restore_pair_values.npy"
TRIPLES, TRIPLE_VALUES = "restore_triples.npy", "restore_triple_values.npy"
WORDS, FOREIGN = "restore_words.tsv", "restore_foreign.txt"
READINGS, EDITS = "restore_readings.tsv.gz", "restore_edits.tsv"


@dataclass(frozen=True, slots=True)
class Assets:
    """All that restoration needs; `title` is the share (0–1) of each word's inner occurrences with a capital."""

    words: tuple[str, ...]
    title: tuple[float, ...]
    foreign: frozenset[str]
    model: LanguageModel
    noise: NoiseChannel
    stripped: StrippedChannel


def load() -> Assets:
    """The files of the model; AssetError where one is missing or changed."""
    head, *rows = open_asset(WORDS).decode("utf-8").splitlines()
    seeds = [int(seed) for seed in head.split("\t")[1:]]
    words = tuple(row.split("\t")[0] for row in rows)
    title = tuple(int(row.split("\t")[1]) / 255 for row in rows)
    model = LanguageModel(
        np.array(_mapped(UNIGRAMS)),
        StaticMap(_mapped(PAIRS), _mapped(PAIR_VALUES), seeds[0]),
        StaticMap(_mapped(TRIPLES), _mapped(TRIPLE_VALUES), seeds[1]),
    )
    noise = NoiseChannel.of(words, len(SPECIAL), _readings(), _edits())
    foreign = frozenset(open_asset(FOREIGN).decode("utf-8").split())
    return Assets(words, title, foreign, model, noise, StrippedChannel.of(words, len(SPECIAL)))


def _mapped(name: str) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(asset_path(name), mmap_mode="r")
    return array


def _readings() -> dict[Pair, float]:
    rows = (line.split("\t") for line in gzip.decompress(open_asset(READINGS)).decode("utf-8").splitlines())
    return {(printed, read): float(count) for printed, read, count in rows}


def _edits() -> dict[Edit, float]:
    rows = (line.split("\t") for line in open_asset(EDITS).decode("utf-8").splitlines())
    return {(printed, read): float(value) for printed, read, value in rows}
