"""What a word that was read may have been: candidates with log P(read | printed), for each kind of damage."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from normalizers.restore.alphabet import Case, bare, case_of, cased
from normalizers.restore.trie import Edit, EditTable, Trie

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Pair = tuple[str, str]
_ALPHA = 6.0
_NEW = 0.15
"""Share of a word's readings that an engine never seen in training makes anew."""
_CLEAR_CAPITALS = frozenset("ABDĐEGHLMNQRTYÁÀÂĂÊÉÈ")
_LONGEST_UPPER_DOUBT = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Words that a form may have been: their numbers, log P(form | word), and their case."""

    words: Ints
    scores: Floats
    cases: npt.NDArray[np.int8]

    def best(self, most: int, prior: Floats) -> Candidates:
        """The `most` candidates that are likeliest with the prior of the words."""
        if len(self.words) <= most:
            return self
        keep = np.argpartition(-(self.scores + prior[self.words]), most)[:most]
        return Candidates(self.words[keep], self.scores[keep], self.cases[keep])


class Channel(Protocol):
    """One kind of damage."""

    def prepare(self, forms: Sequence[str]) -> None:
        """Look up many forms at once."""
        ...

    def candidates(self, forms: Sequence[str]) -> list[Candidates]:
        """The candidates of each form."""
        ...


def _cases_of(form: str) -> list[Case]:
    """The case patterns that the printed word may have had, likeliest first."""
    case = case_of(form)
    if case is Case.UPPER:
        return [Case.UPPER, Case.TITLE] if len(form) <= _LONGEST_UPPER_DOUBT else [Case.UPPER]
    if case is Case.LOWER:
        return [Case.LOWER]
    if len(form) == 1:
        return [Case.TITLE, Case.LOWER]
    return [Case.TITLE] if form[0] in _CLEAR_CAPITALS else [Case.TITLE, Case.LOWER]


@dataclass
class NoiseChannel:
    """A foreign OCR model: counted readings, backed by character edits.

    `counts` holds how often (printed, read) was seen; learning from a document adds to a copy.
    """

    words: Sequence[str]
    offset: int
    counts: dict[Pair, float]
    table: EditTable
    trie: Trie
    _totals: dict[str, float] = field(default_factory=dict)
    _by_form: dict[str, list[str]] = field(default_factory=dict)
    _edits: dict[tuple[str, Case], tuple[Ints, Floats]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _candidates: dict[str, Candidates] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the counts by what was read."""
        totals: Counter[str] = Counter()
        by_form: dict[str, list[str]] = defaultdict(list)
        for (printed, read), count in self.counts.items():
            totals[printed] += count  # type: ignore[assignment]
            by_form[read].append(printed)
        self._totals, self._by_form = dict(totals), dict(by_form)
        if not self._numbers:
            self._numbers = {word: number for number, word in enumerate(self.words)}

    @classmethod
    def of(
        cls, words: Sequence[str], offset: int, counts: dict[Pair, float], edits: dict[Edit, float]
    ) -> NoiseChannel:
        """The channel over the words; the number of a word is its index and the offset."""
        table = EditTable.of(edits, words).with_units(())
        return cls(words, offset, counts, table, Trie.of(words, table.letters))

    def learned(self, readings: Iterable[tuple[str, str, float]]) -> NoiseChannel:
        """The channel with readings of a document added: (printed, read, weight)."""
        counts = dict(self.counts)
        for printed, read, weight in readings:
            counts[printed, read] = counts.get((printed, read), 0.0) + weight
        return NoiseChannel(
            self.words, self.offset, counts, self.table, self.trie, _edits=self._edits, _numbers=self._numbers
        )

    def prepare(self, forms: Sequence[str]) -> None:
        """Look up many forms at once."""
        wanted = [(form, case) for form in dict.fromkeys(forms) for case in _cases_of(form)]
        self._search([want for want in wanted if want not in self._edits])

    def candidates(self, forms: Sequence[str]) -> list[Candidates]:
        """The candidates of each form."""
        self.prepare([form for form in forms if form not in self._candidates])
        for form in forms:
            if form not in self._candidates:
                self._candidates[form] = self._joined(form)
        return [self._candidates[form] for form in forms]

    def _search(self, wanted: list[tuple[str, Case]]) -> None:
        """Look the forms up in the tree, all at once."""
        if not wanted:
            return
        table = self.table.with_units(form for form, _ in wanted)
        form, word, score = self.trie.search(wanted, table)
        order = np.argsort(form, kind="stable")
        form, word, score = form[order], word[order], score[order]
        ends = np.searchsorted(form, np.arange(len(wanted) + 1))
        for index, want in enumerate(wanted):
            self._edits[want] = word[ends[index] : ends[index + 1]], score[ends[index] : ends[index + 1]]

    def _joined(self, form: str) -> Candidates:
        """The candidates of a form over all its cases, the better case of each word."""
        best: dict[int, tuple[float, Case]] = {}
        for case in _cases_of(form):
            words, edit_scores = self._edits[form, case]
            edit = dict(zip(words.tolist(), edit_scores.tolist(), strict=True))
            for printed in self._by_form.get(form, ()):
                if case_of(printed) is case and (number := self._numbers.get(printed.lower())) is not None:
                    edit.setdefault(number, -30.0)
            for number, value in edit.items():
                printed = cased(self.words[number], case)
                total = self._totals.get(printed, 0.0)
                seen = self.counts.get((printed, form), 0.0)
                fresh = _ALPHA + _NEW * total
                score = math.log((seen + fresh * math.exp(value)) / (total + fresh))
                if number not in best or score > best[number][0]:
                    best[number] = float(score), case
        return Candidates(
            np.array(list(best), dtype=np.int64) + self.offset,
            np.array([score for score, _ in best.values()], dtype=np.float32),
            np.array([case for _, case in best.values()], dtype=np.int8),
        )


@dataclass(frozen=True, slots=True)
class StrippedChannel:
    """Vietnamese typed without marks: every word of the same letters is as likely to have been meant."""

    by_skeleton: dict[str, Ints]

    @classmethod
    def of(cls, words: Sequence[str], offset: int) -> StrippedChannel:
        """The channel over the words."""
        groups: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            groups[bare(word)].append(number + offset)
        return cls({skeleton: np.array(numbers, dtype=np.int64) for skeleton, numbers in groups.items()})

    def prepare(self, forms: Sequence[str]) -> None:
        """Nothing to do."""

    def candidates(self, forms: Sequence[str]) -> list[Candidates]:
        """The candidates of each form."""
        return [self._of(form) for form in forms]

    def _of(self, form: str) -> Candidates:
        words = self.by_skeleton.get(bare(form.lower()), np.empty(0, dtype=np.int64))
        case = np.full(len(words), case_of(form), dtype=np.int8)
        return Candidates(words, np.zeros(len(words), dtype=np.float32), case)
