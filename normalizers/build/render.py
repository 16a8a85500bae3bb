"""Lines typeset as page images, damaged, and read by tesseract: pairs of what was printed and what was read.

Needs Pillow and the program tesseract; used for building and measuring, never at run time.
"""

from __future__ import annotations

import csv
import io
import random
import subprocess
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Picture = npt.NDArray[np.uint8]
_FONTS = Path("/usr/share/fonts/truetype")
FONTS = {
    "tinos": "croscore/Tinos-Regular.ttf",
    "tinos-bold": "croscore/Tinos-Bold.ttf",
    "tinos-italic": "croscore/Tinos-Italic.ttf",
    "cousine": "croscore/Cousine-Regular.ttf",
    "arimo": "croscore/Arimo-Regular.ttf",
    "dejavu-serif": "dejavu/DejaVuSerif.ttf",
    "dejavu-sans": "dejavu/DejaVuSans.ttf",
}
_MARGIN_INCH = 0.8
_SPACING = 1.35


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is typeset and damaged; sizes in points."""

    font: str
    size: float
    dpi: int
    damage: str

    @property
    def name(self) -> str:
        """The look in one word."""
        return f"{self.font}|{self.size:g}pt|{self.dpi}dpi|{self.damage}"


def typeset(lines: Sequence[str], look: Look) -> tuple[Picture, list[float]]:
    """A grey page of the lines and the vertical middle of each line in pixels."""
    font = ImageFont.truetype(str(_FONTS / FONTS[look.font]), round(look.size * look.dpi / 72))
    margin, step = round(_MARGIN_INCH * look.dpi), round(look.size * _SPACING * look.dpi / 72)
    width = max(int(font.getlength(line)) for line in lines) + 2 * margin
    page = Image.new("L", (width, step * len(lines) + 2 * margin), 255)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((margin, margin + number * step), line, font=font, fill=20)
    return np.asarray(page), [margin + (number + 0.5) * step for number in range(len(lines))]


def _grey(page: npt.ArrayLike) -> Picture:
    return np.asarray(page).astype(np.uint8)


def _blur(page: Picture, chance: np.random.Generator) -> Picture:
    return _grey(cv2.GaussianBlur(page, (0, 0), 0.7 + 0.5 * chance.random()))


def _noise(page: Picture, chance: np.random.Generator) -> Picture:
    return np.clip(page + chance.normal(0, 22, page.shape), 0, 255).astype(np.uint8)


def _jpeg(page: Picture, chance: np.random.Generator) -> Picture:
    packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(12, 30))])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _threshold(page: Picture, chance: np.random.Generator) -> Picture:
    return np.where(_blur(page, chance) > 140 + chance.integers(0, 50), 255, 0).astype(np.uint8)


def _thick(page: Picture, chance: np.random.Generator) -> Picture:
    return _grey(cv2.erode(_blur(page, chance), np.ones((2, 2), np.uint8)))


def _small(page: Picture, chance: np.random.Generator) -> Picture:
    factor = 0.62 + 0.15 * chance.random()
    return _grey(
        cv2.resize(cv2.resize(page, None, fx=factor, fy=factor), page.shape[::-1], interpolation=cv2.INTER_CUBIC)
    )


def _salt(page: Picture, chance: np.random.Generator) -> Picture:
    spots = chance.random(page.shape)
    return np.where(spots < 0.0015, 0, np.where(spots > 0.992, 255, page)).astype(np.uint8)


def _motion(page: Picture, chance: np.random.Generator) -> Picture:
    size = 3 + int(chance.integers(0, 2))
    kernel = np.zeros((size, size), np.float32)
    kernel[size // 2] = 1 / size
    return _grey(cv2.filter2D(page, -1, kernel))


def _faded(page: Picture, chance: np.random.Generator) -> Picture:
    shade = np.linspace(0.5, 0.95, page.shape[1])[None, :]
    return (255 - (255.0 - _noise(page, chance)) * shade).astype(np.uint8)


def _thin(page: Picture, chance: np.random.Generator) -> Picture:
    return _grey(np.maximum(cv2.dilate(page, np.ones((2, 1), np.uint8)), page * 0.6))


def _clean(page: Picture, chance: np.random.Generator) -> Picture:
    return page


TRAINING: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "clean": _clean,
    "blur": _blur,
    "noise": _noise,
    "jpeg": _jpeg,
    "threshold": _threshold,
    "thick": _thick,
    "small": _small,
}
"""The damages of training pages."""
TESTING: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "salt": _salt,
    "motion": _motion,
    "faded": _faded,
    "thin": _thin,
}
"""Damages that only pages of tests have."""


Read = list[tuple[str, float]]
"""The words that OCR read in a line, each with its confidence (0–100)."""


def ocr_words(page: Picture, middles: Sequence[float], dpi: int, language: str = "eng") -> list[Read]:
    """What tesseract reads in each line of the page, word by word."""
    packed = cv2.imencode(".png", page)[1].tobytes()
    command = ["tesseract", "-", "-", "-l", language, "--psm", "6", "--dpi", str(dpi), "tsv"]
    done = subprocess.run(
        command, input=packed, capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin"}
    )
    lines: list[Read] = [[] for _ in middles]
    for row in csv.DictReader(io.StringIO(done.stdout.decode()), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and row["text"].strip():
            middle = int(row["top"]) + int(row["height"]) / 2
            line = int(np.argmin([abs(middle - place) for place in middles]))
            lines[line].append((row["text"], float(row["conf"])))
    return lines


def languages() -> frozenset[str]:
    """The models that tesseract has here."""
    done = subprocess.run(["tesseract", "--list-langs"], capture_output=True, check=True, text=True)
    return frozenset(done.stdout.splitlines()[1:])


def damaged_page(lines: Sequence[str], look: Look) -> tuple[Picture, list[float]]:
    """One page of the lines, damaged, and the middles of the lines; seeded by the look and the text."""
    page, middles = typeset(lines, look)
    chance = np.random.default_rng(zlib.crc32((look.name + lines[0]).encode()))
    return (TRAINING | TESTING)[look.damage](page, chance), middles


def read_page(lines: Sequence[str], look: Look, language: str = "eng") -> list[tuple[str, float]]:
    """(what was read, mean confidence) of each line of one page."""
    page, middles = damaged_page(lines, look)
    found = ocr_words(page, middles, look.dpi, language)
    return [
        (" ".join(text for text, _ in line), float(np.mean([sure for _, sure in line])) if line else 0.0)
        for line in found
    ]


def training_looks(n_pages: int) -> list[Look]:
    """Looks of pages for training, drawn with a fixed seed."""
    chance = random.Random(20251)
    fonts = ["tinos"] * 3 + ["arimo", "arimo", "dejavu-serif", "dejavu-sans", "tinos-bold", "tinos-italic"]
    return [
        Look(chance.choice(fonts), chance.choice((12, 13, 13, 14)), chance.choice((150, 200, 250, 300)), damage)
        for _, damage in zip(range(n_pages), list(TRAINING) * n_pages, strict=False)
    ]


def wrapped(text: str, width: int = 88) -> list[str]:
    """The words of a text in lines of at most `width` letters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [line for line in lines if line]
