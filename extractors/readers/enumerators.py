"""A number as a list prints it: 3 → "3", "c", "III"."""

from __future__ import annotations

from collections.abc import Callable

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
LARGEST_ROMAN = 3999


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
