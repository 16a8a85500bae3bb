"""A map from 64-bit keys to small values in two flat arrays, which needs neither the keys nor any loading.

The fingerprint of a key is the exclusive or of three cells, and so is its value (a Bloomier filter on a spatially
coupled graph). A key that was never stored is told by its fingerprint but for one in 65,536. The keys cannot be
read out of the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
_SEGMENTS = 64
_ROOM = 1.16


def mix(keys: Keys, seed: int) -> Keys:
    """The keys scrambled (the finaliser of splitmix64)."""
    mixed = keys + np.uint64((0x9E3779B97F4A7C15 * (seed + 1)) & 0xFFFFFFFFFFFFFFFF)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


@dataclass(frozen=True, slots=True)
class StaticMap:
    """`prints` are cells of fingerprints, `values` cells of values at the same places."""

    prints: npt.NDArray[np.uint16]
    values: npt.NDArray[np.unsignedinteger]
    seed: int

    def get(self, keys: Keys) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """The value of each key, 0 where it is not there, and whether it is there."""
        mixed = mix(keys, self.seed)
        first, second, third = _places(mixed, len(self.prints))
        known = (self.prints[first] ^ self.prints[second] ^ self.prints[third]) == _fingerprints(mixed)
        values = np.zeros(len(keys), dtype=np.int64)
        first, second, third = first[known], second[known], third[known]
        values[known] = self.values[first] ^ self.values[second] ^ self.values[third]
        return values, known


def _places(mixed: Keys, n_cells: int) -> tuple[npt.NDArray[np.int64], ...]:
    """Three cells of a key, in three neighbouring segments."""
    width = n_cells // _SEGMENTS
    segment = (((mixed >> np.uint64(40)) * np.uint64(_SEGMENTS - 2)) >> np.uint64(24)).astype(np.int64)
    start = segment * width
    low = mixed & np.uint64(0xFFFFFFFF)
    again = (low * np.uint64(0x9E3779B1)) & np.uint64(0xFFFFFFFF)
    more = ((low ^ (mixed >> np.uint64(17))) * np.uint64(0x85EBCA6B)) & np.uint64(0xFFFFFFFF)
    offsets = [((part * np.uint64(width)) >> np.uint64(32)).astype(np.int64) for part in (low, again, more)]
    return start + offsets[0], start + width + offsets[1], start + 2 * width + offsets[2]


def _fingerprints(mixed: Keys) -> npt.NDArray[np.uint16]:
    """The fingerprint of each key."""
    return ((mixed * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(48)).astype(np.uint16)


def build(keys: Keys, values: npt.NDArray[np.unsignedinteger]) -> StaticMap:
    """The map of distinct keys to values of one type; the seed is the first with which it can be made."""
    n_cells = (int(len(keys) * _ROOM / _SEGMENTS) + 32) * _SEGMENTS
    for seed in range(64):
        mixed = mix(keys, seed)
        places = np.stack(_places(mixed, n_cells))
        rounds = _peel(places, n_cells)
        if rounds is not None:
            prints, stored = np.zeros(n_cells, dtype=np.uint16), np.zeros(n_cells, dtype=values.dtype)
            _assign(prints, _fingerprints(mixed), places, rounds)
            _assign(stored, values, places, rounds)
            return StaticMap(prints, stored, seed)
    raise ValueError("no seed makes the map")


def _assign(
    cells: npt.NDArray[np.unsignedinteger],
    wanted: npt.NDArray[np.unsignedinteger],
    places: npt.NDArray[np.int64],
    rounds: list[tuple[npt.NDArray[np.int64], ...]],
) -> None:
    """Fill the free cell of each key so that its three cells give what is wanted."""
    for key, free in reversed(rounds):
        others = cells[places[0, key]] ^ cells[places[1, key]] ^ cells[places[2, key]] ^ cells[free]
        cells[free] = wanted[key] ^ others


def _peel(places: npt.NDArray[np.int64], n_cells: int) -> list[tuple[npt.NDArray[np.int64], ...]] | None:
    """Rounds of (keys, their free cells): in a round, each key has a cell that no key of a later round uses."""
    degree = np.bincount(places.ravel(), minlength=n_cells)
    owner = np.zeros(n_cells, dtype=np.int64)
    numbers = np.arange(places.shape[1])
    for row in places:
        np.bitwise_xor.at(owner, row, numbers)
    rounds: list[tuple[npt.NDArray[np.int64], ...]] = []
    left = places.shape[1]
    free = np.flatnonzero(degree == 1)
    while len(free):
        key, first = np.unique(owner[free], return_index=True)
        rounds.append((key, free[first]))
        left -= len(key)
        for row in places[:, key]:
            np.subtract.at(degree, row, 1)
            np.bitwise_xor.at(owner, row, key)
        touched = np.unique(places[:, key].ravel())
        free = touched[degree[touched] == 1]
    return rounds if left == 0 else None
