"""The numbers of a scanned table's rows: a figure alone in a cell is misread often, and its row's place tells it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from normalizers.fold import fold
from schemas.source import Cell, Line, Table

HEAD = re.compile(r"^(?:s?tt|so tt|so thu tu)\W*$")
ARABIC = re.compile(r"^\W*(\d{1,3})\W*$")
ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
# What OCR makes of the strokes of Roman figures: "H" of "II", "IH" of "III", "1V" of "IV".
STROKES = str.maketrans({"l": "I", "í": "I", "Í": "I", "ị": "I", "Ị": "I", "1": "I", "|": "I", "i": "I", "ì": "I"})
LONGEST = 4
FEWEST = 3


def roman(text: str) -> int:
    """The value 1–15 of a Roman figure, also of one with its strokes misread; 0 where it is none.

    >>> roman("II"), roman("H"), roman("IH."), roman("1V"), roman("x"), roman("Hội")
    (2, 2, 3, 4, 0, 0)
    """
    strokes = re.sub(r"[\W_]", "", text.replace("|", "I")).translate(STROKES).replace("H", "II")
    return ROMANS.index(strokes) + 1 if strokes in ROMANS else 0


def with_ordinals(table: Table) -> Table:
    """The table with the misread figures of its numbered rows as their order says; its words keep what was read."""
    column = next((cell for cell in table.cells if cell.row == 0 and HEAD.match(fold(cell.text))), None)
    if column is None:
        return table
    rows = [cell for cell in table.cells if cell.col == column.col and cell.row > column.row]
    spans = {cell.row: cell.colspan for cell in table.cells if cell.col == column.col + 1}
    groups = [cell for cell in rows if spans.get(cell.row, 1) > 1]
    told = _ordered(groups, lambda text: roman(text) or None, lambda value: ROMANS[value - 1])
    for run in _runs(rows, groups):
        told |= _ordered(run, _arabic, str)
    page = table.pages[0] if table.pages else None
    cells = [_said(cell, told[cell.row], page) if cell in rows and cell.row in told else cell for cell in table.cells]
    return replace(table, cells=tuple(cells))


def _arabic(text: str) -> int | None:
    found = ARABIC.match(text)
    return int(found[1]) if found else None


def _runs(rows: list[Cell], groups: list[Cell]) -> list[list[Cell]]:
    """The rows between two heads of groups."""
    runs: list[list[Cell]] = [[]]
    for cell in rows:
        if cell in groups:
            runs.append([])
        else:
            runs[-1].append(cell)
    return runs


def _ordered(cells: list[Cell], read: Callable[[str], int | None], say: Callable[[int], str]) -> dict[int, str]:
    """By row the figures that are not what the order of most of them says; none where most do not follow an order."""
    values = [read(cell.text.strip()) for cell in cells]
    starts = [value - at for at, value in enumerate(values) if value is not None]
    start = max(sorted(set(starts)), key=starts.count, default=0)
    agreed, last = starts.count(start), start + len(cells) - 1
    if start < 1 or agreed * 2 < len(cells) or (say is not str and last > len(ROMANS)):
        return {}
    told = {}
    for at, (cell, value) in enumerate(zip(cells, values, strict=True)):
        # A number that was read is doubted only where the others leave no doubt; the strokes of a Roman one are not.
        certain = say is not str or value in (None, start + at) or (agreed >= FEWEST and agreed * 2 > len(cells))
        if certain and cell.text.strip(" .)") != say(start + at):
            told[cell.row] = say(start + at)
    return told


def _said(cell: Cell, figure: str, page: int | None) -> Cell:
    """The cell with its figure; longer words are no figure and stay."""
    if len(cell.text) > LONGEST:
        return cell
    line = cell.lines[0] if cell.lines else Line("", page=page, confidence=0.0)
    return replace(cell, lines=(replace(line, text=figure),))
