"""What a word that was read may have been: candidates with log P(read | printed), for each kind of damage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from normalizers.restore.alphabet import Case, bare, case_of
from normalizers.restore.trie import Edit, EditTable, Trie

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Pair = tuple[str, str]
_ALPHA = 6.0
_NEW = 0.15
"""Share of a word's readings that an engine never seen in training makes anew."""
_CLEAR_CAPITALS = frozenset("ABDĐEGHLMNQRTYÁÀÂĂÊÉÈ")
_MARGIN = 10.0
"""Candidates so much less likely than the best (nats, with the prior) cannot win by their context."""
_HABIT, _HABIT_LEAST = 0.6, 3.0
_NEVER = -30.0
_MOST_FORMS = 40_000
_AT_ONCE = 150
_LONGEST_UPPER_DOUBT = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Words that a form may have been: their numbers, log P(form | word), and their case."""

    words: Ints
    scores: Floats
    cases: npt.NDArray[np.int8]

    def best(self, most: int, prior: Floats) -> Candidates:
        """The `most` candidates that are likeliest with the prior of the words."""
        worth = self.scores + prior[self.words]
        keep = np.flatnonzero(worth > worth.max(initial=-np.inf) - _MARGIN)
        if len(keep) > most:
            keep = keep[np.argpartition(-worth[keep], most)[:most]]
        return Candidates(self.words[keep], self.scores[keep], self.cases[keep])

    def likely(self, least: float) -> Candidates:
        """The candidates with a score above `least`."""
        keep = self.scores > least
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
    if form[:2].isupper():  # "CHi", "GIOt": an I or a T of a heading read small
        return [Case.UPPER, Case.TITLE]
    return [Case.TITLE] if form[0] in _CLEAR_CAPITALS else [Case.TITLE, Case.LOWER]


Word = tuple[Case, int]
Readings = dict[str, dict[Word, float]]
"""For each form how often it was read for each word (case, number)."""


@dataclass(slots=True)
class NoiseChannel:
    """A foreign OCR model: counted readings, backed by character edits.

    `readings` and `totals` (counts by case and word) come from training; learning from a document adds to copies
    and fills `habits`, the same for the document alone.
    """

    words: Sequence[str]
    offset: int
    numbers: dict[str, int]
    readings: Readings
    totals: npt.NDArray[np.float64]
    table: EditTable
    trie: Trie
    habits: Readings = field(default_factory=dict)
    _edits: dict[tuple[str, Case], tuple[Ints, Floats]] = field(default_factory=dict)
    _candidates: dict[str, Candidates] = field(default_factory=dict)
    _n_known: int = 0

    @classmethod
    def of(
        cls,
        words: Sequence[str],
        offset: int,
        counts: dict[Pair, float],
        edits: dict[Edit, float],
        shift: float = 0.0,
    ) -> NoiseChannel:
        """The channel over the words; the number of a word is its index and the offset."""
        table = EditTable.of(edits, words, shift).with_units(())
        numbers = {word: number for number, word in enumerate(words)}
        readings: Readings = {}
        totals = np.zeros((len(Case), len(words)))
        for (printed, read), count in counts.items():
            if (number := numbers.get(printed.lower())) is not None:
                readings.setdefault(read, {})[case_of(printed), number] = count
                totals[case_of(printed), number] += count
        return cls(words, offset, numbers, readings, totals, table, Trie.of(words, table.letters))

    def know(self, found: dict[str, tuple[Ints, Floats]]) -> None:
        """Take over searches that were done before; a key is the form and the number of its case."""
        for key, words_and_scores in found.items():
            self._edits[key[:-1], Case(int(key[-1]))] = words_and_scores
        self._n_known = len(self._edits)

    def searched(self, form: str) -> dict[str, tuple[Ints, Floats]]:
        """What the tree gives for a form, by the keys that `know` takes."""
        self.prepare([form])
        return {f"{form}{case:d}": self._edits[form, case] for case in _cases_of(form)}

    def for_document(self) -> NoiseChannel:
        """The channel with memories of its own; only found edits, which depend on the form alone, are shared."""
        for key in list(self._edits)[self._n_known :] if len(self._edits) > _MOST_FORMS else ():
            del self._edits[key]
        return self.learned(())

    def learned(self, found: Iterable[tuple[int, Case, str, float]]) -> NoiseChannel:
        """The channel with readings of a document added: (word, its case, form, weight)."""
        readings, totals, habits = dict(self.readings), self.totals.copy(), Readings()
        for word, case, form, weight in found:
            key = case, word - self.offset
            of_form = habits.setdefault(form, {})
            of_form[key] = of_form.get(key, 0.0) + weight
            totals[key] += weight
        for form, of_form in habits.items():
            merged = dict(self.readings.get(form, {}))
            for key, weight in of_form.items():
                merged[key] = merged.get(key, 0.0) + weight
            readings[form] = merged
        return NoiseChannel(
            self.words,
            self.offset,
            self.numbers,
            readings,
            totals,
            self.table,
            self.trie,
            habits,
            self._edits,
            _n_known=self._n_known,
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
        """Look the forms up in the tree, many at once but not more than memory likes."""
        for start in range(0, len(wanted), _AT_ONCE):
            self._search_some(wanted[start : start + _AT_ONCE])

    def _search_some(self, wanted: list[tuple[str, Case]]) -> None:
        table = self.table.with_units(form for form, _ in wanted)
        form, word, score = self.trie.search(wanted, table)
        order = np.argsort(form, kind="stable")
        form, word, score = form[order], word[order], score[order]
        ends = np.searchsorted(form, np.arange(len(wanted) + 1))
        for index, want in enumerate(wanted):
            self._edits[want] = word[ends[index] : ends[index + 1]], score[ends[index] : ends[index + 1]]

    def _joined(self, form: str) -> Candidates:
        """The candidates of a form over all its cases, the better case of each word."""
        parts = [(case, *self._of_case(form, case)) for case in _cases_of(form)]
        words = np.concatenate([words for _, words, _ in parts])
        scores = np.concatenate([scores for _, _, scores in parts]) + self._habit(form, words)
        cases = np.concatenate([np.full(len(words), case, dtype=np.int8) for case, words, _ in parts])
        if len(parts) > 1:
            order = np.lexsort((-scores, words))
            best = order[np.unique(words[order], return_index=True)[1]]
            words, scores, cases = words[best], scores[best], cases[best]
        return Candidates(words + self.offset, scores.astype(np.float32), cases)

    def _of_case(self, form: str, case: Case) -> tuple[Ints, npt.NDArray[np.float64]]:
        """The words of one case that the form may be, and log P(form | word)."""
        words, edits = self._edits[form, case]
        known = {number: count for (of, number), count in self.readings.get(form, {}).items() if of is case}
        fresh_words = sorted(known.keys() - set(words.tolist()))
        words = np.concatenate([words, np.array(fresh_words, dtype=np.int64)])
        edits = np.concatenate([edits, np.full(len(fresh_words), _NEVER)])
        seen = np.zeros(len(words))
        for number, count in known.items():
            seen[words == number] = count
        total = self.totals[case, words]
        fresh = _ALPHA + _NEW * total
        scores: npt.NDArray[np.float64] = np.log((seen + fresh * np.exp(edits)) / (total + fresh))
        return words, scores

    def _habit(self, form: str, words: Ints) -> npt.NDArray[np.float64]:
        """What speaks against words (nats, at most 0) that the document did not mostly read the form as."""
        by_word: dict[int, float] = {}
        for (_, number), weight in self.habits.get(form, {}).items():
            by_word[number] = by_word.get(number, 0.0) + weight
        total = sum(by_word.values())
        if total < _HABIT_LEAST:
            return np.zeros(len(words))
        share = np.array([(by_word.get(number, 0.0) + 1.0) / (total + 2.0) for number in words.tolist()])
        held: npt.NDArray[np.float64] = _HABIT * np.log(share)
        return held


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
