"""`python -m normalizers.build.render_slips CORPUS OUT.tsv.gz [PAGES]`: poor pages and what Vietnamese OCR reads.

The lines are drawn with a fixed seed; the same program versions give the same bytes. Small pages are enlarged as the
readers do it. Each row has the confidence of every word that was read.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from normalizers.build.render import Look, damaged_page, ocr_words
from normalizers.build.render_pairs import training_lines, write_pages

HEAD = ("clean", "noisy", "confidences", "render", "page")
_LINES = 45
_SEED = 90125
_FONTS = ("tinos", "tinos", "tinos", "tinos-bold", "tinos-italic", "arimo", "dejavu-serif")
_DPI = (100, 120, 150, 150, 200)
_DAMAGES = ("blur", "noise", "jpeg", "threshold", "thick", "small")
_READ_AT = 225
_MODELS = ("vie", "vie", "Vietnamese")


def slip_looks(n_pages: int) -> list[Look]:
    """Looks of poor pages, drawn with a fixed seed."""
    chance = random.Random(_SEED)
    return [
        Look(chance.choice(_FONTS), chance.choice((12, 13, 14)), chance.choice(_DPI), chance.choice(_DAMAGES))
        for _ in range(n_pages)
    ]


def pages(lines: list[str], looks: list[Look]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table page by page."""
    for number, look in enumerate(looks):
        model = _MODELS[number % len(_MODELS)]
        printed = lines[number * _LINES : (number + 1) * _LINES]
        page, middles = damaged_page(printed, look)
        factor = max(1.0, _READ_AT / look.dpi)
        page = np.asarray(cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        found = ocr_words(page, [middle * factor for middle in middles], round(look.dpi * factor), model)
        for clean, words in zip(printed, found, strict=True):
            if words:
                sure = " ".join(f"{confidence:.0f}" for _, confidence in words)
                yield clean, " ".join(text for text, _ in words), sure, f"{look.name}|{model}", f"p{number}"


def main() -> None:
    """Write the table."""
    corpus, out = Path(sys.argv[1]), Path(sys.argv[2])
    n_pages = int(sys.argv[3]) if len(sys.argv) > 3 else 300
    lines = training_lines(corpus, n_pages * _LINES)
    looks = slip_looks(len(lines) // _LINES)
    write_pages(out, HEAD, pages(lines, looks), len(looks))


if __name__ == "__main__":
    main()
