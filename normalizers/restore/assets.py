"""The model's files: mapped into memory, or read where they are small."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

import numpy as np

from normalizers.assets import asset_path, open_asset
from normalizers.restore.channel import NoiseChannel, Pair, StrippedChannel
from normalizers.restore.language import SPECIAL, LanguageModel
from normalizers.restore.static_map import StaticMap
from normalizers.restore.trie import Edit

UNIGRAMS, PAIRS, TRIPLES = "restore_unigrams.npy", "restore_pairs.npy", "restore_triples.npy"
WORDS, FOREIGN = "restore_words.tsv", "restore_foreign.txt"
READINGS, EDITS = "restore_readings.tsv.gz", "restore_edits.tsv"
PAIR_BITS, TRIPLE_BITS = 16, 6


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
    unigrams, pairs, triples = (np.load(asset_path(name), mmap_mode="r") for name in (UNIGRAMS, PAIRS, TRIPLES))
    model = LanguageModel(
        np.array(unigrams), StaticMap(pairs, PAIR_BITS, seeds[0]), StaticMap(triples, TRIPLE_BITS, seeds[1])
    )
    noise = NoiseChannel.of(words, len(SPECIAL), _readings(), _edits())
    foreign = frozenset(open_asset(FOREIGN).decode("utf-8").split())
    return Assets(words, title, foreign, model, noise, StrippedChannel.of(words, len(SPECIAL)))


def _readings() -> dict[Pair, float]:
    rows = (line.split("\t") for line in gzip.decompress(open_asset(READINGS)).decode("utf-8").splitlines())
    return {(printed, read): float(count) for printed, read, count in rows}


def _edits() -> dict[Edit, float]:
    rows = (line.split("\t") for line in open_asset(EDITS).decode("utf-8").splitlines())
    return {(printed, read): float(value) for printed, read, value in rows}
