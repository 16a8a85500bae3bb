"""Scans and photographs: each page's picture prepared, read by OCR, and laid out as lines and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import radians, tan
from statistics import fmean

import cv2
import numpy as np

from extractors.readers.flat_page import laid_flat, on_dark_ground
from extractors.readers.layout import page_lines, row_lines
from extractors.readers.lost_lines import with_lost_lines
from extractors.readers.ocr import Ocr, OcrWord, default_ocr
from extractors.readers.page_image import (
    Picture,
    inked_area,
    likely_dpi,
    prepared,
    red_ink,
    skew,
    turned,
    without_lines,
    without_specks,
)
from extractors.readers.pdf_tables import ruled_table
from extractors.readers.scan_tables import (
    BORDER,
    RuledTable,
    cell_picture,
    has_lost_text,
    may_hold_table,
    ruled_tables,
)
from extractors.readers.scan_words import Scale, pieces_of
from extractors.readers.second_look import block_words, with_page_number, with_rivals
from extractors.readers.signature_block import title_is_lost, with_signature_block
from schemas.source import BBox, Block, Line, Table

POOR, TURNED_BELOW = 91.0, 70.0
# Which words are hardly sure, and what share of them makes a page poor whose other words are read well.
UNSURE, MOST_UNSURE = 60.0, 0.035
FEWEST_WORDS = 5
# Of its words, how many a photographed page keeps at least when it is laid flat.
KEPT_WORDS, POINTS = 0.9, 72
# Dots of the smallest letter that could be read: a narrower picture is a line or a speck.
LEAST_SIDE = 8
# In degrees: from where on a table's rules must be straightened, and a page, of which whole paragraphs are lost else.
SKEWED, ASKEW = 0.25, 2.2
SCAN_EDGE = 6.0
WIPED = 4
POOR_PAGE = (
    "Trang {page}: ảnh quét mờ hoặc lệch, chữ đọc được có thể sai (độ tin cậy {confidence:.0f}/100); đề nghị xem lại."
)
BROKEN_TABLE = (
    "Trang {page}: đường kẻ của bảng bị đứt, mờ hoặc cong nên chữ có thể lạc sang ô khác; đề nghị xem lại bảng này."
)
LOST_LINES = "Trang {page}: có dòng trên ảnh không đọc được; đề nghị đối chiếu với bản gốc."
FLATTENED = "Trang {page}: ảnh chụp nghiêng, đã nắn phẳng để đọc; đề nghị xem lại bảng trên trang này."
LOST_TITLE = "Trang {page}: con dấu hoặc chữ ký che mất chức danh người ký; đề nghị xem lại chỗ ký trên bản gốc."
NO_WORDS = "Trang {page}: không nhận ra chữ nào trên ảnh; đề nghị xem lại trang này."


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page's picture (grey or RGB) with its dots an inch, and the place on the page in points that it covers."""

    number: int
    picture: Picture
    dpi: int
    area: BBox


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read on a page; `confidence` 0–100 is the mean of its words, `size` its width and height in points."""

    blocks: list[Block]
    confidence: float
    size: tuple[float, float]
    warnings: tuple[str, ...] = ()
    turned: bool = False
    """Whether the page lies on its side or head, or at an angle: its boxes are those of the page as it was read."""


def read_page(page: PagePicture, ocr: Ocr | None = None) -> PageReading:
    """The lines and tables of a page's picture, turned upright where it lies on its side."""
    if min(page.picture.shape[:2]) < LEAST_SIDE:
        return _reading([], page.number, (page.area.x1, page.area.bottom))
    ocr = ocr or default_ocr()
    first = _as_it_lies(page, ocr)
    if first.confidence >= TURNED_BELOW and _words(first) >= FEWEST_WORDS and _is_upright(first):
        return first
    readings = [first, *(replace(_read(_quarter(page, turns), ocr), turned=True) for turns in (1, 3, 2))]
    return max(readings, key=lambda reading: (_is_upright(reading), reading.confidence * min(_words(reading), 60)))


def _as_it_lies(page: PagePicture, ocr: Ocr) -> PageReading:
    """The reading; paper photographed at an angle is laid flat first, and read as it was where that says less."""
    flat = laid_flat(page.picture) if on_dark_ground(page.picture) else None
    if flat is None:
        return _read(page, ocr)
    height, width = flat.shape[:2]
    dpi = likely_dpi(width, height)
    area = BBox(0.0, 0.0, width / dpi * POINTS, height / dpi * POINTS)
    made = replace(_read(PagePicture(page.number, flat, dpi, area), ocr), turned=True)
    if made.warnings or _words(made) < FEWEST_WORDS:
        first = _read(page, ocr)
        kept = made.confidence >= first.confidence and _words(made) >= KEPT_WORDS * _words(first)
        if len(made.warnings) > len(first.warnings) or (len(made.warnings) == len(first.warnings) and not kept):
            return first
    table = any(isinstance(block, Table) for block in made.blocks)
    return replace(made, warnings=(*made.warnings, FLATTENED.format(page=page.number))) if table else made


def _is_upright(reading: PageReading) -> bool:
    """Whether words lie flat: Tesseract reads a page on its side too, but its lines then stand beside each other."""
    shapes = [
        word.bbox.x1 - word.bbox.x0 > word.bbox.bottom - word.bbox.top
        for block in reading.blocks
        for line in _lines(block)
        for word in line.words
        if len(word.text) > 3
    ]
    return sum(shapes) * 2 >= len(shapes)


def _words(reading: PageReading) -> int:
    return sum(len(line.text.split()) for block in reading.blocks for line in _lines(block) if line.noise is None)


def _lines(block: Block) -> tuple[Line, ...]:
    return block.lines if isinstance(block, Table) else (block,)


def _quarter(page: PagePicture, turns: int) -> PagePicture:
    picture = np.ascontiguousarray(np.rot90(page.picture, turns))
    width, height = page.area.x1 - page.area.x0, page.area.bottom - page.area.top
    area = page.area if turns == 2 else BBox(0.0, 0.0, height, width)
    return replace(page, picture=picture, area=area)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page ready to be read: grey and even, where it is red, how far it still leans, its tables and their rules."""

    grey: Picture
    dpi: int
    red: Picture | None
    lean: float
    tables: list[RuledTable]
    rules: Picture


def _sheet(page: PagePicture) -> _Sheet:
    """The page prepared, and turned upright where it leans far or has tables."""
    grey, dpi = prepared(page.picture, page.dpi)
    red = _red(page.picture, grey)
    lean = skew(grey, dpi)
    tables, rules = _tables(page, grey, dpi, lean)
    if abs(lean) >= (SKEWED if tables else ASKEW):
        red = None if red is None else 255 - turned(255 - red, lean)
        grey, lean = turned(grey, lean), 0.0
    return _Sheet(grey, dpi, red, 0.0 if tables else lean, tables, rules)


def _tables(page: PagePicture, grey: Picture, dpi: int, lean: float) -> tuple[list[RuledTable], Picture]:
    """The ruled tables on the page turned upright, and their rules; seals and pens have left their rules whole."""
    if not may_hold_table(grey, dpi):
        return [], grey
    plain = grey if page.picture.ndim == 2 else prepared(page.picture, page.dpi, colour=True)[0]
    return ruled_tables(turned(plain, lean) if abs(lean) >= SKEWED else plain, dpi)


def _read(page: PagePicture, ocr: Ocr) -> PageReading:
    sheet = _sheet(page)
    scale = _scale(page.area, sheet.grey, sheet.lean)
    built = [_table(table, sheet, scale, page.number, ocr) for table in sheet.tables]
    free = sheet.grey.copy()
    for table in sheet.tables:
        left, top, right, bottom = table.box
        free[max(0, top - WIPED) : bottom + WIPED, max(0, left - WIPED) : right + WIPED] = 255
    free = without_lines(free, sheet.dpi)
    left, top, right, bottom = inked_area(free, sheet.dpi)
    crop = np.ascontiguousarray(free[top:bottom, left:right])
    words = [word.moved(left, top) for word in _page_words(crop, sheet.dpi, ocr)]
    words = with_signature_block(words, free, sheet.dpi, sheet.lean, ocr)
    words, lost = with_lost_lines(words, free, sheet.dpi, sheet.lean, ocr)
    words = with_page_number(with_rivals(words, free, sheet.dpi, ocr), free, sheet.dpi, ocr, page.number)
    width, height = page.area.x1, page.area.bottom
    lines = page_lines(pieces_of(words, scale, sheet.red), page.number, width, height)
    blocks = _interleaved(lines, [table for table, _ in built if table is not None])
    blocks += [line for _, strays in built for line in strays]
    reading = _reading(blocks, page.number, (width, height))
    told = (
        (BROKEN_TABLE, any(table.broken for table in sheet.tables)),
        (LOST_LINES, lost or any(has_lost_text(sheet.grey, sheet.rules, one, sheet.dpi) for one in sheet.tables)),
        (LOST_TITLE, title_is_lost(words, free, sheet.dpi, sheet.lean)),
    )
    added = tuple(warning.format(page=page.number) for warning, holds in told if holds)
    return replace(reading, warnings=(*reading.warnings, *added))


def _page_words(grey: Picture, dpi: int, ocr: Ocr) -> list[OcrWord]:
    """The words; a page that is not read surely is read once more by the stronger model, and once without specks."""
    words = ocr.words(grey, dpi)
    if not words or _mean(words) > POOR:
        return words
    readings = [words, ocr.words(grey, dpi, strong=True), ocr.words(without_specks(grey, dpi), dpi)]
    return max(readings, key=_mean)


def _mean(words: list[OcrWord]) -> float:
    return fmean(word.confidence for word in words) if words else 0.0


def _reading(blocks: list[Block], number: int, size: tuple[float, float]) -> PageReading:
    sure = [
        word.confidence or 0.0 for block in blocks for line in _lines(block) if not line.noise for word in line.words
    ]
    confidence = fmean(sure) if sure else 0.0
    if not sure:
        return PageReading(blocks, confidence, size, (NO_WORDS.format(page=number),))
    every = [word.confidence or 0.0 for block in blocks for line in _lines(block) for word in line.words]
    poor = confidence <= POOR or sum(one < UNSURE for one in every) > MOST_UNSURE * len(every)
    return PageReading(
        blocks, confidence, size, (POOR_PAGE.format(page=number, confidence=confidence),) if poor else ()
    )


def _red(picture: Picture, grey: Picture) -> Picture | None:
    red = red_ink(picture)
    if red is None or red.shape == grey.shape:
        return red
    resized: Picture = np.ascontiguousarray(
        cv2.resize(red, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST), dtype=np.uint8
    )
    return resized


def _scale(area: BBox, grey: Picture, lean: float) -> Scale:
    """How the picture becomes the page; `lean` in degrees, as `skew` gives it."""
    height, width = grey.shape
    across, down = (area.x1 - area.x0) / width, (area.bottom - area.top) / height
    return Scale(across, down, area.x0, area.top, tan(radians(lean)), (width / 2, height / 2))


def _table(table: RuledTable, sheet: _Sheet, scale: Scale, page: int, ocr: Ocr) -> tuple[Table | None, list[Line]]:
    """The table, and what was read in its cells that is no text."""
    places = {scale.box(cell): cell for cell in table.cells}
    strays: list[Line] = []

    def read_cell(box: BBox) -> tuple[Line, ...]:
        picture = cell_picture(sheet.grey, sheet.rules, places[box])
        if picture is None:
            return ()
        inner = Scale(scale.x, scale.y, box.x0 - BORDER * scale.x, box.top - BORDER * scale.y)
        made = pieces_of(block_words(picture, sheet.dpi, ocr), inner, in_cell=True)
        strays.extend(row_lines([piece for piece in made if piece.noise is not None], page))
        return tuple(row_lines([piece for piece in made if piece.noise is None], page))

    return ruled_table(list(places), page, read_cell, edge=SCAN_EDGE), strays


def _interleaved(lines: list[Line], tables: list[Table]) -> list[Block]:
    return list(_merged(lines, sorted(tables, key=lambda table: table.bbox.top if table.bbox else 0.0)))


def _merged(lines: list[Line], waiting: list[Table]) -> Iterator[Block]:
    for line in lines:
        while waiting and line.bbox and waiting[0].bbox and line.bbox.top >= waiting[0].bbox.top:
            yield waiting.pop(0)
        yield line
    yield from waiting
