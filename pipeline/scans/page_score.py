"""What was read on each page beside its truth: letters, words, tokens with digits, cells; by the shared measures."""

from __future__ import annotations

import importlib.util
import os
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from extractors.plan.sheet import join_lines
from schemas.source import Block, Line, Noise, Table

SHOWN = (None, Noise.PAGE_NUMBER, Noise.REPEATED_HEAD, Noise.FOOTNOTE)
"""What is printed on a page as text: all but seals, signatures and rules."""


def load_measures(shared: Path) -> Any:
    """The module of measures of the shared folder (tools/score_ocr.py)."""
    os.environ.setdefault("OCR_OUT", str(shared))
    path = shared / "tools" / "score_ocr.py"
    spec = importlib.util.spec_from_file_location("score_ocr", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page_texts(blocks: tuple[Block, ...], pages: int) -> list[str]:
    """The text of each page in reading order, numbers and names broken at a hyphen closed up."""
    found: list[list[Line]] = [[] for _ in range(pages)]
    for block in blocks:
        lines = sorted(block.lines, key=_head_first) if isinstance(block, Table) else [block]
        for line in lines:
            if line.noise in SHOWN and 1 <= (line.page or 1) <= pages:
                found[(line.page or 1) - 1].append(line)
    return [join_lines([line.text for line in lines]) for lines in map(_number_first, found)]


def _head_first(line: Line) -> tuple[int, bool]:
    return line.page or 0, line.noise is not Noise.REPEATED_HEAD


def _number_first(lines: list[Line]) -> list[Line]:
    """A page's number stands at its head, wherever the reader put it."""
    return sorted(lines, key=lambda line: line.noise is not Noise.PAGE_NUMBER)


@dataclass(frozen=True, slots=True)
class PageScore:
    """A page's counts by measure (`chars`, `cerr`, `words`, `werr`, `num`, `num_hit` …)."""

    counts: dict[str, int]

    @property
    def cer(self) -> float:
        """Wrong letters in percent."""
        return 100 * self.counts["cerr"] / max(1, self.counts["chars"])


def score_page(measures: Any, text: str, page: dict[str, Any]) -> PageScore:
    """The counts of a page against the best of its legitimate reading orders."""
    return PageScore(measures.page_score(text, page))


def score_rows(measures: Any, text: str, page: dict[str, Any]) -> PageScore:
    """The counts of a page that prints its rows one below the other (pages in old encodings)."""
    truth, found = measures.norm(" ".join(page["rows"])), measures.norm(text)
    numbers, seen = Counter(re.findall(r"\S*\d\S*", truth)), Counter(re.findall(r"\S*\d\S*", found))
    return PageScore(
        {
            "chars": len(truth),
            "cerr": Levenshtein.distance(truth, found),
            "words": len(truth.split()),
            "werr": Levenshtein.distance(truth.split(), found.split()),
            "num": numbers.total(),
            "num_hit": (numbers & seen).total(),
        }
    )


def pooled(scores: list[PageScore]) -> Counter[str]:
    """The counts of all pages added up."""
    total: Counter[str] = Counter()
    for score in scores:
        total.update(score.counts)
    return total


def has_table(page: dict[str, Any]) -> bool:
    """Whether the page shows an annex's table: its text is scored by cells, not by letters."""
    return any(block["kind"].startswith("table") for block in page["blocks"])


def cells(measures: Any, blocks: tuple[Block, ...], table: dict[str, Any]) -> tuple[int, int]:
    """(exact, all) cells of an annex: the rows that were read are aligned with the truth's in order."""
    truth = [[measures.norm(cell) for cell in row] for row in [table["head"], *table["rows"]]]
    found = [row for block in blocks if isinstance(block, Table) for row in _rows(measures, block)]
    return sum(_exact(truth, found)), sum(map(len, truth))


def _rows(measures: Any, table: Table) -> list[list[str]]:
    """The cells of each row; one that is merged along the row stands once."""
    rows = []
    for row in table.grid():
        kept = [cell for cell, before in zip(row, [None, *row[:-1]], strict=True) if cell is None or cell != before]
        rows.append([measures.norm(cell.text) if cell else "" for cell in kept])
    return rows


def _exact(truth: list[list[str]], found: list[list[str]]) -> list[int]:
    """How many cells of each row of the truth are exact, in the alignment that makes the sum largest."""
    best = [[0] * (len(found) + 1) for _ in range(len(truth) + 1)]
    for i, row in enumerate(truth, start=1):
        for j, other in enumerate(found, start=1):
            same = _same(row, other)
            best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + same)
    gains = [last[-1] for last in best]
    return [after - before for before, after in pairwise(gains)]


def _same(row: list[str], other: list[str]) -> int:
    return sum(a == b for a, b in zip(row, other, strict=False)) if len(row) == len(other) else 0
