"""What stands on a page without belonging to the document: page numbers, running heads, stamps, rules."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from extractors.readers.emphasis import is_rule
from normalizers.fold import fold
from schemas.source import Line, Noise

PAGE_NUMBER = re.compile(r"^[-–—. ]*(?:trang |page )?(\d{1,4})(?: ?/ ?\d{1,4}| of \d{1,4})?[-–—. ]*$")
DIGITS = re.compile(r"\d+")
# What a digital signature prints beside the seal, and a registry's stamp.
SIGNED = re.compile(
    r"^(?:signature (?:not verified|valid)|(?:digitally|duoc) (?:signed|ky)|ky boi|nguoi ky|thoi gian ky|ngay ky|"
    r"ky ngay|chu ky so|da ky so|email ?:.*@|date ?: ?\d{4})"
)
# How much of the page's height, at its head and foot, numbers and running heads may take.
NUMBER_ZONE, HEAD_ZONE = 0.12, 0.08


def mark_noise(pages: list[list[Line]], heights: list[float]) -> list[list[Line]]:
    """The lines of each page, those that are no content named as what they are."""
    repeated = _repeated(pages, heights)
    return [_page(lines, height, repeated) for lines, height in zip(pages, heights, strict=True)]


def _page(lines: list[Line], height: float, repeated: frozenset[str]) -> list[Line]:
    made = []
    boxes = [line.bbox for line in lines if line.bbox]
    edges = (min(box.top for box in boxes), max(box.bottom for box in boxes)) if boxes else (0.0, 0.0)
    for line in lines:
        outermost = line.bbox is not None and (line.bbox.top <= edges[0] + 2 or line.bbox.bottom >= edges[1] - 2)
        noise = line.noise or _noise(line, height, repeated, outermost)
        made.append(replace(line, noise=noise) if noise else line)
    return made


def _noise(line: Line, height: float, repeated: frozenset[str], outermost: bool) -> Noise | None:
    if is_rule(line.text):
        return Noise.RULE
    if SIGNED.match(fold(line.text)):
        return Noise.STAMP
    if outermost and _at_edge(line, height, NUMBER_ZONE) and PAGE_NUMBER.match(fold(line.text)):
        return Noise.PAGE_NUMBER
    return Noise.RUNNING_HEAD if _at_edge(line, height, HEAD_ZONE) and _key(line) in repeated else None


def _at_edge(line: Line, height: float, zone: float) -> bool:
    return line.bbox is not None and (line.bbox.bottom < zone * height or line.bbox.top > (1 - zone) * height)


def _key(line: Line) -> str:
    return DIGITS.sub("#", fold(line.text)).strip()


def _repeated(pages: list[list[Line]], heights: list[float]) -> frozenset[str]:
    """What stands at the edge of at least two pages, and of half of them."""
    seen: Counter[str] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        seen.update({_key(line) for line in lines if _at_edge(line, height, HEAD_ZONE) and len(_key(line)) > 2})
    most = max(2, len(pages) // 2)
    return frozenset(key for key, times in seen.items() if times >= most)
