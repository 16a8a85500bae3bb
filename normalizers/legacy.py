"""Vietnamese in the encodings of before Unicode (TCVN3, VNI, VPS, VISCII, VIQR), told apart and converted."""

from __future__ import annotations

import re
import unicodedata
from typing import cast

import viparse

VIQR = "viqr"
_VIQR_MARKS = {
    "^": "\u0302",
    "(": "\u0306",
    "+": "\u031b",
    "'": "\u0301",
    "`": "\u0300",
    "?": "\u0309",
    "~": "\u0303",
}
# a^ a( e^ o^ o+ u+ with a tone behind (a^'), a tone alone (a'), and dd; a dot below only inside a word (ho.c)
_VIQR_LETTER = re.compile(r"([aeiouyAEIOUY])([\^(+]?)(['`?~]|\.(?=[a-z])|)")
_VIQR_SIGN = re.compile(r"[aAeEoO]\^|[uUoO]\+|[aA]\(|\b[dD][dD]")
_VIQR_D = re.compile(r"\bdd")
_VIQR_BIG_D = re.compile(r"\bD[dD]")
_WORD = re.compile(r"\S+")
_ASCII_LETTERS = re.compile(r"[A-Za-z]")
_VIQR_SHARE = 0.15
_LEAST_WORDS = 4


def legacy_encoding(text: str) -> str | None:
    """The name of the legacy encoding that the text is in: "tcvn3", "vni", "vps", "viscii", "viqr"; None if in none.

    >>> legacy_encoding("Uy? ban nha^n da^n phu+o+`ng ban ha`nh ke^' hoa.ch thu+.c hie^.n")
    'viqr'
    >>> legacy_encoding("Ủy ban nhân dân phường") is None
    True
    """
    count = len(_WORD.findall(text))
    if count >= _LEAST_WORDS and len(_VIQR_SIGN.findall(text)) > _VIQR_SHARE * count:
        return VIQR
    if text.isascii():
        return None
    return cast("str | None", viparse.detect_text_encoding(text))


def from_legacy(text: str, encoding: str) -> str:
    """The text in Unicode (NFC), line by line; `encoding` is a name that `legacy_encoding` gives.

    >>> from_legacy("Uy? ban nha^n da^n phu+o+`ng", "viqr")
    'Uỷ ban nhân dân phường'
    >>> from_legacy("UÛY BAN NHAÂN DAÂN, Soá 5", "vni")
    'ỦY BAN NHÂN DÂN, Số 5'
    """
    return "\n".join(_line_from(line, encoding) for line in text.split("\n"))


def _line_from(line: str, encoding: str) -> str:
    if encoding == VIQR:
        return _from_viqr(line)
    if not line.strip():
        return line
    converted = _spaces_kept(line, unicodedata.normalize("NFC", viparse.fix(line, encoding=encoding)))
    return _capitals_kept(line, converted) if encoding == "tcvn3" else converted


def _spaces_kept(source: str, converted: str) -> str:
    """The converted words between the spaces of the source, which the library makes single."""
    words = _WORD.findall(converted)
    if len(words) != len(_WORD.findall(source)):
        return converted
    following = iter(words)
    return _WORD.sub(lambda _: next(following), source)


def _from_viqr(text: str) -> str:
    text = _VIQR_BIG_D.sub("Đ", _VIQR_D.sub("đ", text))

    def letter(found: re.Match[str]) -> str:
        marks = "".join("\u0323" if sign == "." else _VIQR_MARKS[sign] for sign in found[2] + found[3])
        return unicodedata.normalize("NFC", found[1] + marks)

    return _VIQR_LETTER.sub(letter, text)


def _capitals_kept(source: str, converted: str) -> str:
    """TCVN3 writes capitals with marks as small codes in a font of capitals: "ñY BAN NH¢N D¢N"."""
    before, after = _WORD.findall(source), _WORD.findall(converted)
    if len(before) != len(after):
        return converted
    raised = iter(
        new.upper() if (plain := _ASCII_LETTERS.findall(old)) and "".join(plain).isupper() and len(old) > 1 else new
        for old, new in zip(before, after, strict=True)
    )
    return _WORD.sub(lambda _: next(raised), converted)
