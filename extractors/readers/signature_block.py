"""Recipients and signature beside each other: each column read by itself.

Read as one page, a line of the left column and one of the right that stand at different heights swallow each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from math import radians, tan

import numpy as np

from extractors.readers.ocr import Ocr, OcrWord
from extractors.readers.page_image import Picture, turned
from normalizers.fold import fold

RECIPIENTS = re.compile(r"^\W*noi$"), re.compile(r"^nhan\W*$")
INK = 150
SURE = 60.0
# Where the strip between the columns lies, in shares of the page's width; its least width in inches.
STRIP, GUTTER = (0.3, 0.62), 0.06
# How far above the word "Nơi nhận" the signature may begin, in inches.
ABOVE = 0.35
LEAST_LEAN = 0.15
# The office of who signs, and how far below "Nơi nhận" it stands at most, in inches.
OFFICE = re.compile(
    r"\b(?:chu tich|bi thu|giam doc|truong|chanh|thu tuong|thu ky|chu nhiem|chinh uy|thong doc|thu truong)\b"
)
SIGNED = 1.2
# In square inches: ink that no sure word covers. Two lines of a title hold 0.08, specks far less.
PASSED_OVER = 0.03


@dataclass(frozen=True, slots=True)
class _Straight:
    """The page turned upright, and how places of the leaning page are found on it and back."""

    picture: Picture
    lean: float

    def place(self, word: OcrWord) -> tuple[float, float, float]:
        """Middle, top and bottom of a word on the upright page: x, y, y."""
        height, width = self.picture.shape
        across, down = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
        fall = self.lean * (across - width / 2)
        return across + self.lean * (down - height / 2), word.box[1] - fall, word.box[3] - fall

    def back(self, word: OcrWord) -> OcrWord:
        """A word read on the upright page, at its place on the leaning one."""
        height, width = self.picture.shape
        left, top, right, bottom = word.box
        down = round(self.lean * ((left + right) / 2 - width / 2))
        across = round(self.lean * ((top + bottom) / 2 - height / 2))
        return replace(word, box=(left - across, top + down, right - across, bottom + down))


def with_signature_block(words: list[OcrWord], grey: Picture, dpi: int, lean: float, ocr: Ocr) -> list[OcrWord]:
    """The words, recipients and signature read column by column where that reads more; `lean` in degrees."""
    told = _recipients(words, grey.shape[1])
    if told is None:
        return words
    leans = abs(lean) >= LEAST_LEAN
    page = _Straight(turned(grey, lean) if leans else grey, tan(radians(lean)) if leans else 0.0)
    start = _start(words, told, page, dpi)
    gutter = _gutter(page.picture[start:], dpi)
    if gutter is None:
        return words
    made = [word for word in words if _is_above(word, start, page)]
    for left in (True, False):
        old = [word for word in words if word not in made and (page.place(word)[0] < gutter) == left]
        new = [page.back(word) for word in _column(page.picture, start, gutter, left, dpi, ocr)]
        first = max((word.line for word in (*words, *made)), default=-1) + 1
        made += [replace(word, line=word.line + first) for word in new] if _worth(new) > _worth(old) else old
    return made


def title_is_lost(words: list[OcrWord], grey: Picture, dpi: int, lean: float) -> bool:
    """Whether ink beside "Nơi nhận" was passed over, and no office of who signed was read there.

    A seal and the strokes of a signature lie on that line; in black and white nothing tells them from it.
    """
    told = _recipients(words, grey.shape[1])
    if told is None:
        return False
    middle = grey.shape[1] // 2
    fall = round(tan(radians(lean)) * middle / 2)
    top, bottom = (max(0, told.box[1] + fall + round(inches * dpi)) for inches in (-ABOVE, SIGNED))
    beside = [word for word in words if word.box[0] > middle and top <= word.box[3] and word.box[1] <= bottom]
    if OFFICE.search(fold(" ".join(word.text for word in beside))):
        return False
    ink = grey[top:bottom, middle:] < INK
    for word in beside:
        if word.confidence >= SURE:
            left, high, right, low = word.box
            ink[max(0, high - top) : max(0, low - top), max(0, left - middle) : max(0, right - middle)] = False
    return int(np.count_nonzero(ink)) > PASSED_OVER * dpi * dpi


def _is_above(word: OcrWord, start: int, page: _Straight) -> bool:
    _, top, bottom = page.place(word)
    return (top + bottom) / 2 < start


def _recipients(words: list[OcrWord], width: int) -> OcrWord | None:
    """The first word of "Nơi nhận" in the left half of the page."""
    for word, after in pairwise(words):
        told = RECIPIENTS[0].match(fold(word.text)) and RECIPIENTS[1].match(fold(after.text))
        if told and word.line == after.line and word.box[2] < width / 2:
            return word
    return None


def _start(words: list[OcrWord], told: OcrWord, page: _Straight, dpi: int) -> int:
    """Where both columns begin: below the text above them."""
    _, top, bottom = page.place(told)
    above = [page.place(word)[2] for word in words if word.confidence >= SURE]
    return max(0, int(max([low for low in above if low < (top + bottom) / 2] + [top - ABOVE * dpi])) + 1)


def _column(page: Picture, start: int, gutter: int, left: bool, dpi: int, ocr: Ocr) -> list[OcrWord]:
    """The words of one column; the left one is a plain block of lines, the right one has pen strokes in it."""
    first = 0 if left else gutter
    crop = np.ascontiguousarray(page[start:, :gutter] if left else page[start:, gutter:])
    return [word.moved(first, start) for word in ocr.words(crop, dpi, block=left)]


def _worth(words: list[OcrWord]) -> float:
    """How many letters were read, each as far as it is sure; what is hardly sure counts against the reading."""
    return sum(len(word.text) * (word.confidence - SURE) for word in words)


def _gutter(picture: Picture, dpi: int) -> int | None:
    """The middle of the widest strip without ink between the two columns; None where there is none."""
    height, width = picture.shape
    first, last = (round(share * width) for share in STRIP)
    free = (picture[:, first:last] < INK).sum(axis=0) <= max(1, height // 400)
    best, start = (0, 0), None
    for at, empty in enumerate([*free.tolist(), False]):
        if empty and start is None:
            start = at
        elif not empty and start is not None:
            best, start = max(best, (at - start, start)), None
    return first + best[1] + best[0] // 2 if best[0] >= GUTTER * dpi else None
