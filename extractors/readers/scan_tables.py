"""Ruled tables on a scanned page: the rules by their pixels, each cell read by itself."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.readers.page_image import Picture

INK = 160
# In inches: shortest rule across and down, what closes a broken rule, smallest table and cell.
ACROSS, DOWN = 0.6, 0.2
CLOSING = 0.03
TABLE_WIDTH, TABLE_HEIGHT = 1.5, 0.5
CELL_WIDTH, CELL_HEIGHT = 0.15, 0.1
COVERED = 0.8
FEWEST_CELLS = 4
WIDEST_CELL = 0.97
BORDER = 12
LEAST_INK = 0.0015

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table's box and its cells' in dots (left, top, right, bottom)."""

    box: Box
    cells: list[Box]


def ruled_tables(grey: Picture, dpi: int) -> tuple[list[RuledTable], Picture]:
    """The tables of a straightened page and a mask of their rules."""
    rules = _rules(grey, dpi, 0)
    tables = _tables(rules, dpi)
    if any(_coverage(table) < COVERED for table in tables) or (not tables and _has_long_rules(rules, dpi)):
        closed = _rules(grey, dpi, max(1, round(CLOSING * dpi)))
        better = _tables(closed, dpi)
        if _total(better) > _total(tables):
            return [table for table in better if _is_table(table)], closed
    return [table for table in tables if _is_table(table)], rules


def cell_picture(grey: Picture, rules: Picture, cell: Box) -> Picture | None:
    """The cell without its rules, with a white border; None where nothing is in it."""
    left, top, right, bottom = cell
    crop = grey[top:bottom, left:right].copy()
    crop[rules[top:bottom, left:right] > 0] = 255
    ink = crop[3:-3, 3:-3] < INK
    if not ink.size or ink.mean() < LEAST_INK:
        return None
    made: Picture = np.ascontiguousarray(
        cv2.copyMakeBorder(crop, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255), dtype=np.uint8
    )
    return made


def _rules(grey: Picture, dpi: int, closing: int) -> Picture:
    ink = (grey < INK).astype(np.uint8) * 255
    across = _runs(ink, (round(ACROSS * dpi), 1), (closing, 1), (1, 3))
    down = _runs(ink, (1, round(DOWN * dpi)), (1, closing), (3, 1))
    return np.ascontiguousarray(cv2.bitwise_or(across, down), dtype=np.uint8)


def _runs(ink: Picture, length: tuple[int, int], closing: tuple[int, int], spread: tuple[int, int]) -> Picture:
    made = cv2.dilate(ink, np.ones(spread, np.uint8))
    if max(closing) > 1:
        made = cv2.morphologyEx(made, cv2.MORPH_CLOSE, np.ones(closing[::-1], np.uint8))
    opened = cv2.morphologyEx(made, cv2.MORPH_OPEN, np.ones(length[::-1], np.uint8))
    return np.ascontiguousarray(cv2.dilate(opened, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def _tables(rules: Picture, dpi: int) -> list[RuledTable]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    found = []
    for at in range(1, count):
        left, top, width, height = (int(value) for value in stats[at][:4])
        if width >= TABLE_WIDTH * dpi and height >= TABLE_HEIGHT * dpi:
            box = (left, top, left + width, top + height)
            found.append(RuledTable(box, _cells(rules, box, dpi)))
    return sorted(found, key=lambda table: table.box[1])


def _cells(rules: Picture, box: Box, dpi: int) -> list[Box]:
    left, top, right, bottom = box
    inside = (rules[top:bottom, left:right] == 0).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
    cells = []
    for at in range(1, count):
        x, y, width, height = (int(value) for value in stats[at][:4])
        whole = width > WIDEST_CELL * (right - left) and height > WIDEST_CELL * (bottom - top)
        if width >= CELL_WIDTH * dpi and height >= CELL_HEIGHT * dpi and not whole:
            cells.append((left + x, top + y, left + x + width, top + y + height))
    return cells


def _coverage(table: RuledTable) -> float:
    area = (table.box[2] - table.box[0]) * (table.box[3] - table.box[1])
    return sum((right - left) * (bottom - top) for left, top, right, bottom in table.cells) / max(area, 1)


def _total(tables: list[RuledTable]) -> float:
    return sum(len(table.cells) * min(1.0, _coverage(table)) for table in tables if _is_table(table))


def _is_table(table: RuledTable) -> bool:
    """Several cells, in more than one column and row, that fill the frame."""
    lefts = {round(cell[0] / 12) for cell in table.cells}
    tops = {round(cell[1] / 12) for cell in table.cells}
    return len(table.cells) >= FEWEST_CELLS and len(lefts) > 1 and len(tops) > 1 and _coverage(table) > 0.6


def _has_long_rules(rules: Picture, dpi: int) -> bool:
    return bool((rules > 0).sum(axis=1).max(initial=0) > 3 * dpi)
