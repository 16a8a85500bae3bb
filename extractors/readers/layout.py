"""Pieces of printed lines on a page → lines in reading order, a letterhead and a signature block column by column."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median

from extractors.readers.columns import reading_order
from extractors.readers.footnotes import footnotes
from extractors.readers.pieces import Piece
from extractors.readers.rows import PlacedRow, all_joined, printed_rows
from schemas.source import Line, Noise

WIDER_GAP = 1.45
CENTERED_WITHIN = 9.0


def page_lines(pieces: list[Piece], page: int, width: float, height: float) -> list[Line]:
    """The lines of a page in reading order, with box, boldness, and whether a wider gap stands above."""
    rows = printed_rows([piece for piece in pieces if piece.noise is None])
    ordered = reading_order(rows, width)
    pitch = _pitch(rows)
    left, right = _margins(rows, width)
    notes = footnotes(ordered, height)
    lines: list[Line] = []
    for at, piece in enumerate(ordered):
        line = _line(piece, page, _gap(ordered, at, pitch), _centered(piece, left, right))
        lines.append(replace(line, noise=Noise.FOOTNOTE) if at in notes else line)
    return lines + [_line(piece, page, False, False) for piece in pieces if piece.noise is not None]


def row_lines(pieces: list[Piece], page: int) -> list[Line]:
    """The lines of a cell, row by row, pieces of one row joined."""
    lines = []
    for row in printed_rows(pieces):
        lines.append(_line(all_joined(list(row.pieces)), page, False, False))
    return lines


def _line(piece: Piece, page: int, blank: bool, centered: bool) -> Line:
    return Line(
        piece.text,
        page=page,
        bbox=piece.bbox,
        confidence=piece.confidence,
        words=piece.words,
        noise=piece.noise,
        blank_before=int(blank),
        bold=piece.bold,
        centered=centered,
    )


def _pitch(rows: list[PlacedRow]) -> float:
    """The usual distance from one row's top to the next one's."""
    steps = [below.top - above.top for above, below in pairwise(rows)]
    steps = [step for step in steps if step > 0]
    return median(steps) if steps else 0.0


def _gap(ordered: list[Piece], at: int, pitch: float) -> bool:
    """Whether the piece stands clearly lower below the one before than lines do here."""
    if at == 0:
        return False
    step = ordered[at].bbox.top - ordered[at - 1].bbox.top
    return step < -1.0 or (pitch > 0 and step > WIDER_GAP * pitch)


def _margins(rows: list[PlacedRow], width: float) -> tuple[float, float]:
    """Between which ends the text block stands, from the rows that are long enough to reach both."""
    long = [row for row in rows if len(row.pieces) == 1 and row.x1 - row.x0 > 0.5 * width]
    if len(long) < 3:
        return 0.13 * width, 0.92 * width
    return min(row.x0 for row in long), median(row.x1 for row in long)


def _centered(piece: Piece, left: float, right: float) -> bool:
    before, after = piece.bbox.x0 - left, right - piece.bbox.x1
    return before > 45.0 and abs(before - after) < 2 * CENTERED_WITHIN
