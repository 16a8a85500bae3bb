"""Vietnamese of the old encodings (TCVN3, VNI, VPS), shown as Latin letters, into Unicode."""

from __future__ import annotations

import re
import unicodedata

import viparse

from extractors.readers.signals import ONLY_VIETNAMESE, is_legacy, signals

# Wide gaps part columns; the conversion must not close them.
GAP = re.compile(r"(\s{2,}|\t)")
LEAST_LETTERS = 40
READABLE = 0.10
CAPITAL_SHARE = 0.8
ENCODINGS = ("tcvn3", "vni", "vps")


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
    tried = [(converted(text, encoding), encoding) for encoding in ENCODINGS]
    best, encoding = max(tried, key=lambda one: signals(one[0]).worth)
    return (best, encoding) if signals(best).vietnamese >= READABLE else None


def converted(text: str, encoding: str) -> str:
    """The text of one old encoding in Unicode, line by line."""
    lines = []
    for line in text.split("\n"):
        parts = [viparse.fix(part, encoding=encoding) if part.strip() else part for part in GAP.split(line)]
        made = "".join(parts)
        lines.append(made.upper() if encoding == "tcvn3" and _is_capital(line) else made)
    return unicodedata.normalize("NFC", "\n".join(lines))


def convert_line(text: str, encoding: str) -> str:
    """A line in Unicode; one that already holds Vietnamese letters stays as it is."""
    return text if any(char in ONLY_VIETNAMESE for char in text.lower()) else converted(text, encoding)


def _is_capital(line: str) -> bool:
    """Whether a TCVN3 line was set in its font of capitals, which has small letters for the marked ones."""
    plain = [char for char in line if char.isascii() and char.isalpha()]
    return len(plain) > 1 and sum(char.isupper() for char in plain) > CAPITAL_SHARE * len(plain)
