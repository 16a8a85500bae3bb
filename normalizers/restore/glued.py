"""Words that OCR read without the spaces between them: taken apart before decoding, written as one change."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from normalizers.restore.alphabet import early_tone, is_syllable
from normalizers.restore.evidence import Reason, WordEvidence
from normalizers.restore.language import BREAK, UNKNOWN, LanguageModel
from normalizers.restore.reading import ABBREVIATION, Place, Scorer, is_bad
from normalizers.restore.tokens import TokenKind

_SHORTEST = 5
_LONGEST_WORD = 7
_MAY_BE_ONE = _LONGEST_WORD + 1
"""Longer forms are more than one word, misread or not."""
_ALONE = frozenset("ởýyà")
"""Vowels that are words of plans by themselves; other lone letters are pieces of noise."""
_LEAST_PER_WORD = -9.0
"""Words taken apart must follow each other about as likely (nats a word) as words of plans do."""


@dataclass(frozen=True, slots=True)
class Glue:
    """Takes words apart: `numbers` are those of the known words, `foreign` the words that stay whole."""

    numbers: Mapping[str, int]
    foreign: Container[str]
    model: LanguageModel

    def cuts(self, form: str) -> tuple[int, ...]:
        """Where a form that is no word falls into known words, letter by letter as read; empty where it does not."""
        low = early_tone(form.lower())
        is_one = len(form) < _SHORTEST or form.isascii() or not form.isalpha()
        return () if is_one or low in self.numbers or low in self.foreign else self._best(form, self._arcs(form))

    def _arcs(self, form: str) -> list[tuple[int, int, int]]:
        """(start, end, number) of each known word in the form, by where it ends."""
        arcs = []
        for end in range(1, len(form) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                if number := self._word(form[start:end], not form.isupper()):
                    arcs.append((start, end, number))
        return arcs

    def _word(self, part: str, is_mixed: bool) -> int:
        """The number of a part that may be a word by its letters and its capitals; 0 where it may not."""
        low = early_tone(part.lower())
        if is_mixed and ABBREVIATION.fullmatch(part):
            return UNKNOWN
        cased = part.isupper() or part[1:] == part[1:].lower()
        a_word = low in _ALONE or (len(part) > 1 and (is_syllable(low) or part.isupper()))
        return self.numbers.get(low, 0) if cased and a_word else 0

    def _best(self, form: str, arcs: list[tuple[int, int, int]]) -> tuple[int, ...]:
        """The cuts of the likeliest way over the arcs, if it is likely enough."""
        ways: list[tuple[float, tuple[int, ...]]] = []
        for start, end, number in arcs:
            before = [n for n, (_, last, _) in enumerate(arcs[: len(ways)]) if last == start]
            words = np.array([arcs[n][2] for n in before] if start else [BREAK], dtype=np.int64)
            if not len(words):
                ways.append((-np.inf, ()))
                continue
            gains, _, known = self.model.pair_scores(words, np.full(len(words), number))
            usual = known | (words == BREAK) | (words == UNKNOWN) | (number == UNKNOWN)
            values = np.where(usual, gains, -np.inf) + np.array([ways[n][0] for n in before] if start else [0.0])
            top = int(np.argmax(values))
            ways.append((float(values[top]), (*(ways[before[top]][1] if start else ()), end)))
        whole = [way for way, (_, end, _) in zip(ways, arcs, strict=True) if end == len(form)]
        value, ends = max(whole, default=(-np.inf, ()))
        return ends[:-1] if len(ends) > 1 and value >= _LEAST_PER_WORD * len(ends) else ()


def unglued(places: Sequence[Place], scorer: Scorer, numbers: Mapping[str, int]) -> tuple[Place, ...]:
    """The places, glued words taken apart: their pieces touch each other."""
    glue = Glue(numbers, scorer.foreign, scorer.model)
    return tuple(piece for place in places for piece in _pieces(place, glue, scorer))


def _pieces(place: Place, glue: Glue, scorer: Scorer) -> Iterator[Place]:
    """Yield the place, or one for each word in it; only the last keeps the punctuation behind."""
    token = place.token
    cuts = glue.cuts(token.text) if token.kind is TokenKind.WORD else ()
    if not cuts or (len(token.text) <= _MAY_BE_ONE and not is_bad(token, scorer)):
        yield place
        return
    bounds = [0, *cuts, len(token.text)]
    for low, high in pairwise(bounds):
        tail = token.tail if high == len(token.text) else ""
        piece = replace(token, start=token.start + low, end=token.start + high, text=token.text[low:high], tail=tail)
        yield Place(place.line, piece, place.glued and not low, place.sure)


def rejoined(words: Iterable[WordEvidence]) -> Iterator[WordEvidence]:
    """Yield the evidence of words, that of pieces which touch as one: taken apart by spaces."""
    last: WordEvidence | None = None
    for word in words:
        if last and _touch(last, word):
            last = replace(
                last,
                end=word.end,
                source=last.source + word.source,
                chosen=f"{last.chosen} {word.chosen}",
                posterior=min(last.posterior, word.posterior),
                reason=Reason.SPLIT,
                rivals=(),
            )
            continue
        if last:
            yield last
        last = word
    if last:
        yield last


def _touch(left: WordEvidence, right: WordEvidence) -> bool:
    return left.line == right.line and left.end == right.start and not left.protected and not right.protected
