"""Lines of print that the reading of a whole page passed over: found by their ink, and read by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import radians, tan

import cv2
import numpy as np

from extractors.readers.ocr import Ocr, OcrWord
from extractors.readers.page_image import Picture, outlines

# The page is looked at with so many dots an inch, and what is darker is ink.
LOOK_DPI, INK = 100, 165
# In inches: how far round a word its ink goes, the gap between words, the shortest line looked for, how high it is.
ROUND, GAP, SHORTEST, LOWEST, HIGHEST = 0.03, 0.13, 1.5, 0.07, 0.3
# Of its box along the line, how much is ink: more is a bar or a picture, less is dirt.
FILLED = (0.08, 0.6)
# In inches: between lines of one passage, and round it.
BETWEEN, MARGIN = 0.25, 0.06
MOST_PASSAGES = 6
SURE = 60.0

Box = tuple[int, int, int, int]


def with_lost_lines(
    words: list[OcrWord], grey: Picture, dpi: int, lean: float, ocr: Ocr
) -> tuple[list[OcrWord], bool]:
    """The words with those of lines that were passed over, and whether one could not be read; lean in degrees.

    Tesseract leaves out whole paragraphs where a photograph bends its lines; nothing in what it read tells so.
    """
    boxes = _lost(words, grey, dpi, lean)
    made = list(words)
    for left, top, right, bottom in _passages(boxes, dpi)[:MOST_PASSAGES]:
        read = ocr.words(np.ascontiguousarray(grey[top:bottom, left:right]), dpi, block=True)
        first = max((word.line for word in made), default=-1) + 1
        new = [word.moved(left, top) for word in read if word.confidence >= SURE]
        made += [replace(word, line=word.line + first) for word in new if not _known(word, words)]
    return made, bool(boxes) and bool(_lost(made, grey, dpi, lean))


def _known(word: OcrWord, words: Sequence[OcrWord]) -> bool:
    across, down = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return any(one.box[0] <= across <= one.box[2] and one.box[1] <= down <= one.box[3] for one in words)


def _lost(words: Sequence[OcrWord], grey: Picture, dpi: int, lean: float) -> list[Box]:
    """Boxes of what looks like lines of print and holds no word."""
    scale = min(1.0, LOOK_DPI / dpi)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (small < INK).astype(np.uint8)
    for word in words:
        left, top, right, bottom = (round(side * scale) for side in word.box)
        pad = round(ROUND * dpi * scale)
        ink[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad] = 0
    inch = dpi * scale
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, round(GAP * inch)), np.uint8))
    found = []
    for outline in outlines(joined):
        left, top, width, height = cv2.boundingRect(outline)
        fall = abs(tan(radians(lean))) * width
        along = width * max(1.0, height - fall)
        filled = int(ink[top : top + height, left : left + width].sum()) / along
        if (
            width >= SHORTEST * inch
            and LOWEST * inch <= height - fall <= HIGHEST * inch
            and FILLED[0] <= filled <= FILLED[1]
        ):
            found.append((left, top, left + width, top + height))
    return [_scaled(box, 1 / scale) for box in sorted(found, key=lambda box: box[1])]


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = (round(side * scale) for side in box)
    return left, top, right, bottom


def _passages(boxes: list[Box], dpi: int) -> list[Box]:
    """The lines that follow each other closely, as one box with a margin."""
    made: list[Box] = []
    for left, top, right, bottom in boxes:
        if made and top - made[-1][3] < BETWEEN * dpi and left < made[-1][2] and right > made[-1][0]:
            before = made[-1]
            made[-1] = min(left, before[0]), min(top, before[1]), max(right, before[2]), max(bottom, before[3])
        else:
            made.append((left, top, right, bottom))
    margin = round(MARGIN * dpi)
    return [(max(0, box[0] - margin), max(0, box[1] - margin), box[2] + margin, box[3] + margin) for box in made]
