"""Pieces of printed lines → the rows in which they stand on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.readers.pieces import Piece
from normalizers.fold import fold
from schemas.source import BBox

# Two pieces are in one row where they share this much of the smaller one's height.
SAME_ROW = 0.5
# Gaps in letter heights: between words of one line at most, between columns at least.
WORD_GAP, COLUMN_GAP = 0.9, 2.6
# "Số: …/KH-UBND", "ngày … tháng … năm": what stands before and after the blank.
BEFORE_BLANK = re.compile(r"(?:\bso ?:?|\bngay|\bthang|\bnam)[ .…]*$")
AFTER_BLANK = re.compile(r"[ .…]*(?:/|-[a-z]|thang\b|nam\b|\d)")
BLANK_GAP = 8.0
STRETCHED = 4


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """The pieces of one printed row, from the left; `fine` cut at every gap, `pieces` at those between columns."""

    pieces: tuple[Piece, ...]
    fine: tuple[Piece, ...]

    @property
    def top(self) -> float:
        """Where its highest piece begins."""
        return min(piece.bbox.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        """Where its lowest piece ends."""
        return max(piece.bbox.bottom for piece in self.pieces)

    @property
    def x0(self) -> float:
        """Its left end."""
        return self.pieces[0].bbox.x0

    @property
    def x1(self) -> float:
        """Its right end."""
        return max(piece.bbox.x1 for piece in self.pieces)


def printed_rows(pieces: list[Piece]) -> list[PlacedRow]:
    """The pieces by printed rows, from the top."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.middle, piece.bbox.x0)):
        home = next((row for row in rows[::-1][:4] if _shares_row(row, piece)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    placed = [_placed(sorted(row, key=lambda piece: piece.bbox.x0)) for row in rows]
    return sorted(placed, key=lambda row: median(piece.middle for piece in row.pieces))


def _placed(row: list[Piece]) -> PlacedRow:
    fine = _merged(row, WORD_GAP)
    return PlacedRow(tuple(_merged(fine, COLUMN_GAP)), tuple(fine))


def _shares_row(row: list[Piece], piece: Piece) -> bool:
    for other in row:
        overlap = min(other.bbox.bottom, piece.bbox.bottom) - max(other.bbox.top, piece.bbox.top)
        if overlap < SAME_ROW * min(other.height, piece.height):
            return False
    return True


def _merged(row: list[Piece], most: float) -> list[Piece]:
    made: list[Piece] = []
    for piece in row:
        if made and _one_text(made[-1], piece, most):
            made[-1] = _joined(made[-1], piece)
        else:
            made.append(piece)
    return [all_joined(made)] if _is_stretched(made) else made


def _one_text(left: Piece, right: Piece, most: float) -> bool:
    """Whether two pieces of a row belong together: near each other, or round a blank to be filled in by hand."""
    if left.noise is not right.noise:
        return False
    gap, height = right.bbox.x0 - left.bbox.x1, max(left.height, right.height)
    blank = BEFORE_BLANK.search(fold(left.text)) and AFTER_BLANK.match(fold(right.text))
    return gap < (BLANK_GAP if blank else most) * height


def _is_stretched(row: list[Piece]) -> bool:
    """Whether the pieces are the words of one line that was stretched to the margins."""
    if len(row) < STRETCHED or any(" " in piece.text.strip() for piece in row[:-1]):
        return False
    gaps = [right.bbox.x0 - left.bbox.x1 for left, right in pairwise(row)]
    return max(gaps) < 1.6 * min(gaps)


def all_joined(row: list[Piece]) -> Piece:
    """The pieces of a row as one, in the order given."""
    joined = row[0]
    for piece in row[1:]:
        joined = _joined(joined, piece)
    return joined


def _joined(left: Piece, right: Piece) -> Piece:
    gap = right.bbox.x0 - left.bbox.x1
    spaced = gap > 0.12 * max(left.height, right.height) or left.text[-1:].isspace() or right.text[:1].isspace()
    return Piece(
        left.text + (" " if spaced else "") + right.text,
        _around(left.bbox, right.bbox),
        max(left.size, right.size),
        left.bold and right.bold,
        _mean(left, right),
        left.words + right.words,
        left.noise,
    )


def _mean(left: Piece, right: Piece) -> float | None:
    if left.confidence is None or right.confidence is None:
        return left.confidence if right.confidence is None else right.confidence
    before, after = len(left.text), len(right.text)
    return round((left.confidence * before + right.confidence * after) / (before + after), 1)


def _around(one: BBox, other: BBox) -> BBox:
    return BBox(min(one.x0, other.x0), min(one.top, other.top), max(one.x1, other.x1), max(one.bottom, other.bottom))
