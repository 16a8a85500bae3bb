"""Blocks of a restored document into a tree: the frame, the paragraphs of each part, the tables, the items."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.plan.frame import read_frame
from extractors.plan.paragraphs import Layout, Paragraph, ParagraphReader, learn_layout
from extractors.plan.segment import TableNodes, label, segment
from extractors.plan.tables import TableHead, read_table
from extractors.plan.tail import lift_tail
from normalizers.fold import fold
from schemas.plan import Frame, Marker, Node, Part, PartKind, PlanTree, Role, Style
from schemas.restored import Damage, RestoredDocument
from schemas.source import Block, Line, Table

_READ = (PartKind.BODY, PartKind.ANNEX)
# One or two signs alone on a line, which no list goes on with: dirt, strokes of a seal.
_SPECK = re.compile(r"\s*\S{1,2}\s*$")
# What a form leaves to be filled in: dots, underscores, the place of a signature.
_TO_FILL = re.compile(r"\.{5,}|…{2,}|_{4,}|\((?:ký|ghi) (?:tên|rõ|và)")
_FORM_HEAD = re.compile(r"^(?:mau(?: so| bieu)?|bieu mau|bieu so)\b")
# The head of an annex that is to be filled in or followed when writing: "ĐỀ CƯƠNG BÁO CÁO", "MẪU PHIẾU KHẢO SÁT".
_FORM_TITLE = re.compile(
    r"\b(?:de cuong|bieu mau|mau (?:bao cao|bieu|so|phieu|don)|bien ban|phieu (?:khao sat|danh gia))\b"
)
_FORM_SHARE = 0.12
"""Of an annex's lines: from this share on with something to fill in it is a form."""
_SURE = 85.0
"""OCR confidence (0–100) from which even a lone letter is believed."""
Placed = tuple[str, Line]


def _body_lines(blocks: tuple[Block, ...], frame: Frame) -> list[Line]:
    parts = [part for part in frame.parts if part.kind in _READ]
    return [
        block
        for part in parts
        for block in blocks[part.first : part.last]
        if isinstance(block, Line) and block.noise is None
    ]


def _noise(lines: tuple[Line, ...] | list[Line]) -> list[Placed]:
    return [(line.noise.value, line) for line in lines if line.noise is not None]


class _PartReader:
    """Turns one part's blocks into paragraphs and table nodes; carries the head of a table that goes on."""

    def __init__(self, layout: Layout, years: tuple[int, ...], noisy: bool) -> None:
        self.layout = layout
        self.noisy = noisy
        self.years = years
        self.placed: list[Placed] = []
        self.doubts: list[str] = []
        self.head: TableHead | None = None

    def read(self, blocks: tuple[Block, ...], annex: str | None) -> tuple[Node, ...]:
        pieces: list[Paragraph | TableNodes] = []
        lines: list[Line] = []
        reader = ParagraphReader(self.layout, self.noisy)
        for block in blocks:
            if isinstance(block, Line):
                lines += self._content(block)
                continue
            pieces += reader.read(lines)
            lines = []
            pieces.append(self._table(block, annex))
        pieces += reader.read(lines)
        self.doubts += reader.mended
        return segment(pieces)

    def _content(self, line: Line) -> list[Line]:
        """The line, or nothing where it is a speck that OCR read as a letter."""
        doubtful = self.noisy if line.confidence is None else line.confidence < _SURE
        if doubtful and _SPECK.match(line.text):
            self.placed.append(("speck", line))
            return []
        return [line]

    def _table(self, table: Table, annex: str | None) -> TableNodes:
        reading = read_table(table, annex=annex, section_years=self.years, head=self.head)
        self.head = reading.head or self.head
        self.placed += reading.placed
        self.doubts += reading.doubts
        return TableNodes(reading.nodes)


def _is_form(lines: list[Line]) -> bool:
    """Whether an annex is a form to be filled in (minutes, a report's template): it assigns nothing."""
    content = [line for line in lines if line.noise is None]
    filled = sum(bool(_TO_FILL.search(line.text)) for line in content)
    headed = any(_FORM_HEAD.match(fold(line.text)) for line in content[:3])
    return filled >= 3 and filled >= (0.5 if headed else 1) * _FORM_SHARE * len(content)


def _is_noisy(restored: RestoredDocument) -> bool:
    """Whether the text came out of OCR, so that a lone letter on a line may be dirt."""
    return restored.damage in (Damage.OCR_NOISE, Damage.OCR_SLIPS)


def _annex_node(part: Part, nodes: tuple[Node, ...]) -> Node:
    marker = Marker(Style.PART, part.annex or "PL", "")
    return Node(marker, marker.label, "", (), nodes, Role.HEADING)


def parse(restored: RestoredDocument) -> PlanTree:
    """The plan's metadata, its items as a tree (roles not yet assigned), and each line that is no item.

    Lines of the frame are placed by the name of their part, lines of tables by what their cells are.
    """
    frame = read_frame(restored.blocks)
    reader = _PartReader(
        learn_layout(_body_lines(restored.blocks, frame)), frame.header.plan_years, _is_noisy(restored)
    )
    nodes: list[Node] = []
    placed: list[Placed] = []
    head = ""
    for part in frame.parts:
        blocks = restored.blocks[part.first : part.last]
        lines = [line for block in blocks for line in (block.lines if isinstance(block, Table) else (block,))]
        head = fold(" ".join(line.text for line in lines)) if part.kind is PartKind.ANNEX_HEAD else head
        if part.kind not in _READ:
            placed += [(line.noise.value if line.noise else part.kind.value, line) for line in lines]
            continue
        if part.kind is PartKind.ANNEX and (_FORM_TITLE.search(head) or _is_form(lines)):
            placed += [("form", line) for line in lines]
            continue
        placed += _noise([block for block in blocks if isinstance(block, Line)])
        found = reader.read(blocks, part.annex if part.kind is PartKind.ANNEX else None)
        nodes += [_annex_node(part, found)] if part.kind is PartKind.ANNEX else lift_tail(found)
    tree = PlanTree(frame.header, label(nodes), tuple(placed + reader.placed), (), tuple(reader.doubts))
    return replace(tree, unplaced=_unplaced(tree, restored))


def _unplaced(tree: PlanTree, restored: RestoredDocument) -> tuple[Line, ...]:
    known = {id(line) for _, line in tree.placed}
    stack = list(tree.nodes)
    while stack:
        node = stack.pop()
        known.update(id(piece.line) for piece in node.slices)
        stack += node.children
    return tuple(line for line in restored.lines if id(line) not in known and line.text.strip())
