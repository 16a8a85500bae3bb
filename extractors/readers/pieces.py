"""Characters of a page → pieces of printed lines, whatever the order in which the file prints them."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from extractors.readers.glyphs import Glyph
from schemas.source import BBox, Noise, Word

# A gap this many letter heights wide may part two columns; whether it does is seen on the whole page.
PIECE_GAP = 0.9
BOLD_WEIGHT = 600
# Two runs are one where they share this much of the lower one's height and of the narrower one's width.
SAME_LINE, SAME_PLACE = 0.5, 0.3
# In sizes of the font: the narrowest space, and how near the second print of a letter stands to the first.
SPACE, DOUBLE = 0.17, 0.12
# How far back, in heights, the next letter of a run may stand.
BACK = 0.1


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
    return [_piece(run, textpage) for run in _woven(printed, columns)]


def _woven(runs: list[list[Glyph]], columns: bool) -> list[list[Glyph]]:
    """The runs, those printed into one another put together: a second font may fill in single letters."""
    boxes = [_around(run) for run in runs]
    home = list(range(len(runs)))
    order = sorted(range(len(runs)), key=lambda at: boxes[at].top)
    for place, at in enumerate(order):
        for other in order[place + 1 :]:
            if boxes[other].top > boxes[at].bottom:
                break
            if _interlaced(boxes[at], boxes[other]):
                _unite(home, at, other)
    groups: dict[int, list[int]] = {}
    for at in range(len(runs)):
        groups.setdefault(home[at], []).append(at)
    made: list[list[Glyph]] = []
    for group in groups.values():
        made += [runs[group[0]]] if len(group) == 1 else _cut(_sewn([runs[at] for at in group]), columns)
    return made


def _cut(run: list[Glyph], columns: bool) -> list[list[Glyph]]:
    """The run cut again where columns part: a run of single letters may have reached over both."""
    made: list[list[Glyph]] = [[]]
    for glyph in run:
        if made[-1] and _parted(made[-1], glyph, columns):
            made.append([])
        made[-1].append(glyph)
    return [part for part in made if any(not glyph.char.isspace() for glyph in part)]


def _unite(home: list[int], one: int, other: int) -> None:
    kept, gone = sorted((home[one], home[other]))
    for at, place in enumerate(home):
        if place == gone:
            home[at] = kept


def _interlaced(one: BBox, other: BBox) -> bool:
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    narrower = min(one.x1 - one.x0, other.x1 - other.x0)
    return high > SAME_LINE * lower and wide > SAME_PLACE * narrower


def _sewn(runs: list[list[Glyph]]) -> list[Glyph]:
    """The characters of several runs from the left; spaces that were guessed are guessed anew, doubles left out."""
    glyphs = sorted((glyph for run in runs for glyph in run if not glyph.added), key=lambda glyph: glyph.box.x0)
    sewn: list[Glyph] = []
    for glyph in glyphs:
        last = sewn[-1] if sewn else None
        if last is not None and last.char == glyph.char and glyph.box.x0 - last.box.x0 < DOUBLE * glyph.size:
            continue
        if last is not None and not (last.char.isspace() or glyph.char.isspace()):
            gap = glyph.box.x0 - last.box.x1
            if gap > SPACE * glyph.size:
                sewn.append(Glyph(" ", BBox(last.box.x1, last.box.top, glyph.box.x0, last.box.bottom), 0, 0, True))
        sewn.append(glyph)
    return sewn


def _around(run: list[Glyph]) -> BBox:
    printed = [glyph.box for glyph in run if not glyph.char.isspace()]
    return BBox(
        min(box.x0 for box in printed),
        min(box.top for box in printed),
        max(box.x1 for box in printed),
        max(box.bottom for box in printed),
    )


def _parted(run: list[Glyph], glyph: Glyph, columns: bool) -> bool:
    last = None if glyph.char.isspace() else _last_printed(run)
    if last is None:
        return False
    x0, top, _, bottom = glyph.box
    last_x0, last_top, last_x1, last_bottom = last.box
    one, other = last_bottom - last_top, bottom - top
    overlap = (bottom if bottom < last_bottom else last_bottom) - (top if top > last_top else last_top)
    if overlap < 0.3 * min(one, other):
        return True
    height = max(one, other, 1.0)
    return x0 < last_x0 - BACK * height or (columns and x0 - last_x1 > PIECE_GAP * height and not _is_marker(run))


def _last_printed(run: list[Glyph]) -> Glyph | None:
    """The last character with ink among the last few."""
    for glyph in run[:-7:-1]:
        if not glyph.char.isspace():
            return glyph
    return None


def _is_marker(run: list[Glyph]) -> bool:
    """A number or bullet may stand far before its text."""
    text = "".join(glyph.char for glyph in run).strip()
    return len(text) <= 5 and (not text[:1].isalpha() or text[-1:] in ".)")


def _piece(run: list[Glyph], textpage: Any) -> Piece:
    printed = [glyph for glyph in run if not glyph.char.isspace()]
    size = sorted(glyph.size for glyph in printed)[len(printed) // 2]
    while run[-1].added:
        run = run[:-1]
    text = "".join(glyph.char for glyph in _unraised(run))
    font = font_name(textpage, printed[0].index)
    return Piece(text, _around(printed), size, _is_bold(printed, textpage), font=font)


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
    name = font_name(textpage, index).lower()
    return "bold" in name or pdfium.FPDFText_GetFontWeight(textpage.raw, index) >= BOLD_WEIGHT


def font_name(textpage: Any, index: int) -> str:
    """The name of the font of a character, "" where the file does not tell."""
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int(0)
    pdfium.FPDFText_GetFontInfo(textpage.raw, index, name, 128, ctypes.byref(flags))
    return name.value.decode("utf-8", "ignore")
