"""A whole document restored: every line keeps its place, those of tables included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from normalizers.restore.evidence import Restoration, replayed
from normalizers.restore.lines import Sure, goes_on
from schemas.restored import RestoredDocument
from schemas.source import LAYER_PAGES, Block, Cell, Edit, Line, RawDocument, Table

_REGION_LINES = 40


def restored_document(raw: RawDocument, restoration: Restoration) -> RestoredDocument:
    """The document with the edits of a restoration of its lines; good lines are the very same objects."""
    changed = {
        id(line): _repaired(line, edits) for line, edits in zip(raw.lines, restoration.edits, strict=True) if edits
    }
    return RestoredDocument(raw, tuple(_block(block, changed) for block in raw.blocks), restoration.damage)


def regions(lines: Sequence[Line]) -> list[int]:
    """The page of each line; where the source has no pages, runs of so many lines."""
    return [-1 - number // _REGION_LINES if line.page is None else line.page for number, line in enumerate(lines)]


def confidences(lines: Sequence[Line]) -> dict[int, list[Sure]]:
    """For each line that was read by OCR (by number) how sure the engine was of each of its words."""
    return {number: list(_word_places(line)) for number, line in enumerate(lines) if line.confidence is not None}


def layer_lines(raw: RawDocument) -> frozenset[int]:
    """The numbers of the lines that another OCR read: the file has its text, but nobody's confidence."""
    pages = set(map(int, raw.facts.get(LAYER_PAGES, "").split()))
    return frozenset(
        number
        for number, line in enumerate(raw.lines)
        if line.page in pages and line.confidence is None and line.noise is None
    )


def _word_places(line: Line) -> Iterator[Sure]:
    place = 0
    for word in line.words:
        start = line.text.find(word.text, place)
        if start >= 0 and word.confidence is not None:
            place = start + len(word.text)
            yield start, place, word.confidence


def paragraph_starts(raw: RawDocument) -> Iterator[bool]:
    """Yield for each line whether a sentence cannot run on into it from the line before."""
    for block in raw.blocks:
        if isinstance(block, Table):
            for lines in block.groups:
                yield from (number == 0 for number in range(len(lines)))
        else:
            gap = block.blank_before > 0 and not goes_on(block.text)
            yield block.paragraph is not None or gap or block.noise is not None


def _repaired(line: Line, edits: tuple[Edit, ...]) -> Line:
    return replace(line, text=replayed(line.text, edits), original=line.text, edits=edits)


def _block(block: Block, changed: Mapping[int, Line]) -> Block:
    """The block with its changed lines; the same object where none changed."""
    if isinstance(block, Line):
        return changed.get(id(block), block)
    if not any(id(line) in changed for line in block.lines):
        return block
    cells = tuple(_cell(cell, changed) for cell in block.cells)
    return replace(block, cells=cells, repeated=tuple(changed.get(id(line), line) for line in block.repeated))


def _cell(cell: Cell, changed: Mapping[int, Line]) -> Cell:
    return replace(cell, lines=tuple(changed.get(id(line), line) for line in cell.lines))
