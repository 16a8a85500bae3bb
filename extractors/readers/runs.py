"""Characters of a page → runs: what stands in one line and one column, in whatever order the file prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from extractors.readers.glyphs import Glyphs, Places, columns, joined
from schemas.source import BBox

# A gap this many letter heights wide may part two columns; whether it does is seen on the whole page.
PIECE_GAP = 0.9
# Two runs are one where they share this much of the lower one's height and of the narrower one's width.
SAME_LINE, SAME_PLACE = 0.5, 0.3
# In sizes of the font: the narrowest space, and how near the second print of a letter stands to the first.
SPACE, DOUBLE = 0.17, 0.12
# How far back, in heights, the next letter of a run may stand; how much of the lower one's height both share.
BACK, SHARED = 0.1, 0.3
# Two characters with more than five spaces between them are not compared.
NEAR = 6


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one line and one column, with the box around those that have ink; some have."""

    glyphs: Glyphs
    box: BBox


def runs(glyphs: Glyphs, *, parted: bool) -> list[Run]:
    """The characters cut where the line, or (where columns are to be `parted`) the column ends."""
    cut = _cut(glyphs, parted)
    home = list(range(len(cut)))
    order = sorted(range(len(cut)), key=lambda at: cut[at].box.top)
    for place, at in enumerate(order):
        for other in order[place + 1 :]:
            if cut[other].box.top > cut[at].box.bottom:
                break
            if _interlaced(cut[at].box, cut[other].box):
                _unite(home, at, other)
    groups: dict[int, list[Run]] = {}
    for at, run in enumerate(cut):
        groups.setdefault(home[at], []).append(run)
    # A second font may fill in single letters; a run of single letters may have reached over two columns.
    woven = (group if len(group) == 1 else _cut(_sewn(group), parted) for group in groups.values())
    return [run for group in woven for run in group]


def _cut(glyphs: Glyphs, parted: bool) -> list[Run]:
    """The characters cut at the line ends, which are left out, and where they part; runs without ink are left out."""
    inked = np.flatnonzero(~glyphs.blank)
    if not len(inked):
        return []
    ends = np.array([*_ends(glyphs, inked, parted), len(glyphs)])
    starts = np.concatenate([[0], ends[:-1]])
    first = np.searchsorted(inked, starts)
    some = first < np.searchsorted(inked, ends)
    boxes = glyphs.boxes[inked]
    upper = np.minimum.reduceat(boxes[:, :2], first[some])
    lower = np.maximum.reduceat(boxes[:, 2:], first[some])
    places = zip(starts[some].tolist(), ends[some].tolist(), upper.tolist(), lower.tolist(), strict=True)
    return [Run(_without_end(glyphs, start, end), BBox(*low, *high)) for start, end, low, high in places]


def _without_end(glyphs: Glyphs, start: int, end: int) -> Glyphs:
    """A part without the line end with which it begins."""
    return glyphs.part(start + (glyphs.text[start] == "\n"), end)


def _ends(glyphs: Glyphs, inked: Places, parted: bool) -> list[int]:
    """The places where a run ends: line ends, and characters that part from those before them."""
    return sorted([*np.flatnonzero(glyphs.line_ends).tolist(), *_partings(glyphs, inked, parted)])


def _partings(glyphs: Glyphs, inked: Places, parted: bool) -> Iterator[int]:
    """The places of the characters with ink that part from the last one with ink before them in their line."""
    places = glyphs.boxes[inked].T
    (last_x0, last_top, last_x1, last_bottom), (x0, top, _, bottom) = places[:, :-1], places[:, 1:]
    one, other = last_bottom - last_top, bottom - top
    overlap = np.minimum(bottom, last_bottom) - np.maximum(top, last_top)
    height = np.maximum(np.maximum(one, other), 1.0)
    apart = (overlap < SHARED * np.minimum(one, other)) | (x0 < last_x0 - BACK * height)
    far = (x0 - last_x1 > PIECE_GAP * height) & ~apart & parted
    text, start = glyphs.text, 0
    for nth in np.flatnonzero(apart | far).tolist():
        last, at = int(inked[nth]), int(inked[nth + 1])
        if at - last > NEAR or "\n" in text[last:at]:
            continue
        if far[nth] and _is_marker(text[max(start, text.rfind("\n", 0, at) + 1) : at]):
            continue
        start = at
        yield at


def _is_marker(run: str) -> bool:
    """A number or bullet may stand far before its text."""
    text = run.strip()
    return len(text) <= 5 and (not text[:1].isalpha() or text[-1:] in ".)")


def _unite(home: list[int], one: int, other: int) -> None:
    kept, gone = sorted((home[one], home[other]))
    for at, place in enumerate(home):
        if place == gone:
            home[at] = kept


def _interlaced(one: BBox, other: BBox) -> bool:
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    narrower = min(one.x1 - one.x0, other.x1 - other.x0)
    return high > SAME_LINE * lower and wide > SAME_PLACE * narrower


def _sewn(group: list[Run]) -> Glyphs:
    """The characters of several runs from the left; spaces that were guessed are guessed anew, doubles left out."""
    glyphs = joined([run.glyphs for run in group])
    glyphs = glyphs.take(~glyphs.added)
    glyphs = glyphs.take(np.argsort(glyphs.boxes[:, 0], kind="stable"))
    boxes, sizes = [BBox(*box) for box in glyphs.boxes.tolist()], glyphs.sizes.tolist()
    kept: list[int] = []
    gaps: list[tuple[int, BBox]] = []
    for at, (char, box, size) in enumerate(zip(glyphs.text, boxes, sizes, strict=True)):
        if kept:
            last = boxes[kept[-1]]
            if glyphs.text[kept[-1]] == char and box.x0 - last.x0 < DOUBLE * size:
                continue
            if not (glyphs.blank[kept[-1]] or glyphs.blank[at]) and box.x0 - last.x1 > SPACE * size:
                gaps.append((len(kept), BBox(last.x1, last.top, box.x0, last.bottom)))
        kept.append(at)
    return _spaced(glyphs.take(np.array(kept, np.intp)), gaps)


def _spaced(glyphs: Glyphs, gaps: list[tuple[int, BBox]]) -> Glyphs:
    """The characters with a space before each of these places."""
    if not gaps:
        return glyphs
    at = [place for place, _ in gaps]
    return columns(
        np.insert(glyphs.codes, at, ord(" ")),
        np.insert(glyphs.boxes, at, [box for _, box in gaps], axis=0),
        np.insert(glyphs.sizes, at, 0.0),
        np.insert(glyphs.indices, at, 0),
        np.insert(glyphs.added, at, True),
    )
