"""The words around a row in a text without pages, and what a restored row was in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from schemas.task import TaskRow

AROUND = 1500
"""Letters of the text shown before and behind a row."""
MOST_WORDS = 3000
MARKER = re.compile(r"^(?:[-–•*+]|\(?[0-9A-Za-zĐđ.]{1,6}[.)])$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text with the row's own words `marked`."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as they are now; `was` is what the file had in their place ("" nothing), None where the same."""

    now: str
    was: str | None = None


def passage(text: str, row: TaskRow) -> Passage:
    """The row's place in its document's text; a row without one (added by a person) is shown alone."""
    if row.char_start is None or row.char_end is None or not 0 <= row.char_start <= row.char_end <= len(text):
        return Passage("", row.source_text, "")
    first, last = max(0, row.char_start - AROUND), row.char_end + AROUND
    before, after = text[first : row.char_start], text[row.char_end : last]
    if first:
        before = "…" + before.partition("\n")[2]
    if last < len(text):
        after = after.rpartition("\n")[0] + "…"
    return Passage(before, text[row.char_start : row.char_end], after)


def restored_pieces(row: TaskRow) -> tuple[Piece, ...]:
    """The row's words beside those of the file, where restoration changed any; empty where it changed none."""
    now, was = row.text.split(), row.source_text.split()
    while was and now and was[0] != now[0] and MARKER.match(was[0]):
        was = was[1:]
    if not row.source_text or now == was or len(now) + len(was) > MOST_WORDS:
        return ()
    return tuple(_pieces(now, was))


def _pieces(now: list[str], was: list[str]) -> Iterator[Piece]:
    for kind, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(" ".join(now[k:m]))
        elif kind == "replace" and j - i == m - k:
            yield from (Piece(one, other) for one, other in zip(now[k:m], was[i:j], strict=True))
        else:
            yield Piece(" ".join(now[k:m]), " ".join(was[i:j]))
