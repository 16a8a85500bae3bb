"""A document's lines as one flat sheet: what the frame is read from, with folds and paragraph starts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from normalizers.enumerators import BULLETS, ORDINALS
from normalizers.fold import fold
from normalizers.unicode import tidy
from schemas.source import Block, Line, Table

_WORDLESS = re.compile(r"[\W_]*\Z")
_BULLET = re.compile(r"\s*[+" + re.escape(BULLETS) + r"]\s+(?P<first>\S)")
# "I. ", "IV.", "I1. " (an OCR slip of "II.")
_ROMAN = re.compile(r"[IVX](?:[IVX1l]{0,4})\s?[.,:/–-]\s?(?=[^\W\d])|[IVX]{1,4}\s[–-]\s")
# "Phần I", "Điều 2", "1. ", "1.2. ", "1.2 ", "A. ", "a) ", "(1) "
_OTHER_MARKER = re.compile(
    r"(?:phan|chuong|muc)\s+(?:thu\s+)?(?:[ivx\d]+|mot|bon|" + "|".join(ORDINALS) + r"|[a-z])\s*(?:[.:-]|\Z)"
    r"|phan thu \w+"
    r"|dieu\s+\d+\b"
    r"|\d{1,2}(?:\.\d{1,2})*\s?[.)]\s?(?=\D)"
    r"|\d{1,2}(?:\.\d{1,2})+\s+(?=\D)"
    r"|[a-z]\s?[.)]\s(?=\S)|\((?:[ivx]{1,4}|\d{1,2}|[a-z])\)\s?"
)
_GRID = 4.0  # points; scans are a little askew
_INDENT = (14.0, 60.0)  # points: 0.5 to 2 cm, more is a centred line or another column
_TERMINAL = (".", ";", ":", "./.", "!")


@dataclass(frozen=True, slots=True)
class Seen:
    """A printed line with words in it: `block` is the index of its block, `fold` the fold of `text`.

    `starts` tells whether a paragraph may begin here; `cell` is the (row, column) of a table's line, else None.
    """

    block: int
    text: str
    fold: str
    line: Line
    starts: bool
    cell: tuple[int, int] | None = None

    @property
    def upper(self) -> bool:
        """Whether its letters are capitals (a few slips of OCR allowed)."""
        letters = [letter for letter in self.text if letter.isalpha()]
        return len(letters) > 1 and sum(map(str.isupper, letters)) >= 0.9 * len(letters)


Sheet = tuple[Seen, ...]


def see(blocks: tuple[Block, ...]) -> Sheet:
    """The lines with words in reading order, those in tables cell by cell; noise and lone signs are left out."""
    found: list[tuple[int, Line, tuple[int, int] | None]] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Table):
            found += [(index, line, (cell.row, cell.col)) for cell in block.cells for line in cell.lines]
        else:
            found.append((index, block, None))
    kept = [
        (index, line, cell) for index, line, cell in found if line.noise is None and not _WORDLESS.match(line.text)
    ]
    usual = _usual_gap([line for _, line, cell in kept if cell is None])
    margins = _margins([line for _, line, cell in kept if cell is None])
    sheet: list[Seen] = []
    for index, line, cell in kept:
        text = tidy(line.text.replace("|", " "))
        before = sheet[-1] if sheet else None
        indented = cell is None and _indented(line, margins)
        starts = before is None or indented or _starts(before, index, line, cell, usual, text)
        sheet.append(Seen(index, text, fold(text), line, starts, cell))
    return tuple(sheet)


def marker(text: str) -> str:
    """The enumerator with which a line begins ("I. ", "1.2. ", "a) ", "Điều 2"), "" if with none; bullets are none.

    >>> marker("II. NỘI DUNG"), marker("Phần I. Nhiệm vụ"), marker("57-NQ/TW ngày")
    ('II. ', 'Phần I.', '')
    """
    found = _ROMAN.match(text) or _OTHER_MARKER.match(fold(text))
    return text[: found.end()] if found else ""


def _usual_gap(lines: list[Line]) -> int:
    """The empty lines that stand even between the lines of one paragraph (some readers double every line end)."""
    runs_on = Counter(line.blank_before for line in lines if line.text.lstrip()[:1].islower())
    return runs_on.most_common(1)[0][0] if runs_on else 0


def _margins(lines: list[Line]) -> dict[int | None, float]:
    """The left margin of each page, in points: where most of its lines begin."""
    begins: dict[int | None, Counter[float]] = {}
    for line in lines:
        if line.bbox is not None:
            begins.setdefault(line.page, Counter())[round(line.bbox.x0 / _GRID) * _GRID] += 1
    return {page: counted.most_common(1)[0][0] for page, counted in begins.items()}


def _indented(line: Line, margins: dict[int | None, float]) -> bool:
    """Whether the line stands in by the first line's indent of a printed paragraph."""
    return line.bbox is not None and _INDENT[0] < line.bbox.x0 - margins[line.page] < _INDENT[1]


def _starts(before: Seen, index: int, line: Line, cell: tuple[int, int] | None, usual: int, text: str) -> bool:
    if cell != before.cell or (cell is not None and index != before.block):
        return True
    if line.paragraph is not None or before.line.paragraph is not None:
        return line.paragraph != before.line.paragraph
    if line.blank_before > usual or before.text.endswith("./."):
        return True
    bullet = _BULLET.match(text)
    if bullet:  # a dash within a sentence may come to stand at the begin of a line: "tài chính / - ngân sách"
        return not bullet["first"].islower() or before.text.endswith((*_TERMINAL, ","))
    if marker(text):
        return True
    return before.text.endswith(_TERMINAL) and text[:1].isupper() and len(before.text) < 0.75 * max(len(text), 70)


def paragraph_end(sheet: Sheet, at: int) -> int:
    """The index behind the last line of the paragraph that holds line `at`."""
    end = at + 1
    while end < len(sheet) and not sheet[end].starts:
        end += 1
    return end


def join_lines(lines: list[str]) -> str:
    """The lines as one text: a number or name that was broken at its hyphen is closed up again.

    >>> join_lines(["Công văn số 6217/SNV-XDCQ-", "CTTN ngày 15/8/2025"])
    'Công văn số 6217/SNV-XDCQ-CTTN ngày 15/8/2025'
    """
    joined = ""
    for line in map(tidy, lines):
        broken = re.search(r"[^\W_][-/]\Z", joined) and line[:1].isalnum()
        joined += line if broken or not joined else " " + line
    return joined
