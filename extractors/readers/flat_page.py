"""A page photographed at an angle, laid flat by the four edges of its paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.readers.page_image import Picture

Points = NDArray[np.float64]

# The picture is looked at so small (dots of its long side), from each side along so many rows or columns.
LOOK, SCANS = 700, 120
# Paper is so much lighter than what it lies on, over so many dots; both sides of an edge are at least this light.
LIGHTER, STEP, DARKEST = 1.3, 5, 12.0
# Of the places at which an edge was met, how many lie on one line, and how near, in dots of the small picture.
AGREED, NEAR = 0.55, 2.5
ROUNDS = 60
# Each so-many-th dot is looked at, where there are enough; how dark the rim is beside the paper.
EACH, FEWEST, RIM = 16, 8, 0.75
# Of the picture, how much the paper takes at least; how unlike opposite edges may be.
LEAST_AREA, MOST_UNLIKE = 0.3, 1.6
# How far an edge leans at least, in dots for each dot, for the page to gain from being laid flat.
LEANS = 0.004


def on_dark_ground(picture: Picture) -> bool:
    """Whether the picture's rim is darker than its paper on three sides, as in a photograph: a quick look."""
    light = picture[::EACH, ::EACH]
    light = light.max(axis=2) if light.ndim == 3 else light
    if min(light.shape) < FEWEST:
        return False
    paper = float(np.percentile(light, 70))
    rims = light[0], light[-1], light[:, 0], light[:, -1]
    return sum(float(np.median(rim)) < RIM * paper for rim in rims) >= 3


def laid_flat(picture: Picture) -> Picture | None:
    """The paper alone, its corners square; None where its four edges are not seen, or it is square already.

    Sought from each side of the picture: the first step up in lightness, as a straight line that most rows (columns)
    agree on. Shadows are soft and no step, so they do not mislead it, as they do a threshold.
    """
    scale = min(1.0, LOOK / max(picture.shape[:2]))
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.GaussianBlur(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), (0, 0), 1.5)
    corners = _corners(small.astype(np.float32))
    if corners is None:
        return None
    return _cut_out(picture, corners / scale)


def _corners(small: NDArray[np.float32]) -> Points | None:
    """The corners of the paper, from the top left clockwise."""
    height, width = small.shape
    left, right = _edge(small), _edge(small[:, ::-1])
    top, bottom = _edge(small.T), _edge(small.T[:, ::-1])
    if left is None or right is None or top is None or bottom is None:
        return None
    if max(abs(edge[0]) for edge in (left, right, top, bottom)) < LEANS:
        return None
    right = (-right[0], width - 1 - right[1])
    bottom = (-bottom[0], height - 1 - bottom[1])
    pairs = (left, top), (right, top), (right, bottom), (left, bottom)
    corners = np.array([_met(side, level) for side, level in pairs])
    return corners if _is_page(corners, width, height) else None


def _edge(small: NDArray[np.float32]) -> tuple[float, float] | None:
    """The left edge of the paper as (a, b) of x = a·y + b; None where the rows do not agree on one."""
    inner = np.stack([small[:, STEP + at : small.shape[1] - STEP + at] for at in range(1, STEP)]).min(axis=0)
    outer = np.stack([small[:, STEP - at : small.shape[1] - STEP - at] for at in range(1, STEP)]).max(axis=0)
    steps = (inner > LIGHTER * outer) & (inner > DARKEST)
    rows = np.linspace(0, small.shape[0] - 1, SCANS).astype(int)
    rows = rows[steps[rows].any(axis=1)]
    if len(rows) < AGREED * SCANS:
        return None
    places = steps[rows].argmax(axis=1) + STEP
    return _line(rows.astype(np.float64), places.astype(np.float64))


def _line(rows: Points, places: Points) -> tuple[float, float] | None:
    """The line that most places lie on, of those through two of them (drawn by a fixed seed)."""
    random = np.random.default_rng(0)
    best = np.zeros(len(rows), bool)
    for _ in range(ROUNDS):
        one, other = random.choice(len(rows), 2, replace=False)
        slope = (places[other] - places[one]) / (rows[other] - rows[one])
        on = np.abs(places - places[one] - slope * (rows - rows[one])) < NEAR
        best = on if on.sum() > best.sum() else best
    if best.sum() < AGREED * SCANS:
        return None
    slope, start = np.polyfit(rows[best], places[best], 1)
    return float(slope), float(start)


def _met(side: tuple[float, float], level: tuple[float, float]) -> tuple[float, float]:
    """Where x = a·y + b meets y = c·x + d."""
    across = (side[0] * level[1] + side[1]) / (1 - side[0] * level[0])
    return across, level[0] * across + level[1]


def _is_page(corners: Points, width: int, height: int) -> bool:
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    unlike = max(max(one, other) / min(one, other) for one, other in ((sides[0], sides[2]), (sides[1], sides[3])))
    return bool(unlike < MOST_UNLIKE and cv2.contourArea(corners.astype(np.float32)) > LEAST_AREA * width * height)


def _cut_out(picture: Picture, corners: Points) -> Picture:
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    width, height = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    square = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    flat = cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC)
    return np.ascontiguousarray(flat, dtype=np.uint8)
