"""From a typed PDF to what a scanner makes of its print: pictures, slightly askew, noisy, sealed."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from sample_docs.build.archive import MADE
from sample_docs.build.ink import BLUE, RED, SEAL_MM, Page, press, seal, signature

POINTS_PER_INCH = 72
MM_PER_INCH = 25.4


class Ink(StrEnum):
    """What a scanner keeps of a colour."""

    COLOUR = "colour"
    GREY = "grey"
    BLACK = "black"
    """Two levels, as a fax or copier saves them."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a page is scanned: `dpi`, the greatest skew in degrees either way, noise in grey levels, blur in pixels.

    `light` is what is left of the light at the darkest corner, `folds` whether the sheet was folded in three.
    """

    dpi: int
    skew: float
    noise: float
    blur: float
    quality: int = 40
    ink: Ink = Ink.GREY
    paper: tuple[int, int, int] = (248, 248, 248)
    light: float = 1.0
    folds: bool = False


SCANNERS: dict[str, Scanner] = {
    "scan300": Scanner(dpi=300, skew=0.6, noise=1.5, blur=0.8, quality=20),
    "scan300bw": Scanner(dpi=300, skew=0.8, noise=9.0, blur=0.7, ink=Ink.BLACK),
    "scan200": Scanner(dpi=200, skew=1.4, noise=4.0, blur=0.6, quality=25, light=0.84, ink=Ink.COLOUR,
                       paper=(244, 240, 230)),
    "scan150": Scanner(dpi=150, skew=1.8, noise=3.0, blur=0.7, quality=30, light=0.88, folds=True),
}  # fmt: skip
"""The ways of scanning, by the name that the built file bears."""
COPIER = Scanner(dpi=200, skew=1.0, noise=9.0, blur=0.6, ink=Ink.BLACK)
SCREEN = Scanner(dpi=150, skew=0.0, noise=0.0, blur=0.3, paper=(255, 255, 255))
BLACK_BELOW = 150
"""A grey level under this is black in a scan of two levels."""


def write_scan(typed: Path, scanner: Scanner, path: Path) -> None:
    """Writes a PDF of pictures alone to `path`: the pages of the PDF `typed` as `scanner` sees them."""
    made = time.gmtime(MADE.timestamp())
    first, *others = [_picture(page, scanner) for page in scanned_pages(typed, scanner)]
    jpeg: dict[str, int] = {} if scanner.ink is Ink.BLACK else {"quality": scanner.quality, "optimize": True}
    dates = {"creationDate": made, "modDate": made}
    first.save(path, "PDF", save_all=True, append_images=others, resolution=scanner.dpi, **dates, **jpeg)


def write_tiff(typed: Path, path: Path) -> None:
    """Writes the pages of `typed` to `path` as one black-and-white TIFF, as an office's copier gives it."""
    first, *others = [_picture(page, COPIER) for page in scanned_pages(typed, COPIER)]
    dpi = (COPIER.dpi, COPIER.dpi)
    first.save(path, "TIFF", compression="group4", dpi=dpi, save_all=True, append_images=others)


def write_png(typed: Path, path: Path) -> None:
    """Writes the first page of `typed` to `path` in 16 shades of grey, clean and straight as a screen shows it."""
    page = _picture(next(scanned_pages(typed, SCREEN)), SCREEN)
    page.quantize(16, dither=Image.Dither.NONE).save(path, "PNG", dpi=(SCREEN.dpi, SCREEN.dpi), optimize=True)


def scanned_pages(typed: Path, scanner: Scanner) -> Iterator[Page]:
    """The pages of `typed` one after another; the same file name, page and scanner give the same picture."""
    document = pypdfium2.PdfDocument(typed)
    try:
        for number, page in enumerate(document):
            seed = zlib.crc32(f"{typed.stem} {number} {scanner}".encode())
            random = np.random.default_rng(seed)
            picture = np.array(page.render(scale=scanner.dpi / POINTS_PER_INCH).to_pil().convert("RGB"))
            if number == len(document) - 1 and scanner.ink is Ink.COLOUR:
                _sign(picture, page, scanner.dpi, random)
            yield degrade(picture, scanner, random)
    finally:
        document.close()


def degrade(page: Page, scanner: Scanner, random: np.random.Generator) -> Page:
    """`page` as `scanner` gives it back."""
    height, width = page.shape[:2]
    picture = page.astype(np.float32) / 255 * np.array(scanner.paper, np.float32)
    picture = cv2.GaussianBlur(picture, (0, 0), scanner.blur)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(random.uniform(-scanner.skew, scanner.skew)), 1)
    picture = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=scanner.paper)
    picture *= np.linspace(1, scanner.light, width, dtype=np.float32)[None, :, None]
    if scanner.folds:
        picture *= _folds(height, scanner.dpi)[:, None, None]
    picture += random.normal(0, scanner.noise, (height, width)).astype(np.float32)[:, :, None]
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _folds(height: int, dpi: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    rows = np.arange(height, dtype=np.float32)
    shade = np.ones(height, np.float32)
    for fold in (height * 0.34, height * 0.67):
        shade *= 1 - 0.3 * np.exp(-(((rows - fold) / (dpi * 0.05)) ** 2))
    return shade


def _sign(picture: Page, page: pypdfium2.PdfPage, dpi: int, random: np.random.Generator) -> None:
    """Seals and signs between the signatory's title and name, which end the text of the last page."""
    text = page.get_textpage()
    finder = text.search("CHỦ TỊCH")
    places = list(iter(finder.get_next, None))
    if not places:
        return
    left, bottom, _, _ = text.get_charbox(places[-1][0])
    scale = dpi / POINTS_PER_INCH
    x, y = int(left * scale), int((page.get_height() - bottom) * scale)
    size = int(SEAL_MM / MM_PER_INCH * dpi)
    stroke = signature(int(size * 1.3), int(size * 0.5), random)
    press(picture, stroke, x - size // 6, y + size // 12, BLUE)
    press(picture, seal(size, random) * np.float32(0.9), x - int(size * 0.75), y - int(size * 0.25), RED)


def _picture(page: Page, scanner: Scanner) -> Image.Image:
    picture = Image.fromarray(page)
    if scanner.ink is Ink.COLOUR:
        return picture
    grey = picture.convert("L")
    return grey if scanner.ink is Ink.GREY else Image.fromarray(np.asarray(grey) >= BLACK_BELOW)
