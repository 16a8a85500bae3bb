"""Which changes may be made in what Vietnamese OCR read: by word, by page, by what OCR itself was sure of."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from normalizers.restore.alphabet import Case, bare, case_of, early_tone
from normalizers.restore.assets import Assets
from normalizers.restore.evidence import Reason, WordEvidence


class Quality(IntEnum):
    """How well a page was read, by the share of its words that surely slipped."""

    GOOD = 0
    FAIR = 1
    POOR = 2


_LONGER = 1
_FAIR_FROM, _POOR_FROM = 0.01, 0.03
_USUAL_SHARE, _USUAL_WORDS = 0.02, 40
"""A page of few words is thought to have this share of slips, counted like so many words of its own."""
_LEAST = {Case.LOWER: 0.9, Case.TITLE: 0.97, Case.UPPER: 0.97}
_LEAST_KNOWN = {Case.LOWER: 0.98, Case.TITLE: 0.99, Case.UPPER: 0.995}
_LEAST_POOR = {Case.LOWER: 0.75, Case.TITLE: 0.9, Case.UPPER: 0.9}
_LEAST_KNOWN_POOR = {Case.LOWER: 0.85, Case.TITLE: 0.93, Case.UPPER: 0.95}
_LETTERS, _USED, _UNCLEAR, _LEAST_LETTERS = 3, 2, 90.0, 0.98
"""Capitals that are no word became those of an abbreviation if the document uses it so often, and OCR was unsure."""
_CLEAR, _LEAST_CLEAR = 95.5, 0.998
"""A word that OCR read clearly on a good page stands there, be it a mistake of typing."""


def is_slip(source: str, chosen: str, skeletons: Container[str]) -> bool:
    """Whether `chosen` may be what was printed where `source` was read: no abbreviation, no foreign word, no letter.

    >>> [is_slip(source, "kiểm", {"kiem", "tu"}) for source in ("kiếm", "kiem", "email", "TU", "5G")]
    [True, True, False, False, False]
    >>> is_slip("sơsinh", "sơ sinh", set()), is_slip("độingũ", "động", set())
    (True, False)
    """
    if not source.isalpha() or not (source.isupper() or source[1:] == source[1:].lower()):
        return False
    if source.isascii() and (source.isupper() or bare(source.lower()) not in skeletons):
        return False
    if " " in chosen:
        return bare(chosen.replace(" ", "")) == bare(source)
    return min(len(source), len(chosen)) > 1 and abs(len(source) - len(chosen)) <= _LONGER


def least_posterior(source: str, is_known: bool, quality: Quality = Quality.FAIR, sure: float | None = None) -> float:
    """How sure another word must be (0–1) to take the place of the one that was read with confidence `sure` (0–100).

    The figures were chosen on rendered pages of plans and on scans; see docs/RESTORE.md.

    >>> least_posterior("kiếm", is_known=True) < least_posterior("Kiếm", is_known=True)
    True
    >>> least_posterior("kiếm", True, Quality.POOR) < least_posterior("kiếm", True, Quality.GOOD, 97.0)
    True
    """
    case = case_of(source)
    if quality is Quality.POOR:
        return (_LEAST_KNOWN_POOR if is_known else _LEAST_POOR)[case]
    least = (_LEAST_KNOWN if is_known else _LEAST)[case]
    is_clear = quality is Quality.GOOD and is_known and sure is not None and sure >= _CLEAR
    return max(least, _LEAST_CLEAR) if is_clear else least


@dataclass(frozen=True, slots=True)
class Caution:
    """Which of the changes that the decoder thinks of are made.

    `known` are the words, `skeletons` their letters, `foreign` other words of plans, `used` says how often the
    document has each abbreviation.
    """

    known: Container[str]
    skeletons: Container[str]
    foreign: Container[str]
    used: Counter[str]

    @classmethod
    def of(cls, words: Sequence[WordEvidence], assets: Assets) -> Caution:
        """The caution for a document that was read as these words."""
        kept = (word.source for word in words if not word.changed and len(word.source) >= _LETTERS)
        return cls(assets.known, assets.skeletons, assets.foreign, Counter(text for text in kept if text.isupper()))

    def kept(
        self, words: Sequence[WordEvidence], pages: Sequence[int], sure: Mapping[tuple[int, int], float | None]
    ) -> Iterator[WordEvidence]:
        """Yield the words, the doubtful changes taken back; `pages` by line, `sure` by line and start of a word."""
        quality = self._qualities(words, pages)
        for word in words:
            if not word.changed or word.protected:
                yield word
                continue
            confidence = sure.get((word.line, word.start))
            yield word if self._holds(word, quality[pages[word.line]], confidence) else taken_back(word)

    def _holds(self, word: WordEvidence, quality: Quality, sure: float | None = None) -> bool:
        known = early_tone(word.source.lower()) in self.known
        if not is_slip(word.source, word.chosen, self.skeletons):
            return sure is not None and sure < _UNCLEAR and not known and self._is_used(word)
        return word.posterior >= least_posterior(word.source, known, quality, sure)

    def _is_used(self, word: WordEvidence) -> bool:
        """Whether strange capitals were read for an abbreviation that the document uses."""
        capitals = len(word.source) >= _LETTERS and word.source.isalpha() and word.source.isupper()
        strange = capitals and word.source.lower() not in self.foreign
        near = abs(len(word.source) - len(word.chosen)) <= _LONGER
        return strange and near and self.used[word.chosen] >= _USED and word.posterior >= _LEAST_LETTERS

    def _qualities(self, words: Sequence[WordEvidence], pages: Sequence[int]) -> dict[int, Quality]:
        """How well each page was read."""
        all_words = Counter(pages[word.line] for word in words)
        slips = Counter(
            pages[word.line]
            for word in words
            if word.changed and not word.protected and self._holds(word, Quality.FAIR)
        )
        return {page: quality_of(slips[page], number) for page, number in all_words.items()}


def quality_of(slips: int, words: int) -> Quality:
    """How well a page of so many words was read.

    >>> quality_of(0, 400), quality_of(30, 400)
    (<Quality.GOOD: 0>, <Quality.POOR: 2>)
    """
    share = (slips + _USUAL_SHARE * _USUAL_WORDS) / (words + _USUAL_WORDS)
    return Quality(bisect_right((_FAIR_FROM, _POOR_FROM), share))


def taken_back(word: WordEvidence) -> WordEvidence:
    """The word as it was read; what it was thought to be is its first rival."""
    rivals = ((word.chosen, round(word.posterior, 4)), *word.rivals)
    posterior = 1.0 - word.posterior
    return replace(word, chosen=word.source, posterior=posterior, reason=Reason.KEPT, rivals=rivals)
