"""Enumerators of lists: how a number is printed (3 → "3", "c", "III"), and what a printed one counts.

The one table of numerals, letters and bullets: readers print with it, the plan's parser reads with it.
"""

from __future__ import annotations

from collections.abc import Callable

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
LARGEST_ROMAN = 3999


ROMAN_PATTERN = r"(?:X{0,2}(?:IX|IV|V?I{1,3}|V)|X{1,2})"
"""A Roman numeral from I to XXIX, as sections have them."""
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
ALPHABET = "abcdđeghiklmnopqrstuvxy"
"""The letters with which a Vietnamese list counts."""
ORDINALS = ("nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
"""Ordinals without marks, the first at 0."""
BULLETS = "-–—•●▪■◦∙·*➢➤✓❖►\uf0b7\uf0a7\uf02d"
"""The signs with which an item that counts nothing begins; "+" is a level of its own."""


def roman_value(numeral: str) -> int:
    """The value of a Roman numeral of I, V and X.

    >>> roman_value("XIV")
    14
    """
    values = [_ROMAN_DIGITS[digit] for digit in numeral.upper()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def alphabet_number(letter: str) -> int:
    """The place of a letter in a Vietnamese list; 0 for none.

    >>> alphabet_number("đ"), alphabet_number("E")
    (5, 6)
    """
    return ALPHABET.find(letter.lower()) + 1


def roman(number: int) -> str:
    """The number in small Roman figures; in digits where it has none.

    >>> roman(14), roman(0)
    ('xiv', '0')
    """
    if not 0 < number <= LARGEST_ROMAN:
        return str(number)
    made = ""
    for value, letters in ROMAN:
        made += letters * (number // value)
        number %= value
    return made


def letter(number: int) -> str:
    """The letter at this place of the English alphabet, doubled after z as Word does: a … z, aa, bb.

    >>> letter(3), letter(28)
    ('c', 'bb')
    """
    if number < 1:
        return str(number)
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * min(times + 1, 20)


# Names as in Open XML (w:numFmt); what is not here is printed in digits.
FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": lambda number: roman(number).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda number: letter(number).upper(),
    "lowerLetter": letter,
    "none": lambda _: "",
}


def format_number(number: int, style: str) -> str:
    """The number in this style of Open XML.

    >>> format_number(4, "upperRoman"), format_number(4, "lowerLetter")
    ('IV', 'd')
    """
    return FORMATS.get(style, str)(number)
