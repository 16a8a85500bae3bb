"""The words of body names, read once from `bodies.yaml`, and a text as words that keep their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from normalizers.assets import load_yaml
from normalizers.unicode import tone_marks

_WORD = re.compile(r"\w+|[^\w\s]")
_LOOKALIKES = str.maketrans({"ƣ": "ư", "Ƣ": "Ư"})  # what old converters wrote for ư
_DASHES = {"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}


@dataclass(frozen=True, slots=True)
class Words:
    """A text as words and signs: `low` in small letters, tone marks settled; `text[start[i]:end[i]]` as written."""

    text: str
    low: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a text.

        >>> Words.of("Phòng Văn hoá-Xã hội;").low
        ('phòng', 'văn', 'hóa', '-', 'xã', 'hội', ';')
        """
        found = list(_WORD.finditer(tone_marks(text.translate(_LOOKALIKES)).lower()))
        if len(text.lower()) != len(text):
            found = list(_WORD.finditer(text))
        low = tuple(_DASHES.get(word.group(), word.group().lower()) for word in found)
        return cls(text, low, tuple(word.start() for word in found), tuple(word.end() for word in found))

    def __len__(self) -> int:
        return len(self.low)

    def at(self, i: int) -> str:
        """The word at `i` in small letters, "" past either end."""
        return self.low[i] if 0 <= i < len(self.low) else ""

    def raw(self, i: int) -> str:
        """The word at `i` as written, "" past either end."""
        return self.text[self.start[i] : self.end[i]] if 0 <= i < len(self.low) else ""

    def capital(self, i: int) -> bool:
        """Whether the word at `i` begins with a capital letter."""
        return 0 <= i < len(self.low) and self.text[self.start[i]].isupper()

    def span(self, i: int, j: int) -> str:
        """The words from `i` to `j` - 1 as written, with single spaces."""
        return " ".join(self.text[self.start[i] : self.end[j - 1]].split()) if i < j else ""


@dataclass(slots=True)
class Phrases:
    """Phrases by their first word, the longest first, each with the lists that it stands in."""

    by_first: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = field(default_factory=dict)

    def add(self, phrases: Iterable[str], kind: str) -> Phrases:
        """These phrases too, as `kind`."""
        for phrase in phrases:
            words = Words.of(phrase).low
            entries = self.by_first.setdefault(words[0], [])
            known = next((n for n, entry in enumerate(entries) if entry[0] == words), None)
            if known is None:
                entries.append((words, frozenset({kind})))
            else:
                entries[known] = (words, entries[known][1] | {kind})
            entries.sort(key=lambda entry: -len(entry[0]))
        return self

    def longest(self, words: Words, i: int) -> tuple[int, frozenset[str]]:
        """The length in words of the longest phrase at word `i`, and its kinds; 0 and none where no phrase is."""
        if not 0 <= i < len(words.low):
            return 0, frozenset()
        for phrase, kinds in self.by_first.get(words.low[i], ()):
            if words.low[i : i + len(phrase)] == phrase:
                return len(phrase), kinds
        return 0, frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of `bodies.yaml`: what begins a body, and what may stand inside one."""

    heads: Phrases
    domains: Phrases
    whole_fields: frozenset[str]
    modifiers: Phrases
    quantifiers: Phrases
    levels: Phrases
    predicates: Phrases
    acts: Phrases
    works: Phrases
    alone: frozenset[str]
    never_bare: frozenset[str]


HEAD_KINDS = ("full", "headed", "purposed", "generic", "abstract", "holders", "staff", "not_bodies")


def _plain(names: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(Words.of(name).low) for name in names)


@cache
def lexicon() -> Lexicon:
    """The lexicon; AssetError where the file is missing or wrong."""
    lists = load_yaml("bodies.yaml")
    heads = Phrases()
    for kind in HEAD_KINDS:
        heads.add(lists[kind], kind)
    modifiers = Phrases().add(lists["modifiers"], "modifier").add(lists["given"], "given")
    return Lexicon(
        heads=heads,
        domains=Phrases().add(lists["domains"], "domain"),
        whole_fields=_plain(lists["whole_fields"]),
        modifiers=modifiers,
        quantifiers=Phrases().add(lists["quantifiers"], "quantifier"),
        levels=Phrases().add(lists["levels"], "level"),
        predicates=Phrases().add(lists["predicates"], "predicate"),
        acts=Phrases().add(lists["acts"], "act"),
        works=Phrases().add(lists["works"], "work"),
        alone=_plain(lists["alone"]),
        never_bare=_plain(lists["never_bare"]),
    )
