"""Rows of cells with spans, as HTML and Word give them → a table, or its lines where it only places text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.readers.layout_tables import is_layout
from schemas.errors import FileTooLarge
from schemas.source import Block, Cell, Line, Table

MOST_COLUMNS = 200
MOST_CELLS = 50_000
ABSURD = "Tệp có bảng quá lớn ({what}); đề nghị tách bảng ra rồi gửi lại."


@dataclass(slots=True)
class CellSource:
    """A cell as its file gives it; `col` only where the file names the column itself."""

    blocks: list[Block] = field(default_factory=list)
    rowspan: int = 1
    colspan: int = 1
    col: int | None = None


def grid_blocks(rows: Sequence[Sequence[CellSource]]) -> list[Block]:
    """The table of these rows; a letterhead, a signature block or a single column comes as what stands in it.

    Raises FileTooLarge where the spans name more columns or cells than any table has.
    """
    placed = _place([row for row in rows if row])
    cells = tuple(Cell(row, col, tuple(_lines(cell.blocks)), *_spans(cell)) for row, col, cell in placed)
    if not any(line.text.strip() for cell in cells for line in cell.lines):
        return []
    n_rows = max(cell.row for cell in cells) + 1
    cells = tuple(_cut(cell, n_rows) for cell in cells)
    table = Table(cells, n_rows, max(cell.col + cell.colspan for cell in cells))
    if is_layout(_without_empty(table)):
        return [block for _, _, cell in placed for block in cell.blocks]
    return [table]


def _place(rows: list[Sequence[CellSource]]) -> list[tuple[int, int, CellSource]]:
    """Each cell with its row and column, past the places that merged cells above already cover."""
    taken: dict[int, int] = {}
    placed: list[tuple[int, int, CellSource]] = []
    for number, row in enumerate(rows):
        col = 0
        for cell in row:
            if cell.col is None:
                while taken.get(col, 0) > number:
                    col += 1
            else:
                col = cell.col
            _check(col + cell.colspan, len(placed))
            placed.append((number, col, cell))
            for place in range(col, col + cell.colspan):
                taken[place] = number + cell.rowspan
            col += cell.colspan
    return placed


def _check(n_cols: int, n_cells: int) -> None:
    if n_cols > MOST_COLUMNS:
        raise FileTooLarge(ABSURD.format(what=f"hơn {MOST_COLUMNS} cột"))
    if n_cells > MOST_CELLS:
        raise FileTooLarge(ABSURD.format(what=f"hơn {MOST_CELLS} ô"))


def _spans(cell: CellSource) -> tuple[int, int]:
    return cell.rowspan, cell.colspan


def _cut(cell: Cell, n_rows: int) -> Cell:
    return Cell(cell.row, cell.col, cell.lines, min(cell.rowspan, n_rows - cell.row), cell.colspan)


def _lines(blocks: Sequence[Block]) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        lines.extend(block.lines if isinstance(block, Table) else (block,))
    return lines


def _without_empty(table: Table) -> Table:
    """The table as a reader sees it: empty columns at its side are only space."""
    full = {cell.col for cell in table.cells if any(line.text.strip() for line in cell.lines)}
    if len(full) == 1:
        return Table(table.cells, table.n_rows, 1)
    return table
