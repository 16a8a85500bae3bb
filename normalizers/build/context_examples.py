"""What the network of the context is trained on: the places that the language model of other text leaves undecided.

The corpus is cut into two halves of many pieces; the model of one half reads the other, as it would read a text it
has not seen. Each example is a place, the words that a form may have been there (stripped of marks, or read by an
English model), and how the language model and the channel weigh them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normalizers.build import language
from normalizers.restore import assets
from normalizers.restore.alphabet import Case, bare
from normalizers.restore.context import FAR
from normalizers.restore.language import BREAK, GAP, SPECIAL, LanguageModel
from normalizers.restore.static_map import StaticMap

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
MOST = 24
"""Words that a form may have been, at most."""
PIECE = 8192
"""Words of a piece of the corpus."""
_MARGIN = 2 * FAR
_FORMS, _FORMS_OF_A_WORD = 9_000, 12
_FLATTER = 0.7
_SHARES = {False: 0.32, True: 0.2}
"""What share of the places is looked at: stripped, and read by an English model."""
_UNDECIDED, _DECIDED_SHARE = 0.97, 0.03
_PRIOR = 0.7
_NEVER = -99.0


@dataclass(frozen=True, slots=True)
class Examples:
    """Places of the text; for each the words it may hold (-1 behind the last), their scores, which is right."""

    places: npt.NDArray[np.int32]
    words: npt.NDArray[np.int16]
    scores: npt.NDArray[np.float16]
    right: npt.NDArray[np.int8]

    @classmethod
    def joined(cls, parts: list[Examples]) -> Examples:
        """All of them, one part behind the other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Lists:
    """The words of the same letters by word; the words that each form may be, and the forms of each word."""

    siblings: npt.NDArray[np.int16]
    of_form: npt.NDArray[np.int16]
    scores: Floats
    forms: npt.NDArray[np.int32]
    shares: npt.NDArray[np.float64]
    """How often a word is read as one of its first forms, added up."""


def siblings(words: list[str], counts: Ints) -> npt.NDArray[np.int16]:
    """For each word those of the same letters, the commonest first, padded with -1."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(words, start=len(SPECIAL)):
        groups[bare(word)].append(number)
    table = np.full((len(counts), MOST), -1, dtype=np.int16)
    for group in groups.values():
        common = sorted(group, key=lambda number: (-counts[number], number))[:MOST]
        table[np.array(group)[:, None], np.arange(len(common))] = common
    return table


def lists(loaded: assets.Assets, counts: Ints) -> Lists:
    """The lists of words of the model as the channels give them."""
    readings = _readings(loaded)
    total: Counter[str] = Counter()
    for of_one in readings.values():
        total.update(of_one)
    common = [form for form, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:_FORMS]]
    forms = [*common, *sorted({bare(word) for word in loaded.words} - set(common))]
    of_form, scores = np.full((len(forms), MOST), -1, dtype=np.int16), np.full((len(forms), MOST), _NEVER, np.float32)
    prior = (_PRIOR * loaded.model.unigrams[0]).astype(np.float32)
    for number, found in enumerate(loaded.noise.candidates(forms)):
        best = found.best(MOST, prior)
        of_form[number, : len(best.words)], scores[number, : len(best.words)] = best.words, best.scores
    words = list(loaded.words)
    return Lists(siblings(words, counts), of_form, scores, *_forms(words, forms, readings))


def _forms(
    words: list[str], forms: list[str], readings: dict[int, Counter[str]]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """The commonest forms of each word by number, padded with -1, and their shares added up."""
    numbers = {form: number for number, form in enumerate(forms)}
    size = len(SPECIAL) + len(words), _FORMS_OF_A_WORD
    of_word, shares = np.full(size, -1, dtype=np.int32), np.zeros(size)
    for number, word in enumerate(words, start=len(SPECIAL)):
        own: dict[int, float] = {numbers[form]: count for form, count in readings[number].items() if form in numbers}
        own[numbers[bare(word)]] = own.get(numbers[bare(word)], 0.0) + 1.0
        top = sorted(own.items(), key=lambda item: (-item[1], item[0]))[:_FORMS_OF_A_WORD]
        weights = np.array([count for _, count in top]) ** _FLATTER
        of_word[number, : len(top)], shares[number, : len(top)] = [form for form, _ in top], weights / weights.sum()
    return of_word, np.cumsum(shares, axis=1)


def _readings(loaded: assets.Assets) -> dict[int, Counter[str]]:
    """How often each word was read as which form, headings in capitals aside."""
    readings: dict[int, Counter[str]] = defaultdict(Counter)
    for form, words in loaded.noise.readings.items():
        for (case, number), count in words.items():
            if case is not Case.UPPER:
                readings[number + len(SPECIAL)][form] += count  # type: ignore[assignment]
    return readings


def halves(size: int, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    """The half (0 or 1) of each piece of a text."""
    return rng.integers(0, 2, size // PIECE + 1).astype(np.int8)


def model_of(text: language.Stream, keep: npt.NDArray[np.bool_]) -> LanguageModel:
    """The language model of the words that are kept."""
    ids = np.where(keep, text.ids, GAP)
    ids = ids[(ids != GAP) | (np.concatenate([[BREAK], ids[:-1]]) != GAP)]
    arrays, seeds = language.model(language.Stream(text.words, text.title, text.counts, ids))
    values: dict[str, npt.NDArray[np.unsignedinteger]] = arrays  # type: ignore[assignment]
    return LanguageModel(
        arrays[assets.UNIGRAMS].astype(np.float32),
        StaticMap(values[assets.PAIRS].astype(np.uint16), values[assets.PAIR_VALUES], seeds[0]),
        StaticMap(values[assets.TRIPLES].astype(np.uint16), values[assets.TRIPLE_VALUES], seeds[1]),
    )


def _in_place(model: LanguageModel, ids: Ints, places: Ints, words: npt.NDArray[np.int16]) -> Floats:
    """log P of each word in its place between its neighbours, up to a constant of the place."""
    asked = words >= 0
    row = np.repeat(np.arange(len(places)), asked.sum(axis=1))
    word = words[asked].astype(np.int64)
    left2, left, right, right2 = (ids[places + step] for step in (-2, -1, 1, 2))
    _, backoff, known = model.pair_scores(left2, left)
    low, low_backoff, low_known = model.pair_scores(left[row], word)
    mid, mid_backoff, mid_known = model.pair_scores(word, right[row])
    high, _, high_known = model.pair_scores(right, right2)
    scores = np.full(words.shape, _NEVER, dtype=np.float32)
    scores[asked] = (
        model.triple_scores(left2[row], left[row], word, low, backoff[row], known[row] & low_known)
        + model.triple_scores(left[row], word, right[row], mid, low_backoff, low_known & mid_known)
        + model.triple_scores(word, right[row], right2[row], high[row], mid_backoff, mid_known & high_known[row])
    )
    return scores


def _undecided(
    model: LanguageModel, ids: Ints, places: Ints, table: Lists, noisy: bool, rng: np.random.Generator
) -> Examples:
    """The examples of the places where the model gives the right word less than it should, and a few others."""
    truth = ids[places]
    if noisy:
        drawn = (rng.random(len(places))[:, None] > table.shares[truth]).sum(axis=1)
        form = table.forms[truth, np.minimum(drawn, _FORMS_OF_A_WORD - 1)]
        words, channel = table.of_form[form], np.where(form[:, None] >= 0, table.scores[form], np.float32(_NEVER))
    else:
        words, channel = table.siblings[truth], np.zeros((len(places), MOST), dtype=np.float32)
    hit = words == truth[:, None]
    able = hit.any(axis=1) & (words[:, 1] >= 0)
    places, words, channel, hit = places[able], words[able], channel[able], hit[able]
    scores = np.where(words >= 0, _in_place(model, ids, places, words) + channel, np.float32(_NEVER))
    scores -= scores.max(axis=1, keepdims=True)
    share = np.exp(scores)[hit] / np.exp(scores).sum(axis=1)
    keep = (share < _UNDECIDED) | (rng.random(len(places)) < _DECIDED_SHARE)
    return Examples(
        places[keep].astype(np.int32),
        words[keep],
        scores[keep].astype(np.float16),
        hit[keep].argmax(axis=1).astype(np.int8),
    )


def models(text: language.Stream, half: npt.NDArray[np.int8]) -> list[LanguageModel]:
    """For each half of the text the language model of the other one."""
    of_word = half[np.arange(len(text.ids)) // PIECE]
    return [model_of(text, of_word != number) for number in (0, 1)]


def examples(
    ids: Ints, half: npt.NDArray[np.int8], of_half: list[LanguageModel], table: Lists, noisy: bool, seed: int
) -> Examples:
    """The examples of one channel from a whole text without gaps, in order."""
    rng = np.random.default_rng(seed)
    parts = []
    for number, low in enumerate(range(0, len(ids), PIECE)):
        places = np.arange(max(low, _MARGIN), min(low + PIECE, len(ids) - _MARGIN))
        places = places[(ids[places] >= len(SPECIAL)) & (rng.random(len(places)) < _SHARES[noisy])]
        if len(places):
            parts.append(_undecided(of_half[half[number]], ids, places, table, noisy, rng))
    return Examples.joined(parts)
