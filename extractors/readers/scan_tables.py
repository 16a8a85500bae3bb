"""Ruled tables on a scanned page: the rules by their pixels, each cell read by itself."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.readers.page_image import Picture

INK = 160
# How dark a rule is at least, tried in turn: thin ones are grey, shadows fade them; at last breaks are closed.
TRIES = ((160, False), (185, False), (205, False), (160, True), (185, True))
# In inches: shortest rule across and down, what closes a broken rule, smallest table and cell.
ACROSS, DOWN = 0.6, 0.2
CLOSING = 0.03
DOWN_CLOSED = 0.45
# What runs down this share of the page is a scanner's streak.
STREAK = 0.93
# Where breaks are closed: how far runs must go in one line, in inches and as a share of the longest, and how near
# they must stand to that line.
LEAST_ACROSS, LEAST_DOWN_IN_LINE, OF_LONGEST, BESIDE = 0.9, 0.6, (0.0, 0.3), 0.02
# The quick look: at how many dots an inch, how dark, how far in inches the rules of a table run across and down.
LOOK_DPI, PALE = 100, 215
LONG, LEAST_DOWN = 1.2, 0.4
TABLE_WIDTH, TABLE_HEIGHT = 1.5, 0.5
CELL_WIDTH, CELL_HEIGHT = 0.15, 0.1
# Of its frame, how much a cell fills: less where a break in a rule has opened it to its neighbour.
FILLED = 0.93
BROKEN, MOST_MORE = 3, 1.25
# Less is no cell, but what a rule that was drawn double or broke off leaves round others.
SLIVER = 0.3
COVERED = 0.6
FEWEST_CELLS = 4
WIDEST_CELL = 0.97
BORDER = 12
# Of an inch: how wide the grey edge of a rule is beside what is dark.
HALO = 0.005
LEAST_INK = 0.0015
# In inches: the height of the lowest letter. So many letters in no cell are a line of text that is lost.
LETTER, LOST_LETTERS = 0.05, 3

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table's box and its cells' in dots (left, top, right, bottom); `filled` is a cell's share of its box."""

    box: Box
    cells: list[Box]
    filled: list[float]

    @property
    def broken(self) -> int:
        """How many cells a break in a rule has opened to their neighbours."""
        return sum(part < FILLED for part in self.filled)


def ruled_tables(grey: Picture, dpi: int) -> tuple[list[RuledTable], Picture]:
    """The tables of a straightened page and a mask of their rules, by the darkness that leaves the rules whole."""
    best: tuple[list[RuledTable], Picture] | None = None
    for ink, closed in TRIES:
        rules = _rules(grey, dpi, ink, max(1, round(CLOSING * dpi)) if closed else 0)
        tables = [table for table in _tables(rules, dpi) if _is_table(table)]
        if best is None or _is_better(tables, best[0]):
            best = tables, rules
        if tables and not any(table.broken for table in tables):
            break
    if best is None or not best[0]:
        return [], grey
    wide = 2 * max(1, round(HALO * dpi)) + 1
    return best[0], np.ascontiguousarray(cv2.dilate(best[1], np.ones((wide, wide), np.uint8)), dtype=np.uint8)


def cell_picture(grey: Picture, rules: Picture, cell: Box) -> Picture | None:
    """The cell without its rules, with a white border; None where nothing is in it."""
    left, top, right, bottom = cell
    crop = grey[top:bottom, left:right].copy()
    crop[rules[top:bottom, left:right] > 0] = 255
    if not crop.size or (crop < INK).mean() < LEAST_INK:
        return None
    made: Picture = np.ascontiguousarray(
        cv2.copyMakeBorder(crop, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255), dtype=np.uint8
    )
    return made


def has_lost_text(grey: Picture, rules: Picture, table: RuledTable, dpi: int) -> bool:
    """Whether letters stand inside the table where no cell was found, so that nothing reads them."""
    left, top, right, bottom = table.box
    ink = ((grey[top:bottom, left:right] < INK) & (rules[top:bottom, left:right] == 0)).astype(np.uint8)
    for x0, y0, x1, y1 in table.cells:
        ink[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = 0
    heights = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:, cv2.CC_STAT_HEIGHT]
    return int((heights >= LETTER * dpi).sum()) >= LOST_LETTERS


def _rules(grey: Picture, dpi: int, least: int, closing: int) -> Picture:
    ink = (grey < least).astype(np.uint8) * 255
    across = _runs(ink, (round(ACROSS * dpi), 1), (closing, 1), (1, 3))
    # Where breaks are closed, a letter may reach from rule to rule in a row of one line: no such short rule counts.
    down = _runs(ink, (1, round((DOWN_CLOSED if closing else DOWN) * dpi)), (1, closing), (3, 1))
    down[:, down.any(axis=0) & ((down > 0).sum(axis=0) > STREAK * down.shape[0])] = 0
    if closing:  # closed up, letters may look like rules too
        across, down = _aligned(across, dpi, 0, LEAST_ACROSS), _aligned(down, dpi, 1, LEAST_DOWN_IN_LINE)
    return np.ascontiguousarray(cv2.bitwise_or(across, down), dtype=np.uint8)


def _aligned(runs: Picture, dpi: int, way: int, least: float) -> Picture:
    """The runs across (`way` 0) or down (1) that go on in one line for `least` inches in all.

    The rules of a table do; the stems of letters between two rules, and words closed up, stand anywhere.
    """
    count, labels, stats, middles = cv2.connectedComponentsWithStats(runs, connectivity=8)
    if count == 1:
        return runs
    places, lengths = middles[1:, 1 - way], stats[1:, 2 + way]
    in_line = [int(lengths[np.abs(places - place) <= BESIDE * dpi].sum()) for place in places]
    enough = max(least * dpi, OF_LONGEST[way] * max(in_line))
    kept = np.array([0, *(255 * (length >= enough) for length in in_line)], np.uint8)
    return np.ascontiguousarray(kept[labels], dtype=np.uint8)


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
            found.append(RuledTable(box, *_cells(rules, box, dpi)))
    return sorted(found, key=lambda table: table.box[1])


def _cells(rules: Picture, box: Box, dpi: int) -> tuple[list[Box], list[float]]:
    left, top, right, bottom = box
    inside = (rules[top:bottom, left:right] == 0).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
    cells, filled = [], []
    for x, y, width, height, area in stats[1:count].tolist():
        whole = width > WIDEST_CELL * (right - left) and height > WIDEST_CELL * (bottom - top)
        sliver = area < SLIVER * width * height
        if width >= CELL_WIDTH * dpi and height >= CELL_HEIGHT * dpi and not whole and not sliver:
            cells.append((left + x, top + y, left + x + width, top + y + height))
            filled.append(area / (width * height))
    return cells, filled


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_better(tables: list[RuledTable], others: list[RuledTable]) -> bool:
    """Whether more cells are whole: not where letters, taken for rules, cut the cells into many."""
    whole, known = (sum(len(table.cells) - BROKEN * table.broken for table in found) for found in (tables, others))
    cut = sum(len(table.cells) for table in tables) > MOST_MORE * sum(len(table.cells) for table in others)
    return whole > known and not (others and cut)


def _is_table(table: RuledTable) -> bool:
    """Several cells, in more than one column and row, that fill the frame."""
    lefts = {round(cell[0] / 12) for cell in table.cells}
    tops = {round(cell[1] / 12) for cell in table.cells}
    covered = sum(map(_area, table.cells)) > COVERED * _area(table.box)
    return len(table.cells) >= FEWEST_CELLS and len(lefts) > 1 and len(tops) > 1 and covered


def may_hold_table(grey: Picture, dpi: int) -> bool:
    """Whether anything on the page, which may lean a little, runs as far as the rules of a table: a quick look."""
    scale = min(1.0, LOOK_DPI / dpi)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (small < PALE).astype(np.uint8)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(ACROSS * LOOK_DPI)), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(DOWN * LOOK_DPI), 1), np.uint8))
    # A leaning rule comes as steps, each on its own row: columns (rows) that hold some tell how far it runs.
    return bool(across.any(axis=0).sum() > LONG * LOOK_DPI and down.any(axis=1).sum() > LEAST_DOWN * LOOK_DPI)
