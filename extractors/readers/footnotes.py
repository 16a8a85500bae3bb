"""The notes in small print at the foot of a page, told by their size, their place and the figure before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from extractors.readers.pieces import Piece
from normalizers.fold import fold

# "1 Theo số liệu", "(1) Theo", "[1] Theo", "* Theo"; "1. Theo" numbers the text itself.
START = re.compile(r"^\s*(?:\(\d{1,2}\)|\[\d{1,2}\]|\d{1,2}(?![.\d/)])|\*{1,3})\s*[^\W\d_]")
NUMBER = re.compile(r"^\W*\d{1,4}\W*$")
RECIPIENTS = re.compile(r"^\W*(?:noi nhan|luu ?:)")
SMALLER = 0.9
LOWER_PART = 0.5
FEWEST_PIECES = 6


def footnotes(pieces: Sequence[Piece], height: float) -> frozenset[int]:
    """The places of the pieces (in reading order) that are footnotes of this page."""
    long = [piece.size for piece in pieces if len(piece.text) > 30]
    if len(long) < FEWEST_PIECES:
        return frozenset()
    usual = median(long)
    found: list[int] = []
    for at in reversed(range(len(pieces))):
        piece = pieces[at]
        if NUMBER.match(piece.text):
            continue
        if piece.size > SMALLER * usual or piece.bbox.top < LOWER_PART * height:
            break
        found.append(at)
    while found and not START.match(pieces[found[-1]].text):
        found.pop()
    if any(RECIPIENTS.match(fold(pieces[at].text)) for at in found):
        return frozenset()
    return frozenset(found)
