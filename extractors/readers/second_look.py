"""What the reading of a whole page passes over, looked at once more by itself: lone figures, signature blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.readers.ocr import Ocr, OcrWord
from extractors.readers.page_image import Picture

# Shares of the page's height at its head and foot in which its number stands.
EDGE = 0.12
INK = 150
# In inches: the lowest and highest a printed figure is, the widest number, the gap between its figures, its margin.
LOWEST, HIGHEST, WIDEST, BESIDE, MARGIN = 0.06, 0.2, 0.5, 0.08, 0.05
# A lone figure is read best at this many dots an inch: at 300 it is taken for a drawing.
FIGURE_DPI = 200
MOST_LOOKS = 4
BORDER = 20
NUMBER = re.compile(r"^[-–—. ]*\d{1,4}[-–—. ]*$")
SURE = 60.0
DIGIT = re.compile(r"\d")
# Under which confidence a word with digits is read again, and how many on a page at most.
DOUBTED, MOST_DOUBTED = 85.0, 12
# A doubtful word of fewer letters may be a figure that was taken for a sign.
MISREAD = 3

Box = tuple[int, int, int, int]


def with_page_number(words: list[OcrWord], grey: Picture, dpi: int, ocr: Ocr) -> list[OcrWord]:
    """The words and the page's number, where it stands by itself at the head or foot and was passed over."""
    for box in _lone_figures(words, grey, dpi)[:MOST_LOOKS]:
        found = read_alone(grey, box, dpi, ocr)
        if found is not None and NUMBER.match(found.text) and found.confidence >= SURE:
            line = max((word.line for word in words), default=-1) + 1
            return [*(word for word in words if not _inside(word, box)), replace(found, line=line)]
    return words


def with_rivals(words: list[OcrWord], grey: Picture, dpi: int, ocr: Ocr) -> list[OcrWord]:
    """The words; a doubtful one with digits is read once more by the stronger model, and keeps what differs.

    The first reading stands: which of two is right only a person can tell from the page.
    """
    made = list(words)
    doubtful = [at for at, word in enumerate(words) if word.confidence < DOUBTED and DIGIT.search(word.text)]
    for at in doubtful[:MOST_DOUBTED]:
        other = _again(words[at], grey, dpi, ocr)
        if DIGIT.search(other) and DIGIT.findall(other) != DIGIT.findall(words[at].text):
            made[at] = replace(words[at], other=other)
    return made


def _again(word: OcrWord, grey: Picture, dpi: int, ocr: Ocr) -> str:
    margin = round(MARGIN * dpi)
    left, top, right, bottom = word.box
    crop = grey[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    white = cv2.copyMakeBorder(crop, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255)
    read = ocr.words(np.ascontiguousarray(white, dtype=np.uint8), dpi, block=True, strong=True)
    return "".join(one.text for one in read)


def _inside(word: OcrWord, box: Box) -> bool:
    across, down = _middle(word)
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _middle(word: OcrWord) -> tuple[float, float]:
    return (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2


def read_alone(grey: Picture, box: Box, dpi: int, ocr: Ocr) -> OcrWord | None:
    """The one word in a small box; None where there are more."""
    left, top, right, bottom = box
    crop = grey[top:bottom, left:right]
    if dpi > FIGURE_DPI:
        crop = _smaller(crop, FIGURE_DPI / dpi)
    white = cv2.copyMakeBorder(crop, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255)
    words = ocr.words(np.ascontiguousarray(white, dtype=np.uint8), min(dpi, FIGURE_DPI), block=True)
    return replace(words[0], box=box, line=0) if len(words) == 1 else None


def _smaller(picture: Picture, scale: float) -> Picture:
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small, dtype=np.uint8)


def block_words(picture: Picture, dpi: int, ocr: Ocr) -> list[OcrWord]:
    """The words of a block; a figure alone in it at the size at which lone figures are read best."""
    if dpi <= FIGURE_DPI or not _is_figure(picture, dpi):
        return ocr.words(picture, dpi, block=True)
    scale = FIGURE_DPI / dpi
    found = ocr.words(_smaller(picture, scale), FIGURE_DPI, block=True)
    return [replace(word, box=_scaled(word.box, 1 / scale)) for word in found]


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
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    margin = round(MARGIN * dpi)
    boxes = []
    for left, top, width, height, _ in stats[1:count].tolist():
        if LOWEST * dpi <= height <= HIGHEST * dpi and width <= WIDEST * dpi:
            box = (max(0, left - margin), max(0, top - margin), left + width + margin, top + height + margin)
            if ink[box[1] : box[3], box[0] : box[2]].sum() > 0:
                boxes.append(box)
    return boxes
