"""Pieces of one table on following pages → one table, its repeated head set aside, its parted row joined."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from extractors.readers.ordinals import with_ordinals
from extractors.readers.quarters import with_quarters
from normalizers.fold import fold
from schemas.source import Block, Cell, Line, Noise, Table

FINAL = re.compile(r"[.;:!?)”\"]\s*$")
MOST_HEAD_ROWS = 3
SAME_TEXT = 88.0
# OCR confidence, 0-100, and letters: what is shorter and less sure between two pages is dirt, no text.
DIRT_CONFIDENCE, DIRT_LETTERS = 75.0, 40
SAME_ROW = 94.0


def join_tables(blocks: list[Block]) -> list[Block]:
    """The blocks with each table that goes on over a page break put together; only noise may stand between.

    What OCR misread and only a whole table or document can tell (numbers of rows, quarters) is told then.
    """
    made: list[Block] = []
    for block in blocks:
        before = _table_before(made) if isinstance(block, Table) else None
        upper = made[before] if before is not None else None
        if before is not None and isinstance(block, Table) and isinstance(upper, Table) and _goes_on(upper, block):
            made[before] = joined(upper, block)
        else:
            made.append(block)
    return with_quarters(
        [with_ordinals(block) if isinstance(block, Table) and _is_read(block) else block for block in made]
    )


def _is_read(table: Table) -> bool:
    """Whether the table was read by OCR."""
    return any(line.confidence is not None for line in table.lines)


def _table_before(made: list[Block]) -> int | None:
    for at in reversed(range(len(made))):
        block = made[at]
        if isinstance(block, Table):
            return at
        if block.noise is None and block.text.strip() and not _is_dirt(block):
            return None
    return None


def _is_dirt(line: Line) -> bool:
    """Whether a line is what OCR reads out of shadows and specks at the edge of a page."""
    return line.confidence is not None and line.confidence < DIRT_CONFIDENCE and len(line.text) < DIRT_LETTERS


def _goes_on(upper: Table, lower: Table) -> bool:
    if upper.n_cols != lower.n_cols or not upper.pages or not lower.pages:
        return False
    if lower.pages[0] - upper.pages[-1] != 1:
        return False
    return _same_edges(upper, lower)


def _same_edges(upper: Table, lower: Table) -> bool:
    if upper.bbox is None or lower.bbox is None:
        return True
    width = max(upper.bbox.x1 - upper.bbox.x0, 1.0)
    return abs((lower.bbox.x1 - lower.bbox.x0) - width) < 0.12 * width


def joined(upper: Table, lower: Table) -> Table:
    """One table of both; the head of the lower one, where it repeats the upper one's, becomes `repeated`."""
    heads = _repeated_rows(upper, lower)
    repeated = tuple(
        replace(line, noise=Noise.REPEATED_HEAD)
        for cell in lower.cells
        if cell.row < heads
        for line in cell.lines
        if line.text.strip()
    )
    rest = [replace(cell, row=cell.row - heads) for cell in lower.cells if cell.row >= heads]
    cells, rest, dropped = _sewn(list(upper.cells), rest, upper.n_rows)
    moved = [replace(cell, row=cell.row + upper.n_rows - dropped) for cell in rest]
    return replace(
        upper,
        cells=tuple(sorted([*cells, *moved], key=lambda cell: (cell.row, cell.col))),
        n_rows=upper.n_rows + lower.n_rows - heads - dropped,
        pages=tuple(dict.fromkeys(upper.pages + lower.pages)),
        repeated=upper.repeated + repeated,
    )


def _repeated_rows(upper: Table, lower: Table) -> int:
    """How many rows at the top of the lower table say the same as those at the top of the upper one."""
    same = 0
    for row in range(min(MOST_HEAD_ROWS, upper.n_rows, lower.n_rows)):
        above, below = _row_text(upper, row), _row_text(lower, row)
        if len(above) != len(below) or not any(above):
            break
        # A slip in a short cell weighs much there and little in the row.
        if not all(map(_alike, above, below)) and fuzz.ratio("".join(above), "".join(below)) < SAME_ROW:
            break
        same = row + 1
    return same


def _alike(one: str, other: str) -> bool:
    """Whether two cells say the same, but for what OCR read wrongly."""
    return one == other or fuzz.ratio(one, other) >= SAME_TEXT


def _row_text(table: Table, row: int) -> list[str]:
    return [fold(cell.text).replace(" ", "") for cell in table.cells if cell.row == row]


def _sewn(upper: list[Cell], lower: list[Cell], n_rows: int) -> tuple[list[Cell], list[Cell], int]:
    """The cells of both, a row parted by the page break joined; with how many rows that saved."""
    first = {cell.col: cell for cell in lower if cell.row == 0}
    last = {cell.col: cell for cell in upper if cell.row + cell.rowspan == n_rows}
    if not first or not _is_rest(first, last):
        return *_held(upper, lower, first, last), 0
    grown: list[Cell] = []
    for cell in upper:
        below = first.get(cell.col) if last.get(cell.col) is cell else None
        if below is None:
            grown.append(cell)
        else:
            grown.append(replace(cell, lines=cell.lines + below.lines, rowspan=cell.rowspan + below.rowspan - 1))
    known = set(last)
    stray = [cell for col, cell in first.items() if col not in known]
    left = [cell for cell in lower if cell.row > 0]
    return grown, [*stray, *left] if not stray else [replace(cell, row=1) for cell in stray] + left, 1


def _held(
    upper: list[Cell], lower: list[Cell], first: dict[int, Cell], last: dict[int, Cell]
) -> tuple[list[Cell], list[Cell]]:
    """The cells of both, those merged down over the page break whole again: below it they are empty."""
    going_on = {
        col: first[col]
        for col, cell in last.items()
        if col in first
        and cell.text.strip()
        and not first[col].text.strip()
        and cell.colspan == first[col].colspan
        and (cell.rowspan > 1 or first[col].rowspan > 1)
    }
    grown = [
        replace(cell, rowspan=cell.rowspan + going_on[cell.col].rowspan)
        if cell.col in going_on and last[cell.col] is cell
        else cell
        for cell in upper
    ]
    return grown, [cell for cell in lower if cell.row > 0 or cell.col not in going_on]


def _is_rest(first: dict[int, Cell], last: dict[int, Cell]) -> bool:
    """Whether the first row below the break goes on with the last one above it: no number, and a text unfinished."""
    lead = first.get(0)
    if lead is None or lead.text.strip() or set(first) - set(last):
        return False
    if not any(cell.text.strip() for cell in first.values()):
        return True
    for col, cell in first.items():
        text, above = cell.text.strip(), last[col].text.strip()
        if text and above and (text[:1].islower() or not FINAL.search(above)):
            return True
    return False
