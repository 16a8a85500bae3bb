"""Marks of emphasis that a web page or Markdown leaves in a text (`**`, `*`, `#`) → the words and what was bold."""

from __future__ import annotations

import re
from dataclasses import dataclass

# "** **", "* *" and "**" "**" back to back emphasise nothing.
EMPTY = re.compile(r"(?<!\*)(\*\*|\*)( +)\1(?!\*)")
RUN = re.compile(r"\*+")
HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)")
# "* Ghi chú": a star and a space at the line's start is a bullet, not emphasis.
BULLET = re.compile(r"^\s*\*\s+(?=[^\s*])")
STARRED = re.compile(r"^\*\*\s+[^\s*]")
RULE = re.compile(r"^\s*(?:[*_=~\-–—.…·•]\s*){3,}$")
ESCAPED = re.compile(r"\\(?=[.\-*#()\[\]_+!>|&])")
OPENS_BEFORE = re.compile(r"[\w\"“‘'(\[<+\-–/…]")


@dataclass(frozen=True, slots=True)
class _Mark:
    row: int
    start: int
    end: int

    @property
    def width(self) -> int:
        return self.end - self.start


def strip_emphasis(lines: list[str]) -> list[tuple[str, bool]]:
    """Each line of one paragraph without marks of emphasis, and whether the whole of it was bold or a heading.

    >>> strip_emphasis(["**1. Phổ biến, giáo dục Luật", "Việc làm** *(năm 2026) *và"])
    [('1. Phổ biến, giáo dục Luật', True), ('Việc làm (năm 2026) và', False)]
    >>> strip_emphasis(["* Ghi chú: (*) số liệu ước tính"])
    [('* Ghi chú: (*) số liệu ước tính', False)]
    """
    rows = _starred_item([ESCAPED.sub("", EMPTY.sub(r"\2", line)) for line in lines])
    headed = [bool(HEADING.match(row)) for row in rows]
    rows = [HEADING.sub("", row) for row in rows]
    marks = _emphasis(rows)
    bold = _bold_letters(rows, marks)
    texts = [_without(row, [mark for mark in marks if mark.row == number]) for number, row in enumerate(rows)]
    return [(text, head or whole) for text, head, whole in zip(texts, headed, bold, strict=True)]


def _starred_item(rows: list[str]) -> list[str]:
    """The rows of an emphasised item with a star of its own ("** Thuận lợi … thu*") without its emphasis."""
    text = "\n".join(rows).rstrip()
    odd = len(RUN.findall(text)) == 2 and STARRED.match(text) and text.endswith("*") and not text.endswith("**")
    return text[1:-1].split("\n") if odd else rows


def is_rule(text: str) -> bool:
    """Whether the line is a drawn rule: dashes, underscores, asterisks or dots only."""
    return bool(RULE.match(text))


def _emphasis(rows: list[str]) -> list[_Mark]:
    """The runs of stars that open or close emphasis; a star that stays without its pair is a star."""
    taken: list[_Mark] = []
    open_marks: dict[int, _Mark] = {}
    for mark in _runs(rows):
        row = rows[mark.row]
        if mark.width == 3:
            taken.append(mark)
        elif mark.width in open_marks:
            taken += [open_marks.pop(mark.width), mark]
        elif mark.width == 2 or _can_open(row, mark):
            open_marks[mark.width] = mark
    return sorted(taken + [mark for mark in open_marks.values() if mark.width == 2], key=lambda m: (m.row, m.start))


def _runs(rows: list[str]) -> list[_Mark]:
    found = []
    for number, row in enumerate(rows):
        if is_rule(row):
            continue
        bullet = BULLET.match(row)
        for run in RUN.finditer(row, bullet.end() if bullet else 0):
            if run.end() - run.start() <= 3:
                found.append(_Mark(number, run.start(), run.end()))
    return found


def _can_open(row: str, mark: _Mark) -> bool:
    before, after = row[: mark.start][-1:], row[mark.end :][:1]
    if not after:
        return mark.start == 0
    return bool(OPENS_BEFORE.match(after)) and (not before.isalnum() or after == "(")


def _bold_letters(rows: list[str], marks: list[_Mark]) -> list[bool]:
    """For each row, whether all its letters stand between double (or triple) stars."""
    inside, whole = False, []
    for number, row in enumerate(rows):
        seen, bold, at = False, True, 0
        stops = [mark for mark in marks if mark.row == number and mark.width >= 2]
        for end, mark in [(mark.start, mark) for mark in stops] + [(len(row), None)]:
            if any(char.isalnum() for char in row[at:end]):
                seen, bold = True, bold and inside
            if mark is not None:
                inside, at = not inside, mark.end
        whole.append(seen and bold)
    return whole


def _without(row: str, marks: list[_Mark]) -> str:
    for mark in reversed(marks):
        row = row[: mark.start] + row[mark.end :]
    return row
