"""Vietnamese in the encodings of before Unicode (TCVN3, VNI, VPS, VISCII, VIQR), told apart and converted.

The one place for them: the readers (whole pages and files) and the restorer (lines of a text) both call it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import cast

import viparse

VIQR, TCVN3, VNI, VPS = "viqr", "tcvn3", "vni", "vps"
# "như", "từ", "thư", "sự" at the end of a printed line
_LOST_U = re.compile(r"(?<![^\W_])([a-z]{1,2})-(?=\s|$)")
_ONSETS_BEFORE_U = frozenset(["ch", "d", "h", "kh", "l", "ng", "nh", "ph", "s", "t", "th", "tr", "v", "x"])
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
_CAPITAL_FONT = re.compile(r"\.vn\w*h(?:$|[,-])")  # .VnTimeH, .VnArialH, .VnTimeH,Bold
_HAS_DIGIT = re.compile(r"\d")
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
    if encoding == TCVN3:
        line = _LOST_U.sub(_with_u, line)
    converted = _spaces_kept(line, unicodedata.normalize("NFC", viparse.fix(line, encoding=encoding)))
    return _capitals_kept(line, converted) if encoding == TCVN3 else converted


def _with_u(found: re.Match[str]) -> str:
    """The soft hyphen that was TCVN3's "ư", where a reader made a hyphen of it at the end of a line: "nh-"."""
    return found[1] + "\xad" if found[1] in _ONSETS_BEFORE_U else found[0]


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


def shows_capitals(font: str) -> bool:
    """Whether a font of TCVN3 shows small letters as capitals; a PDF puts six letters and "+" before its name.

    >>> shows_capitals(".VnTimeH"), shows_capitals("ABCDEF+.VnArialH"), shows_capitals(".VnTime")
    (True, True, False)
    """
    return bool(_CAPITAL_FONT.match(font.rsplit("+", 1)[-1].lower()))


def capitals(text: str) -> str:
    """The text of a font that shows capitals only (.VnTimeH), as it shows: letters in capitals, the rest as it is.

    >>> capitals("kế hoạch năm 2026")
    'KẾ HOẠCH NĂM 2026'
    """
    return text.upper()


def _capitals_kept(source: str, converted: str) -> str:
    """TCVN3 has no capitals with a tone: "ñY BAN NH¢N D¢N" is written with small ones, and so is "ñy ban nh©n d©n".

    A word is in capitals where its plain letters are, a short one ("X·") where the word beside it is.
    """
    before, after = _WORD.findall(source), _WORD.findall(converted)
    if len(before) != len(after):
        return converted
    shouted = [_is_shouted(word) for word in before]
    raised = []
    for at, new in enumerate(after):
        told = {_nearest(shouted[:at][::-1]), _nearest(shouted[at + 1 :])}
        if shouted[at] or (shouted[at] is None and True in told and False not in told and _short_capital(before[at])):
            raised.append(new.upper())
        elif _begins_committee(after[at:]):
            raised.append(new.capitalize())
        else:
            raised.append(new)
    following = iter(raised)
    return _WORD.sub(lambda _: next(following), converted)


def _is_shouted(word: str) -> bool | None:
    """Whether a word's plain letters are capitals, more than the first; None where they cannot tell."""
    plain = [] if _HAS_DIGIT.search(word) else _ASCII_LETTERS.findall(word)
    if any(letter.islower() for letter in plain):
        return False
    later = word.lstrip("(“\"'-–/").find(plain[-1]) if plain else 0
    return True if len(plain) > 1 or later > 0 else None


def _nearest(shouted: list[bool | None]) -> bool | None:
    return next((one for one in shouted if one is not None), None)


def _short_capital(word: str) -> bool:
    """Whether a word is a capital with marked letters ("X·", "¢"), not a number or a sign."""
    return any(char.isalpha() or "\xa1" <= char <= "\xbf" for char in word)


def _begins_committee(words: list[str]) -> bool:
    """Whether "ủy ban" begins the name of one: a capital that TCVN3 cannot write."""
    if len(words) < 3 or words[0].strip("(“\"'-–") not in ("ủy", "uỷ") or words[1] != "ban":
        return False
    return words[2][:1].isupper() or words[2].lower() in ("nhân", "mặt")
