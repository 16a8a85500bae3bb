"""Ruled tables on a typed PDF page: pdfplumber finds the cells, pdfium's characters fill them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from extractors.readers.glyphs import Glyphs, covered
from schemas.source import BBox, Cell, Line, Table

EDGE = 3.0
THIN = 4.0
FINDER = {"vertical_strategy": "lines", "horizontal_strategy": "lines", "snap_tolerance": 3, "join_tolerance": 3}
CellReader = Callable[[BBox], tuple[Line, ...]]


def found_boxes(page: Any) -> list[list[BBox]]:
    """The cells of each table that pdfplumber finds on its page, one list of boxes a table."""
    x0, top = page.bbox[0], page.bbox[1]
    tables = page.filter(_is_drawn).find_tables(table_settings=FINDER)
    return [[BBox(a - x0, b - top, c - x0, d - top) for a, b, c, d in table.cells] for table in tables]


def _is_drawn(item: dict[str, Any]) -> bool:
    """Whether an object can be a rule: shading behind text has edges too, but no line round it."""
    if item.get("object_type") != "rect":
        return True
    return bool(item.get("stroke")) or min(item["width"], item["height"]) < THIN


def ruled_table(boxes: list[BBox], page: int, read_cell: CellReader, edge: float = EDGE) -> Table | None:
    """The table of these cell boxes, merged cells told by how many rows and columns they cover; None for one box."""
    if len(boxes) < 2:
        return None
    xs = _edges([box.x0 for box in boxes] + [box.x1 for box in boxes], edge)
    ys = _edges([box.top for box in boxes] + [box.bottom for box in boxes], edge)
    cells = []
    for box in sorted(boxes, key=lambda box: (round(box.top / edge), box.x0)):
        row, end_row = _nearest(ys, box.top), _nearest(ys, box.bottom)
        col, end_col = _nearest(xs, box.x0), _nearest(xs, box.x1)
        if end_row > row and end_col > col:
            cells.append(Cell(row, col, read_cell(box), end_row - row, end_col - col))
    return Table(
        tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        n_rows=len(ys) - 1,
        n_cols=len(xs) - 1,
        pages=(page,),
        bbox=BBox(xs[0], ys[0], xs[-1], ys[-1]),
    )


def inside(glyphs: Glyphs, box: BBox) -> Glyphs:
    """The characters whose middle lies in the box, with the line ends between them."""
    return glyphs.take(glyphs.line_ends | covered(glyphs, box))


def outside(glyphs: Glyphs, boxes: list[BBox]) -> Glyphs:
    """The characters whose middle lies in none of the boxes."""
    if not boxes:
        return glyphs
    within = np.logical_or.reduce([covered(glyphs, box) for box in boxes])
    return glyphs.take(glyphs.line_ends | ~within)


def _edges(values: list[float], least: float) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > least:
            edges.append(value)
    return edges


def _nearest(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - value))
