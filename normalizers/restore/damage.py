"""How a text is damaged, told from cheap counts: by document, by region, by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from normalizers.legacy import legacy_encoding
from normalizers.restore.alphabet import MARKED, bare, has_dot_or_hook, is_syllable
from schemas.restored import Damage

# "định kǶ", "lƣợng", "ðịnh": letters of other alphabets that stand at the place of Vietnamese ones in broken fonts
GLYPHS = str.maketrans({"ƣ": "ư", "Ƣ": "Ư", "Ƕ": "ỳ", "ð": "đ", "Ð": "Đ", "Ɖ": "Đ", "ɖ": "đ", "ǵ": "ý", "ǿ": "ố"})
_GLYPH = re.compile("[ƣƢǶðÐƉɖ]")
_WORD = re.compile(r"[^\W_]+")
_MARKED = frozenset(MARKED)
_REGION_LINES = 40
_ENOUGH_WORDS = 60
_FEW_WORDS = 4
_DOT_SHARE = 0.12
_SHORT_DOT_SHARE = 0.05
_MARKED_SHARE = 0.01
_VIETNAMESE_SHARE = 0.55
_STRIPPED_SHARE = 0.8
_LINE_WORDS = 7


@dataclass(frozen=True, slots=True)
class Counts:
    """Words of two and more letters: all, with any mark, with a dot or hook, syllables, syllables but for marks."""

    words: int = 0
    marked: int = 0
    dotted: int = 0
    valid: int = 0
    plausible: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.words + other.words,
            self.marked + other.marked,
            self.dotted + other.dotted,
            self.valid + other.valid,
            self.plausible + other.plausible,
        )


@dataclass(frozen=True, slots=True)
class Skeletons:
    """The spellings that Vietnamese syllables have without their marks."""

    known: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[str]) -> Skeletons:
        """The skeletons of the syllables among the words."""
        return cls(frozenset(bare(word) for word in words if is_syllable(word)))


def counted(line: str, skeletons: Skeletons) -> Counts:
    """The counts of a line."""
    words = marked = dotted = valid = plausible = 0
    for word in _WORD.findall(line.lower()):
        if len(word) < 2 or word.isdigit():
            continue
        words += 1
        if not _MARKED.isdisjoint(word):
            marked += 1
            dotted += has_dot_or_hook(word)
        valid += is_syllable(word)
        plausible += bare(word) in skeletons.known
    return Counts(words, marked, dotted, valid, plausible)


def damage_of(counts: Counts) -> Damage:
    """The damage that counts of many or few words speak for; legacy encodings and glyphs are told elsewhere.

    >>> damage_of(Counts(words=100, marked=86, dotted=35, valid=97, plausible=97))
    <Damage.NONE: 'none'>
    >>> damage_of(Counts(words=7, marked=0, dotted=0, valid=5, plausible=7))
    <Damage.STRIPPED: 'stripped'>
    >>> damage_of(Counts(words=100, marked=20, dotted=0, valid=65, plausible=80))
    <Damage.OCR_NOISE: 'ocr_noise'>
    """
    if counts.words < _FEW_WORDS:
        return Damage.NONE
    limit = _DOT_SHARE if counts.words >= _ENOUGH_WORDS else _SHORT_DOT_SHARE
    if counts.dotted >= limit * counts.words:
        return Damage.NONE
    if counts.marked <= _MARKED_SHARE * counts.words:
        vietnamese = counts.plausible >= _STRIPPED_SHARE * counts.words
        return Damage.STRIPPED if vietnamese else Damage.NONE
    if counts.words < _ENOUGH_WORDS and counts.valid >= _STRIPPED_SHARE * counts.words:
        return Damage.NONE
    noisy = counts.plausible >= _VIETNAMESE_SHARE * counts.words
    return Damage.OCR_NOISE if noisy else Damage.NONE


def has_glyphs(text: str) -> bool:
    """Whether letters of broken fonts stand in the text.

    >>> has_glyphs("số lƣợng"), has_glyphs("số lượng")
    (True, False)
    """
    return bool(_GLYPH.search(text))


def line_damages(lines: Sequence[str], regions: Sequence[int], skeletons: Skeletons) -> list[Damage]:
    """The damage of each line: that of its region (a page) if that has words enough, else that of the document.

    In good text a line of many words without a single mark is stripped.
    """
    by_line = [counted(line, skeletons) for line in lines]
    total = Counts()
    by_region: dict[int, Counts] = {}
    for region, counts in zip(regions, by_line, strict=True):
        by_region[region] = by_region.get(region, Counts()) + counts
        total += counts
    whole = damage_of(total)
    of_region = {
        region: damage_of(counts) if counts.words >= _ENOUGH_WORDS else whole for region, counts in by_region.items()
    }
    return [_line_damage(of_region[region], counts) for region, counts in zip(regions, by_line, strict=True)]


def _line_damage(around: Damage, counts: Counts) -> Damage:
    if around is not Damage.NONE or counts.words < _LINE_WORDS or counts.marked:
        return around
    return Damage.STRIPPED if counts.plausible == counts.words else Damage.NONE


def main_damage(damages: Sequence[Damage], lines: Sequence[str]) -> Damage:
    """The damage of most of the text by letters, NONE where most is good."""
    weight: dict[Damage, int] = {}
    for damage, line in zip(damages, lines, strict=True):
        weight[damage] = weight.get(damage, 0) + len(line)
    return max(weight, key=lambda damage: (weight[damage], damage.value), default=Damage.NONE)


def legacy_of(text: str, counts: Counts) -> str | None:
    """The legacy encoding of a text that has hardly a dot or hook; None elsewhere."""
    if counts.dotted >= _DOT_SHARE * counts.words or counts.words < _FEW_WORDS:
        return None
    return legacy_encoding(text)
