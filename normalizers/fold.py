"""Letters without their diacritics, length kept, so that an offset in the fold is an offset in the text."""

from __future__ import annotations

import re
import unicodedata

from unidecode import unidecode

VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
"""Every small letter that Vietnamese has beside the plain ones: the one list of them."""
LOWER = "a-z" + VIETNAMESE
"""The small letters, for a class of a pattern; a range such as "à-ỹ" would hold capitals too."""
UPPER = "A-Z" + VIETNAMESE.upper()
"""The capital letters, for a class of a pattern."""
_DASHES = "‐‑‒–—―−"
_QUOTES = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "´": "'", "`": "'"}
_TABLE = str.maketrans(
    {letter: unidecode(letter) for letter in VIETNAMESE}
    | {letter.upper(): unidecode(letter.upper()) for letter in VIETNAMESE}
    | dict.fromkeys(_DASHES, "-")
    | _QUOTES
    | {"\u00a0": " "}
)
_LOWER = str.maketrans(
    {chr(code): chr(code).lower() for code in range(0x20, 0x250) if len(chr(code).lower()) == 1}
)  # "İ".lower() has two letters: the length must stay
_FOLD = _LOWER | {code: plain.translate(_LOWER) for code, plain in _TABLE.items()}
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """The text in lower case without diacritics, with plain dashes and quotes, of the same length.

    Made from unidecode over the Vietnamese letters only, because unidecode itself lengthens ("…", "½").

    >>> fold("Ủy ban Nhân dân – ĐẶC KHU")
    'uy ban nhan dan - dac khu'
    >>> len(fold("½ … “trích”")) == len("½ … “trích”")
    True
    """
    return text.translate(_FOLD)


def slug(text: str) -> str:
    """The text as a part of a file name: ASCII letters, digits and hyphens.

    >>> slug("Kế hoạch số 49/KH-UBND (đợt 1)")
    'ke-hoach-so-49-kh-ubnd-dot-1'
    """
    return _NOT_WORD.sub("-", fold(unicodedata.normalize("NFC", text))).strip("-")


def search_key(text: str) -> str:
    """The fold with single spaces and no punctuation, for the store's search column (no database folds đ).

    >>> search_key("Phòng Văn hoá - Xã hội,  UBND")
    'phong van hoa xa hoi ubnd'
    """
    return " ".join(_NOT_WORD.sub(" ", fold(unicodedata.normalize("NFC", text))).split())
