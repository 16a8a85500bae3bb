"""A picture of a page made ready for OCR: red ink to paper, even paper, no specks, enough dots."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

RED_OVER = 40
# Of a point's darkness: the share of colour from which it fades, and over which it goes to paper. Blue is darker.
COLOURED, BLUE_GAIN, COLOUR_BLUR = (0.22, 0.2), 1.7, 1.2
LEAST_COLOUR, LEAST_DARKNESS = 6.0, 24.0
# Of all that is dark on the page, how much may be blue before it is the print itself.
DARK, PRINTED = 90.0, 0.25
PAPER_DPI = 100
# Larger than a stroke, smaller than the shadow of a fold: a larger one leaves the shadow and whole lines vanish.
PAPER_MM = 2.0
MM_PER_INCH = 25.4
SPECK_AT_300 = 14
# The share of a page, in percent, that the core of its strokes takes; how grey they are where print is pale.
INK_SHARE, PALE_INK, DARK_INK = 0.15, (90.0, 215.0), 50.0
# In inches: how far a line runs that is no stroke, and how thick it is at most; how dark.
LINE_LENGTH, LINE_HEIGHT, LINE_INK, PALE_LINE = 1.2, 0.02, 150, 215
# In inches: what stands so near a line may be the stroke that crosses it.
NEAR_LINE = 0.1
# What is darker is black; how many edges a dot of the page has at most where outlines of its ink are few enough.
BLACK, MOST_EDGES = 127, 0.15
FEW_DOTS, ENOUGH_DOTS = 200, 225
FEW_BLACK_DOTS, ENOUGH_BLACK_DOTS = 250, 300
# Of an inch: the blur of a black and white picture.
SOFTENING = 0.0035
LONG_SIDE_INCHES, SHORT_SIDE_INCHES = 11.69, 8.27
# The margins of a page are told by blocks of so many dots, by how light they are in the mean; kept round the ink, in
# inches.
BLOCK, BARE, BARE_MARGIN = 8, 225, 0.15
STRIP = 2
MOST_ENLARGED = 30_000
BILEVEL_SHARE = 0.995
MOST_SKEW = 5.0
# How many dots of a row at 100 dots an inch are taken together where only the height of lines counts.
STRIP_DOTS = 16


def prepared(picture: Picture, dpi: int, *, colour: bool = False) -> tuple[Picture, int]:
    """The picture (grey or RGB) in grey and ready to be read, and its dots an inch; `colour` leaves coloured ink."""
    if picture.ndim == 2 and is_bilevel(picture):
        return enlarged(softened(despeckled(picture, dpi), dpi), dpi, FEW_BLACK_DOTS, ENOUGH_BLACK_DOTS)
    if picture.ndim == 3:
        picture = _picture(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)) if colour else without_colour(picture)
    return enlarged(inked(even_paper(picture, dpi)), dpi)


def without_colour(picture: Picture) -> Picture:
    """The picture in grey, coloured ink (seals, stamps, a blue pen) faded into the paper, black print kept.

    Ink in which much of the page is written is print, not a mark on it, and is kept. Measured: each point fades by
    the share of colour in its darkness, both blurred, because a scanner's JPEG keeps colour at half the dots.
    """
    if picture.ndim == 2:
        return picture
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    red, green, blue = _balanced(half)
    darkness = _blurred(255 - cv2.min(cv2.min(red, green), blue))
    reds = _blurred(cv2.subtract(red, cv2.max(green, blue)))
    blues = BLUE_GAIN * _blurred(cv2.subtract(blue, cv2.max(red, green)))
    if float(blues[darkness > DARK].sum()) > PRINTED * float(darkness[darkness > DARK].sum()):
        blues[:] = 0
    colour = cv2.max(reds, blues)
    fading = np.clip((colour / np.maximum(darkness, LEAST_DARKNESS) - COLOURED[0]) / COLOURED[1], 0, 1)
    fading[colour < LEAST_COLOUR] = 0
    if not fading.any():
        return _picture(grey)
    spread = cv2.dilate(fading.astype(np.float32), np.ones((3, 3), np.uint8))
    spread = cv2.resize(spread, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return _picture(grey + spread * (255 - grey))


def _blurred(values: NDArray[Any]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(values.astype(np.float32), (0, 0), COLOUR_BLUR), np.float32)


def _balanced(picture: Picture) -> list[NDArray[np.int16]]:
    """The three colours, each stretched so that the paper is white: warm light is no ink."""
    paper = np.maximum(np.percentile(picture[::3, ::3].reshape(-1, 3), 80, axis=0), 60)
    stretched = [np.clip(np.arange(256) * (255 / level), 0, 255).astype(np.uint8) for level in paper]
    return [cv2.LUT(picture[:, :, at], stretched[at]).astype(np.int16) for at in range(3)]


def red_ink(picture: Picture) -> Picture | None:
    """Where the picture is red (255) or not (0); None for a grey one."""
    if picture.ndim == 2:
        return None
    red, green, blue = picture[:, :, 0], picture[:, :, 1], picture[:, :, 2]
    return _picture((cv2.subtract(red, cv2.max(green, blue)) > RED_OVER).astype(np.uint8) * 255)


def even_paper(grey: Picture, dpi: int) -> Picture:
    """The picture divided by its paper, estimated finely enough to follow folds and shadows."""
    height, width = grey.shape
    scale = min(1.0, PAPER_DPI / dpi)
    small = cv2.resize(grey, (max(1, int(width * scale)), max(1, int(height * scale))), interpolation=cv2.INTER_AREA)
    size = max(3, round(PAPER_MM / MM_PER_INCH * dpi * scale)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    paper = cv2.GaussianBlur(paper, (0, 0), size / 4)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return _picture(cv2.divide(grey, cv2.max(paper, 1), scale=255))


def inked(even: Picture) -> Picture:
    """A page printed palely with its ink made dark; others as they are."""
    ink = float(np.percentile(even[::3, ::3], INK_SHARE))
    if not PALE_INK[0] < ink < PALE_INK[1]:
        return even
    stretch = np.clip((np.arange(256) - ink) * ((255 - DARK_INK) / (255 - ink)) + DARK_INK, 0, 255)
    return _picture(cv2.LUT(even, stretch.astype(np.uint8)))


def despeckled(bilevel: Picture, dpi: int) -> Picture:
    """A black and white picture without dots smaller than those of a letter.

    Outlines are a fifth of the work of numbering every dot's part; a page of grain has too many to hold them all.
    """
    ink = cv2.threshold(bilevel, BLACK, 255, cv2.THRESH_BINARY_INV)[1]
    least = SPECK_AT_300 * (dpi / 300) ** 2
    cleaned = bilevel.copy()
    if _edges(ink) > MOST_EDGES * ink.size:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        small = stats[:, cv2.CC_STAT_AREA] < least
        small[0] = False
        cleaned[small[labels]] = 255
        return cleaned
    specks = [outline for outline in outlines(ink) if _dots(outline, least) < least]
    cv2.drawContours(cleaned, specks, -1, (255,), cv2.FILLED)
    return cleaned


def outlines(ink: Picture) -> list[Any]:
    """The outlines of all parts that hang together (not 0), also of those in the holes of others; of no holes."""
    found, levels = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    around = levels[0, :, 3].tolist() if found else []
    return [outline for outline, outer in zip(found, around, strict=True) if outer < 0]


def _edges(ink: Picture) -> int:
    """How often ink begins or ends along the rows, told from each eighth of them."""
    rows = ink[::8]
    return 8 * int(np.count_nonzero(rows[:, 1:] != rows[:, :-1]))


def _dots(outline: Any, least: float) -> float:
    """How many dots an outline through the middles of dots holds, by Pick's theorem; for a long one, enough."""
    length = len(outline)
    if length < 2 or length > 2 * least:
        return float(length)
    return float(cv2.contourArea(outline)) + length / 2 + 1


def softened(bilevel: Picture, dpi: int) -> Picture:
    """A black and white picture with the steps at the edges of its strokes made grey, as a lens would have seen them.

    Measured at 200 dpi: of the tokens with digits 93 % were right before, 98 % after ("53" was read as "93").
    """
    return _picture(cv2.GaussianBlur(bilevel, (0, 0), SOFTENING * dpi))


def without_specks(grey: Picture, dpi: int) -> Picture:
    """The picture without dark dots smaller than those of a letter."""
    ink = np.where(grey < LINE_INK, 0, 255).astype(np.uint8)
    gone = (ink == 0) & (despeckled(ink, dpi) == 255)
    cleaned = grey.copy()
    cleaned[cv2.dilate(gone.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 255
    return cleaned


def without_lines(grey: Picture, dpi: int) -> Picture:
    """The picture without thin lines that run far across it; strokes of letters that cross them stay.

    A fax leaves such lines, and a pen that underlines; where one runs through a row of text, the row is lost.
    """
    scale = min(1.0, PAPER_DPI / dpi)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    look = np.ones((1, round(LINE_LENGTH * dpi * scale)), np.uint8)
    runs = cv2.morphologyEx((small < PALE_LINE).astype(np.uint8), cv2.MORPH_OPEN, look)
    if not runs.any():
        return grey
    cleaned = grey.copy()
    for top, bottom in _bands(runs.any(axis=1), scale, round(NEAR_LINE * dpi)):
        cleaned[top:bottom] = _band_without_lines(grey[top:bottom], dpi)
    return cleaned


def _bands(rows: NDArray[np.bool_], scale: float, margin: int) -> Iterator[tuple[int, int]]:
    """(first, one after last) of the runs of rows, scaled back, with a margin; those that touch are one."""
    top = bottom = 0
    for row in np.flatnonzero(rows).tolist():
        first, last = max(0, int(row / scale) - margin), math.ceil((row + 1) / scale) + margin
        if first > bottom and bottom:
            yield top, bottom
        top, bottom = (top if bottom and first <= bottom else first), last
    yield top, bottom


def _band_without_lines(grey: Picture, dpi: int) -> Picture:
    ink = (grey < LINE_INK).astype(np.uint8)
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(LINE_LENGTH * dpi)), np.uint8))
    if not runs.any():
        return grey
    tall = round(LINE_HEIGHT * dpi) + 1
    thin = cv2.subtract(runs, cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8)))
    others = cv2.subtract(ink, thin)
    reach = np.ones((2 * tall + 1, 1), np.uint8)
    kept = cv2.bitwise_and(cv2.dilate(others, reach), thin)
    cleaned = grey.copy()
    edge = cv2.dilate(cv2.subtract(thin, kept), np.ones((3, 1), np.uint8))
    cleaned[(edge > 0) & (others == 0)] = 255
    return cleaned


def inked_area(grey: Picture, dpi: int) -> tuple[int, int, int, int]:
    """The box (left, top, right, bottom) of all ink, with a margin; of the whole picture where there is none.

    Bare margins cost the engine time (4 % at 300 dots an inch) and hold nothing; a lone speck does not count.
    """
    height, width = grey.shape
    down, across = max(1, height // BLOCK), max(1, width // BLOCK)
    whole = grey[: down * BLOCK, : across * BLOCK]  # whole blocks: five times as fast
    blocks = cv2.resize(whole, (across, down), interpolation=cv2.INTER_AREA) < BARE
    rows, columns = np.flatnonzero(blocks.any(axis=1)), np.flatnonzero(blocks.any(axis=0))
    if not rows.size:
        return 0, 0, width, height
    margin = round(BARE_MARGIN * dpi) + BLOCK
    return (
        max(0, int(columns[0]) * BLOCK - margin),
        max(0, int(rows[0]) * BLOCK - margin),
        min(width, (int(columns[-1]) + 1) * BLOCK + margin),
        min(height, (int(rows[-1]) + 1) * BLOCK + margin),
    )


def enlarged(grey: Picture, dpi: int, few: int = FEW_DOTS, enough: int = ENOUGH_DOTS) -> tuple[Picture, int]:
    """A coarse picture (under `few` dots an inch) with `enough` dots; others as they are."""
    if dpi >= few:
        return grey, dpi
    scale = min(enough / dpi, MOST_ENLARGED / max(grey.shape))
    if scale <= 1:
        return grey, dpi
    return _picture(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)), round(dpi * scale)


def is_bilevel(grey: Picture) -> bool:
    """Whether the picture is black and white only."""
    sample = grey[::7, ::7]
    return bool(((sample < 8) | (sample > 247)).mean() > BILEVEL_SHARE)


def likely_dpi(width: int, height: int) -> int:
    """The dots an inch of a picture of an A4 page that does not say; a long strip is as broad as a page.

    >>> likely_dpi(2480, 3508), likely_dpi(1080, 20_000)
    (300, 131)
    """
    long, short = max(width, height), min(width, height)
    return max(40, round(short / SHORT_SIDE_INCHES if long > STRIP * short else long / LONG_SIDE_INCHES))


def skew(grey: Picture, dpi: int) -> float:
    """By how many degrees, -5 to 5, the lines of the page lean (positive: they fall to the right).

    The page is seen as strips, which are pushed up and down against each other until its lines lie level: on 92 pages
    the same angle as from turning the whole page, at a third of the work.
    """
    scale = min(1.0, PAPER_DPI / dpi)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    height, width = ink.shape
    strips = max(1, width // STRIP_DOTS)
    ink = _picture(cv2.resize(ink, (strips, height), interpolation=cv2.INTER_AREA))
    coarse = _best_angle(ink, width / strips, np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5))
    return _best_angle(ink, width / strips, np.arange(coarse - 0.4, coarse + 0.45, 0.1))


def turned(picture: Picture, degrees: float) -> Picture:
    """The picture turned by a few degrees round its middle, white where nothing was."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    white: Any = (255, 255, 255) if picture.ndim == 3 else 255
    return _picture(cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=white))


def _best_angle(strips: Picture, wide: float, angles: NDArray[np.float64]) -> float:
    """The angle at which rows are most unlike each other; `wide` is how many dots of a row a strip stands for."""
    height, count = strips.shape

    def sharpness(angle: float) -> float:
        fall = -math.tan(math.radians(angle)) * wide
        matrix = np.array([[1, 0, 0], [fall, 1, -fall * count / 2]], np.float32)
        rows = cv2.warpAffine(strips, matrix, (count, height)).sum(axis=1, dtype=np.float64)
        return float((np.diff(rows) ** 2).sum())

    return float(max(angles, key=lambda angle: (sharpness(float(angle)), -abs(angle))))


def _picture(array: Any) -> Picture:
    return np.ascontiguousarray(array, dtype=np.uint8)
