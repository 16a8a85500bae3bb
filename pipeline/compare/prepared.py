"""A plan's rows made ready once, to be held against every criterion."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from normalizers.words import words
from pipeline.compare.phrases import Atom, Sentence, lexicon, phrase, plain, sentence, sentences, spelled_out
from schemas.task import Kind, TaskRow

COUNTED = (Kind.TASK, Kind.REQUEST)
SUPPORTING = (Kind.REQUIREMENT, Kind.MILESTONE)
_NOT_WORDS = frozenset(
    (
        *["và", "của", "cho", "tại", "các", "những", "với", "về", "theo", "trong", "khi", "để", "là", "có", "được"],
        "đối_với",
        "ở",
        "do",
        "bằng",
        "từ",
        "đến",
    )
)

_NEAR_HEADINGS = 2

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """A row in the plain form: its sentences, its headings (nearest first), the two nearest as one, its leads."""

    row: TaskRow
    sentences: tuple[Sentence, ...]
    headings: tuple[Sentence, ...]
    heading: Sentence
    leads: Sentence
    everything: Sentence
    found: dict[tuple[int, str], bool] = field(default_factory=dict)
    known: dict[str, bool] = field(default_factory=dict)
    counted: list[Mapping[str, int]] = field(default_factory=list)
    vectors: dict[int, Vector] = field(default_factory=dict)

    @property
    def counts(self) -> Mapping[str, int]:
        """The row's words, counted when they are first wanted: splitting a text into words is what costs."""
        if not self.counted:
            self.counted.append(Counter(content_words(self.row.text)))
        return self.counted[0]

    def may_hold(self, said: str) -> bool:
        """Whether anything in the row or above it holds the phrase: asked once, before its sentences are."""
        held = self.known.get(said)
        if held is None:
            held = True
            for atom in phrase(said).atoms:  # a plain loop: this is what comparing costs
                if not self._atom(self.everything, atom):
                    held = False
                    break
            self.known[said] = held
        return held

    def holds(self, at: int, said: str) -> bool:
        """Whether sentence `at` holds the phrase; answers are kept, because criteria share phrases."""
        key = (at, said)
        if key not in self.found:
            self.found[key] = all(self._atom(self.sentences[at], atom) for atom in phrase(said).atoms)
        return self.found[key]

    def _atom(self, sentence: Sentence, atom: Atom) -> bool:
        if atom.where == "@":
            return any(self.leads.holds(one.atoms[0]) for one in lexicon().bodies[atom.key])
        return sentence.holds(atom) or (atom.where == "#" and self.heading.holds(atom))

    def in_heading(self, said: str) -> bool:
        """Whether the nearest headings hold the phrase."""
        return _holds(self.heading, said)


def _holds(sentence: Sentence, said: str) -> bool:
    atoms = [atom for atom in phrase(said).atoms if atom.where != "@"]
    return bool(atoms) and all(sentence.holds(atom) for atom in atoms)


def content_words(text: str) -> list[str]:
    """The words that carry meaning.

    >>> content_words("Bố trí hòm thư tại trụ sở")
    ['bố_trí', 'hòm_thư', 'trụ_sở']
    """
    return [
        word
        for word in words(spelled_out(text))
        if word not in _NOT_WORDS and any(letter.isalnum() for letter in word)
    ]


def _one(text: str) -> Sentence:
    return sentence(plain(text))


def prepare(row: TaskRow) -> PreparedRow:
    """The row made ready."""
    headings = tuple(_one(title) for title in reversed(_headings(row)))
    said = sentences(row.text)
    return PreparedRow(
        row,
        said,
        headings,
        _one(" ; ".join(_headings(row)[-_NEAR_HEADINGS:])),
        _one(" ; ".join(row.lead)),
        sentence(" ".join(one.marked for one in said) + _one(" ; ".join(_headings(row))).marked),
    )


def _headings(row: TaskRow) -> tuple[str, ...]:
    titles = row.heading_path
    if row.section_title and row.section_title not in titles:
        return (row.section_title, *titles)
    return titles


def prepare_rows(rows: Iterable[TaskRow]) -> tuple[PreparedRow, ...]:
    """The rows that may speak for a criterion, made ready: tasks and requests, and those that may support them."""
    return tuple(prepare(row) for row in rows if row.kind in COUNTED or row.kind in SUPPORTING)


@dataclass(frozen=True, slots=True)
class Weights:
    """How rare each word is among the criteria of a set; a word of none of them is as rare as can be."""

    idf: Mapping[str, float]
    unseen: float

    @classmethod
    def of(cls, texts: Iterable[str]) -> Weights:
        """The weights learned from texts."""
        seen = [set(content_words(text)) for text in texts]
        counts = Counter(word for one in seen for word in one)
        total = len(seen) + 1
        return cls({word: 1 + math.log(total / (n + 1)) for word, n in counts.items()}, 1 + math.log(total))

    def vector_of(self, row: PreparedRow) -> Vector:
        """The TF-IDF vector of a row, made once."""
        key = id(self)
        if key not in row.vectors:
            row.vectors[key] = self.vector(row.counts)
        return row.vectors[key]

    def vector(self, counts: Mapping[str, int]) -> Vector:
        """The TF-IDF vector of length 1; empty for no words."""
        raw = {word: (1 + math.log(n)) * self.idf.get(word, self.unseen) for word, n in counts.items()}
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {word: value / length for word, value in raw.items()}


def cosine(first: Vector, second: Vector) -> float:
    """The cosine of two vectors of length 1, 0–1."""
    if len(first) > len(second):
        first, second = second, first
    return sum(value * second.get(word, 0.0) for word, value in first.items())


def recall(wanted: Vector, given: Vector) -> float:
    """The share of the wanted weight whose words are given, 0–1."""
    total = sum(value * value for value in wanted.values())
    return sum(value * value for word, value in wanted.items() if word in given) / total if total else 0.0
