"""Characters of a page → pieces of printed lines, whatever the order in which the file prints them."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from extractors.readers.glyphs import Glyphs
from extractors.readers.runs import Run, runs
from schemas.source import BBox, Noise, Word

BOLD_WEIGHT = 600
# Of the usual size of a run: figures smaller than this may be raised ones.
SMALL = 0.8


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
    font: str = ""

    @property
    def height(self) -> float:
        """The height of its box."""
        return self.bbox.bottom - self.bbox.top

    @property
    def middle(self) -> float:
        """The height on the page of its middle."""
        return (self.bbox.top + self.bbox.bottom) / 2


def pieces(glyphs: Glyphs, textpage: Any, *, columns: bool = True) -> list[Piece]:
    """The characters as pieces of lines, cut where the line, or (with `columns`) the column ends."""
    return [_piece(run, textpage) for run in runs(glyphs, parted=columns)]


def _piece(run: Run, textpage: Any) -> Piece:
    glyphs = run.glyphs
    printed = np.flatnonzero(~glyphs.blank)
    sizes = glyphs.sizes[printed]
    sizes.sort()
    size = float(sizes[len(sizes) // 2])
    end = len(glyphs)
    while glyphs.added[end - 1]:
        end -= 1
    text = glyphs.text[:end]
    if sizes[0] < SMALL * size:
        text = _unraised(glyphs.part(0, end), run.box.bottom, size)
    first = int(glyphs.indices[printed[0]])
    font = font_name(textpage, first)
    return Piece(text, run.box, size, _is_bold(glyphs, textpage), font=font)


def _unraised(glyphs: Glyphs, floor: float, usual: float) -> str:
    """The text without the small raised figures that point to footnotes; "m²" keeps its own."""
    heights = glyphs.boxes[:, 3] - glyphs.boxes[:, 1]
    full = float(heights[~glyphs.blank].max())
    # The font's size decides: boxes may be tight, so that a figure ends above a line with "g" and "ạ" in it.
    small = (glyphs.sizes < SMALL * usual) & (glyphs.boxes[:, 3] < floor - 0.2 * full)
    kept = ""
    for char, raised in zip(glyphs.text, small.tolist(), strict=True):
        if raised and char.isdigit() and kept and kept[-1] != "m" and not kept[-1].isdigit():
            continue
        kept += char
    return kept


def _is_bold(glyphs: Glyphs, textpage: Any) -> bool:
    letters = [at for at, char in enumerate(glyphs.text) if char.isalnum()]
    if not letters:
        return False
    chosen = {int(glyphs.indices[at]) for at in (letters[0], letters[len(letters) // 2], letters[-1])}
    return all(_heavy(textpage, index) for index in chosen)


def _heavy(textpage: Any, index: int) -> bool:
    name = font_name(textpage, index).lower()
    return "bold" in name or pdfium.FPDFText_GetFontWeight(textpage.raw, index) >= BOLD_WEIGHT


def font_name(textpage: Any, index: int) -> str:
    """The name of the font of a character, "" where the file does not tell."""
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int(0)
    pdfium.FPDFText_GetFontInfo(textpage.raw, index, name, 128, ctypes.byref(flags))
    return name.value.decode("utf-8", "ignore")
