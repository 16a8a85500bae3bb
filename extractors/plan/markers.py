"""Enumerators: what stands in front of an item, and what it says about the item's place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from normalizers.enumerators import BULLETS, ORDINALS, ROMAN_PATTERN, alphabet_number, roman_value
from normalizers.fold import fold
from schemas.plan import Marker, Style

_ORDINAL = "|".join(ORDINALS)
LOWER_ROMAN = "lower_roman"
_END = r"(?=\s|$)"
_DASHES = "-–—\uf02d"


@dataclass(frozen=True, slots=True)
class Enumerator:
    """A line's marker, where its own words begin in the line, its ordinal among siblings, and its kind of list.

    `family` tells lists apart that share a style: "1.1" and "1.1.1", "(1)" and "(a)", "-" and "*". `number` is 0 for
    bullets.
    """

    marker: Marker
    end: int
    number: int
    family: str

    @property
    def is_bullet(self) -> bool:
        """Whether it counts nothing."""
        return self.marker.style in (Style.DASH, Style.PLUS)


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(r"\s*" + body)


# The table of enumerators: style, pattern over the line (group "label"), in the order in which they are tried.
MARKERS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    # "Phần I.", "PHẦN THỨ NHẤT", "Chương II", "Mục 1:" (a heading of its own, in folded letters)
    (
        Style.PART,
        _pattern(
            r"(?P<label>(?:phan|chuong)\s+(?:thu\s+(?:"
            + _ORDINAL
            + r")|[ivx]+|\d{1,2}|[a-d]))\s*(?:[.:–-]|"
            + _END
            + ")"
        ),
    ),
    # "1.1.", "1.1", "2.3.1)", "1.1-", "1.1/"; never a date "12.2025" or a decimal in running text ("1.5 lần")
    (
        Style.DECIMAL,
        _pattern(r"(?P<label>\d{1,2}(?:\.\d{1,2}){1,3})(?:[.):](?=\s|\D|$)|[-–/](?=\s+[^\W\d_])|(?=\s*[-–]?\s))"),
    ),
    # "1.", "12.", "1/", "1-", "01:"
    (
        Style.ARABIC,
        _pattern(r"(?P<label>\d{1,2})(?:\s?\.(?=\s|[^\W\d_]|[“\"(]|$)|[/:](?=\s|$)|\s?[-–](?=\s+[^\W\d_]))"),
    ),
    # "1)", "12)"
    (Style.BRACKET, _pattern(r"(?P<label>\d{1,2})\)(?=\s|[^\W\d_]|$)")),
    # "(1)", "(a)", "(iv)"; not "(2), (3)" inside a sentence
    (Style.PAREN, _pattern(r"(?P<label>\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\))(?=\s|[^\W\d_]|$)(?!\s*[,;.])")),
    # "ii)", "iv)"; which of "i)", "v)", "x)" is a letter only the list tells (`as_lower_roman`)
    (Style.ALPHA, _pattern(r"(?P<label>(?:i{2,3}|iv|vi{1,3}|ix))\)(?=\s|[^\W\d_]|[“\"]|$)")),
    # "a)", "đ)", "a."; "A)" too
    (Style.ALPHA, _pattern(r"(?P<label>[a-zđ])(?:\)|[./](?=\s))(?=\s|[^\W\d_]|[“\"]|$)")),
    (Style.PLUS, _pattern(r"(?P<label>\+)(?=\s|[^\W\d_]|[“\"]|$)")),
    (Style.DASH, _pattern(r"(?P<label>[" + re.escape(BULLETS) + r"])(?=\s|[^\W\d_]|[“\"(]|\d|$)")),
)
_ROMAN_RE = _pattern(
    r"(?P<label>" + ROMAN_PATTERN + r")(?:\s?[.:/)]|\s?[-–](?=\s)|(?=\s+[^\W\d_a-z]))(?=\s|[^\W\d_]|[“\"]|$)"
)
_LETTER_RE = _pattern(r"(?P<label>[A-HK-Z])(?:\s?[.]|\s?[-–/](?=\s))(?=\s|[^\W\d_]|[“\"]|$)")
_LETTER_I_RE = _pattern(r"(?P<label>I)\.(?=\s)")
_UPPER_ALPHA_RE = _pattern(r"(?P<label>[A-ZĐ])\)(?=\s|[^\W\d_]|$)")


def _part_label(written: str) -> str:
    words = written.split()
    if len(words) == 2 and not words[1].isdigit():
        return f"{words[0].capitalize()} {words[1].upper()}"
    return " ".join(words).capitalize()


def _part_number(label: str) -> int:
    last = fold(label).split()[-1]
    if last in ORDINALS:
        return ORDINALS.index(last) + 1
    if last.isdigit():
        return int(last)
    return roman_value(last) if set(last) <= set("ivx") else alphabet_number(last)


def _enumerator(style: Style, label: str, line: str, end: int) -> Enumerator:
    written = line[:end].strip()
    family = style.value
    if style is Style.DECIMAL:
        number, family = int(label.split(".")[-1]), f"decimal{label.count('.')}"
    elif style in (Style.ARABIC, Style.BRACKET):
        number = int(label)
    elif style is Style.PAREN:
        inner = label.strip("()")
        number = int(inner) if inner.isdigit() else alphabet_number(inner[0])
        family = "paren" if inner.isdigit() else "paren_alpha"
    elif style is Style.ROMAN:
        number = roman_value(label)
    elif style is Style.PART:
        label = _part_label(label)
        number, family = _part_number(label), fold(label.split()[0])
    elif style is Style.ALPHA and len(label) > 1:
        number, family = roman_value(label), LOWER_ROMAN
    elif style is Style.DASH:
        number, family = 0, "dash" if written[:1] in _DASHES else "star"
    else:
        number = 0 if style is Style.PLUS else alphabet_number(label)
    return Enumerator(Marker(style, label, written), end, number, family)


def as_lower_roman(found: Enumerator, seen: dict[str, int]) -> Enumerator:
    """The same enumerator, "i)", "v)" and "x)" as Roman numerals where they do not go on with a list of letters.

    `seen` has the last number of each kind of list.

    >>> as_lower_roman(read_marker("i) Giám sát"), {"alpha": 2}).family
    'lower_roman'
    >>> as_lower_roman(read_marker("i) Giám sát"), {"alpha": 8}).family
    'alpha'
    """
    label = found.marker.label
    if found.family != "alpha" or label not in ("i", "v", "x") or found.number == seen.get("alpha", 0) + 1:
        return found
    value = roman_value(label)
    goes_on = value == 1 or value == seen.get(LOWER_ROMAN, 0) + 1
    return replace(found, number=value, family=LOWER_ROMAN) if goes_on else found


def read_marker(line: str, open_letters: str = "") -> Enumerator | None:
    """The enumerator at the start of a line, or None.

    `open_letters` are the last labels of open lettered lists: "I." after "H." is a letter, else a Roman numeral.

    >>> read_marker("1.1. Chính quyền công khai").marker.label
    '1.1'
    >>> read_marker("(2), (3) và (4)") is None
    True
    >>> read_marker("đ) Khen thưởng").number
    5
    >>> read_marker("III. TỔ CHỨC THỰC HIỆN").marker.style.value
    'roman'
    >>> read_marker("– Xây dựng").marker.label
    '-'
    """
    folded = fold(line)
    if not ("h" in open_letters.lower() and line.lstrip().startswith("I")) and (found := _ROMAN_RE.match(line)):
        return _enumerator(Style.ROMAN, found["label"], line, found.end())
    if found := _LETTER_RE.match(line) or _LETTER_I_RE.match(line):
        return _enumerator(Style.LETTER, found["label"], line, found.end())
    if found := _UPPER_ALPHA_RE.match(line):
        return _enumerator(Style.ALPHA, found["label"], line, found.end())
    for style, pattern in MARKERS:
        on_fold = style is Style.PART
        if found := pattern.match(folded if on_fold else line):
            written = line[found.start("label") : found.end("label")]
            label = {Style.DASH: "-", Style.PLUS: "+"}.get(style, written)
            return _enumerator(style, label, line, found.end())
    return None
