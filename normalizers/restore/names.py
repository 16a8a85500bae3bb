"""Names of places over a whole document: one spelling each, told by the gazetteer and by the province named there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from normalizers.fold import fold
from normalizers.places import LEVELS, Gazetteer, Place
from normalizers.restore.alphabet import Case, case_of, cased, early_tone
from normalizers.restore.evidence import Reason, WordEvidence
from schemas.restored import Damage

_LONGEST = 4
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


def settled(words: Sequence[WordEvidence], lines: Sequence[str], damages: Sequence[Damage]) -> list[WordEvidence]:
    """The words with every place that is named with its level spelled as the gazetteer has it.

    Where places of several spellings fold to the same letters, the province that the document names decides; where
    none does, the spelling that was read with most certainty stands throughout, marked for review. What Vietnamese
    OCR read as the gazetteer has it stays as it was read.
    """
    mentions = list(_mentions(words, lines))
    if not mentions:
        return list(words)
    provinces = _provinces(words, lines)
    result = list(words)
    spellings: dict[str, tuple[str, float]] = {}
    groups: dict[str, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        groups[mention.key].append(mention)
    for key, group in groups.items():
        spellings[key] = _spelling(key, group, words, provinces)
        for mention in group:
            level = zip(range(mention.level, mention.first), mention.level_name.split(), strict=True)
            for number, word in level:
                result[number] = _spelled(result[number], word, _SURE)
    for key, first in _everywhere(words, lines, spellings):
        name, sure = spellings[key]
        part = words[first : first + len(name.split())]
        if damages[part[0].line] is not Damage.OCR_SLIPS or _was_thought_of(name, part):
            for number, word in enumerate(name.split(), first):
                result[number] = _spelled(result[number], word, sure)
        elif (read := " ".join(early_tone(word.source.lower()) for word in part)) in _names(key):
            for number, word in enumerate(read.split(), first):
                result[number] = _spelled(result[number], word, _SURE)
    return result


def _mentions(words: Sequence[WordEvidence], lines: Sequence[str]) -> Iterator[_Mention]:
    """Yield the places that stand behind the word of their level, the longest name at each."""
    if not words:  # an undamaged document needs no gazetteer, which takes its time to load
        return
    gazetteer = Gazetteer.load()
    for number in range(len(words)):
        for size in (2, 1):
            level = _LEVELS.get(_folded(words[number : number + size]))
            first = number + size
            if level is None or not _together(words, lines, number, first):
                continue
            for length in range(_LONGEST, 0, -1):
                key = _name_at(words, lines, first, length)
                if key and any(place.level == level for place in gazetteer.by_fold.get(key, ())):
                    yield _Mention(number, first, first + length - 1, level, key)
                    break
            break


def _folded(words: Sequence[WordEvidence]) -> str:
    return " ".join(fold(word.chosen) for word in words)


def _name_at(words: Sequence[WordEvidence], lines: Sequence[str], first: int, length: int) -> str:
    """The fold of so many words in capitals that stand together; "" where they are none."""
    part = words[first : first + length]
    if len(part) < length or not all(_is_name_part(word) for word in part):
        return ""
    return _folded(part) if _together(words, lines, first, first + length - 1) else ""


def _is_name_part(word: WordEvidence) -> bool:
    return not word.protected and word.chosen.isalpha() and case_of(word.chosen) is not Case.LOWER


def _together(words: Sequence[WordEvidence], lines: Sequence[str], first: int, last: int) -> bool:
    """Whether nothing but space lies between the words, on one line or over the end of one."""
    if last >= len(words):
        return False
    for left, right in zip(words[first:last], words[first + 1 : last + 1], strict=True):
        if left.line == right.line:
            between = lines[left.line][left.end : right.start]
        elif right.line == left.line + 1:
            between = lines[left.line][left.end :] + lines[right.line][: right.start]
        else:
            return False
        if between.strip():
            return False
    return True


def _provinces(words: Sequence[WordEvidence], lines: Sequence[str]) -> Counter[str]:
    """How often the document names each province (by the fold of its name without its level)."""
    known = {
        fold(place.province.removeprefix("tỉnh ").removeprefix("thành phố ")) for place in Gazetteer.load().places
    }
    found: Counter[str] = Counter()
    for first in range(len(words)):
        for length in (3, 2, 1):
            key = _name_at(words, lines, first, length)
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
    names = {early_tone(place.name.lower()) for place in places}
    if len(names) == 1:
        return names.pop(), _SURE
    weight: Counter[str] = Counter()
    for place in places:
        name = early_tone(place.name.lower())
        weight[name] = max(weight[name], provinces[_province_key(place)])
    (best, most), (_, next_most) = weight.most_common(2)
    if most and most >= _CLEARLY * next_most:
        return best, _SURE
    as_read: Counter[str] = Counter()
    for mention in group:
        part = words[mention.first : mention.last + 1]
        read = " ".join(early_tone(word.chosen.lower()) for word in part)
        as_read[read] += min(word.posterior for word in part)  # type: ignore[assignment]
    usual = max(as_read, key=lambda name: (name in names, as_read[name], name))
    return usual, _UNSURE


def _was_thought_of(name: str, words: Sequence[WordEvidence]) -> bool:
    """Whether each word of the name is a reading of its word."""
    readings = [{early_tone(form.lower()) for form in (word.chosen, *dict(word.rivals))} for word in words]
    return all(part in found for part, found in zip(name.split(), readings, strict=True))


def _names(key: str) -> set[str]:
    """How the gazetteer spells the places of a fold, in lower case."""
    return {early_tone(place.name.lower()) for place in Gazetteer.load().by_fold[key]}


def _fits(place: Place, levels: set[str]) -> bool:
    """Whether a place may be the one of the levels: communes changed their level when they were joined."""
    return place.level in levels or bool(_COMMUNE & levels and place.level in _COMMUNE)


def _province_key(place: Place) -> str:
    return fold(place.province.removeprefix("tỉnh ").removeprefix("thành phố "))


def _everywhere(
    words: Sequence[WordEvidence], lines: Sequence[str], spellings: dict[str, tuple[str, float]]
) -> Iterator[tuple[str, int]]:
    """Yield (fold, first word) of each place where one of the names stands, with or without its level."""
    number = 0
    while number < len(words):
        for length in range(_LONGEST, 0, -1):
            key = _name_at(words, lines, number, length)
            behind_level = length > 1 or (number and fold(words[number - 1].chosen) in _LEVELS)
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
