"""Enumerators that OCR misread, mended by what must follow: "H." behind "I." is "II.", "95." behind "4." is "5.".

Only on lines read by OCR or restored, only where the number read cannot stand in its list and the expected one is a
usual misreading away; every mending is told. Numbers inside the text are never touched.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.plan.markers import Enumerator
from normalizers.enumerators import roman_value
from normalizers.fold import LOWER, UPPER
from schemas.plan import Marker, Style

_NUMERALS = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
)  # fmt: skip
# What OCR makes of the strokes of a Roman numeral: "H." (II), "HI." (III), "1I.", "l11.", "TV." (IV).
_STROKES = str.maketrans(
    {"H": "II", "l": "I", "1": "I", "|": "I", "!": "I", "Ï": "I", "Ì": "I", "Í": "I", "T": "I", "L": "I", "v": "V"}
)
_LIKE_ROMAN = re.compile(
    r"\s*(?P<token>[IVXHTLl1|!ÏÌÍv]{1,5}(?=\s?[.,:])|[IVXHTLl1|!ÏÌÍv]{2,5}(?=\s))\s?[.,:]?(?=\s)"
)
_LIKE_PART = re.compile(r"\s*(?:Phần|PHẦN)\s+(?P<token>[IVXHTLl1|!ÏÌÍv]{1,5})\s?[.,:]?(?=\s)")
_LIKE_DECIMAL = re.compile(r"\s*(?P<whole>\d{1,2})(?P<sign>[.,])(?P<number>\d{1,2})[.,)](?=\s)")
_IN_CAPITALS = re.compile(rf"^[^{LOWER}]*[{UPPER}]{{2}}[^{LOWER}]*$")
_EMPTY_BRACKET = re.compile(r"\s*\((?:[lIi|!Ï]|)\)(?=\s)")
_ALIKE = frozenset({(5, 9), (5, 6), (6, 8), (3, 8), (1, 7), (0, 6), (4, 9), (8, 9), (2, 7), (3, 5), (2, 5)})


def mend(line: str, found: Enumerator | None, last: dict[str, int], family: str) -> Enumerator | None:
    """The enumerator that a misread line must have, or the one that was found.

    `last` holds the last number of each open list, `family` is the list of the last enumerator.

    >>> from extractors.plan.markers import read_marker
    >>> mend("H. NỘI DUNG", read_marker("H. NỘI DUNG"), {"roman": 1}, "dash").marker.label
    'II'
    >>> mend("95. Công tác tuyên truyền", read_marker("95. Công tác"), {"arabic": 4}, "dash").marker.label
    '5'
    >>> mend("2. Phòng Kinh tế", read_marker("2. Phòng Kinh tế"), {"arabic": 1}, "dash").marker.label
    '2'
    """
    mended = _part(line, last.get("phan", 0)) or _roman(line, last.get("roman", 0)) or _arabic(found, last)
    return mended or _decimal(line, last) or _bracket(line, found, last, family) or found


def _roman(line: str, last: int) -> Enumerator | None:
    token = _LIKE_ROMAN.match(line)
    if not token or not last or last >= len(_NUMERALS) or not _IN_CAPITALS.match(line[token.end() :]):
        return None
    read = token["token"]
    if read in _NUMERALS and roman_value(read) > last:
        return None
    expected = _NUMERALS[last]
    if _distance(read.translate(_STROKES), expected) > 1:
        return None
    marker = Marker(Style.ROMAN, expected, line[: token.end()].strip())
    return Enumerator(marker, token.end(), last + 1, "roman")


def _part(line: str, last: int) -> Enumerator | None:
    token = _LIKE_PART.match(line)
    if not token or last >= len(_NUMERALS):
        return None
    read, expected = token["token"], _NUMERALS[last]
    if (read in _NUMERALS and roman_value(read) > last) or _distance(read.translate(_STROKES), expected) > 1:
        return None
    marker = Marker(Style.PART, f"Phần {expected}", line[: token.end()].strip())
    return Enumerator(marker, token.end(), last + 1, "phan")


def _decimal(line: str, last: dict[str, int]) -> Enumerator | None:
    """ "3.6." or "5,6." behind "5.5." is "5.6."."""
    token = _LIKE_DECIMAL.match(line)
    whole, number = last.get("arabic", 0), last.get("decimal1", 0) + 1
    if not token or not whole or int(token["number"]) != number:
        return None
    typed = token["sign"] == "." and int(token["whole"]) == whole
    if typed or not (int(token["whole"]) == whole or _misread(int(token["whole"]), whole)):
        return None
    marker = Marker(Style.DECIMAL, f"{whole}.{number}", token.group().strip())
    return Enumerator(marker, token.end(), number, "decimal1")


def _distance(a: str, b: str) -> int:
    """Strokes to add, drop or change: 0, 1, or 2 for more."""
    if a == b:
        return 0
    if abs(len(a) - len(b)) > 1:
        return 2
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    return 1 if rest_a[1:] in (rest_b, rest_b[1:]) or rest_a == rest_b[1:] else 2


def _arabic(found: Enumerator | None, last: dict[str, int]) -> Enumerator | None:
    if found is None or found.marker.style is not Style.ARABIC:
        return None
    expected = last.get("arabic", 0) + 1
    if found.number in (1, expected) or expected == 1 or not _misread(found.number, expected):
        return None
    return replace(found, marker=replace(found.marker, label=str(expected)), number=expected)


def _misread(number: int, expected: int) -> bool:
    if number >= 10 > expected:
        return str(expected) in str(number)
    return (min(number, expected), max(number, expected)) in _ALIKE


def _bracket(line: str, found: Enumerator | None, last: dict[str, int], family: str) -> Enumerator | None:
    empty = _EMPTY_BRACKET.match(line)
    if not empty or (found is not None and found.family == "paren"):
        return None
    number = last.get("paren", 0) + 1 if family == "paren" else 1
    return Enumerator(Marker(Style.PAREN, f"({number})", empty.group().strip()), empty.end(), number, "paren")
