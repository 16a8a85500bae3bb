"""The characters of a PDF page with their boxes as they are shown."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from schemas.errors import FileTooLarge
from schemas.source import BBox

MOST_CHARS = 200_000
CROWDED = "Trang {page} của tệp có quá nhiều ký tự; đề nghị in lại tệp ra PDF rồi gửi lại."
INVISIBLE_MODE = 3
NOWHERE = BBox(0, 0, 0, 0)
HYPHENS = {0xFFFE: "-", 0x02: "-"}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character; `size` is its font's in points, `added` says that pdfium put it in (a space for a gap)."""

    char: str
    box: BBox
    size: float
    index: int
    added: bool = False


Turn = Callable[[float, float], tuple[float, float]]


def page_glyphs(textpage: Any, turn: Turn, page_number: int) -> list[Glyph]:
    """The characters of a page in the order in which the file prints them; "\\n" where pdfium ends a line.

    Raises FileTooLarge above 200,000.
    """
    count = pdfium.FPDFText_CountChars(textpage.raw)
    if count > MOST_CHARS:
        raise FileTooLarge(CROWDED.format(page=page_number))
    rect = pdfium.FS_RECTF()
    place = ctypes.byref(rect)
    made: list[Glyph] = []
    raw = textpage.raw
    get_code, get_box, get_size = (  # looked up once: there are thousands of characters
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_GetFontSize,
    )
    for index in range(count):
        code = get_code(raw, index)
        if code in (0, 0x0D):
            continue
        char = HYPHENS.get(code) or _char(code)
        box = _turned(rect, turn) if get_box(raw, index, place) else NOWHERE
        added = char == " " and pdfium.FPDFText_IsGenerated(raw, index) == 1
        made.append(Glyph(char, box, get_size(raw, index), index, added))
    return _paired(made)


def _char(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _paired(glyphs: list[Glyph]) -> list[Glyph]:
    """Halves of characters outside the basic plane put together."""
    made: list[Glyph] = []
    for glyph in glyphs:
        if "\udc00" <= glyph.char <= "\udfff" and made and "\ud800" <= made[-1].char <= "\udbff":
            whole = (made[-1].char + glyph.char).encode("utf-16", "surrogatepass").decode("utf-16")
            made[-1] = Glyph(whole, made[-1].box, glyph.size, glyph.index)
        elif not "\ud800" <= glyph.char <= "\udfff":
            made.append(glyph)
    return made


def _turned(rect: Any, turn: Turn) -> BBox:
    (ax, ay), (bx, by) = turn(rect.left, rect.top), turn(rect.right, rect.bottom)
    if ax > bx:
        ax, bx = bx, ax
    if ay > by:
        ay, by = by, ay
    return BBox(ax, ay, bx, by)
