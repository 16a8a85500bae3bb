"""Annotations of a PDF page: fields and notes that print are read in their place, a signature's stamp apart."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from extractors.readers.glyphs import Glyphs, Mask, Turn, covered, page_glyphs
from extractors.readers.page_noise import SIGNED
from normalizers.fold import fold
from schemas.source import BBox, Line, Word

MOST_ANNOTATIONS = 2000
# Comments of reviewers: they show as a sign or a mark on the text, their words stand in a window beside it.
COMMENTS = (
    pdfium.FPDF_ANNOT_TEXT,
    pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_UNDERLINE,
    pdfium.FPDF_ANNOT_SQUIGGLY,
)
# What a registry writes into a field of its own signature: "57", "12/KH-UBND", "15", "ngày 15 tháng 01 năm 2026".
FILLED_IN = re.compile(r"\W*(?:so\b\W*)?\d{1,5}(?:/[\w/&-]{2,30})?\W*|.*\bngay\b.{1,20}\bthang\b.*", re.S)
NAME = re.compile(r"[^\d:@]{4,40}")
MARGIN = 2.0


@dataclass(frozen=True, slots=True)
class Annotations:
    """What a page's annotations are: `printed` what stood on the page before them, `stamps` the places of signatures.

    A stamp's place says whether it is surely a signature's (the field's kind may be told elsewhere in the file).
    `boxes` are the places of all that print, `comments` counts those whose words do not.
    """

    printed: Counter[tuple[str, int, int]]
    stamps: tuple[tuple[BBox, bool], ...] = ()
    boxes: tuple[BBox, ...] = ()
    comments: int = 0

    def are_added(self, glyphs: Glyphs) -> Mask:
        """Which characters an annotation printed."""
        if not self.boxes:
            return np.zeros(len(glyphs), np.bool_)
        new = np.array([not self.printed[key] for key in _keys(glyphs)], np.bool_)
        added: Mask = new & np.logical_or.reduce([covered(glyphs, box, MARGIN) for box in self.boxes])
        return added


NO_ANNOTATIONS = Annotations(Counter())


def page_annotations(page: Any, turn: Turn, number: int) -> Annotations:
    """The annotations of a page of pypdfium2 that is not flattened yet; `turn` as for its characters."""
    count = min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_ANNOTATIONS)
    stamps, boxes, comments = [], [], 0
    for at in range(count):
        note = pdfium.FPDFPage_GetAnnot(page.raw, at)
        if not note:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        comments += _is_unread(note, kind)
        box = _box(note, turn)
        if kind not in COMMENTS and kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP) and box is not None:
            boxes.append(box)
            if kind == pdfium.FPDF_ANNOT_WIDGET and _value(note, b"FT") in ("Sig", ""):
                stamps.append((box, _value(note, b"FT") == "Sig"))
        pdfium.FPDFPage_CloseAnnot(note)
    if not boxes:
        return replace(NO_ANNOTATIONS, comments=comments)
    textpage = page.get_textpage()
    printed = Counter(_keys(page_glyphs(textpage, turn, number)))
    textpage.close()
    return Annotations(printed, tuple(stamps), tuple(boxes), comments)


def _is_unread(note: Any, kind: int) -> bool:
    """Whether an annotation has words that do not print: a comment, or a text that a viewer must draw by itself."""
    undrawn = kind == pdfium.FPDF_ANNOT_FREETEXT and not pdfium.FPDFAnnot_HasKey(note, b"AP")
    return (kind in COMMENTS or undrawn) and bool(_value(note, b"Contents"))


def parted(glyphs: Glyphs, noted: Annotations) -> tuple[Glyphs, list[Glyphs]]:
    """The characters of a flattened page without those of signatures' stamps, and the stamps' own, stamp by stamp.

    A signature that only shows a number, a day or a name is a field that was filled in: it stays in the text.
    """
    stamps: list[Glyphs] = []
    added = noted.are_added(glyphs)
    taken = np.zeros(len(glyphs), np.bool_)
    for box, sure in noted.stamps:
        own = covered(glyphs, box, MARGIN) & added
        within = glyphs.take(own | glyphs.line_ends)
        if is_stamp(within.text, sure):
            stamps.append(within)
            taken |= own
    return (glyphs.take(~taken | glyphs.line_ends), stamps) if stamps else (glyphs, [])


def is_stamp(text: str, sure: bool = True) -> bool:
    """Whether the words in a field tell of the signing; in a signature's place (`sure`) all but what fills a blank.

    >>> is_stamp("Ký bởi: Ủy ban nhân dân xã Hồng Châu\\nNgày ký: 15/01/2026 10:22:33")
    True
    >>> is_stamp("57"), is_stamp("15/KH-UBND"), is_stamp("Phạm Quang Hùng")
    (False, False, False)
    """
    plain = fold(text).strip()
    if not plain:
        return False
    if any(SIGNED.match(line.strip()) for line in plain.splitlines()):
        return True
    return sure and not FILLED_IN.fullmatch(plain) and not NAME.fullmatch(plain)


def filled_in(lines: list[Line], fields: list[Line]) -> list[Line]:
    """The lines of a scanned page with what was filled into its fields: in the line beside it, else below it."""
    made = list(lines)
    for field in fields:
        if field.bbox is None:
            continue
        at = next((at for at, line in enumerate(made) if line.bbox and _beside(line.bbox, field.bbox)), None)
        if at is not None:
            made[at] = _with_field(made[at], field)
        else:
            below = [at for at, line in enumerate(made) if line.bbox and line.bbox.bottom <= field.bbox.bottom]
            made.insert(below[-1] + 1 if below else 0, field)
    return made


def _with_field(line: Line, field: Line) -> Line:
    """The line with the field's words among its own, from the left."""
    assert field.bbox is not None
    assert line.bbox is not None
    words = line.words or (Word(line.text, line.bbox, line.confidence),)
    own = Word(field.text, field.bbox)
    ordered = sorted([*words, own], key=lambda word: (word.bbox.x0 + word.bbox.x1) / 2)
    box = BBox(
        min(line.bbox.x0, field.bbox.x0),
        min(line.bbox.top, field.bbox.top),
        max(line.bbox.x1, field.bbox.x1),
        max(line.bbox.bottom, field.bbox.bottom),
    )
    return replace(line, text=" ".join(word.text for word in ordered), words=tuple(ordered), bbox=box)


def _beside(line: BBox, field: BBox) -> bool:
    """Whether a field stands in a line, or right at its side."""
    high = min(line.bottom, field.bottom) - max(line.top, field.top)
    low = min(line.bottom - line.top, field.bottom - field.top)
    height = line.bottom - line.top
    return high > 0.5 * low and line.x0 - 3 * height <= field.x0 <= line.x1 + 3 * height


def _keys(glyphs: Glyphs) -> Iterator[tuple[str, int, int]]:
    for char, (x0, top, _, _) in zip(glyphs.text, glyphs.boxes.tolist(), strict=True):
        yield char, round(x0), round(top)


def _box(note: Any, turn: Turn) -> BBox | None:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(note, ctypes.byref(rect)):
        return None
    (ax, ay), (bx, by) = turn(rect.left, rect.top), turn(rect.right, rect.bottom)
    box = BBox(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    return box if box.x1 - box.x0 > 1 and box.bottom - box.top > 1 else None


def _value(note: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    if size <= 2:
        return ""
    made = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetStringValue(note, key, ctypes.cast(made, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return made.raw.decode("utf-16-le", "ignore").rstrip("\x00")
