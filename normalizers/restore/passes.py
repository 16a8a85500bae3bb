"""Two readings of a passage: the second has learned from the confident words of the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from normalizers.restore.alphabet import Case, cased, early_tone
from normalizers.restore.assets import Assets
from normalizers.restore.caution import Caution
from normalizers.restore.channel import NoiseChannel
from normalizers.restore.context import Network, Opinion
from normalizers.restore.evidence import Reason, WordEvidence
from normalizers.restore.fixed import mended_code, mended_markers, mended_reference
from normalizers.restore.glued import rejoined, unglued
from normalizers.restore.language import BREAK, SPECIAL
from normalizers.restore.lines import Passage
from normalizers.restore.memory import Memory
from normalizers.restore.reading import Choice, Place, Reading, Scorer, read
from normalizers.restore.tokens import Token, TokenKind
from schemas.restored import Damage

_LEARNED_FROM = 0.75
_DIGIT_MOST = 0.89
"""A digit that became a word always asks for a look."""
_DOUBT_POWER = 0.75
"""Chosen on the rendered plans and Nam Triệu; see docs/RESTORE.md."""
_RARE_CAPITAL = 0.12
_BY_RULE = 0.95
_NOT_THOUGHT_OF = 0.005
_N_SPECIAL = len(SPECIAL)


def read_passage(passage: Passage, scorer: Scorer, assets: Assets, damage: Damage) -> list[WordEvidence]:
    """The evidence of every token of a passage, in order."""
    if not passage.places:
        return []
    if scorer.slips:
        passage = replace(passage, places=unglued(passage.places, scorer, scorer.slips.numbers))
    first = read(passage.places, scorer, Memory.empty())
    memory = Memory.of(_word_pairs(first))
    if isinstance(scorer.channel, NoiseChannel):
        learned = scorer.channel.learned(_confident(passage.places, first))
        scorer = replace(scorer, channel=learned)
    asked = assets.context if damage is not Damage.OCR_SLIPS else None
    opinion = _opinion(passage.places, first, asked) if asked else None
    second = read(passage.places, scorer, memory, opinion)
    readings = [replace(reading, posterior=calibrated(reading.posterior)) for reading in second]
    if damage is not Damage.OCR_SLIPS:
        readings = less_sure(first, second)
    words = list(_Writer(passage, assets, damage).evidence(readings))
    if not scorer.slips:
        return words
    sure = {(place.line, place.token.start): place.sure for place in passage.places}
    return list(rejoined(Caution.of(words, assets).kept(words, passage.pages, sure)))


def _opinion(places: Sequence[Place], readings: Sequence[Reading], network: Network) -> Opinion:
    """What the network says of each word, seeing the others as they were read."""
    sequence = np.array([reading.choice.word for reading in readings], dtype=np.int64)
    whole = [
        (choice.first, index, choice.word)
        for index, choice in enumerate(reading.choice for reading in readings)
        if choice.first == choice.last and not choice.part and places[choice.first].token.kind is TokenKind.WORD
    ]
    return network.opinion(sequence, whole, len(places))


def _word_pairs(readings: Sequence[Reading]) -> Iterator[tuple[int, int, float]]:
    for left, right in pairwise(readings):
        weight = left.posterior * right.posterior
        if left.choice.word >= _N_SPECIAL and right.choice.word > BREAK and weight >= _LEARNED_FROM:
            yield left.choice.word, right.choice.word, weight


def _confident(places: Sequence[Place], readings: Sequence[Reading]) -> Iterator[tuple[int, Case, str, float]]:
    """Yield (word, case, form, posterior) of the whole words that the first reading was sure of."""
    for reading in readings:
        choice = reading.choice
        whole = choice.first == choice.last and not choice.part and choice.word >= _N_SPECIAL
        if whole and reading.posterior >= _LEARNED_FROM:
            token = places[choice.first].token
            form = token.text + token.tail if choice.with_tail else token.text
            yield choice.word, choice.case, form, reading.posterior


def calibrated(posterior: float) -> float:
    """The posterior as it was found to hold for slips: the model is a little surer than it is right.

    >>> round(calibrated(0.95), 3), calibrated(1.0)
    (0.894, 1.0)
    """
    return 1.0 - float((1.0 - posterior) ** _DOUBT_POWER)


def less_sure(first: Sequence[Reading], second: Sequence[Reading]) -> list[Reading]:
    """The second reading, each word only as sure as it was in that reading that was less sure of it.

    What the document has taught makes the second reading surer than it is right; the words on which the two do not
    agree hold most of the errors.
    """
    before: dict[tuple[int, int, int], dict[int, float]] = {}
    for reading in first:
        for choice, posterior in ((reading.choice, reading.posterior), *reading.rivals):
            of_place = before.setdefault((reading.choice.first, reading.choice.part, choice.last), {})
            of_place.setdefault(choice.word, posterior)
    return [
        replace(
            reading,
            posterior=min(
                reading.posterior,
                before.get((reading.choice.first, reading.choice.part, reading.choice.last), {}).get(
                    reading.choice.word, _NOT_THOUGHT_OF
                ),
            ),
        )
        for reading in second
    ]


class _Writer:
    """Turns readings into evidence."""

    def __init__(self, passage: Passage, assets: Assets, damage: Damage) -> None:
        self.places = passage.places
        self.lines = passage.lines
        self.assets = assets
        self.damage = damage
        markers = [n for n, place in enumerate(self.places) if place.token.kind is TokenKind.MARKER]
        mended = mended_markers([self.places[n].token.text for n in markers])
        self.markers = dict(zip(markers, mended, strict=True))

    def evidence(self, readings: Sequence[Reading]) -> Iterator[WordEvidence]:
        """Yield the evidence of each token that has text, in order."""
        left: Reading | None = None
        inner = False
        for reading in readings:
            token = self.places[reading.choice.first].token
            if reading.choice.part == 1:
                left = reading
                continue
            if token.kind in (TokenKind.WORD, TokenKind.DIGITS):
                yield self._word(reading, left, inner)
            elif token.kind in (TokenKind.NUMBER, TokenKind.LATIN, TokenKind.MARKER):
                yield self._protected(reading.choice.first)
            left = None
            inner = token.kind is TokenKind.COMMA or (token.kind is TokenKind.WORD and token.text[:1].islower())

    def _protected(self, number: int) -> WordEvidence:
        place = self.places[number]
        token = place.token
        chosen, reason = token.text, Reason.PROTECTED
        if token.kind is TokenKind.MARKER:
            chosen = self.markers[number]
            reason = Reason.MARKER if chosen != token.text else reason
        elif token.kind is TokenKind.NUMBER:
            chosen = mended_code(token.text)
            reason = Reason.LIST if chosen != token.text else reason
        return WordEvidence(place.line, token.start, token.end, token.text, chosen, 1.0, reason, protected=True)

    def _word(self, reading: Reading, left: Reading | None, inner: bool) -> WordEvidence:
        choice = reading.choice
        first, last = self.places[choice.first], self.places[choice.last]
        if first.line != last.line:
            raise ValueError("a word runs over two lines")
        end = last.token.end + (len(last.token.tail) if choice.with_tail else 0)
        source = self.lines[first.line][first.token.start : end]
        inner = inner and self.lines[first.line][: first.token.start][-1:] in ("", " ")
        chosen = self._text(choice, first.token, inner)
        posterior = reading.posterior
        if left is not None:
            chosen = f"{self._text(left.choice, first.token, inner)} {chosen}"
            posterior = min(posterior, left.posterior)
        if mended := mended_reference(chosen, self.lines[first.line][end:]):
            chosen, posterior = mended, max(posterior, _BY_RULE)
        reason = self._reason(choice, first.token, source == chosen, left is not None)
        if reason is Reason.DIGIT:
            posterior = min(posterior, _DIGIT_MOST)
        rivals = tuple((self._text(rival, first.token, inner), round(p, 4)) for rival, p in reading.rivals)
        return WordEvidence(first.line, first.token.start, end, source, chosen, posterior, reason, rivals)

    def _text(self, choice: Choice, token: Token, inner: bool) -> str:
        """The word of a choice, cased and with its tone mark as the source has it where it shows one."""
        if choice.word < _N_SPECIAL:
            return mended_code(token.text) if self.damage is not Damage.OCR_SLIPS else token.text
        number = choice.word - _N_SPECIAL
        word, case = self.assets.words[number], choice.case
        if token.text.lower() != word and early_tone(token.text.lower()) == word:
            return token.text
        if case is Case.TITLE and inner and self._doubtful_capital(token.text):
            case = Case.LOWER if self.assets.title[number] < _RARE_CAPITAL else case
        if choice.part == 2 and case is Case.TITLE:
            case = Case.LOWER
        return cased(word, case)

    def _doubtful_capital(self, text: str) -> bool:
        """Whether the capital may be a small letter of the same shape, or one among noise ("SAu", "Xa hdi")."""
        if self.damage is not Damage.OCR_NOISE:
            return False
        return text[0] in "SXVCOUWZ" or (len(text) > 1 and text[1:] != text[1:].lower())

    def _reason(self, choice: Choice, token: Token, same: bool, split: bool) -> Reason:
        if same:
            return Reason.KEPT
        if token.kind is TokenKind.DIGITS:
            return Reason.DIGIT
        if split or choice.last != choice.first:
            return Reason.SPLIT if split else Reason.MERGED
        return Reason.MARKS if self.damage is Damage.STRIPPED else Reason.NOISE
