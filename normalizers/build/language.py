"""The syllable language model: an interpolated modified Kneser-Ney trigram, pruned, as flat arrays."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normalizers.build.corpus import LINE_END, Corpus
from normalizers.build.typos import repaired
from normalizers.restore import assets, static_map
from normalizers.restore.alphabet import bare, early_tone, is_syllable
from normalizers.restore.language import (
    BREAK,
    GAP,
    LOWEST,
    NUMBER,
    SPECIAL,
    STEP,
    UNKNOWN,
    WORD_BITS,
    pair_keys,
    triple_keys,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Arrays = tuple[dict[str, npt.NDArray[np.generic]], tuple[int, int]]
_ROMAN = re.compile(r"[IVX]{1,5}")
_BREAKS = frozenset(".:;?!")
_SYLLABLE_COUNT = 3
_OTHER_COUNT = 150
_FOREIGN_COUNT = 12
_PAIR_CUT = 2
_TRIPLE_CUT = 2
_GAIN = 1.6
"""What a triple seen just often enough must change, in nats an occurrence, to be kept."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The corpus as word numbers, breaks collapsed; `words` are the vocabulary behind the special tokens."""

    words: list[str]
    title: npt.NDArray[np.uint8]
    counts: Ints
    ids: Ints


def canonical(token: str) -> str:
    """The form under which a token is counted.

    >>> [canonical(token) for token in ("Hoà", "2025", "III", ";")]
    ['hòa', '<num>', '<num>', '<s>']
    """
    if token[0].isdigit() or _ROMAN.fullmatch(token):
        return SPECIAL[NUMBER]
    if token in _BREAKS:
        return SPECIAL[BREAK]
    return early_tone(token.lower())


def vocabulary(corpus: Corpus) -> list[str]:
    """The words that the model knows, sorted: syllables, and other words that are common."""
    frequency = np.bincount(corpus.ids, minlength=len(corpus.types))
    total: Counter[str] = Counter()
    for token, count in zip(corpus.types, frequency.tolist(), strict=True):
        if token[0].isalpha():
            total[canonical(token)] += count
    for name in SPECIAL:
        total.pop(name, None)
    syllables = {word for word, count in total.items() if count >= _SYLLABLE_COUNT and is_syllable(word)}
    stripped = {bare(word) for word in syllables}
    others = {word for word, count in total.items() if count >= _OTHER_COUNT and not is_syllable(word)}
    return sorted(syllables | (others - stripped))


def foreign(corpus: Corpus, words: list[str]) -> list[str]:
    """Words in Latin letters that are no syllables and too rare for the model, but known, sorted."""
    frequency = np.bincount(corpus.ids, minlength=len(corpus.types))
    total: Counter[str] = Counter()
    for token, count in zip(corpus.types, frequency.tolist(), strict=True):
        if token.isascii() and token.isalpha() and len(token) > 2:
            total[token.lower()] += count
    known = {*words, *(bare(word) for word in words if is_syllable(word))}  # "nguyen" is no foreign word
    return sorted(
        word
        for word, count in total.items()
        if count >= _FOREIGN_COUNT
        and word not in known
        and not is_syllable(word)
        and not _ROMAN.fullmatch(word.upper())
    )


def stream(corpus: Corpus, words: list[str]) -> Stream:
    """The corpus in the numbers of the vocabulary."""
    numbers = {word: index for index, word in enumerate([*SPECIAL, *words])}
    of_type = np.array(
        [GAP if token == LINE_END else numbers.get(canonical(token), UNKNOWN) for token in corpus.types]
    )
    lower = np.array([token[0].islower() for token in corpus.types])
    ids = of_type[corpus.ids]
    following_lower = np.append(lower[corpus.ids[1:]], False)
    ids = np.where((ids == GAP) & ~following_lower, BREAK, ids)
    previous = np.append(BREAK, ids[:-1])
    keep = ~((ids <= BREAK) & (previous <= BREAK))
    ids, previous, cased = (
        ids[keep],
        previous[keep],
        np.array([t[0].isupper() for t in corpus.types])[corpus.ids[keep]],
    )
    counts = np.bincount(ids, minlength=len(numbers))
    inner = previous > BREAK
    titled = np.bincount(ids[inner & cased], minlength=len(numbers))
    within = np.maximum(1, np.bincount(ids[inner], minlength=len(numbers)))
    return Stream(words, np.round(titled / within * 255).astype(np.uint8), counts, ids)


def without_slips(text: Stream) -> tuple[Stream, int]:
    """The stream with the corpus's own OCR slips put right, and how many there were."""
    ids, slips = repaired(text.ids, text.words)
    counts = np.bincount(ids, minlength=len(text.counts))
    return Stream(text.words, text.title, counts, ids), slips


def _counted(keys: Ints) -> tuple[Ints, Ints]:
    found, counts = np.unique(keys, return_counts=True)
    return found, counts


def _discounts(counts: Ints) -> Floats:
    """The modified Kneser-Ney discounts for counts 0, 1, 2 and 3 or more."""
    n1, n2, n3, n4 = (max(1, int(np.sum(counts == k))) for k in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    return np.array([0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])


def _grouped(values: Floats, groups: Ints, size: int) -> Floats:
    sums: Floats = np.bincount(groups, weights=values, minlength=size).astype(np.float64)
    return sums


def _smoothed(counts: Ints, history: Ints, n_histories: int, lower: Floats) -> tuple[Floats, Floats]:
    """Interpolated probabilities of n-grams and the weight that each history leaves to the lower order."""
    discount = _discounts(counts)[np.minimum(counts, 3)]
    total = np.maximum(1, _grouped(counts.astype(float), history, n_histories))
    left = _grouped(discount, history, n_histories) / total
    return (counts - discount) / total[history] + left[history] * lower, np.where(left > 0, left, 1.0)


def _pruned_backoff(probability: Floats, lower: Floats, history: Ints, n_histories: int) -> Floats:
    """What a history must give the lower order so that its probabilities sum to one."""
    kept = _grouped(probability, history, n_histories)
    covered = _grouped(lower, history, n_histories)
    return np.clip((1 - kept) / np.maximum(1e-4, 1 - covered), 1e-4, 1.0)


def model(text: Stream) -> Arrays:
    """The arrays of the model by file name, and the seeds of the maps of the pairs and triples that were kept."""
    size = len(SPECIAL) + len(text.words)
    ids = text.ids
    first, second, third = ids[:-2], ids[1:-1], ids[2:]
    whole = (first != GAP) & (second != GAP) & (third != GAP)
    bits = np.int64(WORD_BITS)
    triples, triple_counts = _counted((((first << bits) | second) << bits | third)[whole])
    raw = _counted(((ids[:-1] << bits) | ids[1:])[(ids[:-1] != GAP) & (ids[1:] != GAP)])
    pairs, pair_counts = raw[0], _continuations(raw, triples, bits)
    words_after = np.bincount(pairs & ((1 << WORD_BITS) - 1), minlength=size)
    words_after[BREAK] = max(1, words_after[BREAK])
    unigram = (words_after + 0.5) / (words_after + 0.5).sum()
    pair_history, pair_word = pairs >> bits, pairs & ((1 << WORD_BITS) - 1)
    pair_p, _ = _smoothed(pair_counts, pair_history, size, unigram[pair_word])
    triple_history = np.searchsorted(pairs, triples >> bits)
    triple_lower = np.searchsorted(pairs, triples & ((1 << (2 * WORD_BITS)) - 1))
    triple_p, _ = _smoothed(triple_counts, triple_history, len(pairs), pair_p[triple_lower])
    kept3 = _worth(triple_p, pair_p[triple_lower], triple_counts, _TRIPLE_CUT)
    needed = np.zeros(len(pairs), dtype=bool)
    needed[triple_history[kept3]] = needed[triple_lower[kept3]] = True
    kept2 = needed | (raw[1] >= _PAIR_CUT)
    backoff1 = _pruned_backoff(pair_p[kept2], unigram[pair_word[kept2]], pair_history[kept2], size)
    backoff2 = _pruned_backoff(triple_p[kept3], pair_p[triple_lower[kept3]], triple_history[kept3], len(pairs))
    print(f"{size} words, {kept2.sum()} of {len(pairs)} pairs, {kept3.sum()} of {len(triples)} triples")
    return _arrays(
        np.stack([np.log(unigram), np.log(backoff1)]).astype(np.float32),
        (pairs[kept2], pair_p[kept2], backoff2[kept2]),
        (triples[kept3], triple_p[kept3]),
    )


def _continuations(raw: tuple[Ints, Ints], triples: Ints, bits: np.int64) -> Ints:
    """In how many contexts each pair follows; pairs after a break keep their counts, nothing stands before it."""
    pairs, counts = raw
    inner, contexts = _counted(triples & ((np.int64(1) << 2 * bits) - 1))
    result = counts.copy()
    result[np.searchsorted(pairs, inner)] = contexts
    return np.where(pairs >> bits == BREAK, counts, np.maximum(1, result))


def _worth(probability: Floats, lower: Floats, counts: Ints, cut: int) -> npt.NDArray[np.bool_]:
    """Which n-grams are kept: seen more than `cut` times, or `cut` times where the lower order is far off."""
    gain = counts * np.abs(np.log(probability) - np.log(lower))
    kept: npt.NDArray[np.bool_] = (counts > cut) | ((counts == cut) & (gain > _GAIN * cut))
    return kept


def quantised(log_probability: Floats) -> npt.NDArray[np.uint32]:
    """Natural logarithms as steps of `STEP` below zero, 0 to `LOWEST`."""
    return np.clip(np.round(-log_probability / STEP), 0, LOWEST).astype(np.uint32)


def _arrays(
    unigrams: npt.NDArray[np.float32], pairs: tuple[Ints, Floats, Floats], triples: tuple[Ints, Floats]
) -> Arrays:
    mask = (1 << WORD_BITS) - 1
    keys2 = pair_keys(pairs[0] >> WORD_BITS, pairs[0] & mask)
    values2 = quantised(np.log(pairs[1])) | (quantised(np.log(pairs[2])) << np.uint32(8))
    map2 = static_map.build(keys2, values2.astype(np.uint16))
    first, second, third = triples[0] >> 2 * WORD_BITS, (triples[0] >> WORD_BITS) & mask, triples[0] & mask
    map3 = static_map.build(triple_keys(first, second, third), quantised(np.log(triples[1])).astype(np.uint8))
    return {
        assets.UNIGRAMS: unigrams,
        assets.PAIRS: map2.prints,
        assets.PAIR_VALUES: map2.values,
        assets.TRIPLES: map3.prints,
        assets.TRIPLE_VALUES: map3.values,
    }, (map2.seed, map3.seed)
