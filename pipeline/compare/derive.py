"""How the program reads a criterion for which nobody wrote a reading."""

from __future__ import annotations

import re

from normalizers.words import words
from schemas.criteria import Needs, Part

_LIST = re.compile(r"[:(]([^:();]*(?:[,;][^:();]*){2,})[);.]?")  # "gồm: danh mục, thời gian, phí" has three things
_ITEM = re.compile(r"\s*[,;]\s*|\s+và\s+")
_OPEN = ("...", "…")
_MAX_ITEM_WORDS = 8


def derive_needs(text: str, keywords: tuple[str, ...]) -> Needs:
    """The subject (one of the keywords) and the things of its closed lists; empty where the text gives none.

    >>> derive_needs("Công khai: danh mục, thời gian, lệ phí.", ("thủ tục hành chính",)).parts[1].name
    'thời gian'
    """
    subject = (keywords,) if keywords else ()
    return Needs(subject=subject, parts=_closed_lists(text), derived=True)


def _closed_lists(text: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    for found in _LIST.finditer(text):
        listed = found.group(1)
        if listed.rstrip(" )").endswith(_OPEN):
            continue
        items = [item.strip(" .") for item in _ITEM.split(listed)]
        if all(0 < len(words(item)) <= _MAX_ITEM_WORDS for item in items):
            parts += [Part("content", item, (item,)) for item in items]
    return tuple(parts)
