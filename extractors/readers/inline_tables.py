"""Tables typed into a text with a sign between cells: "| STT | Nhiệm vụ |" as in Markdown, "a | b | c", or tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.readers.emphasis import strip_emphasis
from extractors.readers.grids import CellSource
from schemas.source import Line

PIPE = re.compile(r"(?<!\\)\|")
# Below a head: "|-----|:---:|", "--- | ---", "+=====+".
DRAWN = re.compile(r"^\s*[|+]?\s*:?[-=]{2,}:?(?:\s*[|+]\s*:?[-=]{2,}:?)*\s*[|+]?\s*$")
BREAK = re.compile(r"<br\s*/?>", re.I)
# A table has a head and a row; without a frame, three columns, lest a sentence with a sign in it be taken for one.
LEAST_ROWS, LEAST_COLUMNS, LEAST_FRAMED = 2, 3, 2
Cells = list[str]


def inline_tables(rows: list[str]) -> Iterator[tuple[list[str], list[list[CellSource]]]]:
    """The rows of a text in order: each time those that are no table, then the cells of the table below them, if any.

    A table's rows stand one below the other with the same cells in each, and its first row names every column.
    """
    plain: list[str] = []
    at = 0
    while at < len(rows):
        end, cells = _table(rows, at)
        if cells:
            yield plain, [[_cell(text) for text in row] for row in cells]
            plain, at = [], end
        else:
            plain.append(rows[at])
            at += 1
    yield plain, []


def _table(rows: list[str], start: int) -> tuple[int, list[Cells]]:
    """Where the table that begins at a row ends, and its cells; none where no table begins there."""
    for split in (_framed, _piped, _tabbed):
        head = split(rows[start])
        least = LEAST_FRAMED if split is _framed else LEAST_COLUMNS
        if len(head) < least or not all(head):
            continue
        found, end = [head], start + 1
        while end < len(rows):
            cells = split(rows[end])
            if len(cells) == len(head) and not DRAWN.match(rows[end]):
                found.append(cells)
            elif not (DRAWN.match(rows[end]) and rows[end].strip()):
                break
            end += 1
        if len(found) >= LEAST_ROWS:
            return end, found
    return start, []


def _framed(row: str) -> Cells:
    text = row.strip()
    if not (text.startswith("|") and text.endswith("|") and len(text) > 1):
        return []
    return _trimmed(PIPE.split(text)[1:-1])


def _piped(row: str) -> Cells:
    return _trimmed(PIPE.split(row))


def _tabbed(row: str) -> Cells:
    return _trimmed(row.split("\t"))


def _trimmed(cells: Cells) -> Cells:
    return [cell.strip() for cell in cells]


def _cell(text: str) -> CellSource:
    lines = strip_emphasis(BREAK.split(text.replace("\\|", "|")))
    return CellSource([Line(said, bold=bold) for said, bold in lines])
