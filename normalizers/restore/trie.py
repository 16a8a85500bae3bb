"""The vocabulary as a tree of letters, searched for all words that noisy forms may have been."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from normalizers.restore.alphabet import Case, bare

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Edit = tuple[str, str]
_LONGEST = 12
_UNSEEN = np.float32(-11.0)
_UNSEEN_FOR_VOWEL = np.float32(-7.4)
_LOST = np.float32(-9.5)
_LOST_VOWEL = np.float32(-6.2)
_LIKE = np.float32(-5.2)
_LOOKALIKES = (
    "il1I!|tjfrí¡ï",
    "o06Q9dbO@éeóôGaá¢D&gø84",
    "c¢eC(©é",
    "uwvyUtúûiýnű",
    "sS5$8",
    "aáâ4ad@3é",
    "eéèêc6",
    "yÿý¥v",
    "gq9y",
    "hbn",
    "nmrau",
)
"""Letters that look alike in print, for confusions that no training page showed."""
_TWO_AS_ONE, _TWO_AS_SYMBOL = np.float32(-8.0), np.float32(-3.0)
_JOINED = np.float32(-5.5)
_NONE = np.float32(-60.0)
WORST = -13.0
"""Candidates less likely than this (nats) are not followed."""
_BEAM = 120
"""So many beginnings of words are followed for each form."""
_BEHIND, _AHEAD = 2, 3
"""A form may be so many letters shorter or longer than the word."""


@dataclass(frozen=True, slots=True)
class _Level:
    """The nodes of one depth: their letter, their word or -1, and the range of their children below."""

    letters: Ints
    words: Ints
    first_child: Ints
    n_children: Ints


@dataclass(frozen=True, slots=True)
class EditTable:
    """log P(read | printed letter) by number of the read string and of the letter; capitals follow the small ones.

    `pairs[first, second]` numbers two printed letters that may become one, `of_pairs` holds their log-probability.
    """

    units: dict[str, int]
    letters: dict[str, int]
    single: Floats
    pairs: Ints
    of_pairs: Floats
    n_small: int
    shift: float = 0.0
    """What is added (nats) to the prices of confusions that no training page showed."""
    is_floored: bool = False

    @classmethod
    def of(cls, edits: dict[Edit, float], words: Sequence[str], shift: float = 0.0) -> EditTable:
        """The table of edits over the letters of the words."""
        small = sorted({letter for word in words for letter in word})
        letters = {letter: number for number, letter in enumerate([*small, *(letter.upper() for letter in small)])}
        units = {"": 0}
        for _, read in edits:
            units.setdefault(read, len(units))
        single = np.full((len(units), len(letters)), _NONE, dtype=np.float32)
        number_of_pair: dict[Edit, int] = {}
        for (printed, read), value in edits.items():
            if printed in letters:
                single[units[read], letters[printed]] = value
            elif len(printed) == 2 and printed[0] in letters and printed[1] in letters:
                number_of_pair.setdefault((printed[0], printed[1]), len(number_of_pair) + 1)
        pairs = np.zeros((len(letters), len(letters)), dtype=np.int64)
        of_pairs = np.full((len(number_of_pair) + 1, len(units)), _NONE, dtype=np.float32)
        for (first, second), number in number_of_pair.items():
            pairs[letters[first], letters[second]] = number
            for read, unit in units.items():
                of_pairs[number, unit] = edits.get((first + second, read), _NONE)
        return cls(units, letters, single, pairs, of_pairs, len(small), shift)

    def with_units(self, forms: Iterable[str]) -> EditTable:
        """The table with a row for every string of one or two letters in the forms.

        What no training page showed has a price: letters that look alike are near, vowels change most.
        """
        new = {form[i : i + n] for form in forms for i in range(len(form)) for n in (1, 2) if i + n <= len(form)}
        missing = sorted(new - self.units.keys(), key=lambda read: (len(read), read))
        units = self.units | {read: len(self.units) + index for index, read in enumerate(missing)}
        single = np.concatenate([self.single, np.full((len(missing), self.single.shape[1]), _NONE, dtype=np.float32)])
        more = np.full((self.of_pairs.shape[0], len(missing)), _NONE, dtype=np.float32)
        letters = list(self.letters)
        todo = missing if self.is_floored else list(units)
        _raise_to_floor(single, units, letters, todo, np.float32(self.shift))
        return EditTable(
            units,
            self.letters,
            single,
            self.pairs,
            np.concatenate([self.of_pairs, more], axis=1),
            self.n_small,
            self.shift,
            is_floored=True,
        )


def _raise_to_floor(
    single: Floats, units: dict[str, int], letters: Sequence[str], todo: Sequence[str], shift: np.float32
) -> None:
    """Give the rows of the units in `todo` at least what an unseen confusion is worth."""
    base = [bare(letter) for letter in letters]
    marked = np.array([letter.lower() in "aeiouy" or ord(letter) > 127 for letter in letters])
    groups = [np.array([letter in group for letter in base]) for group in _LOOKALIKES]
    unseen = np.where(marked, _UNSEEN_FOR_VOWEL, _UNSEEN)
    for read in sorted(todo, key=len):
        row = single[units[read]]
        if not read:
            np.maximum(row, np.where(marked, _LOST_VOWEL, _LOST) + shift, out=row)
        elif len(read) == 1:
            like = np.any([group for group, look in zip(groups, _LOOKALIKES, strict=True) if read in look], axis=0)
            np.maximum(row, np.where(like, _LIKE, unseen) + shift, out=row)
        elif len(read) == 2:
            for part in read:
                if part in units:
                    np.maximum(row, single[units[part]] + _JOINED, out=row)


@dataclass(frozen=True, slots=True)
class Trie:
    """The words by their letters, level by level."""

    levels: tuple[_Level, ...]

    @classmethod
    def of(cls, words: Sequence[str], letters: dict[str, int]) -> Trie:
        """The tree of the words; a word's number is its index."""
        prefixes: list[dict[str, int]] = [{} for _ in range(_LONGEST + 1)]
        prefixes[0][""] = 0
        number_of = {word: number for number, word in enumerate(words)}
        by_depth: dict[int, list[str]] = defaultdict(list)
        for word in sorted(words):
            for depth in range(1, min(len(word), _LONGEST) + 1):
                if word[:depth] not in prefixes[depth]:
                    prefixes[depth][word[:depth]] = len(prefixes[depth])
                    by_depth[depth].append(word[:depth])
        levels = []
        for here, below in pairwise(prefixes):
            parents = np.array([here[prefix[:-1]] for prefix in below], dtype=np.int64)
            count = np.bincount(parents, minlength=len(here))
            levels.append(
                _Level(
                    np.array([letters[prefix[-1]] if prefix else 0 for prefix in here], dtype=np.int64),
                    np.array([number_of.get(prefix, -1) for prefix in here], dtype=np.int64),
                    np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64),
                    count,
                )
            )
        return cls(tuple(levels))

    def search(self, forms: Sequence[tuple[str, Case]], table: EditTable) -> tuple[Ints, Ints, Floats]:
        """(form number, word number, log P(form | word)) of all words that a form may have been.

        Forms longer than twelve letters have none.
        """
        costs = _Costs.of(table)
        units = _unit_numbers([form for form, _ in forms], table.units, costs.n_units - 1)
        length = np.array([min(len(form), _LONGEST) for form, _ in forms])
        cases = np.array([case for _, case in forms])
        width = int(length.max(initial=0)) + 1
        form = np.flatnonzero(np.array([len(text) <= _LONGEST for text, _ in forms], dtype=bool))
        node = np.zeros(len(form), dtype=np.int64)
        rows = np.full((len(form), width), _NONE, dtype=np.float32)
        rows[:, 0] = 0
        above, letter_above = np.full_like(rows, _NONE), np.zeros(len(form), dtype=np.int64)
        found = [(form[:0], form[:0], rows[:0, 0])]
        for depth, level in enumerate(self.levels):
            if not len(form):
                break
            word = level.words[node]
            score = rows[np.arange(len(form)), length[form]]
            hit = (word >= 0) & (score > WORST)
            found.append((form[hit], word[hit], score[hit]))
            if depth + 1 == len(self.levels):
                break
            count = level.n_children[node]
            parent = np.repeat(np.arange(len(form)), count)
            within = np.arange(len(parent)) - np.repeat(np.cumsum(count) - count, count)
            child = level.first_child[node][parent] + within
            capital = (cases[form[parent]] == Case.UPPER) | ((cases[form[parent]] == Case.TITLE) & (depth == 0))
            letter = self.levels[depth + 1].letters[child] + capital * table.n_small
            new = costs.advanced(rows, above, parent, units[form[parent]], letter, letter_above[parent], depth + 1)
            alive = _alive(new, form[parent])
            above, letter_above = rows[parent[alive]], letter[alive]
            form, node, rows = form[parent[alive]], child[alive], new[alive]
        joined = [np.concatenate(part) for part in zip(*found, strict=True)]
        return joined[0], joined[1], joined[2]


def _unit_numbers(forms: Sequence[str], units: dict[str, int], missing: int) -> Ints:
    """The number of the string of 1, 2 and 3 letters that starts at each place of each form, or `missing`."""
    width = min(_LONGEST, max((len(form) for form in forms), default=0))
    numbers = np.full((len(forms), width + 1, 3), missing, dtype=np.int64)
    for index, form in enumerate(forms):
        for start in range(min(len(form), width)):
            for size in (1, 2, 3):
                if start + size <= len(form):
                    numbers[index, start, size - 1] = units.get(form[start : start + size], missing)
    return numbers


@dataclass(frozen=True, slots=True)
class _Costs:
    """The table laid flat for many look-ups: `single[unit * n_letters + letter]`, the last unit being "missing"."""

    single: Floats
    of_pairs: Floats
    pairs: Ints
    two_as_one: Floats
    n_letters: int
    n_units: int

    @classmethod
    def of(cls, table: EditTable) -> _Costs:
        n_units, n_letters = table.single.shape
        none = np.full((1, n_letters), _NONE, dtype=np.float32)
        no_pair = np.full((len(table.of_pairs), 1), _NONE, dtype=np.float32)
        symbol = np.array([len(read) == 1 and not read.isalnum() for read in [*table.units, ""]])
        return cls(
            np.concatenate([table.single, none]).ravel(),
            np.concatenate([table.of_pairs, no_pair], axis=1).ravel(),
            table.pairs.ravel(),
            np.where(symbol, _TWO_AS_SYMBOL, _TWO_AS_ONE).astype(np.float32),
            n_letters,
            n_units + 1,
        )

    def advanced(
        self, rows: Floats, above: Floats, parent: Ints, units: Ints, letter: Ints, letter_above: Ints, depth: int
    ) -> Floats:
        """The rows one letter deeper: column j is the best log P(first j letters of the form | letters so far)."""
        old, older = rows.T[:, parent], above.T[:, parent]
        pair = self.pairs.take(letter_above * self.n_letters + letter) * self.n_units
        new = old + self.single.take(letter)
        new[: max(0, depth - _BEHIND)] = _NONE
        for end in range(max(1, depth - _BEHIND), min(len(old), depth + _AHEAD + 1)):
            for size in (1, 2, 3):
                if end >= size:
                    unit = units[:, end - size, size - 1]
                    gain = self.single.take(unit * self.n_letters + letter)
                    np.maximum(new[end], old[end - size] + gain, out=new[end])
            unit = units[:, end - 1, 0]
            row = unit * self.n_letters
            either = np.maximum(self.single.take(row + letter), self.single.take(row + letter_above))
            gain = np.maximum(self.of_pairs.take(pair + unit), either + self.two_as_one.take(unit))
            np.maximum(new[end], older[end - 1] + gain, out=new[end])
        result: Floats = new.T
        return result


def _alive(rows: Floats, form: Ints) -> npt.NDArray[np.bool_]:
    """Which beginnings are followed: the best of each form (forms lie together)."""
    best = rows.max(axis=1)
    order = np.lexsort((-best, form))
    first = np.searchsorted(form, form)
    rank = np.empty(len(form), dtype=np.int64)
    rank[order] = np.arange(len(form)) - first[order]
    alive: npt.NDArray[np.bool_] = (best > WORST) & (rank < _BEAM)
    return alive
