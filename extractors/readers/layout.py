"""Pieces of printed lines on a page → lines in reading order, a letterhead and a signature block column by column."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from extractors.readers.footnotes import footnotes
from extractors.readers.glyphs import Piece
from extractors.readers.layout_tables import AUTHORITY, MOTTO, RECIPIENTS
from normalizers.fold import fold
from schemas.source import BBox, Line, Noise

# Two pieces are in one row where they share this much of the smaller one's height.
SAME_ROW = 0.5
# Pieces of one row closer than this many heights are one piece cut in two.
WORD_GAP = 0.9
# "Số: …/KH-UBND", "ngày … tháng … năm": what stands before and after the blank.
BEFORE_BLANK = re.compile(r"(?:\bso ?:?|\bngay|\bthang|\bnam)[ .…]*$")
AFTER_BLANK = re.compile(r"[ .…]*(?:/|-[a-z]|thang\b|nam\b|\d)")
BLANK_GAP = 8.0
STRETCHED = 4
# From how many rows on, and how wide, two columns of running text must be to be read one after the other.
COLUMN_ROWS, COLUMN_WIDTH = 8, 0.3
GUTTER = 6.0
NEAR = 2.4
SIGNATURE_SPACE = 150.0
WIDER_GAP = 1.45
CENTERED_WITHIN = 9.0


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """The pieces of one printed row, from the left."""

    pieces: tuple[Piece, ...]

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


def page_lines(pieces: list[Piece], page: int, width: float, height: float) -> list[Line]:
    """The lines of a page in reading order, with box, boldness, and whether a wider gap stands above."""
    rows = _rows([piece for piece in pieces if piece.noise is None])
    ordered = _ordered(rows, width)
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
    for row in _rows(pieces):
        lines.append(_line(_all_joined(list(row.pieces)), page, False, False))
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


def _rows(pieces: list[Piece]) -> list[PlacedRow]:
    """The pieces by printed rows, from the top."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.middle, piece.bbox.x0)):
        home = next((row for row in rows[::-1][:4] if _shares_row(row, piece)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    placed = [PlacedRow(tuple(_merged(sorted(row, key=lambda piece: piece.bbox.x0)))) for row in rows]
    return sorted(placed, key=lambda row: median(piece.middle for piece in row.pieces))


def _shares_row(row: list[Piece], piece: Piece) -> bool:
    for other in row:
        overlap = min(other.bbox.bottom, piece.bbox.bottom) - max(other.bbox.top, piece.bbox.top)
        if overlap < SAME_ROW * min(other.height, piece.height):
            return False
    return True


def _merged(row: list[Piece]) -> list[Piece]:
    made: list[Piece] = []
    for piece in row:
        if made and _one_text(made[-1], piece):
            made[-1] = _joined(made[-1], piece)
        else:
            made.append(piece)
    return [_all_joined(made)] if _is_stretched(made) else made


def _one_text(left: Piece, right: Piece) -> bool:
    """Whether two pieces of a row belong together: near each other, or round a blank to be filled in by hand."""
    if left.noise is not right.noise:
        return False
    gap, height = right.bbox.x0 - left.bbox.x1, max(left.height, right.height)
    blank = BEFORE_BLANK.search(fold(left.text)) and AFTER_BLANK.match(fold(right.text))
    return gap < (BLANK_GAP if blank else WORD_GAP) * height


def _is_stretched(row: list[Piece]) -> bool:
    """Whether the pieces are the words of one line that was stretched to the margins."""
    if len(row) < STRETCHED or any(" " in piece.text.strip() for piece in row[:-1]):
        return False
    gaps = [right.bbox.x0 - left.bbox.x1 for left, right in pairwise(row)]
    return max(gaps) < 1.6 * min(gaps)


def _all_joined(row: list[Piece]) -> Piece:
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
        _least(left.confidence, right.confidence),
        left.words + right.words,
        left.noise,
    )


def _least(left: float | None, right: float | None) -> float | None:
    known = [value for value in (left, right) if value is not None]
    return min(known) if known else None


def _around(one: BBox, other: BBox) -> BBox:
    return BBox(min(one.x0, other.x0), min(one.top, other.top), max(one.x1, other.x1), max(one.bottom, other.bottom))


def _ordered(rows: list[PlacedRow], width: float) -> list[Piece]:
    """The pieces in reading order: row by row, but a zone of two columns one column after the other."""
    ordered: list[Piece] = []
    at = 0
    while at < len(rows):
        zone = _zone(rows, at, width)
        if zone is None:
            ordered.extend(rows[at].pieces)
            at += 1
            continue
        end, gutter = zone
        inside = [piece for row in rows[at:end] for piece in row.pieces]
        if not _side_by_side(rows[at:end], inside, gutter, width):
            ordered += [_all_joined(list(row.pieces)) for row in rows[at:end]]
            at = end
            continue
        ordered += [piece for piece in inside if piece.bbox.x0 < gutter]
        ordered += [piece for piece in inside if piece.bbox.x0 >= gutter]
        at = end
    return ordered


def _side_by_side(rows: list[PlacedRow], inside: list[Piece], gutter: float, width: float) -> bool:
    """Whether the zone is a letterhead, a signature block or two columns of text, rather than names and figures."""
    folded = [fold(piece.text) for piece in inside]
    if any(MOTTO.search(text) or RECIPIENTS.match(text) or AUTHORITY.match(text) for text in folded):
        return True
    left = max((piece.bbox.x1 - piece.bbox.x0 for piece in inside if piece.bbox.x0 < gutter), default=0.0)
    right = max((piece.bbox.x1 - piece.bbox.x0 for piece in inside if piece.bbox.x0 >= gutter), default=0.0)
    return len(rows) >= COLUMN_ROWS and min(left, right) > COLUMN_WIDTH * width


def _zone(rows: list[PlacedRow], start: int, width: float) -> tuple[int, float] | None:
    """Where the zone of two columns that begins at this row ends, and the gutter; None where none begins."""
    first = start
    while first < len(rows) and len(rows[first].pieces) == 1 and _on_the_right(rows[first], width):
        first += 1
    if first >= len(rows) or len(rows[first].pieces) != 2:
        return None
    end = first + 1
    gutter = _gutter(rows[start:end])
    if gutter is None:
        return None
    while end < len(rows):
        grown = _gutter(rows[start : end + 1])
        if grown is None or not _belongs(rows, start, end, grown, width):
            break
        gutter, end = grown, end + 1
    return end, gutter


def _on_the_right(row: PlacedRow, width: float) -> bool:
    return row.x0 > 0.42 * width


def _gutter(rows: list[PlacedRow]) -> float | None:
    """Where an empty strip stands between a left and a right column of these rows."""
    pairs = [row for row in rows if len(row.pieces) == 2]
    if not pairs or any(len(row.pieces) > 2 for row in rows):
        return None
    left = max(row.pieces[0].bbox.x1 for row in pairs)
    right = min(row.pieces[1].bbox.x0 for row in pairs)
    for row in rows:
        if len(row.pieces) == 1:
            if row.x1 <= right and row.x0 < left:
                left = max(left, row.x1)
            elif row.x0 >= left:
                right = min(right, row.x0)
            else:
                return None
    return (left + right) / 2 if right - left >= GUTTER else None


def _belongs(rows: list[PlacedRow], start: int, at: int, gutter: float, width: float) -> bool:
    """Whether a row goes on in the columns of the zone above it."""
    row, zone = rows[at], rows[start:at]
    gap = row.top - max(above.bottom for above in zone)
    height = max(row.bottom - row.top, 1.0)
    if len(row.pieces) == 2:
        return gap < 4 * height
    later = [one for one in rows[at + 1 : at + 9] if one.top - row.top < 9 * height]
    if row.x0 >= gutter:
        return _on_the_right(row, width) and gap < SIGNATURE_SPACE and _within(row, zone, gutter, right=True)
    if not _within(row, zone, gutter, right=False):
        return False
    recipients = any(RECIPIENTS.match(fold(piece.text)) for above in zone for piece in above.pieces)
    pair_below = any(len(one.pieces) == 2 and _gutter([*zone, row, one]) is not None for one in later[:3])
    return gap < NEAR * height and (recipients or pair_below or gap < 0.7 * height)


def _within(row: PlacedRow, zone: list[PlacedRow], gutter: float, *, right: bool) -> bool:
    column = [piece for above in zone for piece in above.pieces if (piece.bbox.x0 >= gutter) == right]
    if not column:
        return right
    spare = 40.0 if right else 12.0
    x0, x1 = min(piece.bbox.x0 for piece in column), max(piece.bbox.x1 for piece in column)
    recipients = any(RECIPIENTS.match(fold(piece.text)) for piece in column)
    return row.x0 >= x0 - spare and (recipients or row.x1 <= x1 + spare)


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
