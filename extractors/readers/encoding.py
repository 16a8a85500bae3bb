"""Bytes of a text file → its characters, whatever Vietnamese encoding it was saved in."""

from __future__ import annotations

import codecs
import re
import unicodedata

from extractors.readers.legacy_text import modern
from extractors.readers.signals import signals

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DAMAGED = "\ufffd"
# Letters of several bytes that stand for one damaged: in another table hardly any would be whole by chance.
LEAST_WHOLE = 3
SINGLE_BYTE = ("cp1252", "cp1258", "latin-1")
# Control characters that no text editor writes; Word's own text export leaves 3, 4, 7 and 0x13-0x15.
BINARY = re.compile(rb"[\x00-\x02\x05\x06\x0e-\x12\x16-\x1a]")


def sniff_encoding(data: bytes) -> str | None:
    """The name of the encoding that reads `data`, None where the bytes are no text."""
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name if _decodes(data, name) else None
    if wide := _wide(data):
        return wide
    if b"\x00" in data or len(BINARY.findall(data)) > len(data) // 200:
        return None
    if _decodes(data, "utf-8") or _is_nearly_utf8(data):
        return "utf-8"
    return _single_byte(data)


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether only a few bytes are damaged, as where a copy ended amid a letter; no other table writes such pairs."""
    text = data.decode("utf-8", errors="replace")
    whole = sum(char > "\x7f" for char in text) - text.count(DAMAGED)
    return whole >= LEAST_WHOLE * text.count(DAMAGED)


def decode(data: bytes) -> tuple[str, str] | None:
    """The characters of `data` and the encoding that they were in; None where the bytes are no text."""
    name = sniff_encoding(data)
    if name is None:
        return None
    return unicodedata.normalize("NFC", data.decode(name, errors="replace")), name


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of its spaces and line ends is zero."""
    if len(data) < 4 or len(data) % 2:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    for zeros, other, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > len(data) // 20 and other * 50 < zeros and _decodes(data, name):
            return name
    return None


def _single_byte(data: bytes) -> str:
    """The single-byte table that gives the most readable Vietnamese, at once or as TCVN3 or VNI; else plain Latin."""
    readable = [name for name in SINGLE_BYTE if _decodes(data, name)]
    return max(readable, key=lambda name: _worth(data.decode(name)))


def _worth(text: str) -> float:
    old = modern(text)
    return round(max(signals(text).worth, signals(old[0]).worth if old else 0.0), 2)
