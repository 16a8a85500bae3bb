"""A whole document restored: every line keeps its place, those of tables included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from normalizers.restore.evidence import Restoration, replayed
from schemas.restored import RestoredDocument
from schemas.source import Block, Cell, Edit, Line, RawDocument, Table

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


def paragraph_starts(raw: RawDocument) -> Iterator[bool]:
    """Yield for each line whether a sentence cannot run on into it from the line before."""
    for block in raw.blocks:
        if isinstance(block, Table):
            for lines in block.groups:
                yield from (number == 0 for number in range(len(lines)))
        else:
            yield block.paragraph is not None or block.blank_before > 0 or block.noise is not None


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
