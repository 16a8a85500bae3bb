"""In which order the rows of a page are read: two columns (letterhead, signature block) one after the other."""

from __future__ import annotations

import re

from extractors.readers.layout_tables import AUTHORITY, RECIPIENTS
from extractors.readers.pieces import Piece
from extractors.readers.rows import PlacedRow, all_joined, printed_rows
from extractors.readers.zones import cue_rows, cue_zone
from normalizers.enumerators import BULLETS
from normalizers.fold import fold

# From how many rows on, and how wide, two columns of running text must be to be read one after the other.
COLUMN_ROWS, COLUMN_WIDTH = 8, 0.3
GUTTER = 6.0
# From how many rows on two columns of items are two lists; how many of the lines must begin one.
LIST_ROWS, MOSTLY = 3, 0.7
ITEM = re.compile(r"\s*(?:\d{1,2}[.)]|[a-zđ]\)|[" + re.escape(BULLETS) + r"+])\s*[^\W\d_]")
NEAR = 2.4
SIGNATURE_SPACE = 150.0
RIGHT_HALF = 0.42


def reading_order(rows: list[PlacedRow], width: float) -> list[Piece]:
    """The pieces in reading order: row by row, but a zone of two columns one column after the other."""
    ordered: list[Piece] = []
    cues = cue_rows(rows, width)
    at = 0
    while at < len(rows):
        cued = cue_zone(rows, cues, at, width)
        if cued is not None:
            ordered += _column_wise(rows[at : cued[0]], cued[1])
            at = cued[0]
            continue
        zone = _zone(rows, at, width)
        if zone is None:
            ordered.extend(rows[at].pieces)
            at += 1
            continue
        end, gutter = zone
        inside = [piece for row in rows[at:end] for piece in row.pieces]
        if not _side_by_side(rows[at:end], inside, gutter, width):
            ordered += [all_joined(list(row.pieces)) for row in rows[at:end]]
            at = end
            continue
        ordered += _column_wise(rows[at:end], gutter)
        at = end
    return ordered


def _column_wise(rows: list[PlacedRow], gutter: float) -> list[Piece]:
    """The pieces left of the gutter from the top, then those right of it."""
    fine = [piece for row in rows for piece in row.fine]
    sides = (
        [piece for piece in fine if piece.bbox.x0 < gutter],
        [piece for piece in fine if piece.bbox.x0 >= gutter],
    )
    return [all_joined(list(row.pieces)) for side in sides for row in printed_rows(side)]


def _side_by_side(rows: list[PlacedRow], inside: list[Piece], gutter: float, width: float) -> bool:
    """Whether the zone is signatures or two columns of text, rather than names and figures."""
    if any(AUTHORITY.match(fold(piece.text)) for piece in inside):
        return True
    sides = ([piece for piece in inside if piece.bbox.x0 < gutter], [one for one in inside if one.bbox.x0 >= gutter])
    if len(rows) >= LIST_ROWS and all(_is_list(side) for side in sides):
        return True
    left = max((piece.bbox.x1 - piece.bbox.x0 for piece in inside if piece.bbox.x0 < gutter), default=0.0)
    right = max((piece.bbox.x1 - piece.bbox.x0 for piece in inside if piece.bbox.x0 >= gutter), default=0.0)
    return len(rows) >= COLUMN_ROWS and min(left, right) > COLUMN_WIDTH * width


def _is_list(side: list[Piece]) -> bool:
    """Whether the lines of a column are items with a number or bullet each: a list beside another one."""
    return sum(bool(ITEM.match(piece.text)) for piece in side) >= MOSTLY * len(side)


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
    return row.x0 > RIGHT_HALF * width


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
