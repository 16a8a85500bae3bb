"""Runs of a Word document set in a font of before Unicode (.VnTime, VNI-Times), whose letters it shows as others."""

from __future__ import annotations

import re
from collections import defaultdict

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from extractors.readers.docx_styles import Styles
from extractors.readers.signals import LEGACY, ONLY_VIETNAMESE
from normalizers.legacy import TCVN3, VNI, VPS, capitals, from_legacy, shows_capitals

# How the fonts of an encoding are named, in small letters.
FONTS = ((re.compile(r"\.vn"), TCVN3), (re.compile(r"vni[- ]"), VNI), (re.compile(r"vps[- ]"), VPS))
MOST_SAMPLED = 20_000


class OldFonts:
    """The old fonts of a document; `used` are the encodings in which text was really found."""

    def __init__(self, body: Element, styles: Styles) -> None:
        self._styles = styles
        self.used: set[str] = set()
        self._real = frozenset(
            encoding for encoding, text in self._samples(body).items() if _is_old("".join(text).lower())
        )

    def _samples(self, body: Element) -> dict[str, list[str]]:
        samples: dict[str, list[str]] = defaultdict(list)
        for paragraph in body.iter(qn("w:p")):
            for run in paragraph.findall(qn("w:r")):
                if encoding := _encoding(self._styles.font(run, paragraph)):
                    samples[encoding] += [text.text or "" for text in run.iter(qn("w:t"))]
        return samples

    def modern(self, text: str, run: Element, paragraph: Element) -> str:
        """The text of a run in Unicode, as its font shows it; the same where the font or the text is no old one."""
        if not self._real:
            return text
        font = self._styles.font(run, paragraph)
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
