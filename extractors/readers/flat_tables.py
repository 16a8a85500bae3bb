"""Tables that a web page flattened into lines, each lone "|" ending a cell → rows and columns again."""

from __future__ import annotations

from dataclasses import replace

from extractors.readers.flat_grid import Row, shape
from extractors.readers.layout_tables import is_layout, unrolled
from schemas.source import Block, Cell, Line, Table

CELL_END = "|"
Segment = tuple[Line, ...]


def blocks_of(lines: list[Line]) -> list[Block]:
    """The lines with each run of cells rebuilt into a table; a letterhead laid out so comes as plain lines."""
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        if lines[at].text != CELL_END:
            blocks.append(lines[at])
            at += 1
            continue
        end = _end(lines, at)
        blocks += _rebuilt(_segments(lines[at : end + 1]), lines[at].blank_before)
        at = end + 1
    return blocks


def _end(lines: list[Line], start: int) -> int:
    """Where the run of cells that begins at `start` ends: at a "|" before an empty line, or at the last one."""
    last = start
    for at in range(start, len(lines)):
        if lines[at].text != CELL_END:
            continue
        last = at
        after = lines[at + 1] if at + 1 < len(lines) else None
        if at > start and (after is None or after.blank_before):
            return at
    return last


def _segments(lines: list[Line]) -> list[Segment]:
    found: list[list[Line]] = []
    for line in lines:
        if line.text == CELL_END:
            found.append([])
        else:
            found[-1].append(line)
    return [tuple(segment) for segment in found[:-1]]


def _rebuilt(segments: list[Segment], blank: int) -> list[Block]:
    if not any(segments):
        return []
    table = table_of(segments)
    lines = unrolled(table) if is_layout(table) else None
    if lines is None:
        return [table]
    return [replace(lines[0], blank_before=max(blank, 1)), *lines[1:]]


def table_of(segments: list[Segment]) -> Table:
    """The table of these cells; an empty segment is an empty cell or parts two rows, whichever fits the columns."""
    rows, n_cols = shape([" ".join(line.text for line in segment) for segment in segments], _bold(segments))
    cells = [cell for number, row in enumerate(rows) for cell in _cells(number, row, segments)]
    return Table(_stretched(cells, rows), n_rows=len(rows), n_cols=n_cols)


def _bold(segments: list[Segment]) -> list[bool]:
    return [bool(segment) and all(line.bold for line in segment if line.text.strip()) for segment in segments]


def _cells(number: int, row: Row, segments: list[Segment]) -> list[Cell]:
    return [Cell(number, place.col, segments[place.segment], colspan=place.colspan) for place in row.places]


def _stretched(cells: list[Cell], rows: list[Row]) -> tuple[Cell, ...]:
    """The cells, each grown downwards over the rows in which its column stands merged."""
    made = []
    for cell in cells:
        below = cell.row + 1
        while below < len(rows) and cell.col in rows[below].merged:
            below += 1
        made.append(replace(cell, rowspan=below - cell.row))
    return tuple(made)
