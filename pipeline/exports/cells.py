"""What may stand in a cell: no text of a document acts as a formula, no control character breaks a file."""

from __future__ import annotations

import re

FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")  # "=1+1", "-Sở Nội vụ", "＠SUM(1)"
GUARDED = re.compile(rf"'(?={FORMULA.pattern}|')")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
MOST_LETTERS = 32_767
"""What a cell of a spreadsheet holds."""
CUT = "… (còn nữa, xem bản JSONL)"


def acts(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula.

    >>> acts("=1+1"), acts("- Sở Nội vụ"), acts("Sở Nội vụ")
    (True, True, False)
    """
    return FORMULA.match(text) is not None


def guard(text: str) -> str:
    """The text with an apostrophe in front where it could act; a leading apostrophe of its own is doubled.

    >>> guard("-2 nhiệm vụ"), guard("'trích'")
    ("'-2 nhiệm vụ", "''trích'")
    """
    return f"'{text}" if acts(text) or text.startswith("'") else text


def unguard(text: str) -> str:
    """The text that `guard` was given.

    >>> unguard(guard("-2 nhiệm vụ")), unguard(guard("'trích'"))
    ('-2 nhiệm vụ', "'trích'")
    """
    return GUARDED.sub("", text, count=1) if GUARDED.match(text) else text


def printable(text: str) -> str:
    """The text without control characters, cut to what a cell holds, and saying so."""
    clean = CONTROL.sub("\ufffd", text)
    return clean if len(clean) <= MOST_LETTERS else clean[: MOST_LETTERS - len(CUT)] + CUT
