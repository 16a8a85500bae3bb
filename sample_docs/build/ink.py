"""What a clerk's hand and the office's seal leave on a printed page; the seal says that it is a sample."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Page = NDArray[np.uint8]
"""A page as rows × columns × 3 (red, green, blue)."""
Ink = NDArray[np.float32]
"""How much of the paper is covered, 0–1, rows × columns."""

SEAL_MM = 36
SEAL_RING = "BẢN QUÉT MẪU * KHÔNG CÓ GIÁ TRỊ PHÁP LÝ * "
SEAL_FONT = "Tinos-Bold.ttf"
RED = (214, 34, 48)
BLUE = (30, 45, 150)
SUPERSAMPLING = 4
RINGS = ((0.49, 0.016), (0.455, 0.006), (0.27, 0.006))
"""Radius and stroke of the seal's circles, as shares of its width."""


def seal(size: int, random: np.random.Generator) -> Ink:
    """A worn round seal with a star, `size` pixels wide, its ring saying that it is worth nothing."""
    width = SUPERSAMPLING * size
    image = Image.new("L", (width, width), 0)
    draw = ImageDraw.Draw(image)
    for radius, stroke in RINGS:
        box = [(0.5 - radius) * width] * 2 + [(0.5 + radius) * width] * 2
        draw.ellipse(box, outline=255, width=max(2, int(stroke * width)))
    draw.polygon(_star(width), fill=255)
    _ring(image, SEAL_RING)
    small = image.resize((size, size), Image.Resampling.LANCZOS).rotate(float(random.uniform(-14, 14)))
    worn = cv2.GaussianBlur(random.random((size, size), dtype=np.float32), (0, 0), size / 60)
    wear = np.clip((worn - worn.mean()) / worn.std() * 0.25 + 0.85, 0.25, 1)
    return np.asarray(np.asarray(small, np.float32) / 255 * wear, np.float32)


def signature(width: int, height: int, random: np.random.Generator) -> Ink:
    """A pen's stroke in a field of `width` × `height` pixels."""
    image = Image.new("L", (width, height), 0)
    steps = np.cumsum(random.uniform(-0.012, 0.045, 44)) * width * 0.8
    points = [
        (0.08 * width + float(x), height * (0.5 + 0.42 * math.sin(k * 1.3) * float(random.uniform(0.3, 1))))
        for k, x in enumerate(steps)
    ]
    ImageDraw.Draw(image).line(points, fill=230, width=max(2, width // 120), joint="curve")
    return np.asarray(cv2.GaussianBlur(np.asarray(image, np.float32) / 255, (0, 0), 0.8), np.float32)


def press(page: Page, ink: Ink, left: int, top: int, colour: tuple[int, int, int]) -> None:
    """Lays `ink` on `page` at (`left`, `top`) as a transparent `colour`, so that print below it stays to be seen."""
    height, width = page.shape[:2]
    x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + ink.shape[1]), min(height, top + ink.shape[0])
    cover = ink[y0 - top : y1 - top, x0 - left : x1 - left, None]
    paper = page[y0:y1, x0:x1].astype(np.float32)
    inked = paper * (np.array(colour, np.float32) / 255)
    page[y0:y1, x0:x1] = np.clip(paper * (1 - cover) + inked * cover, 0, 255).astype(np.uint8)


def _star(width: int) -> list[tuple[float, float]]:
    angles = [-math.pi / 2 + k * math.pi / 5 for k in range(10)]
    radii = [(0.085 if k % 2 else 0.21) * width for k in range(10)]
    return [(width / 2 + r * math.cos(a), width / 2 + r * math.sin(a)) for a, r in zip(angles, radii, strict=True)]


def _ring(image: Image.Image, text: str) -> None:
    width = image.width
    font = ImageFont.truetype(SEAL_FONT, round(width * 0.066))
    for k, letter in enumerate(text):
        angle = 2 * math.pi * k / len(text) + math.pi
        tile = Image.new("L", (int(width * 0.14),) * 2, 0)
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), letter, font=font, fill=255, anchor="mm")
        tile = tile.rotate(-math.degrees(angle) - 90, resample=Image.Resampling.BICUBIC)
        x, y = (width / 2 + 0.365 * width * f(angle) for f in (math.cos, math.sin))
        image.paste(255, (int(x - tile.width / 2), int(y - tile.height / 2)), tile)
