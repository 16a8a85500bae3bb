"""The characters of a PDF page with their boxes as they are shown, column by column: a page has thousands of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from schemas.errors import FileTooLarge
from schemas.source import BBox

MOST_CHARS = 200_000
CROWDED = "Trang {page} của tệp có quá nhiều ký tự; đề nghị in lại tệp ra PDF rồi gửi lại."
INVISIBLE_MODE = 3
HYPHENS = {0xFFFE: "-", 0x02: "-"}
# Characters that print nothing, and the halves of those outside the basic plane.
SILENT = (0, 0x0D)
FIRST_HALVES, SECOND_HALVES = (0xD800, 0xDBFF), (0xDC00, 0xDFFF)
SPACE, LINE_END, STRANGE, LAST = 0x20, 0x0A, 0xFFFD, 0x10FFFF
# No space has a higher number.
BLANK = np.array([chr(code).isspace() for code in range(0x3002)])

Numbers = NDArray[np.float64]
Codes = NDArray[np.uint32]
Places = NDArray[np.intp]
Mask = NDArray[np.bool_]
# A point, or the points of many characters at once.
Turn = Callable[[Any, Any], tuple[Any, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """Characters by columns of one length; `text` has one letter for each.

    `boxes` are rows of x0, top, x1, bottom in points; `sizes` those of the fonts; `indices` pdfium's numbers; `added`
    says that pdfium put the character in (a space for a gap); `blank` that it has no ink.
    """

    text: str
    codes: Codes
    boxes: Numbers
    sizes: Numbers
    indices: Places
    added: Mask
    blank: Mask

    def __len__(self) -> int:
        return len(self.text)

    def take(self, which: Mask | Places) -> Glyphs:
        """The characters that a mask or a list of places names, in its order."""
        codes = self.codes[which]
        return Glyphs(
            _text(codes),
            codes,
            self.boxes[which],
            self.sizes[which],
            self.indices[which],
            self.added[which],
            self.blank[which],
        )

    def part(self, start: int, end: int) -> Glyphs:
        """The characters from one place to before another."""
        which = slice(start, end)
        return Glyphs(
            self.text[which],
            self.codes[which],
            self.boxes[which],
            self.sizes[which],
            self.indices[which],
            self.added[which],
            self.blank[which],
        )

    def read_as(self, before: str, after: str) -> Glyphs:
        """The characters with another letter in the place of one."""
        codes = np.where(self.codes == ord(before), np.uint32(ord(after)), self.codes)
        return columns(codes, self.boxes, self.sizes, self.indices, self.added)

    @property
    def line_ends(self) -> Mask:
        """Which of them end a line."""
        ends: Mask = self.codes == LINE_END
        return ends


def columns(codes: Codes, boxes: Numbers, sizes: Numbers, indices: Places, added: Mask) -> Glyphs:
    """The characters with these numbers in Unicode."""
    return Glyphs(_text(codes), codes, boxes, sizes, indices, added, BLANK[np.minimum(codes, len(BLANK) - 1)])


def page_glyphs(textpage: Any, turn: Turn, page_number: int) -> Glyphs:
    """The characters of a page in the order in which the file prints them; "\\n" where pdfium ends a line.

    Raises FileTooLarge above 200,000.
    """
    count = max(0, pdfium.FPDFText_CountChars(textpage.raw))
    if count > MOST_CHARS:
        raise FileTooLarge(CROWDED.format(page=page_number))
    # Each question is put to pdfium for all characters in a row: asking is what costs.
    every = repeat(textpage.raw)
    rects = (pdfium.FS_RECTF * max(count, 1))()
    codes = np.fromiter(map(pdfium.FPDFText_GetUnicode, every, range(count)), np.uint32, count)
    boxed = np.fromiter(map(pdfium.FPDFText_GetLooseCharBox, every, range(count), rects), np.bool_, count)
    sizes = np.fromiter(map(pdfium.FPDFText_GetFontSize, every, range(count)), np.float64, count)
    added = np.zeros(count, np.bool_)
    for at in np.flatnonzero(codes == SPACE).tolist():
        added[at] = pdfium.FPDFText_IsGenerated(textpage.raw, at) == 1
    boxes = _turned(np.frombuffer(rects, np.float32).reshape(-1, 4)[:count].astype(np.float64), turn)
    boxes[~boxed] = 0.0
    kept = np.flatnonzero(~np.isin(codes, SILENT))
    kept = _paired(codes, kept)
    for code, shown in HYPHENS.items():
        codes[codes == code] = ord(shown)
    codes[codes > LAST] = STRANGE
    return columns(codes[kept], boxes[kept], sizes[kept], kept, added[kept])


def _text(codes: Codes) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def _paired(codes: Codes, kept: Places) -> Places:
    """The places without halves of characters; the first half of a whole one becomes it."""
    first, second = ((codes[kept] >= low) & (codes[kept] <= high) for low, high in (FIRST_HALVES, SECOND_HALVES))
    if not (first.any() or second.any()):
        return kept
    whole = np.flatnonzero(first[:-1] & second[1:])
    high, low = codes[kept[whole]] - FIRST_HALVES[0], codes[kept[whole + 1]] - SECOND_HALVES[0]
    codes[kept[whole]] = 0x10000 + high * 0x400 + low
    halves = first | second
    halves[whole] = False
    return kept[~halves]


def _turned(boxes: Numbers, turn: Turn) -> Numbers:
    """The boxes (left, top, right, bottom in the file's coordinates) as they are shown."""
    left, top, right, bottom = boxes.T
    (ax, ay), (bx, by) = turn(left, top), turn(right, bottom)
    sides = (np.where(ax > bx, bx, ax), np.where(ay > by, by, ay))
    return np.column_stack([*sides, np.where(ax > bx, ax, bx), np.where(ay > by, ay, by)])


def joined(parts: list[Glyphs]) -> Glyphs:
    """The characters of all parts, one part after the other."""
    return columns(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.indices for part in parts]),
        np.concatenate([part.added for part in parts]),
    )


def covered(glyphs: Glyphs, box: BBox, margin: float = 0.5) -> Mask:
    """Which characters have their middle in the box, or so near to it."""
    x, y = (glyphs.boxes[:, 0] + glyphs.boxes[:, 2]) / 2, (glyphs.boxes[:, 1] + glyphs.boxes[:, 3]) / 2
    wide = (box.x0 - margin <= x) & (x <= box.x1 + margin)
    return wide & (box.top - margin <= y) & (y <= box.bottom + margin)
