"""The carrier of spans: a text as a spaCy Doc of syllables, matched by its fold against the table of cues.

No model and no pipe is loaded: a vocabulary whose NORM is the fold, and a `PhraseMatcher` on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from spacy.attrs import NORM
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extractors.facts.cues import CUES, Part
from normalizers.body_grammar import Grammar
from normalizers.body_lexicon import Words
from normalizers.fold import fold
from schemas.progress import advance


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue from word `start` to `end` - 1."""

    start: int
    end: int
    part: Part


@cache
def vocabulary() -> Any:
    """The spaCy vocabulary, its NORM being the fold, so that "phoi hop" and "Phối hợp" are one."""
    return Vocab(lex_attr_getters={NORM: fold})


@cache
def _matcher() -> tuple[Any, dict[int, Part]]:
    vocab = vocabulary()
    matcher = PhraseMatcher(vocab, attr="NORM")
    parts: dict[int, Part] = {}
    for part in Part:
        matcher.add(part.value, [_doc(Words.of(cue.phrase)) for cue in CUES if cue.part is part])
        parts[vocab.strings[part.value]] = part
    return matcher, parts


@cache
def _cue_words() -> frozenset[tuple[Part, tuple[str, ...]]]:
    return frozenset((cue.part, Words.of(cue.phrase).low) for cue in CUES)


def _doc(words: Words) -> Any:
    return Doc(vocabulary(), words=list(words.low))


class Item:
    """One item's text with its words, its cues and the grammar that reads bodies out of it."""

    def __init__(self, text: str) -> None:
        advance()
        self.text = text
        self.words = Words.of(text)
        self.grammar = Grammar(self.words)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The cues in order, of those of one part that overlap only the longest."""
        matcher, parts = _matcher()
        found = [Hit(start, end, parts[key]) for key, start, end in matcher(_doc(self.words))]
        kept = [hit for hit in found if self._said(hit)]
        small = {(hit.start, hit.end - 1) for hit in kept if hit.part is Part.DESCRIBED and self._in_small(hit)}
        kept = [hit for hit in kept if hit.part is not Part.ORDERED or (hit.start, hit.end) not in small]
        kept.sort(key=lambda hit: (hit.start, -hit.end))
        longest: dict[Part, Hit] = {}
        uncovered: list[Hit] = []
        for hit in kept:
            group = Part.JOINS if hit.part is Part.JOINS_BARE else hit.part
            wider = longest.get(group)
            if wider is None or hit.end > wider.end:
                longest[group] = hit
                uncovered.append(hit)
        return tuple(sorted(uncovered, key=lambda hit: (hit.start, hit.end)))

    def _in_small(self, hit: Hit) -> bool:
        """Whether the words behind a cue's first are in small letters: "Giao ban", not "Giao Ban Xây dựng Đảng"."""
        return not any(self.words.capital(i) for i in range(hit.start + 1, hit.end))

    def _said(self, hit: Hit) -> bool:
        """Whether the cue is written so, or without any diacritics; not another word with the same fold."""
        said = self.words.low[hit.start : hit.end]
        return (hit.part, said) in _cue_words() or (hit.end - hit.start > 1 and all(word.isascii() for word in said))

    def hit(self, i: int, *parts: Part) -> Hit | None:
        """The longest cue of these parts that begins at word `i`."""
        found = [hit for hit in self._beginning.get(i, ()) if hit.part in parts]
        return max(found, key=lambda hit: hit.end, default=None)

    @cached_property
    def _beginning(self) -> dict[int, list[Hit]]:
        """The cues by the word that they begin at."""
        begun: dict[int, list[Hit]] = {}
        for hit in self.hits:
            begun.setdefault(hit.start, []).append(hit)
        return begun


@lru_cache(maxsize=2048)
def item(text: str) -> Item:
    """The item of a text; kept, because several readers ask for the same one."""
    return Item(text)
