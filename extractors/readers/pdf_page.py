"""One page of a PDF: its pieces of text, its pictures and rules, and what its text layer is worth."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from extractors.readers.glyphs import INVISIBLE_MODE, Glyphs, Turn, page_glyphs
from extractors.readers.pdf_fields import NO_ANNOTATIONS, Annotations, parted
from extractors.readers.pdf_hidden import unseen
from extractors.readers.signals import PageClass, page_class, signals
from schemas.source import BBox

MOST_OBJECTS = 5000
# Fewer shapes are the frame of a page or an empty table.
DRAWN_LETTERS = 150
THIN = 3.0
RULE_LENGTH = 8.0
DEEP = 3
# How many characters tell which way the text runs, and how many of them must agree.
SAMPLED, MOSTLY = 60, 0.6
# Of the page: from so much picture on, unpainted text may be the layer of its OCR.
SOME_COVER = 0.3
# As some programs name the printed hyphen; no Vietnamese text has another use for it.
SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class PageContent:
    """What stands on a page; lengths in points, origin at the top left as the page is shown.

    `glyphs` are the characters that are read; those of signatures' stamps and those that nobody sees stand apart.
    """

    number: int
    width: float
    height: float
    glyphs: Glyphs
    image_cover: float
    invisible: float
    ruled: bool
    crowded: bool
    drawn: bool
    stamps: list[Glyphs] = field(default_factory=list)
    hidden: Glyphs | None = None

    text: str = ""
    """The characters in the order of the file."""
    quality: PageClass = PageClass.GOOD
    """What the text layer is worth."""


def page_content(
    page: Any, textpage: Any, number: int, noted: Annotations = NO_ANNOTATIONS, layered: bool = False
) -> PageContent:
    """The content of a page of pypdfium2 whose annotations were printed into it; `layered`: the file has layers."""
    width, height = page.get_size()
    glyphs, stamps = parted(page_glyphs(textpage, page_turn(page), number), noted)
    objects = _objects(page)
    crowded = len(objects) > MOST_OBJECTS
    cover = _image_cover(objects, width * height)
    invisible = _invisible(objects)
    drawn = sum(kind == pdfium.FPDF_PAGEOBJ_PATH for kind, _, _ in objects) >= DRAWN_LETTERS
    hidden = unseen(page, textpage, glyphs, objects, pictured=cover >= SOME_COVER, layered=layered)
    seen = glyphs.take(~hidden | glyphs.line_ends) if hidden.any() else glyphs
    text = seen.text
    quality = page_class(signals(text), cover, invisible, drawn)
    if SOFT_HYPHEN in text and quality is not PageClass.LEGACY:  # there it is a letter
        seen = seen.read_as(SOFT_HYPHEN, "-")
        text = seen.text
    return PageContent(
        number=number,
        width=width,
        height=height,
        glyphs=seen,
        image_cover=cover,
        invisible=invisible,
        ruled=not crowded and _is_ruled(objects),
        crowded=crowded,
        drawn=drawn,
        stamps=stamps,
        hidden=glyphs.take(hidden | glyphs.line_ends) if hidden.any() else None,
        text=text,
        quality=quality,
    )


def page_turn(page: Any) -> Turn:
    """How a point of the file's coordinates is shown: turned as the page is, measured from the top left."""
    x0, y0, x1, y1 = page.get_cropbox() if _crops(page) else page.get_mediabox()
    turns: dict[int, Turn] = {
        0: lambda x, y: (x - x0, y1 - y),
        90: lambda x, y: (y - y0, x - x0),
        180: lambda x, y: (x1 - x, y - y0),
        270: lambda x, y: (y1 - y, x1 - x),
    }
    return turns[page.get_rotation() % 360]


def upright(page: Any, textpage: Any) -> int:
    """By how many degrees, 0, 90, 180 or 270 clockwise, a page must be turned so that most of its text is upright."""
    count = pdfium.FPDFText_CountChars(textpage.raw)
    angles: Counter[int] = Counter()
    for index in range(0, count, max(1, count // SAMPLED)):
        if not chr(min(pdfium.FPDFText_GetUnicode(textpage.raw, index), 0x10FFFF)).isspace():
            degrees = math.degrees(pdfium.FPDFText_GetCharAngle(textpage.raw, index))
            angles[round(degrees / 90) * 90 % 360] += 1
    told = angles.most_common(1)
    return told[0][0] if told and told[0][1] > MOSTLY * sum(angles.values()) else page.get_rotation() % 360


def turned_box(box: BBox, degrees: int, width: float, height: float) -> BBox:
    """The box on a page of this size, after the page was turned clockwise.

    >>> turned_box(BBox(10, 20, 30, 40), 90, 100, 200)
    BBox(x0=160, top=10, x1=180, bottom=30)
    """
    x0, top, x1, bottom = box
    turns = {
        90: BBox(height - bottom, x0, height - top, x1),
        180: BBox(width - x1, height - bottom, width - x0, height - top),
        270: BBox(top, width - x1, bottom, width - x0),
    }
    return turns.get(degrees % 360, box)


def _crops(page: Any) -> bool:
    return tuple(page.get_cropbox()) != tuple(page.get_mediabox())


def _objects(page: Any) -> list[tuple[int, BBox, Any]]:
    """Kind, bounds and handle of the objects on the page, the first few thousand."""
    found = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for item in page.get_objects(max_depth=DEEP):
        raw = item.raw
        if pdfium.FPDFPageObj_GetBounds(raw, left, bottom, right, top):
            box = BBox(left.value, bottom.value, right.value, top.value)
            found.append((pdfium.FPDFPageObj_GetType(raw), box, raw))
        if len(found) > MOST_OBJECTS:
            break
    return found


def _image_cover(objects: list[tuple[int, BBox, Any]], area: float) -> float:
    """The share of the page that its largest picture covers; strips of one scan are added up."""
    covers = [
        max(0.0, box.x1 - box.x0) * max(0.0, box.bottom - box.top)
        for kind, box, _ in objects
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE
    ]
    return min(1.0, sum(covers) / area) if area else 0.0


def _invisible(objects: list[tuple[int, BBox, Any]]) -> float:
    """The share of the text objects that are not painted."""
    modes = [
        pdfium.FPDFTextObj_GetTextRenderMode(raw) for kind, _, raw in objects if kind == pdfium.FPDF_PAGEOBJ_TEXT
    ]
    return modes.count(INVISIBLE_MODE) / len(modes) if modes else 0.0


def _is_ruled(objects: list[tuple[int, BBox, Any]]) -> bool:
    """Whether lines or boxes run both across and down, as round the cells of a table."""
    across = down = 0
    for kind, box, _ in objects:
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        width, height = box.x1 - box.x0, box.bottom - box.top
        boxed = width > RULE_LENGTH and height > RULE_LENGTH
        across += width > RULE_LENGTH and (height < THIN or boxed)
        down += height > RULE_LENGTH and (width < THIN or boxed)
    return across >= 2 and down >= 2
