"""Names of places over a whole document: one spelling each, told by the gazetteer and by the province named there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from normalizers.fold import fold
from normalizers.places import LEVELS, Gazetteer, Place
from normalizers.restore.alphabet import Case, bare, case_of, cased, early_tone
from normalizers.restore.evidence import Reason, WordEvidence
from schemas.restored import Damage

_LONGEST = 4
_LONGEST_PROVINCE = 3
_SURE, _UNSURE = 0.97, 0.89
_CLEARLY = 2
"""A province settles a name if it is named so many times as often as any other that has one of that spelling."""
_LEVELS = {fold(level): level for level in LEVELS}
_COMMUNE = frozenset({"xã", "phường", "thị trấn", "đặc khu"})


@dataclass(frozen=True, slots=True)
class _Mention:
    """A place named in the words `first` to `last`, behind the words of its level from `level` on."""

    level: int
    first: int
    last: int
    level_name: str
    key: str


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a document, their folds, which may be part of a name, and how far words stand together.

    Word `n` and all up to `reach[n]` have nothing but space between them.
    """

    words: Sequence[WordEvidence]
    folds: Sequence[str]
    in_name: Sequence[bool]
    reach: Sequence[int]

    @classmethod
    def of(cls, words: Sequence[WordEvidence], lines: Sequence[str]) -> _Text:
        """The text of the words."""
        reach = list(range(len(words)))
        for number in range(len(words) - 2, -1, -1):
            if _joins(words[number], words[number + 1], lines):
                reach[number] = reach[number + 1]
        return cls(
            words, [bare(word.chosen.lower()) for word in words], [_is_name_part(word) for word in words], reach
        )

    def name_at(self, first: int, length: int) -> str:
        """The fold of so many words in capitals that stand together; "" where they are none."""
        last = first + length - 1
        if last >= len(self.words) or self.reach[first] < last or not all(self.in_name[first : last + 1]):
            return ""
        return " ".join(self.folds[first : last + 1])


def settled(words: Sequence[WordEvidence], lines: Sequence[str], damages: Sequence[Damage]) -> list[WordEvidence]:
    """The words with every place that is named with its level spelled as the gazetteer has it.

    Where places of several spellings fold to the same letters, the province that the document names decides; where
    none does, the spelling that was read with most certainty stands throughout, marked for review. What Vietnamese
    OCR read as the gazetteer has it stays as it was read.
    """
    if not words:  # an undamaged document needs no gazetteer, which takes its time to load
        return []
    text = _Text.of(words, lines)
    groups: dict[str, list[_Mention]] = defaultdict(list)
    result = list(words)
    for mention in _mentions(text):
        groups[mention.key].append(mention)
        for number, word in enumerate(mention.level_name.split(), mention.level):
            result[number] = _spelled(result[number], word, _SURE)
    if not groups:
        return result
    provinces = _provinces(text)
    spellings = {key: _spelling(key, group, words, provinces) for key, group in groups.items()}
    for key, first in _everywhere(text, spellings):
        name, sure = spellings[key]
        part = words[first : first + len(name.split())]
        if damages[part[0].line] is not Damage.OCR_SLIPS or _was_thought_of(name, part):
            for number, word in enumerate(name.split(), first):
                result[number] = _spelled(result[number], word, sure)
        elif (read := " ".join(early_tone(word.source.lower()) for word in part)) in _names(key):
            for number, word in enumerate(read.split(), first):
                result[number] = _spelled(result[number], word, _SURE)
    return result


def _mentions(text: _Text) -> Iterator[_Mention]:
    """Yield the places that stand behind the word of their level, the longest name at each."""
    places = Gazetteer.load().by_fold
    for number, head in enumerate(text.folds):
        for size in (2, 1):
            level = _LEVELS.get(head if size == 1 else " ".join(text.folds[number : number + 2]))
            first = number + size
            if level is None or text.reach[number] < first:
                continue
            for length in range(_LONGEST, 0, -1):
                key = text.name_at(first, length)
                if key and any(place.level == level for place in places.get(key, ())):
                    yield _Mention(number, first, first + length - 1, level, key)
                    break
            break


def _is_name_part(word: WordEvidence) -> bool:
    capital = word.chosen[:1].isupper() and not word.protected
    return capital and word.chosen.isalpha() and case_of(word.chosen) is not Case.LOWER


def _joins(left: WordEvidence, right: WordEvidence, lines: Sequence[str]) -> bool:
    """Whether nothing but space lies between two words, on one line or over the end of one."""
    if left.line == right.line:
        between = lines[left.line][left.end : right.start]
    elif right.line == left.line + 1:
        between = lines[left.line][left.end :] + lines[right.line][: right.start]
    else:
        return False
    return not between.strip()


@cache
def _known_provinces() -> frozenset[str]:
    return frozenset(_province_key(place) for place in Gazetteer.load().places)


def _provinces(text: _Text) -> Counter[str]:
    """How often the document names each province (by the fold of its name without its level)."""
    known = _known_provinces()
    found: Counter[str] = Counter()
    for first, is_name in enumerate(text.in_name):
        for length in range(_LONGEST_PROVINCE, 0, -1) if is_name else ():
            key = text.name_at(first, length)
            if key in known:
                found[key] += 1
                break
    return found


def _spelling(
    key: str, group: Sequence[_Mention], words: Sequence[WordEvidence], provinces: Counter[str]
) -> tuple[str, float]:
    """The name of a group of mentions, and how sure it is (0–1)."""
    levels = {mention.level_name for mention in group}
    places = [place for place in Gazetteer.load().by_fold[key] if _fits(place, levels)]
    names = {_lettered(place.name) for place in places}
    if len(names) == 1:
        return names.pop(), _SURE
    weight: Counter[str] = Counter()
    for place in places:
        name = _lettered(place.name)
        weight[name] = max(weight[name], provinces[_province_key(place)])
    (best, most), (_, next_most) = weight.most_common(2)
    if most and most >= _CLEARLY * next_most:
        return best, _SURE
    as_read: dict[str, float] = defaultdict(float)
    for mention in group:
        part = words[mention.first : mention.last + 1]
        as_read[" ".join(early_tone(word.chosen.lower()) for word in part)] += min(word.posterior for word in part)
    usual = max(as_read, key=lambda name: (name in names, as_read[name], name))
    return usual, _UNSURE


def _was_thought_of(name: str, words: Sequence[WordEvidence]) -> bool:
    """Whether each word of the name is a reading of its word."""
    readings = [{early_tone(form.lower()) for form in (word.chosen, *dict(word.rivals))} for word in words]
    return all(part in found for part, found in zip(name.split(), readings, strict=True))


def _names(key: str) -> set[str]:
    """How the gazetteer spells the places of a fold, in lower case."""
    return {_lettered(place.name) for place in Gazetteer.load().by_fold[key]}


def _lettered(name: str) -> str:
    """A name's syllables in lower case, as the words of a document are compared with them."""
    return " ".join(early_tone(part) for part in name.lower().replace("'", "").replace("-", " ").split())


def _fits(place: Place, levels: set[str]) -> bool:
    """Whether a place may be the one of the levels: communes changed their level when they were joined."""
    return place.level in levels or bool(_COMMUNE & levels and place.level in _COMMUNE)


@cache
def _province_fold(province: str) -> str:
    return fold(province.removeprefix("tỉnh ").removeprefix("thành phố "))


def _province_key(place: Place) -> str:
    return _province_fold(place.province)


def _everywhere(text: _Text, spellings: dict[str, tuple[str, float]]) -> Iterator[tuple[str, int]]:
    """Yield (fold, first word) of each place where one of the names stands, with or without its level."""
    number = 0
    while number < len(text.words):
        for length in range(_LONGEST, 0, -1) if text.in_name[number] else ():
            key = text.name_at(number, length)
            behind_level = length > 1 or (number and text.folds[number - 1] in _LEVELS)
            if key in spellings and behind_level:
                yield key, number
                number += length - 1
                break
        number += 1


def _spelled(word: WordEvidence, name: str, sure: float) -> WordEvidence:
    """The word with the spelling of the name, in its own case."""
    if early_tone(word.chosen.lower()) == name:
        return replace(word, posterior=max(word.posterior, sure) if sure >= _SURE else min(word.posterior, sure))
    chosen = cased(name, case_of(word.chosen))
    rivals = ((word.chosen, round(word.posterior, 4)), *word.rivals)
    reason = Reason.KEPT if chosen == word.source else Reason.NAME
    return replace(word, chosen=chosen, posterior=sure, reason=reason, rivals=rivals)
