"""Letterheads, and recipients beside a signature: known by their words, bounded by the strip between them."""

from __future__ import annotations

import re

from extractors.readers.layout_tables import AUTHORITY, MOTTO, RECIPIENTS
from extractors.readers.pieces import Piece
from extractors.readers.rows import PlacedRow
from normalizers.fold import fold

LEFT_HALF, RIGHT_HALF = 0.45, 0.38
# Where the strip between the columns may lie, in shares of the page's width, and how finely it is looked for.
STRIP = (0.28, 0.66)
STEP = 2.0
# How many rows above the telling one may belong to the zone already.
LOOK_AHEAD = 5
SIGNATURE_SPACE = 150.0
LETTERHEAD_SPACE = 3.0
DATE = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b")
TITLE = re.compile(
    r"^\W*(?:ke hoach|quyet dinh|phu luc|phuong an|chuong trinh|de an|bieu|mau so|danh sach|thong bao)\b"
)


def cue_rows(rows: list[PlacedRow], width: float) -> list[int]:
    """The rows by whose words a letterhead or a signature block is known."""
    return [at for at, row in enumerate(rows) if _is_cue(row, width)]


def cue_zone(rows: list[PlacedRow], cues: list[int], start: int, width: float) -> tuple[int, float] | None:
    """Where the letterhead or signature block that begins at this row ends, and its gutter; None for none.

    `cues` are the page's `cue_rows`.
    """
    cue = next((at for at in cues if start <= at < start + LOOK_AHEAD), None)
    if cue is None:
        return None
    gutter = _gutter(rows[start : cue + 1], width, both=False)
    if gutter is None:
        return None
    head = any(MOTTO.search(text) for text in _texts(rows[cue]))
    end = cue + 1
    while end < len(rows) and _goes_on(rows, start, end, width, head):
        end += 1
    found = _gutter(rows[start:end], width, both=True)
    return (end, found) if found is not None else None


def _texts(row: PlacedRow) -> list[str]:
    return [fold(piece.text) for piece in (*row.pieces, *row.fine)]


def _is_cue(row: PlacedRow, width: float) -> bool:
    for piece in row.fine:
        text = fold(piece.text)
        if RECIPIENTS.match(text) and piece.bbox.x0 < LEFT_HALF * width:
            return True
        if MOTTO.search(text) and piece.bbox.x0 > 0.25 * width and not _is_centered(piece, width):
            return True
        if AUTHORITY.match(text) and piece.bbox.x0 > RIGHT_HALF * width and len(row.fine) > 1:
            return True
    return False


def _is_centered(piece: Piece, width: float) -> bool:
    return abs((piece.bbox.x0 + piece.bbox.x1) / 2 - 0.53 * width) < 0.035 * width


def _goes_on(rows: list[PlacedRow], start: int, at: int, width: float, head: bool) -> bool:
    """Whether a row belongs to the zone above it."""
    row, above = rows[at], rows[start:at]
    gap = row.top - max(one.bottom for one in above)
    height = max(row.bottom - row.top, 1.0)
    if _gutter([*above, row], width, both=False) is None or gap > SIGNATURE_SPACE:
        return False
    texts = _texts(row)
    if any(TITLE.match(text) for text in texts) or (not head and any(MOTTO.search(text) for text in texts)):
        return False
    if head:
        dated = any(DATE.search(text) for one in above for text in _texts(one))
        centered = len(row.fine) == 1 and _is_centered(row.fine[0], width) and not MOTTO.search(texts[0])
        return not centered and gap < LETTERHEAD_SPACE * height and not (dated and gap > 0.8 * height)
    return True


def _gutter(rows: list[PlacedRow], width: float, *, both: bool) -> float | None:
    """The middle of the widest strip that no piece crosses, with pieces on both sides of it where `both`."""
    spans = [(piece.bbox.x0, piece.bbox.x1) for row in rows for piece in row.fine]
    steps = int((STRIP[1] - STRIP[0]) * width / STEP)
    free = [STRIP[0] * width + STEP * step for step in range(steps)]
    free = [x for x in free if not any(x0 < x < x1 for x0, x1 in spans)]
    if both:
        free = [x for x in free if any(x1 <= x for _, x1 in spans) and any(x0 >= x for x0, _ in spans)]
    runs: list[list[float]] = []
    for x in free:
        if runs and x - runs[-1][-1] <= STEP * 1.5:
            runs[-1].append(x)
        else:
            runs.append([x])
    if not runs:
        return None
    widest = max(runs, key=len)
    return (widest[0] + widest[-1]) / 2
