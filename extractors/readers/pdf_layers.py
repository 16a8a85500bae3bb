"""Text layers that somebody's OCR laid under a picture: believed only where our own reading says the same."""

from __future__ import annotations

import re
from collections import Counter

from rapidfuzz.distance import Levenshtein

from normalizers.unicode import tidy

# Of the letters: a layer that differs by more from our reading of its first page is read anew on all pages.
MOST_DIFFERENCE = 0.03
NUMBERS = re.compile(r"\w*\d[\w/.,:-]*")
MOST_NAMED = 3
DIFFERENT_NUMBERS = (
    "Trang {page}: số đọc từ ảnh khác với lớp chữ có sẵn trong tệp (ảnh: {ours}; lớp chữ: {theirs}); "
    "đề nghị đối chiếu với bản in."
)
NONE = "không có"


def difference(ours: str, theirs: str) -> float:
    """The share of letters, 0–1, in which two readings of a page differ, spaces and the order of columns aside.

    >>> difference("Số: 12/KH-UBND ngày", "Số: 12/KH-UBND ngay") < 0.07
    True
    """
    one, other = _words(ours), _words(theirs)
    left, right = one - other, other - one
    longest = max(sum(len(word) * n for word, n in side.items()) for side in (one, other)) or 1
    return _unlike(sorted(left.elements()), sorted(right.elements())) / longest


def _unlike(left: list[str], right: list[str]) -> int:
    """The letters in which words without a twin differ from the likest of the other side."""
    missed = 0
    rest = list(right)
    for word in left:
        best = min(rest, key=lambda other: Levenshtein.distance(word, other), default="")
        distance = Levenshtein.distance(word, best)
        if best and distance < len(word):
            rest.remove(best)
            missed += distance
        else:
            missed += len(word)
    return missed + sum(map(len, rest))


def different_numbers(ours: str, theirs: str) -> tuple[list[str], list[str]]:
    """The words with digits that only our reading has, and those that only the layer has.

    >>> different_numbers("ngày 15/01/2026 số 12", "số 12 ngày 16/01/2026.")
    (['15/01/2026'], ['16/01/2026'])
    """
    one, other = _numbers(ours), _numbers(theirs)
    return list((one - other).elements()), list((other - one).elements())


def numbers_doubt(page: int, ours: str, theirs: str) -> str | None:
    """The sentence for a page on which both readings name different figures; None where they name the same."""
    left, right = different_numbers(ours, theirs)
    if not left and not right:
        return None
    return DIFFERENT_NUMBERS.format(page=page, ours=_named(left), theirs=_named(right))


def _named(numbers: list[str]) -> str:
    said = ", ".join(f"“{number}”" for number in numbers[:MOST_NAMED])
    return said + (" …" if len(numbers) > MOST_NAMED else "") if said else NONE


def _numbers(text: str) -> Counter[str]:
    return Counter(found.strip(".,:-/") for found in NUMBERS.findall(tidy(text)))


def _words(text: str) -> Counter[str]:
    return Counter(tidy(text).split())
