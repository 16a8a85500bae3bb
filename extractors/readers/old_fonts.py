"""Fonts of before Unicode (.VnTime, VNI-Times): the letters that text in them shows, in Unicode and in capitals."""

from __future__ import annotations

import re
from collections import defaultdict

from extractors.readers.signals import LEGACY, ONLY_VIETNAMESE
from normalizers.legacy import TCVN3, VNI, VPS, capitals, from_legacy, shows_capitals

# How the fonts of an encoding are named, in small letters.
FONTS = ((re.compile(r"\.vn"), TCVN3), (re.compile(r"vni[- ]"), VNI), (re.compile(r"vps[- ]"), VPS))
MOST_SAMPLED = 20_000


class OldText:
    """Text by its fonts, once `sample` has seen the document's; `used` are the encodings in which some was found."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self._samples: dict[str, list[str]] = defaultdict(list)
        self._real: frozenset[str] | None = None

    def sample(self, text: str, font: str) -> None:
        """See some text of the document before any of it is read."""
        if encoding := _encoding(font):
            self._samples[encoding].append(text)

    def modern(self, text: str, font: str) -> str:
        """The text in Unicode, as its font shows it; the same where the font or the text is no old one."""
        if not self._samples:
            return text
        if self._real is None:
            samples = self._samples.items()
            self._real = frozenset(encoding for encoding, texts in samples if _is_old("".join(texts).lower()))
        encoding = _encoding(font)
        if encoding not in self._real or not text.strip() or any(char in ONLY_VIETNAMESE for char in text.lower()):
            return text
        self.used.add(encoding)
        made = from_legacy(text, encoding)
        return capitals(made) if shows_capitals(font) else made


def _encoding(font: str) -> str:
    return next((encoding for pattern, encoding in FONTS if pattern.match(font.lower())), "")


def _is_old(text: str) -> bool:
    """Whether text set in an old font is written for it: Unicode typed in such a font has letters that it lacks."""
    sample = text[:MOST_SAMPLED]
    unicode = sum(char in ONLY_VIETNAMESE for char in sample)
    return sum(char in LEGACY for char in sample) > 4 * unicode
