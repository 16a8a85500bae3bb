"""Text of a PDF page that nobody sees: unpainted, white on white, too small, covered, on a hidden layer, off it."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from extractors.readers.glyphs import INVISIBLE_MODE, Glyphs, Mask
from schemas.source import BBox

# Points: smaller letters are a dot to the eye.
LEAST_HEIGHT = 1.5
# Of 255: paler ink is white, and less contrast than this is none.
PALE, CONTRAST = 235, 24
SEEN_DPI = 108
POINTS = 72.0
LAYER_MARK = "OC"
# Of a page, from its end: more are a drawing.
MOST_SHAPES = 200

PageObject = tuple[int, BBox, Any]


def unseen(
    page: Any, textpage: Any, glyphs: Glyphs, objects: list[PageObject], *, pictured: bool, layered: bool
) -> Mask:
    """Which characters do not show on the page.

    `pictured`: the page lies under a picture, whose OCR layer is unpainted on purpose. `layered`: the file has layers
    that can be switched off.
    """
    found = _tiny(glyphs) | _beside(glyphs, *page.get_size())
    sure, doubtful = _suspects(objects, pictured, layered)
    doubtful |= _painted_over(objects)
    look = _Look(page) if doubtful else None
    for at in np.flatnonzero(~glyphs.blank).tolist() if sure or doubtful else ():
        owner = _address(pdfium.FPDFText_GetTextObject(textpage.raw, int(glyphs.indices[at])))
        if owner in sure or (look is not None and owner in doubtful and look.is_blank(glyphs.boxes[at].tolist())):
            found[at] = True
    return found | _spaces_between(glyphs, found) if found.any() else found


def _spaces_between(glyphs: Glyphs, found: Mask) -> Mask:
    """The spaces that follow letters which do not show."""
    places = np.where(glyphs.blank, -1, np.arange(len(glyphs)))
    last = np.maximum.accumulate(places)
    spaces: Mask = glyphs.blank & (last >= 0) & found[last]
    return spaces


def _beside(glyphs: Glyphs, width: float, height: float) -> Mask:
    """The characters beside the page; the rest of a line that begins on it and is cut by its edge is read."""
    found = np.zeros(len(glyphs), np.bool_)
    x0, top, x1, bottom = glyphs.boxes.T
    off = ((x1 < 0) | (bottom < 0) | (x0 > width) | (top > height)) & glyphs.boxes.any(axis=1) & ~glyphs.blank
    inked = np.flatnonzero(~glyphs.blank)
    for at in np.flatnonzero(off).tolist():
        before = inked[np.searchsorted(inked, at) - 1] if at > inked[0] else None
        found[at] = before is None or found[before] or not _goes_on(glyphs, before, at)
    return found


def _goes_on(glyphs: Glyphs, before: int, at: int) -> bool:
    """Whether a character stands in the line of the one before."""
    last, box = BBox(*glyphs.boxes[before]), BBox(*glyphs.boxes[at])
    high = min(last.bottom, box.bottom) - max(last.top, box.top)
    near = box.x0 - last.x1 < 3 * max(glyphs.sizes[at], glyphs.sizes[before])
    return bool(near and high > 0.5 * min(last.bottom - last.top, box.bottom - box.top))


def _tiny(glyphs: Glyphs) -> Mask:
    x0, top, x1, bottom = glyphs.boxes.T
    high = bottom - top
    tiny: Mask = ~glyphs.blank & (high > 0) & (high < LEAST_HEIGHT) & (x1 - x0 < LEAST_HEIGHT)
    return tiny


def _suspects(objects: list[PageObject], pictured: bool, layered: bool) -> tuple[set[int], set[int]]:
    """The addresses of text objects that are not painted, and of those that may not show."""
    sure: set[int] = set()
    doubtful: set[int] = set()
    for kind, _, raw in objects:
        if kind != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        unpainted = pdfium.FPDFTextObj_GetTextRenderMode(raw) == INVISIBLE_MODE
        if unpainted and not pictured:
            sure.add(_address(raw))
        elif not unpainted and (_is_pale(raw) or (layered and _is_layered(raw))):
            doubtful.add(_address(raw))
    return sure, doubtful


def _painted_over(objects: list[PageObject]) -> set[int]:
    """The addresses of text objects that a filled shape painted later touches: they may be covered."""
    found: set[int] = set()
    shapes: list[BBox] = []
    for kind, box, raw in reversed(objects):
        if kind == pdfium.FPDF_PAGEOBJ_PATH and len(shapes) < MOST_SHAPES and _is_filled(raw):
            shapes.append(box)
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT and any(_overlap(box, shape) for shape in shapes):
            found.add(_address(raw))
    return found


def _is_filled(raw: Any) -> bool:
    how, stroked = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(raw, how, stroked)) and how.value != pdfium.FPDF_FILLMODE_NONE


def _overlap(one: BBox, other: BBox) -> bool:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    return wide > 0 and min(one.bottom, other.bottom) - max(one.top, other.top) > LEAST_HEIGHT


def _is_pale(raw: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(raw, red, green, blue, alpha):
        return False
    return alpha.value < 255 - PALE or min(red.value, green.value, blue.value) >= PALE


def _is_layered(raw: Any) -> bool:
    for at in range(pdfium.FPDFPageObj_CountMarks(raw)):
        mark = pdfium.FPDFPageObj_GetMark(raw, at)
        made = (pdfium.FPDF_WCHAR * 32)()
        size = ctypes.c_ulong()
        if pdfium.FPDFPageObjMark_GetName(mark, made, 64, size):
            name = bytes(made)[: max(size.value - 2, 0)].decode("utf-16-le", "ignore")
            if name == LAYER_MARK:
                return True
    return False


def _address(raw: Any) -> int:
    return ctypes.cast(raw, ctypes.c_void_p).value or 0


class _Look:
    """The page as it looks, drawn once."""

    def __init__(self, page: Any) -> None:
        self.scale = SEEN_DPI / POINTS
        self.drawn = page.render(scale=self.scale, grayscale=True).to_numpy()

    def is_blank(self, corners: list[float]) -> bool:
        """Whether nothing is to be seen in a box of the page (x0, top, x1, bottom)."""
        box = BBox(*corners)
        height, width = self.drawn.shape[:2]
        left, right = max(0, int(box.x0 * self.scale)), min(width, int(box.x1 * self.scale) + 1)
        top, bottom = max(0, int(box.top * self.scale)), min(height, int(box.bottom * self.scale) + 1)
        part = self.drawn[top:bottom, left:right]
        return not part.size or int(part.max()) - int(part.min()) < CONTRAST
