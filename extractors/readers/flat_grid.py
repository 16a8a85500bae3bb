"""Cells in a row without row ends → which cell stands in which row and column of the table they came from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import comb

from normalizers.fold import fold

MARKER = re.compile(r"^\W{0,2}(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ])[.)]?\W{0,2}$|^[-–+•]$")
ROMAN = re.compile(r"^\W{0,2}(?:[IVXLC]{1,6}|[A-ZĐ])[.)]?\W{0,2}$")
NUMBER = re.compile(r"^\W*(\d{1,3})[.)]?\W*$")
HEAD_OF_NUMBERS = re.compile(r"^\W*(?:s ?t ?t|t ?t|so tt|so thu tu|stt ?/.*)\W*$")
WORD = re.compile(r"[a-z]+|\d+")
# A joint head and the heads under it: "Phân công thực hiện" over "Chủ trì" and "Phối hợp".
JOINT_HEADS = (
    (re.compile(r"chu tri|phoi hop"), re.compile(r"co quan|don vi|phan cong|trach nhiem|thuc hien")),
    (re.compile(r"bat dau|ket thuc|hoan thanh|\bquy\b|\bthang\b"), re.compile(r"thoi (?:gian|han)|tien do|lo trinh")),
    (re.compile(r"\bnam\b|\d{4}"), re.compile(r"giai doan|ke hoach|nam|lo trinh|thoi gian|muc tieu|chi tieu")),
    (re.compile(r"tinh|huyen|xa|trung uong|ngan sach|xa hoi hoa"), re.compile(r"kinh phi|nguon|ngan sach|cap")),
    (re.compile(r"thuc hien|ke hoach"), re.compile(r"\bnam\b")),
)
MOST_COLUMNS = 24
# More ways than this to place a short row are not weighed.
MOST_WAYS = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """A cell's segment, its first column, and over how many columns it runs."""

    segment: int
    col: int
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row and the columns that are merged with the row above."""

    places: tuple[Place, ...]
    merged: frozenset[int] = field(default_factory=frozenset)


def shape(texts: list[str], bold: list[bool]) -> tuple[list[Row], int]:
    """The rows of a flattened table, from its cells' texts ("" parts two rows or is an empty cell), and its columns.

    >>> rows, n_cols = shape(["TT", "Nhiệm vụ", "Chủ trì", "", "1", "Tuyên truyền", "Phòng Văn hóa"], [False] * 7)
    >>> [[(place.segment, place.col) for place in row.places] for row in rows], n_cols
    ([[(0, 0), (1, 1), (2, 2)], [(4, 0), (5, 1), (6, 2)]], 3)
    """
    texts = [text.strip() for text in texts]
    n_cols = max(1, min(_longest_run(texts), MOST_COLUMNS))
    spans = _Parting(texts, n_cols).best()
    return _Columns(texts, bold, spans, n_cols).rows(), n_cols


def _longest_run(texts: list[str]) -> int:
    longest = run = 0
    for text in texts:
        run = run + 1 if text else 0
        longest = max(longest, run)
    return longest


class _Parting:
    """Where the rows end: the cheapest way to cut the cells into rows of at most `n_cols`."""

    def __init__(self, texts: list[str], n_cols: int) -> None:
        self.texts, self.n_cols = texts, n_cols
        self.numbered = bool(HEAD_OF_NUMBERS.match(fold(texts[0]))) if texts else False

    def best(self) -> list[tuple[int, int]]:
        """The rows as (first cell, one past the last)."""
        total = len(self.texts)
        cost: list[float] = [float("inf")] * (total + 2)
        back: list[int] = [0] * (total + 2)
        cost[0] = 0.0
        for start in range(total):
            if cost[start] == float("inf"):
                continue
            for end in range(start + 1, min(start + self.n_cols, total) + 1):
                if end < total and self.texts[end]:
                    continue
                price = cost[start] + self._price(start, end)
                goal = end + 1
                if price < cost[goal]:
                    cost[goal], back[goal] = price, start
        return self._walk(back, cost)

    def _walk(self, back: list[int], cost: list[float]) -> list[tuple[int, int]]:
        goal = len(self.texts) + 1
        if cost[goal] == float("inf"):
            return [(at, min(at + self.n_cols, len(self.texts))) for at in range(0, len(self.texts), self.n_cols)]
        found = []
        while goal > 0:
            found.append((back[goal], goal - 1))
            goal = back[goal]
        return found[::-1]

    def _price(self, start: int, end: int) -> float:
        row = self.texts[start:end]
        if not any(row):
            return 6.0 if len(row) == self.n_cols else 9.0
        price = 0.25 * row.count("")
        if len(row) < self.n_cols:
            price += 2.0 + 0.1 * (self.n_cols - len(row)) + (2.0 * row.count("") if self.n_cols > len(row) else 0)
        if self.numbered and start:
            price += 0.0 if MARKER.match(row[0]) else 1.0
            price += sum(2.0 for left, cell in pairwise(row) if not left and MARKER.match(cell))
        return price


class _Columns:
    """In which columns the cells of a short row stand: those left out are merged with the row above."""

    def __init__(self, texts: list[str], bold: list[bool], spans: list[tuple[int, int]], n_cols: int) -> None:
        self.texts, self.bold, self.spans, self.n_cols = texts, bold, spans, n_cols
        self.full = [span for span in spans if span[1] - span[0] == n_cols]
        self.body = self._body_start()
        self.words = self._vocabulary()

    def rows(self) -> list[Row]:
        """The rows with their cells placed."""
        made: list[Row] = []
        taken: list[int] = []
        for number, (start, end) in enumerate(self.spans):
            if end - start == self.n_cols:
                row = Row(tuple(Place(start + col, col) for col in range(self.n_cols)))
            elif number < self.body:
                row, taken = self._head(number, start, end, taken)
            else:
                row = self._short(start, end, made[-1] if made else None)
            made.append(row)
        return made

    def _body_start(self) -> int:
        """The number of the first row that is no head: numbered, or full after the first."""
        for number, (start, end) in enumerate(self.spans):
            if number and (end - start == self.n_cols or MARKER.match(self.texts[start])):
                return number
        return 1

    def _vocabulary(self) -> list[Counter[str]]:
        words: list[Counter[str]] = [Counter() for _ in range(self.n_cols)]
        for start, _ in self.full:
            for col in range(self.n_cols):
                words[col].update(_features(self.texts[start + col]))
        return words

    def _head(self, number: int, start: int, end: int, open_cols: list[int]) -> tuple[Row, list[int]]:
        count = end - start
        if open_cols and count == len(open_cols):
            merged = frozenset(range(self.n_cols)) - set(open_cols)
            return Row(tuple(Place(start + at, col) for at, col in enumerate(open_cols)), merged), []
        below = self.spans[number + 1] if number + 1 < self.body else None
        names = [fold(text) for text in self.texts[start:end]]
        widths = _widths(names, self._names(below), self.n_cols)
        places, opened, col = [], list[int](), 0
        for at, width in enumerate(widths):
            places.append(Place(start + at, col, width))
            opened += list(range(col, col + width)) if width > 1 else []
            col += width
        return Row(tuple(places)), opened if below else []

    def _names(self, span: tuple[int, int] | None) -> list[str]:
        return [fold(text) for text in self.texts[span[0] : span[1]]] if span else []

    def _short(self, start: int, end: int, above: Row | None) -> Row:
        count = end - start
        missing = self.n_cols - count
        if self._is_group(start, count, missing):
            places = [Place(start + col, col) for col in range(count - 1)]
            return Row((*places, Place(end - 1, count - 1, missing + 1)))
        if comb(self.n_cols, count) > MOST_WAYS:
            return Row(tuple(Place(start + col, col) for col in range(count)), frozenset(range(count, self.n_cols)))
        cols = max(combinations(range(self.n_cols), count), key=lambda cols: self._fit(start, cols, above))
        merged = frozenset(range(self.n_cols)) - set(cols)
        return Row(tuple(Place(start + at, col) for at, col in enumerate(cols)), merged)

    def _is_group(self, start: int, count: int, missing: int) -> bool:
        """A title across the table, alone or behind its number."""
        if count == 1:
            return self.n_cols > 2 or not self.full
        first, last = self.texts[start], start + count - 1
        if not MARKER.match(first):
            return False
        titled = bool(ROMAN.match(first)) or self.bold[last]
        return (count == 2 and missing > 0 and (titled or missing > 1)) or comb(self.n_cols, count) > MOST_WAYS

    def _fit(self, start: int, cols: tuple[int, ...], above: Row | None) -> float:
        """How well the cells go with what else stands in these columns."""
        score = sum(self._likeness(self.texts[start + at], col) for at, col in enumerate(cols))
        left_out = frozenset(range(self.n_cols)) - set(cols)
        if above and left_out == above.merged:
            score += 0.3
        if MARKER.match(self.texts[start]) and cols[0] == 0:
            score += 1.0
        breaks = sum(1 for left, right in pairwise(cols) if right > left + 1)
        return score - 0.4 * breaks - 0.01 * sum(self.n_cols - col for col in left_out)

    def _likeness(self, text: str, col: int) -> float:
        features = _features(text)
        if not features:
            return 0.0
        total = 0.0
        for feature in features:
            everywhere = sum(words[feature] for words in self.words)
            total += self.words[col][feature] / everywhere if everywhere else 0.0
        return total / len(features)


def _features(text: str) -> list[str]:
    """What tells the columns apart: the words, and what kind of cell it is."""
    if not text:
        return ["<empty>"]
    if MARKER.match(text):
        return ["<marker>"]
    words = WORD.findall(fold(text))
    size = "<short>" if len(words) < 6 else "<middle>" if len(words) < 16 else "<long>"
    return [*dict.fromkeys(words), size]


def _widths(heads: list[str], below: list[str], n_cols: int) -> list[int]:
    """Over how many columns each cell of the first head row runs."""
    widths = [1] * len(heads)
    extra = n_cols - len(heads)
    if not below or extra <= 0 or len(below) < 2:
        if extra > 0:
            widths[-1] += extra
        return widths
    joint = len(below) - extra
    if joint == 1:
        widths[_joint(heads, below)] += extra
        return widths
    for at in sorted(_related(heads, below) or [len(heads) - 1])[:joint]:
        widths[at] += max(1, extra // max(joint, 1))
    widths[-1] += n_cols - sum(widths)
    return widths


def _joint(heads: list[str], below: list[str]) -> int:
    related = _related(heads, below)
    if not related:
        return len(heads) - 1
    return related[0] if heads[related[0]].startswith("nam") else related[-1]


def _related(heads: list[str], below: list[str]) -> list[int]:
    for lower, upper in JOINT_HEADS:
        if sum(1 for name in below if lower.search(name)) * 2 >= len(below):
            found = [at for at, head in enumerate(heads) if at and upper.search(head)]
            if found:
                return found
    return []
