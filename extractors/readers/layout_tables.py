"""Which tables only place text on the page (letterhead, recipients and signature), and their lines in order."""

from __future__ import annotations

import re
from dataclasses import replace

from normalizers.fold import fold
from schemas.source import Block, Line, Table

# The right half of a letterhead: the national title of the State, of the Party, or of a mass organisation.
MOTTO = re.compile(
    r"cong hoa xa hoi|chu nghia viet nam|doc lap ?- ?tu do|dang cong san viet nam|doan tncs ho chi minh"
)
# The left half of the end of a document, and what stands over the name in its right half.
RECIPIENTS = re.compile(r"^\W*noi (?:nhan|gui)\b")
AUTHORITY = re.compile(
    r"^\W*(?:(?:t ?m|k ?t|t ?l|t ?u ?q|q|thua lenh|thay mat)\. |(?:pho )?(?:chu tich|giam doc|truong (?:phong|ban)|"
    r"bi thu|hieu truong|chanh van phong|vien truong|cuc truong|chi cuc truong)$|nguoi (?:lap|ky)\b|xac nhan\b)"
)
# "STT", "TT": a table of content numbers its rows.
NUMBERED_HEAD = re.compile(r"^\W*(?:s ?t ?t|t ?t|so tt|so thu tu)\W*$")
MOST_ROWS, MOST_COLUMNS = 5, 4


def is_layout(table: Table) -> bool:
    """Whether the table is no table to a reader: one column or row, a letterhead, recipients beside a signature."""
    if table.n_cols == 1 or len(table.cells) == 1:
        return True
    if table.n_rows == 1 and table.n_cols <= MOST_COLUMNS:
        return True
    if table.n_cols > MOST_COLUMNS or table.n_rows > MOST_ROWS:
        return False
    lines = [fold(line.text.strip()) for cell in table.cells for line in cell.lines]
    if any(NUMBERED_HEAD.match(line) for line in lines):
        return False
    return any(MOTTO.search(line) or RECIPIENTS.match(line) or AUTHORITY.match(line) for line in lines)


def unrolled(table: Table) -> list[Line]:
    """The lines of a layout table, left cell before right cell, row by row."""
    made: list[Line] = []
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
        made += [replace(line, blank_before=max(line.blank_before, 0 if at else 1)) for at, line in _each(cell.lines)]
    return made + list(table.repeated)


def plain(blocks: list[Block]) -> list[Block]:
    """The blocks with every layout table unrolled into its lines."""
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, Table) and is_layout(block):
            made.extend(unrolled(block))
        else:
            made.append(block)
    return made


def _each(lines: tuple[Line, ...]) -> list[tuple[int, Line]]:
    return list(enumerate(lines))
