"""Cells of a spreadsheet as lines and a table: what stands above, the table, what stands below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.readers.grids import CellSource, grid_blocks
from schemas.source import Block, Line, Noise

# A row with so many filled cells belongs to a table; a letterhead, recipients and signature have two.
TABLE_CELLS = 3
LONGEST_NUMBER = 8


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A filled cell, its place from 0, how far it is merged, and whether its row or column is hidden."""

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    bold: bool = False
    centered: bool = False
    hidden: bool = False


def sheet_blocks(cells: Iterable[SheetCell]) -> list[Block]:
    """The lines and the table of one sheet; raises FileTooLarge where it has more cells than any table.

    Hidden rows and columns come last, as noise.
    """
    said = sorted((cell for cell in cells if cell.text.strip()), key=lambda cell: (cell.row, cell.col))
    seen = [cell for cell in said if not cell.hidden]
    first, last = _table_rows(seen)
    above = [cell for cell in seen if cell.row < first]
    table = [cell for cell in seen if first <= cell.row < last]
    below = [cell for cell in seen if cell.row >= last]
    hidden = [_line(cell, Noise.HIDDEN) for cell in said if cell.hidden]
    return [*_lines(above), *_grid(table), *_lines(below), *(line for lines in hidden for line in lines)]


def _table_rows(cells: list[SheetCell]) -> tuple[int, int]:
    """The first row of the table and the one behind its last; both behind everything where there is none.

    The table goes on while its rows are filled as its own are; a row of one merged cell is a group's title inside it.
    """
    rows: dict[int, list[SheetCell]] = {}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            rows.setdefault(row, []).append(cell)
    begins = [row for row, filled in sorted(rows.items()) if len(filled) >= TABLE_CELLS]
    if not begins:
        end = max(rows, default=-1) + 1
        return end, end
    first, last = begins[0], begins[-1]
    number = min(cell.col for cell in rows[first])
    for row in sorted(rows):
        if row > last and not _continues(rows[row], number, last, row):
            break
        last = max(last, row)
    return first, last + 1


def _continues(filled: list[SheetCell], number: int, last: int, row: int) -> bool:
    """Whether a row below goes on with the table: right below it, with a number in the table's first column."""
    lead = next((cell for cell in filled if cell.col == number), None)
    return row == last + 1 and lead is not None and len(lead.text.strip()) <= LONGEST_NUMBER and len(filled) > 1


def _grid(cells: list[SheetCell]) -> list[Block]:
    """The table; empty rows and columns at its sides are no part of it."""
    if not cells:
        return []
    top, left = min(cell.row for cell in cells), min(cell.col for cell in cells)
    columns = sorted({place for cell in cells for place in range(cell.col, cell.col + cell.colspan)})
    used = {place: at for at, place in enumerate(columns)}
    rows: dict[int, list[CellSource]] = {}
    for cell in cells:
        wide = sum(place in used for place in range(cell.col, cell.col + cell.colspan))
        source = CellSource(list(_line(cell)), cell.rowspan, wide, used[cell.col])
        rows.setdefault(cell.row - top, []).append(source)
    assert left in used
    return grid_blocks([rows.get(row, []) for row in range(max(rows) + 1)])


def _lines(cells: list[SheetCell]) -> list[Line]:
    """The lines above or below the table; where rows stand side by side, column by column."""
    made: list[Line] = []
    beside: list[list[SheetCell]] = []
    rows: dict[int, list[SheetCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        if len(row) == 1 and not _in_column(row[0], beside):
            made += _columns(beside)
            beside = []
            made += _line(row[0])
        else:
            beside.append(row)
    return made + _columns(beside)


def _in_column(cell: SheetCell, beside: list[list[SheetCell]]) -> bool:
    """Whether a lone cell goes on with a column of the rows above: "Độc lập - Tự do" below the motto's first line."""
    return bool(beside) and any(cell.col == other.col and cell.colspan == other.colspan for other in beside[-1])


def _columns(rows: list[list[SheetCell]]) -> list[Line]:
    """The lines of rows side by side, the left column first."""
    if not rows:
        return []
    gutter = min(max(cell.col for cell in row) for row in rows if len(row) > 1)
    left = [cell for row in rows for cell in row if cell.col < gutter]
    right = [cell for row in rows for cell in row if cell.col >= gutter]
    return [line for cell in (*left, *right) for line in _line(cell)]


def _line(cell: SheetCell, noise: Noise | None = None) -> list[Line]:
    """The printed lines of a cell, one paragraph each."""
    return [
        Line(text, paragraph=at, bold=cell.bold, centered=cell.centered, noise=noise)
        for at, text in enumerate(cell.text.splitlines())
        if text.strip()
    ]
