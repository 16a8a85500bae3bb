"""`WEARS`: what happens to pages between the printer and the archive, each as a change of a clean picture.

They are other than those of the shared maker of test pages, so that what was tuned on those is judged on others.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from sample_docs.build.ink import BLUE, RED, SEAL_MM, Page, press, seal, signature

MM = 25.4
PAPER = 246.0
Random = np.random.Generator
Shades = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """A change of a clean page (RGB) and the dots an inch at which it is made; `quality` is JPEG's, 0 for none."""

    dpi: int
    change: Callable[[Page, int, Random], Page]
    quality: int = 45


def _shades(page: Page) -> Shades:
    return page.astype(np.float32)


def _page(shades: NDArray[np.floating]) -> Page:
    return np.ascontiguousarray(np.clip(shades, 0, 255), dtype=np.uint8)


def _noisy(page: Page, random: Random, noise: float) -> Page:
    return _page(_shades(page) + random.normal(0, noise, page.shape[:2])[:, :, None])


def _turned(page: Page, degrees: float, fill: float = PAPER) -> Page:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return _page(cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(fill,) * 3))


def skewed(page: Page, dpi: int, random: Random) -> Page:
    """Three degrees askew."""
    return _noisy(_turned(page, 3.0 * random.choice((-1, 1))), random, 4)


def blurred(page: Page, dpi: int, random: Random) -> Page:
    """Out of focus."""
    return _noisy(_page(cv2.GaussianBlur(page, (0, 0), 0.0085 * dpi)), random, 3)


def pale(page: Page, dpi: int, random: Random) -> Page:
    """A toner that runs out: print in light grey, uneven down the page."""
    fade = np.linspace(0.35, 0.5, page.shape[0], dtype=np.float32)[:, None, None]
    return _noisy(_page(245 - (255 - _shades(page)) * fade), random, 5)


def grey_paper(page: Page, dpi: int, random: Random) -> Page:
    """Recycled paper, grey and fibrous."""
    height, width = page.shape[:2]
    fibres = cv2.resize(random.normal(0, 14, (height // 3, width // 3)).astype(np.float32), (width, height))
    return _noisy(_page(_shades(page) * 0.66 + fibres[:, :, None]), random, 5)


def tinted(page: Page, dpi: int, random: Random) -> Page:
    """Yellow paper under a warm lamp."""
    return _noisy(_page(_shades(page) * np.array([0.98, 0.86, 0.58], np.float32)), random, 5)


def see_through(page: Page, dpi: int, random: Random) -> Page:
    """Thin paper: the other side shows."""
    back = cv2.GaussianBlur(cv2.flip(page, 1), (0, 0), 0.006 * dpi)
    return _noisy(_page(_shades(page) * (1 - 0.28 * (1 - _shades(_page(back)) / 255))), random, 5)


def shaded(page: Page, dpi: int, random: Random) -> Page:
    """A book's gutter: dark towards one side."""
    width = page.shape[1]
    light = 0.3 + 0.7 * (1 - np.exp(-np.arange(width, dtype=np.float32) / (0.16 * width)))
    return _noisy(_page(_shades(page) * light[None, :, None]), random, 4)


def salted(page: Page, dpi: int, random: Random) -> Page:
    """A dirty glass: dark and white specks of several sizes."""
    made = page.copy()
    height, width = page.shape[:2]
    for shade, count in ((30, 2600), (255, 1500)):
        for x, y in zip(random.integers(0, width, count), random.integers(0, height, count), strict=True):
            cv2.circle(made, (int(x), int(y)), int(random.integers(0, max(1, dpi // 120) + 1)), (shade,) * 3, -1)
    return _noisy(made, random, 4)


def fax(page: Page, dpi: int, random: Random) -> Page:
    """A fax in fine mode: black and white, with lines lost and smeared."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY) + random.normal(0, 18, page.shape[:2])
    made = np.where(grey > 140, 255, 0).astype(np.uint8)
    for row in random.integers(0, made.shape[0], 10):
        made[row] = made[max(0, row - 1)] if random.random() < 0.6 else 0
    return made


def thresholded(page: Page, dpi: int, random: Random) -> Page:
    """A cheap scanner's black and white: strokes eaten, specks left."""
    grey = cv2.GaussianBlur(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), (0, 0), 0.9)
    return np.where(grey + random.normal(0, 20, page.shape[:2]) > 115, 255, 0).astype(np.uint8)


def punched(page: Page, dpi: int, random: Random) -> Page:
    """Punched, bound and scanned on a dark lid: black holes and edges."""
    made = page.copy()
    height = page.shape[0]
    for share in (0.35, 0.62):
        cv2.circle(made, (round(12 / MM * dpi), round(share * height)), round(3 / MM * dpi), (15, 15, 15), -1)
    made[:, : round(3 / MM * dpi)] = 20
    made[-round(4 / MM * dpi) :] = 20
    return _noisy(_turned(made, 0.8, 25), random, 4)


def streaked(page: Page, dpi: int, random: Random) -> Page:
    """A copier's drum: thin dark lines down the page, and a pale band."""
    shades = _shades(page)
    for x in random.integers(0, page.shape[1], 5):
        shades[:, x : x + max(1, dpi // 150)] *= 0.55
    band = page.shape[1] // 3
    shades[:, band : band + dpi // 8] = shades[:, band : band + dpi // 8] * 0.6 + 100
    return _noisy(_page(shades), random, 4)


def sealed(page: Page, dpi: int, random: Random) -> Page:
    """Red seals over the text, one tilted, and across the edge."""
    made = page.copy()
    size = round(SEAL_MM / MM * dpi)
    height, width = page.shape[:2]
    for x, y in ((0.45, 0.3), (0.15, 0.62), (0.86, 0.5)):
        tilted = _turned(np.repeat((seal(size, random) * 255)[:, :, None], 3, 2).astype(np.uint8), 25, 0)
        cover = np.asarray(tilted[:, :, 0] * np.float32(0.9 / 255), np.float32)
        press(made, cover, int(x * width), int(y * height), RED)
    return _noisy(made, random, 4)


def grey_seal(page: Page, dpi: int, random: Random) -> Page:
    """The same, scanned without colour: the seal is as grey as print."""
    return np.ascontiguousarray(cv2.cvtColor(sealed(page, dpi, random), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def scribbled(page: Page, dpi: int, random: Random) -> Page:
    """A leader's instruction in blue across the head, initials at the margin, a line under words."""
    made = page.copy()
    height, width = page.shape[:2]
    font = ImageFont.truetype("Tinos-Italic.ttf", round(0.2 * dpi))
    note = Image.new("L", (round(2.6 * dpi), round(0.45 * dpi)), 0)
    ImageDraw.Draw(note).text((4, 4), "chuyển VHXH xử lý 12/3", font=font, fill=230)
    ink = np.asarray(note.rotate(7, resample=Image.Resampling.BICUBIC), np.float32) * np.float32(1 / 255)
    press(made, np.asarray(ink, np.float32), round(0.05 * width), round(0.12 * height), BLUE)
    press(made, signature(round(1.2 * dpi), round(0.5 * dpi), random), round(0.02 * width), round(0.5 * height), BLUE)
    cv2.line(made, (width // 4, height // 2), (width // 2, height // 2 + 3), BLUE, max(1, dpi // 100))
    return _noisy(made, random, 4)


def crumpled(page: Page, dpi: int, random: Random) -> Page:
    """Creased and waved paper."""
    height, width = page.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = 0.006 * dpi * np.sin(columns / (0.9 * dpi)) + 0.004 * dpi * np.sin(rows / (1.7 * dpi))
    moved = cv2.remap(page, columns, rows + wave.astype(np.float32), cv2.INTER_CUBIC, borderValue=(PAPER,) * 3)
    hills = cv2.resize(random.normal(0, 1, (9, 7)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return _noisy(_page(_shades(_page(moved)) * (1 - 0.09 * np.abs(hills))[:, :, None]), random, 4)


def in_blue(page: Page, dpi: int, random: Random) -> Page:
    """Printed, or copied through carbon paper, in blue."""
    cover = (1 - _shades(page) / 255) * 0.9
    return _noisy(_page(PAPER * (1 - cover) + np.array(BLUE, np.float32) * cover), random, 4)


def sideways(page: Page, dpi: int, random: Random) -> Page:
    """Laid on its side."""
    return _noisy(np.ascontiguousarray(np.rot90(page)), random, 4)


def upside_down(page: Page, dpi: int, random: Random) -> Page:
    """Fed the wrong way round."""
    return _noisy(np.ascontiguousarray(np.rot90(page, 2)), random, 4)


def photographed(page: Page, dpi: int, random: Random) -> Page:
    """A phone's photo from one side: on a wooden table, lamp light, the page at an angle."""
    height, width = page.shape[:2]
    table = np.full((int(height * 1.15), int(width * 1.25), 3), (120, 88, 60), np.float32)
    rows, columns = table.shape[:2]
    table += (18 * np.sin(np.arange(rows) / 23.0))[:, None, None]
    near = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    places = np.array([[0.16, 0.07], [0.86, 0.04], [0.95, 0.93], [0.05, 0.97]], np.float32)
    far = places * np.array([columns, rows], np.float32)
    matrix = cv2.getPerspectiveTransform(near, far)
    made = cv2.warpPerspective(_shades(page) * 0.93, matrix, (columns, rows), flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, (columns, rows))[:, :, None]
    made = made * mask + table * (1 - mask)
    lamp = np.linspace(0.62, 1.0, columns, dtype=np.float32)[None, :, None]
    made = cv2.GaussianBlur(made * lamp * np.array([1.0, 0.95, 0.82], np.float32), (0, 0), 0.9)
    return _noisy(_page(made), random, 5)


def coarse(page: Page, dpi: int, random: Random) -> Page:
    """Sent through a messenger: few dots, hard JPEG."""
    return _noisy(page, random, 3)


# The one place to add a wear.
WEARS: dict[str, Wear] = {
    "skewed": Wear(200, skewed),
    "blurred": Wear(200, blurred),
    "jpeg": Wear(200, coarse, 14),
    "coarse": Wear(110, coarse, 40),
    "pale": Wear(200, pale),
    "grey_paper": Wear(200, grey_paper),
    "tinted": Wear(200, tinted),
    "see_through": Wear(200, see_through),
    "shaded": Wear(200, shaded),
    "salted": Wear(200, salted),
    "fax": Wear(204, fax, 0),
    "thresholded": Wear(150, thresholded, 0),
    "punched": Wear(200, punched),
    "streaked": Wear(200, streaked),
    "sealed": Wear(200, sealed),
    "grey_seal": Wear(200, grey_seal),
    "scribbled": Wear(200, scribbled),
    "crumpled": Wear(200, crumpled),
    "in_blue": Wear(200, in_blue),
    "sideways": Wear(200, sideways),
    "upside_down": Wear(200, upside_down),
    "photographed": Wear(220, photographed, 70),
}


def worn(page: Page, wear: Wear, random: Random) -> bytes:
    """The clean page (RGB at `wear.dpi`) after the wear, as the bytes of a JPEG or of a black and white PNG."""
    image = Image.fromarray(wear.change(page, wear.dpi, random))
    stream = io.BytesIO()
    if wear.quality:
        image.save(stream, "JPEG", quality=wear.quality, dpi=(wear.dpi, wear.dpi))
    else:
        image.convert("1").save(stream, "PNG", dpi=(wear.dpi, wear.dpi))
    return stream.getvalue()
