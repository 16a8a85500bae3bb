"""Words to search by, with or without diacritics: no database folds đ, so both columns are made here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from normalizers.fold import search_key

WORD = re.compile(r"\w+")  # "Nghị quyết 57" has three


def marked_key(text: str) -> str:
    """The words in lower case with their diacritics, single spaces between.

    >>> marked_key("Đường dây nóng, đối thoại")
    'đường dây nóng đối thoại'
    """
    return " ".join(WORD.findall(unicodedata.normalize("NFC", text).lower()))


def padded(key: str) -> str:
    """The key between spaces, so that " từ" finds the beginning of a word and nothing inside one.

    >>> padded("doi thoai")
    ' doi thoai '
    """
    return f" {key} "


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types: `folded` words that must all be there; `marked` as typed, "" where without marks."""

    folded: tuple[str, ...]
    marked: str

    @property
    def phrase(self) -> str:
        """The folded words side by side."""
        return " ".join(self.folded)


def query(typed: str) -> Query:
    """The query of what was typed; marks that were typed are not thrown away, they rank.

    >>> query("đối thoại")
    Query(folded=('doi', 'thoai'), marked='đối thoại')
    >>> query("doi thoai").marked
    ''
    """
    key, marked = search_key(typed), marked_key(typed)
    return Query(tuple(key.split()), "" if marked == key else marked)
