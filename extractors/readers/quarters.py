"""Quarters of a scanned document: the Roman one is misread as the figure 1; only the document tells which it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from schemas.source import Block, Line, Table

QUARTER = r"\b(?:[Qq]uý|QUÝ) "
ROMAN, ARABIC = re.compile(QUARTER + r"(?:I{1,3}|IV)\b"), re.compile(QUARTER + r"[2-4]\b")
FIRST = re.compile(rf"({QUARTER})1(?=[/,;.\s]|$)")


def with_quarters(blocks: list[Block]) -> list[Block]:
    """The blocks with "Quý 1" read by OCR as "Quý I" where the document writes its other quarters in Roman figures.

    At the size of print the two are the same stroke: four models and sizes read it so on twelve scans of sixteen. A
    document has one way of writing its quarters; the words keep what was read.
    """
    texts = [line.text for line in _lines(blocks)]
    if not any(map(ROMAN.search, texts)) or any(map(ARABIC.search, texts)):
        return blocks
    return [_mended(block) for block in blocks]


def _lines(blocks: list[Block]) -> Iterator[Line]:
    for block in blocks:
        yield from block.lines if isinstance(block, Table) else (block,)


def _mended(block: Block) -> Block:
    if isinstance(block, Line):
        return _said(block)
    if not any(_said(line) is not line for line in block.lines):
        return block
    return replace(block, cells=tuple(replace(cell, lines=tuple(map(_said, cell.lines))) for cell in block.cells))


def _said(line: Line) -> Line:
    if line.confidence is None or not FIRST.search(line.text):
        return line
    return replace(line, text=FIRST.sub(r"\1I", line.text))
