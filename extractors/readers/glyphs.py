"""The characters of a PDF page with their boxes → pieces of printed lines."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from schemas.errors import FileTooLarge
from schemas.source import BBox, Noise, Word

MOST_CHARS = 200_000
CROWDED = "Trang {page} của tệp có quá nhiều ký tự; đề nghị in lại tệp ra PDF rồi gửi lại."
# A gap this many letter heights wide may part two columns; whether it does is seen on the whole page.
PIECE_GAP = 0.9
INVISIBLE_MODE = 3
HYPHENS = {0xFFFE: "-", 0x02: "-"}
BOLD_WEIGHT = 600


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character; `size` is its font's in points, `added` says that pdfium put it in (a space for a gap)."""

    char: str
    box: BBox
    size: float
    index: int
    added: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters in one line and one column."""

    text: str
    bbox: BBox
    size: float
    bold: bool = False
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    noise: Noise | None = None

    @property
    def height(self) -> float:
        """The height of its box."""
        return self.bbox.bottom - self.bbox.top

    @property
    def middle(self) -> float:
        """The height on the page of its middle."""
        return (self.bbox.top + self.bbox.bottom) / 2


Turn = Callable[[float, float], tuple[float, float]]


def page_glyphs(textpage: Any, turn: Turn, page_number: int) -> list[Glyph]:
    """The characters of a page in the order in which the file prints them; "\\n" where pdfium ends a line.

    Raises FileTooLarge above 200,000.
    """
    count = pdfium.FPDFText_CountChars(textpage.raw)
    if count > MOST_CHARS:
        raise FileTooLarge(CROWDED.format(page=page_number))
    rect = pdfium.FS_RECTF()
    made: list[Glyph] = []
    raw = textpage.raw
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0, 0x0D):
            continue
        char = HYPHENS.get(code) or _char(code)
        if pdfium.FPDFText_GetLooseCharBox(raw, index, ctypes.byref(rect)):
            box = _turned(rect, turn)
        else:
            box = BBox(0, 0, 0, 0)
        added = char == " " and pdfium.FPDFText_IsGenerated(raw, index) == 1
        made.append(Glyph(char, box, pdfium.FPDFText_GetFontSize(raw, index), index, added))
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
    return BBox(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def pieces(glyphs: list[Glyph], textpage: Any, *, columns: bool = True) -> list[Piece]:
    """The characters as pieces of lines, cut where the line, or (with `columns`) the column ends."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.char == "\n":
            runs.append([])
        elif not runs or (runs[-1] and _parted(runs[-1], glyph, columns)):
            runs.append([glyph])
        else:
            runs[-1].append(glyph)
    printed = [run for run in runs if any(not glyph.char.isspace() for glyph in run)]
    return [_piece(run, textpage) for run in woven(printed)]


def _parted(run: list[Glyph], glyph: Glyph, columns: bool) -> bool:
    printed = [one for one in run[-6:] if not one.char.isspace()]
    if glyph.char.isspace() or not printed:
        return False
    last = printed[-1]
    height = max(last.box.bottom - last.box.top, glyph.box.bottom - glyph.box.top, 1.0)
    overlap = min(last.box.bottom, glyph.box.bottom) - max(last.box.top, glyph.box.top)
    lowest = min(last.box.bottom - last.box.top, glyph.box.bottom - glyph.box.top)
    if overlap < 0.3 * lowest:
        return True
    gap = glyph.box.x0 - last.box.x1
    return gap < -1.5 * height or (columns and gap > PIECE_GAP * height and not _is_marker(run))


def _is_marker(run: list[Glyph]) -> bool:
    """A number or bullet may stand far before its text."""
    text = "".join(glyph.char for glyph in run).strip()
    return len(text) <= 5 and (not text[:1].isalpha() or text[-1:] in ".)")


def _piece(run: list[Glyph], textpage: Any) -> Piece:
    printed = [glyph for glyph in run if not glyph.char.isspace()]
    size = sorted(glyph.size for glyph in printed)[len(printed) // 2]
    box = BBox(
        min(glyph.box.x0 for glyph in printed),
        min(glyph.box.top for glyph in printed),
        max(glyph.box.x1 for glyph in printed),
        max(glyph.box.bottom for glyph in printed),
    )
    return Piece("".join(glyph.char for glyph in _unraised(run)), box, size, _is_bold(printed, textpage))


def _unraised(run: list[Glyph]) -> list[Glyph]:
    """The run without the small raised figures that point to footnotes; "m²" keeps its own."""
    printed = [glyph for glyph in run if not glyph.char.isspace()]
    usual = sorted(glyph.size for glyph in printed)[len(printed) // 2]
    full = max((glyph.box.bottom - glyph.box.top for glyph in printed), default=0.0)
    floor = max((glyph.box.bottom for glyph in printed), default=0.0)
    kept: list[Glyph] = []
    for glyph in run:
        # The font's size decides: boxes may be tight, so that a figure ends above a line with "g" and "ạ" in it.
        small = glyph.size < 0.8 * usual and glyph.box.bottom < floor - 0.2 * full
        if small and glyph.char.isdigit() and kept and kept[-1].char != "m" and not kept[-1].char.isdigit():
            continue
        kept.append(glyph)
    return kept


def _is_bold(printed: list[Glyph], textpage: Any) -> bool:
    letters = [glyph for glyph in printed if glyph.char.isalnum()]
    if not letters:
        return False
    chosen = {letters[0].index, letters[len(letters) // 2].index, letters[-1].index}
    return all(_heavy(textpage, index) for index in chosen)


def _heavy(textpage: Any, index: int) -> bool:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int(0)
    pdfium.FPDFText_GetFontInfo(textpage.raw, index, name, 128, ctypes.byref(flags))
    return b"bold" in name.value.lower() or pdfium.FPDFText_GetFontWeight(textpage.raw, index) >= BOLD_WEIGHT
