"""Training text as numbers: every cased token a type, lines with a text of the tests left out."""

from __future__ import annotations

import io
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zstandard

# "Điều 5. Quý III/2025, xã" gives Điều, 5, ".", Quý, III, 2025, ",", xã
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,/:-]?\w+)*|[,;:?!]|\.(?=\s|$)")
LINE_END = "\n"
_SHARED = 8


@dataclass(frozen=True, slots=True)
class Corpus:
    """`types[ids[i]]` is the i-th token; each line ends in the type "\\n"."""

    types: list[str]
    ids: npt.NDArray[np.int32]


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a file packed with zstd, or of a plain one."""
    with path.open("rb") as packed:
        stream = zstandard.ZstdDecompressor().stream_reader(packed) if path.suffix == ".zst" else packed
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            yield unicodedata.normalize("NFC", line)


def read(lines: Iterable[str]) -> Corpus:
    """The lines as numbers."""
    numbers: dict[str, int] = {LINE_END: 0}
    ids = array("i")
    find = TOKEN.findall
    for line in lines:
        for token in find(line):
            number = numbers.get(token)
            if number is None:
                number = numbers[token] = len(numbers)
            ids.append(number)
        ids.append(0)
    return Corpus(list(numbers), np.frombuffer(ids, dtype=np.int32))


def _hashes(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A hash of each run of `_SHARED` words, by the position of its first word."""
    if len(words) < _SHARED:
        return np.empty(0, dtype=np.uint64)
    mixed = words * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    total = np.zeros(len(words) - _SHARED + 1, dtype=np.uint64)
    for place in range(_SHARED):
        total = total * np.uint64(0xD6E8FEB86659FD93) + mixed[place : place + len(total)]
    return total


def _words(corpus: Corpus, numbers: dict[str, int]) -> npt.NDArray[np.uint64]:
    """For each token the number of its lower-case word, 0 for what is no word."""
    of_type = np.zeros(len(corpus.types), dtype=np.uint64)
    for index, token in enumerate(corpus.types):
        if token[0].isalnum():
            of_type[index] = numbers.setdefault(token.lower(), len(numbers) + 1)
    return of_type[corpus.ids]


def without_tests(corpus: Corpus, tests: Corpus) -> tuple[Corpus, int]:
    """The corpus without the lines that share a run of eight words with a test text, and their number."""
    numbers: dict[str, int] = {}
    known = np.unique(_hashes(_only_words(_words(tests, numbers))[0]))
    words, places = _only_words(_words(corpus, numbers))
    runs = _hashes(words)
    line_of = np.cumsum(corpus.ids == 0) - (corpus.ids == 0)
    lines = line_of[places]
    inside = lines[: len(runs)] == lines[_SHARED - 1 :] if len(runs) else np.empty(0, dtype=bool)
    hit = np.unique(lines[: len(runs)][inside & np.isin(runs, known)])
    keep = ~np.isin(line_of, hit)
    return Corpus(corpus.types, corpus.ids[keep]), len(hit)


def _only_words(words: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    places = np.flatnonzero(words)
    return words[places], places
