"""One form for what is typed in many: NFC, spaces, invisible characters, the place of the tone mark."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t"), " "
)
_RUN_OF_SPACES = re.compile(r" {2,}")
# A syllable whose tone mark may stand in two places: hoà/hòa, khoẻ/khỏe, Uỷ/Ủy; not quý, where u belongs to q.
_TWO_PLACES = re.compile(r"\b[^\W\d_]*(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])\b", re.IGNORECASE)


def nfc(text: str) -> str:
    """The text composed (NFC), without invisible characters, with plain spaces.

    >>> nfc("Uy\\u0309 ban\\u00a0nhân dân")
    'Uỷ ban nhân dân'
    """
    return unicodedata.normalize("NFC", text).translate(_SPACES).translate(_INVISIBLE)


def tidy(text: str) -> str:
    """The text composed, with single spaces and none at its ends.

    >>> tidy("  hai  mươi ")
    'hai mươi'
    """
    return _RUN_OF_SPACES.sub(" ", nfc(text)).strip()


@lru_cache(maxsize=4096)
def _tone_placed(syllable: str) -> str:
    from underthesea import text_normalize  # half a second and 60 MB, for the few texts with such syllables

    placed: str = text_normalize(syllable)
    return placed if len(placed) == len(syllable) else syllable


def tone_marks(text: str) -> str:
    """The text with each tone mark in its older place (hòa, Ủy, khỏe); same length.

    underthesea does it rightly per syllable, but puts spaces round punctuation in a sentence.

    >>> tone_marks("Uỷ ban, Văn hoá, thuỷ lợi, quý III")
    'Ủy ban, Văn hóa, thủy lợi, quý III'
    """
    return _TWO_PLACES.sub(lambda found: _tone_placed(found.group()), text)
