"""Vietnamese words, for comparison and search; matching in running text works on syllables instead."""

from __future__ import annotations

from functools import lru_cache

from normalizers.unicode import tidy, tone_marks


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, syllables of one word joined by "_".

    underthesea rewrites what it is given, so it is only used where offsets do not matter.

    >>> words("Niêm yết công khai thủ tục hành chính")
    ('niêm_yết', 'công_khai', 'thủ_tục', 'hành_chính')
    """
    from underthesea import word_tokenize

    found: list[str] = word_tokenize(tone_marks(tidy(text)))
    return tuple(word.lower().replace(" ", "_") for word in found)
