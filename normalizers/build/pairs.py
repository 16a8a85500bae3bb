"""Aligned pairs of words: what was printed and what a foreign OCR model read."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from normalizers.restore.alphabet import bare, early_tone

Pair = tuple[str, str]
_EDGE = re.compile(r"^[^\w]+|[^\w]+$")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_CONFIDENCE = 55


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yield (clean line, noisy line) of a table of pairs, without the lines that OCR was unsure of."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if float(row["tesseract_conf"]) >= _LEAST_CONFIDENCE:
                yield unicodedata.normalize("NFC", row["clean"]), unicodedata.normalize("NFC", row["noisy"])


def _cost(clean: str, noisy: str) -> float:
    return Levenshtein.normalized_distance(bare(clean).lower(), bare(noisy).lower())


def aligned(clean: list[str], noisy: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield groups of words that belong together: one to one, two to one, one to two, or one without the other."""
    rows, columns = len(clean), len(noisy)
    best = [[1e9] * (columns + 1) for _ in range(rows + 1)]
    back: dict[tuple[int, int], tuple[int, int]] = {}
    best[0][0] = 0.0
    for i in range(rows + 1):
        for j in range(max(0, i - 6), min(columns, i + 6) + 1):
            for di, dj in ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2)):
                if i < di or j < dj or best[i - di][j - dj] > 1e8:
                    continue
                step = _cost("".join(clean[i - di : i]), "".join(noisy[j - dj : j])) if di and dj else 0.9
                total = best[i - di][j - dj] + step + (0.35 if di != dj else 0)
                if total < best[i][j]:
                    best[i][j], back[i, j] = total, (di, dj)
    i, j, groups = rows, columns, []
    while (i, j) in back:
        di, dj = back[i, j]
        groups.append((clean[i - di : i], noisy[j - dj : j]))
        i, j = i - di, j - dj
    return reversed(groups)


def word_pair(clean: str, noisy: str) -> Pair | None:
    """The word and its reading without the punctuation that both have; None where the first is no word.

    >>> word_pair("chức,", "cht’c,"), word_pair("(giữ", "(git?"), word_pair("49/KH", "49/KH")
    (('chức', 'cht’c'), ('giữ', 'git?'), None)
    """
    core = _EDGE.sub("", clean)
    if not core or not _WORD.fullmatch(core):
        return None
    before, after = len(clean) - len(clean.lstrip("".join(set(clean) - set(core)))), 0
    before = clean.index(core)
    after = len(clean) - before - len(core)
    start = min(before, len(noisy) - len(noisy.lstrip("\"'“”‘’([{*«.,-–—")))
    end = min(after, len(noisy) - len(noisy.rstrip("\"'“”‘’)]}*».,;:!?-–—…")))
    read = noisy[start : len(noisy) - end]
    return (early_tone(core), read) if read else None


def counted(paths: list[Path]) -> tuple[Counter[Pair], Counter[str]]:
    """How often each word was read in each way, and how often words were joined, split or lost."""
    pairs: Counter[Pair] = Counter()
    kinds: Counter[str] = Counter()
    for path in paths:
        for clean, noisy in read_pairs(path):
            for left, right in aligned(clean.split(), noisy.split()):
                kinds[f"{len(left)}-{len(right)}"] += 1
                if len(left) == len(right) == 1 and (pair := word_pair(left[0], right[0])):
                    pairs[pair] += 1
    return pairs, kinds
