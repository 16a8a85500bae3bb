"""Vietnamese letters and syllables: marks taken off, tone marks put in one place, case patterns."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from normalizers.fold import VIETNAMESE

MARKED = VIETNAMESE
TONES = "\u0300\u0301\u0309\u0303\u0323"
_DOT_OR_HOOK = frozenset("ảạẳặẩậẻẹểệỉịỏọổộởợủụửựỷỵ")


def _base(letter: str) -> str:
    return "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0]


_BARE = str.maketrans(
    {letter: _base(letter) for letter in MARKED} | {letter.upper(): _base(letter).upper() for letter in MARKED}
)
_TONELESS = str.maketrans(
    {
        letter: unicodedata.normalize(
            "NFC", "".join(c for c in unicodedata.normalize("NFD", letter) if c not in TONES)
        )
        for letter in MARKED
    }
)

# Rimes without their tone; ending in c, ch, p, t they only take sắc and nặng.
_RIME_TEXT = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh
oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn
ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôp uôt uơ up ut uy uya uych uyên
uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_ONSET_TEXT = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_SYLLABLE = re.compile(
    "(?:"
    + "|".join(sorted(_ONSET_TEXT.split(), key=len, reverse=True))
    + ")?(?:"
    + "|".join(sorted(_RIME_TEXT.split(), key=len))
    + ")"
)
_GI_ALONE = re.compile("gi(?:n|êng|êt|ê|m)?")  # gì, gìn, giếng: the i is onset and nucleus at once
_STOPPED = re.compile(".*(?:c|ch|p|t)")
_STOPPED_TONES = frozenset("\u0301\u0323")
# hoà, khoẻ, thuỷ at the end of a syllable; not quý, where u belongs to q.
_LATE_TONE = re.compile(r"(?:(o)([àáảãạèéẻẽẹ])|(?<!q)(u)([ỳýỷỹỵ]))$", re.IGNORECASE)


class Case(IntEnum):
    """How a word's letters are cased."""

    LOWER = 0
    TITLE = 1
    UPPER = 2


def bare(text: str) -> str:
    """The text without Vietnamese marks, case and length kept.

    >>> bare("Đồng chí")
    'Dong chi'
    """
    return text.translate(_BARE)


def toneless(text: str) -> str:
    """The lower-case text without tone marks; â, ă, ê, ô, ơ, ư and đ stay.

    >>> toneless("thường")
    'thương'
    """
    return text.translate(_TONELESS)


def has_dot_or_hook(word: str) -> bool:
    """Whether a lower-case word has a vowel with a dot below or a hook, which no other language has.

    >>> has_dot_or_hook("của"), has_dot_or_hook("là")
    (True, False)
    """
    return not _DOT_OR_HOOK.isdisjoint(word)


@lru_cache(maxsize=65536)
def early_tone(word: str) -> str:
    """The word with its tone mark in the older place, same length and case.

    >>> early_tone("hoà"), early_tone("Uỷ"), early_tone("quý")
    ('hòa', 'Ủy', 'quý')
    """
    found = _LATE_TONE.search(word)
    if not found:
        return word
    first, second = word[found.start()], word[found.start() + 1]
    parts = unicodedata.normalize("NFD", second)
    return word[: found.start()] + unicodedata.normalize("NFC", first + parts[1:]) + parts[0]


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a lower-case word can be a Vietnamese syllable.

    >>> [is_syllable(word) for word in ("nghiêng", "giếng", "quyết", "cat", "the", "email")]
    [True, True, True, False, True, False]
    """
    tone = [mark for mark in unicodedata.normalize("NFD", word) if mark in TONES]
    plain = toneless(word)
    if len(tone) > 1 or not (_SYLLABLE.fullmatch(plain) or _GI_ALONE.fullmatch(plain)):
        return False
    return not _STOPPED.fullmatch(plain) or (bool(tone) and tone[0] in _STOPPED_TONES)


def case_of(word: str) -> Case:
    """The case pattern of a word; a single capital is TITLE.

    >>> case_of("Đảng"), case_of("UBND"), case_of("xã")
    (<Case.TITLE: 1>, <Case.UPPER: 2>, <Case.LOWER: 0>)
    """
    letters = [letter for letter in word if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) > 1 and capitals * 3 > len(letters) * 2:
        return Case.UPPER
    return Case.TITLE if letters and letters[0].isupper() else Case.LOWER


def cased(word: str, case: Case) -> str:
    """The lower-case word in a case pattern.

    >>> cased("đảng", Case.TITLE)
    'Đảng'
    """
    if case is Case.UPPER:
        return word.upper()
    return word[:1].upper() + word[1:] if case is Case.TITLE else word
