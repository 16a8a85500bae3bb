"""Vietnamese of the old encodings (TCVN3, VNI, VPS), shown as Latin letters, into Unicode."""

from __future__ import annotations

from extractors.readers.signals import ONLY_VIETNAMESE, is_legacy, signals
from normalizers.legacy import TCVN3, VNI, VPS, capitals, from_legacy, shows_capitals

LEAST_LETTERS = 40
READABLE = 0.10
ENCODINGS = (TCVN3, VNI, VPS)


def modern(text: str) -> tuple[str, str] | None:
    """The text in Unicode and the encoding that it was in; None where it was in none, or does not become readable.

    >>> old = "COÄNG HOAØ XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM Ñoäc laäp - Töï do - Haïnh phuùc"
    >>> modern(old)
    ('CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc', 'vni')
    >>> modern("Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc") is None
    True
    """
    found = signals(text)
    if found.chars < LEAST_LETTERS or not is_legacy(found):
        return None
    tried = [(from_legacy(text, encoding), encoding) for encoding in ENCODINGS]
    best, encoding = max(tried, key=lambda one: signals(one[0]).worth)
    return (best, encoding) if signals(best).vietnamese >= READABLE else None


def convert_line(text: str, encoding: str, font: str = "") -> str:
    """A line in Unicode, in capitals where its font shows them; one with Vietnamese letters stays as it is."""
    if any(char in ONLY_VIETNAMESE for char in text.lower()):
        return text
    made = from_legacy(text, encoding)
    return capitals(made) if shows_capitals(font) else made
