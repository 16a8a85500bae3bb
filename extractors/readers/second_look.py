"""What the reading of a whole page passes over, looked at once more by itself: lone figures, signature blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

import cv2
import numpy as np

from extractors.readers.ocr import Ocr, OcrWord
from extractors.readers.page_image import Picture, outlines

# Shares of the page's height at its head and foot in which its number stands.
EDGE = 0.12
INK = 150
# In inches: the lowest and highest a printed figure is, the widest number, the gap between its figures, its margin.
LOWEST, HIGHEST, WIDEST, BESIDE, MARGIN = 0.06, 0.2, 0.5, 0.08, 0.05
# A lone figure is read best at this many dots an inch: at 300 it is taken for a drawing.
FIGURE_DPI = 200
MOST_LOOKS = 4
BORDER = 20
NUMBER = re.compile(r"^[-–—. ]*(\d{1,4})[-–—. ]*$")
SURE, LIKELY = 60.0, 35.0
DIGIT = re.compile(r"\d")
# Under which confidence a word with digits is read again, and how many on a page at most.
DOUBTED, MOST_DOUBTED = 90.0, 12
# A doubtful word of fewer letters may be a figure that was taken for a sign.
MISREAD = 3

# "(5);", and what is left of it: "();", "G);", "3),", "Œ3›".
BRACKETED = re.compile(r"^\(\d{1,2}\)[.,;:]?$")
MARKER = re.compile(r"^\d{1,2}\)$")
BROKEN = re.compile(r"^[^\w\s]?[\dA-ZŒ]?\W{0,2}[)›][.,;:]?$")

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """At how many dots an inch, and by which model, a small part of a page is read."""

    dpi: int
    strong: bool = False


# In which order; each pair of size and model fails on other figures ("2" in one was "gi", "4" and "2" in the others).
FIGURE_LOOKS = Look(FIGURE_DPI), Look(260, strong=True), Look(260), Look(FIGURE_DPI, strong=True)
RIVAL_LOOKS = Look(FIGURE_DPI, strong=True), Look(FIGURE_DPI)
BRACKET_LOOKS = Look(FIGURE_DPI), Look(260), Look(300)


def with_page_number(words: list[OcrWord], grey: Picture, dpi: int, ocr: Ocr, place: int = 0) -> list[OcrWord]:
    """The words and the page's number, where it stands by itself at the head or foot and was passed over.

    `place` is the page's own in its file: a figure that says so needs to be less sure.
    """
    for box in _lone_figures(words, grey, dpi)[:MOST_LOOKS]:
        found = _page_number(grey, box, dpi, ocr, place)
        if found is not None:
            line = max((word.line for word in words), default=-1) + 1
            return [*(word for word in words if not _inside(word, box)), replace(found, line=line)]
    return words


def _page_number(grey: Picture, box: Box, dpi: int, ocr: Ocr, place: int) -> OcrWord | None:
    """The number in the box, by the first look that is sure of it."""
    for look in FIGURE_LOOKS:
        found = read_alone(grey, box, dpi, ocr, look)
        number = NUMBER.match(found.text) if found is not None else None
        if found and number and found.confidence >= (LIKELY if number[1] == str(place) else SURE):
            return found
    return None


def with_rivals(words: list[OcrWord], grey: Picture, dpi: int, ocr: Ocr) -> list[OcrWord]:
    """The words; a doubtful one with digits is read twice more by itself, and keeps what differs in a digit.

    What two of three readings say stands, and the other is kept beside it for a person to decide from the page.
    A figure in brackets of which the figure or a bracket was lost is looked at again too.
    """
    made = list(words)
    doubtful = [at for at, word in enumerate(words) if word.confidence < DOUBTED and DIGIT.search(word.text)]
    for at in doubtful[:MOST_DOUBTED]:
        made[at] = _settled(words[at], _looks(words[at], grey, dpi, ocr, RIVAL_LOOKS))
    broken = [at for at, word in enumerate(made) if word.other is None and _lost_bracket(word.text)]
    for at in broken[:MOST_DOUBTED]:
        made[at] = _bracketed(made[at], _looks(words[at], grey, dpi, ocr, BRACKET_LOOKS))
    return made


def _settled(word: OcrWord, looks: Iterator[OcrWord]) -> OcrWord:
    """The word as two of three readings have it, the third beside it where its digits differ."""
    second = next(looks)
    if not DIGIT.search(second.text) or _digits(second) == _digits(word):
        return word
    third = next(looks)
    if _digits(third) != _digits(second) or max(second.confidence, third.confidence) < word.confidence:
        return replace(word, other=second.text)
    signs = [one for one in (second, third) if DIGIT.sub("", one.text) == DIGIT.sub("", word.text)]
    best = max(signs or (second, third), key=lambda one: one.confidence)
    return replace(word, text=best.text, other=word.text)


def _digits(word: OcrWord) -> list[str]:
    return DIGIT.findall(word.text)


def _lost_bracket(text: str) -> bool:
    """Whether a short word looks like a figure in brackets that was misread: "();", "G);", "3),"."""
    return bool(BROKEN.match(text)) and not BRACKETED.match(text) and not MARKER.match(text)


def _bracketed(word: OcrWord, looks: Iterator[OcrWord]) -> OcrWord:
    for found in looks:
        if BRACKETED.match(found.text) and found.confidence >= SURE:
            other = word.text if _digits(found) != _digits(word) else None
            return replace(word, text=found.text, other=other)
    return word


def _looks(word: OcrWord, grey: Picture, dpi: int, ocr: Ocr, looks: Sequence[Look]) -> Iterator[OcrWord]:
    """The word read again by itself, once for each look, with the least of its confidences."""
    margin = round(MARGIN * dpi)
    left, top, right, bottom = word.box
    crop = grey[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    for look in looks:
        read = _read_crop(crop, dpi, ocr, look)
        least = min((one.confidence for one in read), default=0.0)
        yield replace(word, text="".join(one.text for one in read), confidence=least)


def _read_crop(crop: Picture, dpi: int, ocr: Ocr, look: Look) -> list[OcrWord]:
    if look.dpi != dpi and crop.size:
        way = cv2.INTER_AREA if look.dpi < dpi else cv2.INTER_CUBIC
        crop = _picture(cv2.resize(crop, None, fx=look.dpi / dpi, fy=look.dpi / dpi, interpolation=way))
    white = cv2.copyMakeBorder(crop, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255)
    return ocr.words(_picture(white), look.dpi, block=True, strong=look.strong)


def _inside(word: OcrWord, box: Box) -> bool:
    across, down = _middle(word)
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _middle(word: OcrWord) -> tuple[float, float]:
    return (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2


def read_alone(grey: Picture, box: Box, dpi: int, ocr: Ocr, look: Look) -> OcrWord | None:
    """The one word in a small box; None where there are more."""
    left, top, right, bottom = box
    words = _read_crop(grey[top:bottom, left:right], dpi, ocr, look)
    return replace(words[0], box=box, line=0) if len(words) == 1 else None


def block_words(picture: Picture, dpi: int, ocr: Ocr) -> list[OcrWord]:
    """The words of a block; a figure alone in it at the size at which lone figures are read best."""
    if dpi <= FIGURE_DPI or not _is_figure(picture, dpi):
        return ocr.words(picture, dpi, block=True)
    scale = FIGURE_DPI / dpi
    small = _picture(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    found = ocr.words(small, FIGURE_DPI, block=True)
    return [replace(word, box=_scaled(word.box, 1 / scale)) for word in found]


def _picture(array: Any) -> Picture:
    return np.ascontiguousarray(array, dtype=np.uint8)


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = (round(side * scale) for side in box)
    return left, top, right, bottom


def _is_figure(picture: Picture, dpi: int) -> bool:
    """Whether all that stands in the picture is no larger than a short number."""
    rows, columns = np.nonzero(picture < INK)
    return bool(rows.size and np.ptp(rows) <= HIGHEST * dpi and np.ptp(columns) <= WIDEST * dpi)


def _lone_figures(words: Sequence[OcrWord], grey: Picture, dpi: int) -> list[Box]:
    """Boxes of ink as high as figures, at the head and foot of the page, where no word was read."""
    height = grey.shape[0]
    edge = int(EDGE * height)
    found: list[Box] = []
    for start in (0, height - edge):
        ink = (grey[start : start + edge] < INK).astype(np.uint8)
        for word in words:
            if word.confidence < SURE and len(word.text) < MISREAD:
                continue
            left, top, right, bottom = word.box
            ink[max(0, top - start) : max(0, bottom - start), left:right] = 0
        found += [(left, top + start, right, bottom + start) for left, top, right, bottom in _boxes(ink, dpi)]
    return found


def _boxes(ink: Picture, dpi: int) -> list[Box]:
    joined = cv2.dilate(ink, np.ones((1, max(1, round(BESIDE * dpi))), np.uint8))
    margin = round(MARGIN * dpi)
    boxes = []
    for left, top, width, height in sorted(map(cv2.boundingRect, outlines(joined)), key=itemgetter(1, 0)):
        if LOWEST * dpi <= height <= HIGHEST * dpi and width <= WIDEST * dpi:
            box = (max(0, left - margin), max(0, top - margin), left + width + margin, top + height + margin)
            if ink[box[1] : box[3], box[0] : box[2]].sum() > 0:
                boxes.append(box)
    return boxes
