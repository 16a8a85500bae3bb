"""All readings of a run of tokens as edges between boundaries, decoded exactly under the language model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from normalizers.restore.language import BREAK, LanguageModel
from normalizers.restore.memory import Memory

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_KEPT_POSTERIOR = 3e-5
_LOWEST = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Edges:
    """One word each, from boundary `start` to boundary `end`, sorted by start; `choice` says what it stands for."""

    start: Ints
    end: Ints
    word: Ints
    score: Floats
    choice: Ints

    def only(self, keep: npt.NDArray[np.bool_]) -> Edges:
        """The edges that are kept."""
        return Edges(self.start[keep], self.end[keep], self.word[keep], self.score[keep], self.choice[keep])


def _expanded(first: Ints, count: Ints) -> Ints:
    """first[0], first[0]+1 … (count[0] of them), first[1] …"""
    total = np.cumsum(count)
    return np.arange(total[-1] if len(total) else 0) - np.repeat(total - count - first, count)


def _group_sums(values: Floats, starts: Ints, counts: Ints) -> Floats:
    """log Σ exp of each group of `values`; groups lie one behind the other and none is empty."""
    top = np.maximum.reduceat(values, starts)
    return top + np.log(np.add.reduceat(np.exp(values - np.repeat(top, counts)), starts))


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Transitions `source` → `target` between states, grouped by target; the groups of a layer lie together.

    `layers` are (first arc, behind the last arc, first state, behind the last state) in order; `starts` and
    `counts` give the arcs of each state from the second layer on.
    """

    source: Ints
    gain: Floats
    first: Ints
    count: Ints
    layers: tuple[tuple[int, int], ...]

    def forward(self, initial: Floats) -> Floats:
        """log of the sum over all ways to each state; states without arcs start at `initial`."""
        alpha = initial.copy()
        for low, high in self.layers:
            count = self.count[low:high]
            begin = self.first[low]
            stop = self.first[high - 1] + self.count[high - 1]
            if begin == stop:
                continue
            some = count > 0
            values = alpha[self.source[begin:stop]] + self.gain[begin:stop]
            starts = self.first[low:high][some] - begin
            alpha[low:high][some] = _group_sums(values, starts, count[some])
        return alpha

    def backward(self, final: Floats) -> Floats:
        """log of the sum over all ways from each state to the end."""
        beta = final.copy()
        for low, high in reversed(self.layers):
            count = self.count[low:high]
            begin = self.first[low]
            stop = self.first[high - 1] + self.count[high - 1]
            if begin == stop:
                continue
            values = np.repeat(beta[low:high], count) + self.gain[begin:stop]
            source = self.source[begin:stop]
            base = int(source.min())
            size = int(source.max()) - base + 1
            top = values.max()
            sums = np.bincount(source - base, weights=np.exp(values - top), minlength=size)
            with np.errstate(divide="ignore"):
                added = (np.log(sums) + top).astype(np.float32)
            beta[base : base + size] = np.logaddexp(beta[base : base + size], np.maximum(added, _LOWEST))
        return beta


def _layers(start: Ints) -> tuple[tuple[int, int], ...]:
    """(first, behind the last) of each run of equal numbers."""
    cuts = np.flatnonzero(np.diff(start)) + 1
    bounds = [0, *cuts.tolist(), len(start)]
    return tuple(pairwise(bounds))


def _predecessors(edges: Edges) -> tuple[Ints, Ints, Ints]:
    """Edge numbers sorted by their end, and where in them the predecessors of each edge begin and how many."""
    order = np.argsort(edges.end, kind="stable")
    ends = edges.end[order]
    first = np.searchsorted(ends, edges.start, "left")
    return order, first, np.searchsorted(ends, edges.start, "right") - first


def _pair_arcs(edges: Edges) -> tuple[Ints, Ints, Ints, Ints]:
    """(previous edge, edge, first arc of each edge, number of arcs of each edge)."""
    order, first, count = _predecessors(edges)
    previous = order[_expanded(first, count)]
    current = np.repeat(np.arange(len(edges.start)), count)
    return previous, current, np.cumsum(count) - count, count


def pruned(edges: Edges, model: LanguageModel, memory: Memory) -> Edges:
    """The edges that are worth a closer look, by their posterior under pairs of words."""
    previous, current, first, count = _pair_arcs(edges)
    gain, _, _ = model.pair_scores(edges.word[previous], edges.word[current])
    gain = memory.mixed(edges.word[previous], edges.word[current], gain) + edges.score[current]
    arcs = _Arcs(previous, gain.astype(np.float32), first, count, _layers(edges.start))
    begins = (count == 0) & (edges.start == edges.start.min())
    ends = edges.end == edges.end.max()
    alpha = arcs.forward(np.where(begins, edges.score, _LOWEST).astype(np.float32))
    beta = arcs.backward(np.where(ends, 0, _LOWEST).astype(np.float32))
    total = np.logaddexp.reduce((alpha + beta)[ends])
    return edges.only(alpha + beta - total > np.log(_KEPT_POSTERIOR))


def posteriors(edges: Edges, model: LanguageModel, memory: Memory) -> Floats:
    """The posterior of each edge under triples of words, by the forward-backward algorithm."""
    previous, current, _, _ = _pair_arcs(edges)
    pair_gain, backoff, known = model.pair_scores(edges.word[previous], edges.word[current])
    by_edge = np.searchsorted(current, np.arange(len(edges.start) + 1))
    first, count = by_edge[previous], by_edge[previous + 1] - by_edge[previous]
    source = _expanded(first, count)
    target = np.repeat(np.arange(len(previous)), count)
    gain = model.triple_scores(
        edges.word[previous[source]],
        edges.word[previous[target]],
        edges.word[current[target]],
        pair_gain[target],
        backoff[source],
        known[source] & known[target],
    )
    gain = (
        memory.mixed(edges.word[previous[target]], edges.word[current[target]], gain) + edges.score[current[target]]
    )
    layers = _layers(edges.start[current])
    arcs = _Arcs(source, gain.astype(np.float32), np.cumsum(count) - count, count, layers)
    begins = edges.start[previous] == edges.start.min()
    head = edges.score[previous] + pair_gain + edges.score[current]
    alpha = arcs.forward(np.where(begins, head, _LOWEST).astype(np.float32))
    ends = edges.end[current] == edges.end.max()
    beta = arcs.backward(np.where(ends, 0, _LOWEST).astype(np.float32))
    log_total = np.logaddexp.reduce((alpha + beta)[ends])
    share = np.exp(np.minimum(0, alpha + beta - log_total))
    result = np.bincount(current, weights=share, minlength=len(edges.start))
    heads = edges.start == edges.start.min()
    result[heads] = np.bincount(previous, weights=share, minlength=len(edges.start))[heads]
    return np.minimum(1, result).astype(np.float32)


def best_path(edges: Edges, posterior: Floats) -> list[int]:
    """The edges of the path with the highest expected number of right words."""
    best: dict[int, tuple[float, int]] = {int(edges.start.min()): (0.0, -1)}
    start, end, value = edges.start.tolist(), edges.end.tolist(), posterior.tolist()
    for number, (begin, stop) in enumerate(zip(start, end, strict=True)):
        if begin in best:
            total = best[begin][0] + value[number] * _span(begin, stop)
            if stop not in best or total > best[stop][0]:
                best[stop] = total, number
    path: list[int] = []
    place = int(edges.end.max())
    while best[place][1] >= 0:
        path.append(best[place][1])
        place = start[best[place][1]]
    return path[::-1]


SLOT = 8
"""Boundaries of one token; those between are the places where it may fall apart."""


def _span(start: int, end: int) -> float:
    """How many tokens an edge covers."""
    return (end - start) / SLOT


def guard(edges: Edges) -> Edges:
    """The edges with a sentence break before and behind, so that every word has a context."""
    first, last = edges.start.min(), edges.end.max()
    return Edges(
        np.concatenate([[first - SLOT], edges.start, [last]]),
        np.concatenate([[first], edges.end, [last + SLOT]]),
        np.concatenate([[BREAK], edges.word, [BREAK]]),
        np.concatenate([[0], edges.score, [0]]).astype(np.float32),
        np.concatenate([[-1], edges.choice, [-1]]),
    )
