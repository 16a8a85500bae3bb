"""What a reader hands over: lines and tables in reading order, each with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class BBox(NamedTuple):
    """A rectangle on a page in points (1/72 inch), origin at the top left."""

    x0: float
    top: float
    x1: float
    bottom: float


class Noise(StrEnum):
    """Why a line is no content of the document: named, so that no line is lost silently."""

    PAGE_NUMBER = "page_number"
    RUNNING_HEAD = "running_head"
    FOOTNOTE = "footnote"
    RULE = "rule"
    """A line of dashes, underscores or asterisks."""
    STAMP = "stamp"
    """Incoming stamp, seal, digital signature stamp."""
    HANDWRITING = "handwriting"
    """Strokes of a signature read as letters by OCR."""
    REPEATED_HEAD = "repeated_head"
    """The head of a table printed again on its next page."""
    HIDDEN = "hidden"
    """Text that does not show: white, unpainted, on a hidden layer, marked as hidden in Word."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was dropped: `sha256` (64 hex digits) and `size` (bytes) are those of its own bytes."""

    path: Path
    name: str
    sha256: str
    size: int

    @property
    def document_id(self) -> str:
        """The first 16 hex digits of `sha256`: the same bytes are the same document."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page; `confidence` 0–100 where it was read by OCR, else None.

    `other` is what a second reading has in its place, where the two disagree on a digit.
    """

    text: str
    bbox: BBox
    confidence: float | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One replayable repair: `original[start:end] == before` becomes `after`; `score` is a posterior 0–1."""

    start: int
    end: int
    before: str
    after: str
    reason: str
    score: float = 1.0


LAYER_PAGES = "layer_pages"
"""The fact of a document that names the pages (1 2 3) whose text another OCR laid under their picture."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line (PDF, scan, text) or one whole paragraph (DOCX, HTML), NFC, without line end.

    `start` is the offset of the line in `RawDocument.text`. `page` counts from 1, None where the source has none.
    `paragraph` numbers the source's own paragraphs (DOCX, HTML): lines with the same number belong together and
    a new number is a new paragraph; None where the source has only printed lines (text, PDF, scan), which may be
    hard-wrapped. `blank_before` counts the empty lines above (text) or is 1 where a printed gap is clearly wider
    than the usual one (PDF, scan). `confidence` is 0–100 for OCR, else None. `noise` names why the line is no
    content. `original` is the text as the file had it, where restoration changed it; `edits` lead from it to `text`.
    """

    text: str
    start: int = 0
    page: int | None = None
    bbox: BBox | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    paragraph: int | None = None
    blank_before: int = 0
    bold: bool = False
    centered: bool = False
    noise: Noise | None = None
    original: str | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def source_text(self) -> str:
        """The line as the file had it, before restoration."""
        return self.text if self.original is None else self.original

    @property
    def end(self) -> int:
        """The offset behind the line's last character in `RawDocument.text`."""
        return self.start + len(self.source_text)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: `row`, `col` of its top left corner from 0, and how far it is merged."""

    row: int
    col: int
    lines: tuple[Line, ...]
    rowspan: int = 1
    colspan: int = 1

    @property
    def text(self) -> str:
        """The cell's lines joined by spaces."""
        return " ".join(line.text for line in self.lines if line.text)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in reading order; `cells` row by row, each merged cell once, at its top left corner.

    `pages` are the pages over which it runs. A head repeated on a later page is kept as lines of `repeated`.
    """

    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    pages: tuple[int, ...] = ()
    bbox: BBox | None = None
    repeated: tuple[Line, ...] = ()

    def grid(self) -> list[list[Cell | None]]:
        """`n_rows` × `n_cols` cells; a merged cell stands at every place that it covers."""
        grid: list[list[Cell | None]] = [[None] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.rowspan, self.n_rows)):
                for col in range(cell.col, min(cell.col + cell.colspan, self.n_cols)):
                    grid[row][col] = cell
        return grid

    @property
    def groups(self) -> tuple[tuple[Line, ...], ...]:
        """The lines in reading order, cell by cell; a repeated head before the first cell of its page."""
        heads = {page: tuple(line for line in self.repeated if line.page == page) for page in self._headed}
        made: list[tuple[Line, ...]] = []
        for cell in self.cells:
            page = cell.lines[0].page if cell.lines else None
            if page in heads:
                made.append(heads.pop(page))
            made.append(cell.lines)
        return (*made, *heads.values())

    @property
    def _headed(self) -> tuple[int | None, ...]:
        return tuple(dict.fromkeys(line.page for line in self.repeated))

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line of the table in reading order."""
        return tuple(line for group in self.groups for line in group)


Block = Line | Table


@dataclass(frozen=True, slots=True)
class RawDocument:
    """What a reader makes of a file: `text` is all lines (those of tables included) joined by newlines.

    Each line's `start` is its offset in `text`. `warnings` are Vietnamese sentences for staff.
    """

    source: SourceFile
    reader: str
    blocks: tuple[Block, ...]
    text: str
    n_pages: int | None = None
    warnings: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    """What the reader noticed (digital signature, page classes, encodings), name to value."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in reading order, those of tables included."""
        return tuple(
            line for block in self.blocks for line in (block.lines if isinstance(block, Table) else (block,))
        )
