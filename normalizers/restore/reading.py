"""Tokens read as words: the lattice of a document, decoded window by window."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from normalizers.restore.alphabet import Case, early_tone
from normalizers.restore.channel import Candidates, Channel
from normalizers.restore.context import Opinion
from normalizers.restore.language import BREAK, COMMA, NUMBER, UNKNOWN, LanguageModel
from normalizers.restore.lattice import SLOT, Edges, best_path, guard, posteriors, pruned
from normalizers.restore.memory import Memory
from normalizers.restore.slips import Slips
from normalizers.restore.tokens import Token, TokenKind
from schemas.progress import advance

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_MOST = 60
_SHOWN = 0.005
"""Rivals with a lower posterior are not told."""
_MOST_OF_A_PART = 6
_PRIOR_WEIGHT = 0.7
_STRAY_TAIL = -2.5
_DIGITS_ARE_A_NUMBER = -3.5
_KNOWN_FOREIGN = -7.0
_STRANGE, _STRANGE_LETTER, _STRANGE_MIX = -7.0, -1.8, -5.0
_DIGIT_WORD, _DIGITS_WORD = -4.5, -10.5
"""How likely a digit, or two, must be the reading of a word to be thought of as one."""
_JOIN = -6.5
_SPLIT = -6.0
_BAD = -9.0
_SHORT = 3
_WINDOW = 240
ABBREVIATION = re.compile(r"(?=.{3})(?:UB)?[BCDĐFGHKLMNPQRSTVX]+[A-ZĐ]?[BCDĐFGHKLMNPQRSTVX]*")
_ABBREVIATION_LETTER = -0.4
_AND = -5.5
_FIXED = {
    TokenKind.NUMBER: NUMBER,
    TokenKind.MARKER: BREAK,
    TokenKind.COMMA: COMMA,
    TokenKind.BREAK: BREAK,
    TokenKind.LATIN: UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A token and the number of its line; `glued` says that only a space lies between it and the one before."""

    line: int
    token: Token
    glued: bool
    sure: float | None = None
    """How sure OCR was of the word (0–100), where it said so."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading: tokens `first` to `last` of the document are `word`; `part` numbers the words of a split."""

    first: int
    last: int
    word: int
    case: Case
    with_tail: bool = False
    part: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """The chosen reading of a place, its posterior, and its rivals with theirs, best first."""

    choice: Choice
    posterior: float
    rivals: tuple[tuple[Choice, float], ...]


@dataclass(frozen=True, slots=True)
class Scorer:
    """What the lattice is built from and decoded with."""

    model: LanguageModel
    channel: Channel
    prior: Floats
    foreign: frozenset[str]
    parts: bool
    """Whether words may have fallen apart or run together."""
    slips: Slips | None = None
    """What the confidence of Vietnamese OCR says of each word; None for other damages."""

    def form(self, text: str) -> str:
        """The form under which the channel knows what was read: Vietnamese OCR reads both "hoà" and "hòa"."""
        return early_tone(text) if self.slips else text

    def unknown(self, form: str) -> float:
        """log P(form | a word that the model does not know)."""
        if form.lower() in self.foreign:
            return _KNOWN_FOREIGN
        if form == "&":
            return _AND
        if ABBREVIATION.fullmatch(form):
            return _KNOWN_FOREIGN + _ABBREVIATION_LETTER * len(form)
        mixed = not form.isdigit() and any(not letter.isalpha() for letter in form)
        return _STRANGE + _STRANGE_LETTER * len(form) + (_STRANGE_MIX if mixed else 0.0)


def read(places: Sequence[Place], scorer: Scorer, memory: Memory, opinion: Opinion | None = None) -> list[Reading]:
    """The readings of all places, in order; `opinion` is what the words of an earlier reading say of each place."""
    _search_at_once(places, scorer)
    readings: list[Reading] = []
    for low, high in _windows(places):
        advance()
        lattice = _lattice(places, low, high, scorer)
        readings.extend(_decoded(lattice if opinion is None else lattice.weighed(opinion), scorer, memory))
    return readings


def _search_at_once(places: Sequence[Place], scorer: Scorer) -> None:
    """Let the channel look up all forms in two searches: one by one is many times slower."""
    forms = [scorer.form(form) for place in places for form in _forms(place.token)]
    if scorer.parts:
        forms += [_joined(places, n) for n in range(len(places) - 1) if _may_join(places, n)]
    scorer.channel.prepare(forms)
    if scorer.parts:
        bad = [place.token.text for place in places if is_bad(place.token, scorer)]
        scorer.channel.prepare(
            [half for form in bad for cut in range(1, len(form)) for half in (form[:cut], form[cut:])]
        )


def _joined(places: Sequence[Place], number: int) -> str:
    return places[number].token.text + places[number + 1].token.text


def _best_score(form: str, scorer: Scorer) -> float:
    found = scorer.channel.candidates([scorer.form(form)])[0]
    return float(np.max(found.scores + scorer.prior[found.words], initial=-99))


def is_bad(token: Token, scorer: Scorer) -> bool:
    """Whether no reading of a longer word is likely, so that it may be two words."""
    long_word = token.kind is TokenKind.WORD and len(token.text) > _SHORT
    return (
        long_word
        and not ABBREVIATION.fullmatch(token.text)
        and all(_best_score(form, scorer) < _BAD for form in _forms(token))
    )


def _forms(token: Token) -> list[str]:
    if token.kind not in (TokenKind.WORD, TokenKind.DIGITS):
        return []
    return [token.text, token.text + token.tail] if token.tail else [token.text]


def _windows(places: Sequence[Place]) -> Iterator[tuple[int, int]]:
    """Yield ranges of places that end at a break where one is near."""
    low = 0
    while low < len(places):
        high = min(low + _WINDOW, len(places))
        if high < len(places):
            cuts = [
                n for n in range(low + 1, high) if places[n - 1].token.kind in (TokenKind.BREAK, TokenKind.MARKER)
            ]
            high = cuts[-1] if cuts else high
        yield low, high
        low = high


def _decoded(lattice: _Lattice, scorer: Scorer, memory: Memory) -> list[Reading]:
    edges = pruned(guard(lattice.edges), scorer.model, memory)
    posterior = posteriors(edges, scorer.model, memory)
    rivals = _rivals(edges, posterior, lattice)
    result = []
    for number in best_path(edges, posterior):
        if edges.choice[number] >= 0:
            choice = lattice.choice(int(edges.choice[number]))
            others = [(other, p) for other, p in rivals.get(choice.first, ()) if other != choice]
            result.append(Reading(choice, float(posterior[number]), tuple(others[:4])))
    return result


def _rivals(edges: Edges, posterior: Floats, lattice: _Lattice) -> dict[int, list[tuple[Choice, float]]]:
    """For each token its likeliest readings with their posteriors, best first."""
    by_place: dict[int, list[tuple[Choice, float]]] = {}
    order = np.argsort(-posterior)
    for number in order[posterior[order] >= _SHOWN].tolist():
        if edges.choice[number] >= 0:
            choice = lattice.choice(int(edges.choice[number]))
            by_place.setdefault(choice.first, []).append((choice, float(posterior[number])))
    return by_place


class _Builder:
    """Collects edges block by block; a `Choice` is only made of those that matter."""

    def __init__(self) -> None:
        self.likes: list[Choice] = []
        self.spans: list[tuple[int, int]] = []
        self.words: list[Ints] = []
        self.scores: list[Floats] = []
        self.cases: list[npt.NDArray[np.int8]] = []

    def add(self, start: int, end: int, score: float, choice: Choice) -> None:
        """Add one edge."""
        case = np.array([choice.case], dtype=np.int8)
        found = Candidates(np.array([choice.word]), np.array([score], dtype=np.float32), case)
        self.add_all(start, end, found, 0.0, choice)

    def add_all(self, start: int, end: int, found: Candidates, extra: float, like: Choice) -> None:
        """Add an edge for each candidate; `like` says what tokens they are readings of."""
        self.likes.append(like)
        self.spans.append((start, end))
        self.words.append(found.words)
        self.scores.append(found.scores + np.float32(extra))
        self.cases.append(found.cases)

    def built(self) -> _Lattice:
        """The lattice of all that was added."""
        sizes = [len(words) for words in self.words]
        block = np.repeat(np.arange(len(sizes)), sizes)
        spans = np.array(self.spans, dtype=np.int64)[block]
        words, scores = np.concatenate(self.words), np.concatenate(self.scores)
        order = np.lexsort((spans[:, 1], spans[:, 0]))
        edges = Edges(spans[order, 0], spans[order, 1], words[order], scores[order], order)
        return _Lattice(edges, block, np.concatenate(self.cases), words, self.likes)


@dataclass(frozen=True, slots=True)
class _Lattice:
    """Edges and, by the number of a choice, what it stands for."""

    edges: Edges
    block: Ints
    cases: npt.NDArray[np.int8]
    words: Ints
    likes: list[Choice]

    def weighed(self, opinion: Opinion) -> _Lattice:
        """The lattice with the opinion of each whole word added to its score."""
        whole = np.array([like.first == like.last and not like.part for like in self.likes])
        place = np.array([like.first for like in self.likes], dtype=np.int64)
        block = self.block[self.edges.choice]
        asked = np.flatnonzero(whole[block] & (self.edges.word != UNKNOWN))
        scores = self.edges.score.copy()
        scores[asked] += opinion.gains(place[block[asked]], self.edges.word[asked])
        return replace(self, edges=replace(self.edges, score=scores))

    def choice(self, number: int) -> Choice:
        """The choice of a number."""
        like = self.likes[self.block[number]]
        case = Case(int(self.cases[number]))
        return Choice(like.first, like.last, int(self.words[number]), case, like.with_tail, like.part)


def _lattice(places: Sequence[Place], low: int, high: int, scorer: Scorer) -> _Lattice:
    builder = _Builder()
    for number in range(low, high):
        token, start = places[number].token, number * SLOT
        if token.kind in _FIXED:
            builder.add(start, start + SLOT, 0.0, Choice(number, number, _FIXED[token.kind], Case.LOWER))
        elif token.kind is TokenKind.DIGITS:
            builder.add(start, start + SLOT, _DIGITS_ARE_A_NUMBER, Choice(number, number, NUMBER, Case.LOWER))
            found = scorer.channel.candidates([token.text])[0].best(8, scorer.prior)
            found = found.likely(_DIGIT_WORD if len(token.text) == 1 else _DIGITS_WORD)
            builder.add_all(start, start + SLOT, found, 0.0, Choice(number, number, UNKNOWN, Case.LOWER))
        else:
            _add_word(builder, places, number, scorer, number + 1 < high)
    return builder.built()


def _add_word(builder: _Builder, places: Sequence[Place], number: int, scorer: Scorer, has_next: bool) -> None:
    token, start = places[number].token, number * SLOT
    kept = Choice(number, number, UNKNOWN, Case.LOWER)
    found = scorer.channel.candidates([scorer.form(token.text)])[0]
    unknown = scorer.unknown(token.text)
    if scorer.slips:
        found = scorer.slips.weighed(found, token.text, places[number].sure)
        unknown += scorer.slips.odds(places[number].sure)[0]
    builder.add(start, start + SLOT, unknown, kept)
    found = found.best(_MOST, scorer.prior)
    builder.add_all(start, start + SLOT, found, _STRAY_TAIL if token.tail else 0.0, kept)
    if token.tail:
        more = scorer.channel.candidates([token.text + token.tail])[0].best(_MOST, scorer.prior)
        builder.add_all(start, start + SLOT, more, 0.0, Choice(number, number, UNKNOWN, Case.LOWER, with_tail=True))
    if scorer.parts and is_bad(token, scorer):
        _add_split(builder, token.text, number, scorer)
    if scorer.parts and has_next and _may_join(places, number):
        joined = scorer.channel.candidates([_joined(places, number)])[0].best(_MOST_OF_A_PART, scorer.prior)
        like = Choice(number, number + 1, UNKNOWN, Case.LOWER)
        builder.add_all(start, start + 2 * SLOT, joined, _JOIN, like)


def _may_join(places: Sequence[Place], number: int) -> bool:
    """Whether two neighbouring pieces may be halves of one word."""
    left, right = places[number].token, places[number + 1]
    if left.kind is not TokenKind.WORD:
        return False
    if right.token.kind is not TokenKind.WORD or not right.glued or left.tail:
        return False
    return min(len(left.text), len(right.token.text)) <= 2 and len(left.text) + len(right.token.text) <= 7


def _add_split(builder: _Builder, form: str, number: int, scorer: Scorer) -> None:
    """Add the best ways to read a form as two words run together."""
    ways = []
    for cut in range(1, len(form)):
        halves = scorer.channel.candidates([form[:cut], form[cut:]])
        halves = [half.best(_MOST_OF_A_PART, scorer.prior) for half in halves]
        value = sum(float(np.max(half.scores + scorer.prior[half.words], initial=-99)) for half in halves)
        ways.append((value, cut, halves))
    start = number * SLOT
    for place, (_, _, (left, right)) in enumerate(sorted(ways, key=lambda way: -way[0])[:3], start=1):
        builder.add_all(start, start + place, left, _SPLIT, Choice(number, number, UNKNOWN, Case.LOWER, part=1))
        builder.add_all(start + place, start + SLOT, right, 0.0, Choice(number, number, UNKNOWN, Case.LOWER, part=2))
