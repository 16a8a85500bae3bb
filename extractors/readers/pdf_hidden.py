"""Text of a PDF page that nobody sees: unpainted, white on white, too small, on a hidden layer, beside the page."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

from extractors.readers.glyphs import INVISIBLE_MODE, Glyph
from schemas.source import BBox

# Points: smaller letters are a dot to the eye.
LEAST_HEIGHT = 1.5
# Of 255: paler ink is white, and less contrast than this is none.
PALE, CONTRAST = 235, 24
SEEN_DPI = 108
POINTS = 72.0
LAYER_MARK = "OC"

PageObject = tuple[int, BBox, Any]


def unseen(
    page: Any, textpage: Any, glyphs: list[Glyph], objects: list[PageObject], *, pictured: bool, layered: bool
) -> set[int]:
    """The indices of the characters that do not show on the page.

    `pictured`: the page lies under a picture, whose OCR layer is unpainted on purpose. `layered`: the file has layers
    that can be switched off.
    """
    width, height = page.get_size()
    found = {glyph.index for glyph in glyphs if _is_tiny(glyph)} | _beside(glyphs, width, height)
    sure, doubtful = _suspects(objects, pictured, layered)
    look = _Look(page) if doubtful else None
    for glyph in glyphs if sure or doubtful else ():
        if glyph.char.isspace():
            continue
        owner = _address(pdfium.FPDFText_GetTextObject(textpage.raw, glyph.index))
        if owner in sure or (look is not None and owner in doubtful and look.is_blank(glyph.box)):
            found.add(glyph.index)
    return found | _spaces_between(glyphs, found) if found else found


def _spaces_between(glyphs: list[Glyph], found: set[int]) -> set[int]:
    """The spaces that follow letters which do not show."""
    spaces: set[int] = set()
    inside = False
    for glyph in glyphs:
        if glyph.char.isspace():
            spaces |= {glyph.index} if inside else set()
        else:
            inside = glyph.index in found
    return spaces


def _beside(glyphs: list[Glyph], width: float, height: float) -> set[int]:
    """The characters beside the page; the rest of a line that begins on it and is cut by its edge is read."""
    found: set[int] = set()
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.char.isspace():
            continue
        if _is_off(glyph.box, width, height) and (last is None or last.index in found or not _goes_on(last, glyph)):
            found.add(glyph.index)
        last = glyph
    return found


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    """Whether a character stands in the line of the one before."""
    high = min(last.box.bottom, glyph.box.bottom) - max(last.box.top, glyph.box.top)
    near = glyph.box.x0 - last.box.x1 < 3 * max(glyph.size, last.size)
    return near and high > 0.5 * min(last.box.bottom - last.box.top, glyph.box.bottom - glyph.box.top)


def _is_off(box: BBox, width: float, height: float) -> bool:
    if box == (0, 0, 0, 0):
        return False
    return box.x1 < 0 or box.bottom < 0 or box.x0 > width or box.top > height


def _is_tiny(glyph: Glyph) -> bool:
    high = glyph.box.bottom - glyph.box.top
    return not glyph.char.isspace() and 0 < high < LEAST_HEIGHT and glyph.box.x1 - glyph.box.x0 < LEAST_HEIGHT


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

    def is_blank(self, box: BBox) -> bool:
        """Whether nothing is to be seen in a box of the page."""
        height, width = self.drawn.shape[:2]
        left, right = max(0, int(box.x0 * self.scale)), min(width, int(box.x1 * self.scale) + 1)
        top, bottom = max(0, int(box.top * self.scale)), min(height, int(box.bottom * self.scale) + 1)
        part = self.drawn[top:bottom, left:right]
        return not part.size or int(part.max()) - int(part.min()) < CONTRAST
