"""Word documents (.docx): paragraphs with their printed numbers, tables, text boxes, revisions as accepted."""

from __future__ import annotations

from collections.abc import Iterator

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element as Element

from extractors.readers.assemble import OLD_ENCODING, assemble
from extractors.readers.docx_fonts import OldFonts
from extractors.readers.docx_numbering import Numbering
from extractors.readers.docx_package import BROKEN, LARGE, open_document
from extractors.readers.docx_pictures import FEW_LETTERS, UNREAD, count_pictures, letters_in, pictured_pages
from extractors.readers.docx_remarks import docx_remarks
from extractors.readers.docx_styles import Styles
from extractors.readers.docx_words import HIDDEN, REVISED, Words
from extractors.readers.grids import ABSURD, MOST_COLUMNS, CellSource, grid_blocks
from extractors.readers.image_files import reading_blocks
from extractors.readers.layout_tables import MOTTO
from normalizers.fold import fold
from schemas.errors import FileTooLarge, UnreadableFile
from schemas.source import Block, Line, Noise, RawDocument, SourceFile

HIDDEN_TEXT = "Tệp có {n} đoạn chữ ẩn không được in ra nên không được đọc; đề nghị kiểm tra lại nếu cần."
REVISIONS = (
    "Tệp còn sửa đổi chưa chấp nhận (Track Changes); phần thêm được đọc, phần xóa bị bỏ, đề nghị kiểm tra lại."
)
CONTAINERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
LEFT_OUT = {qn(f"w:{name}") for name in ("del", "moveFrom")}
P, TBL, TR, TC = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"


def read_docx(source: SourceFile) -> RawDocument:
    """The document as it prints; raises what `open_document` raises, FileTooLarge, and NoTextFound."""
    document = open_document(source)
    try:
        return _told(document, source)
    except etree.XMLSyntaxError as error:  # of a part that is only opened when it is walked, such as the footnotes
        raise UnreadableFile(BROKEN.format(name=source.name), detail=repr(error)) from error
    except RecursionError as error:
        raise FileTooLarge(LARGE.format(name=source.name, what="lồng quá nhiều lớp")) from error


def _told(document: Document, source: SourceFile) -> RawDocument:
    story = _Story(document)
    body = story.blocks(document.element.body)
    edges = story.running_heads(document)
    blocks = [*_letterhead(edges, body), *body, *story.footnotes(document), *_heads(edges, body)]
    facts = {"hidden_runs": str(story.words.seen[HIDDEN])} if story.words.seen[HIDDEN] else {}
    warnings = _warnings(story.words.seen) + list(docx_remarks(document))
    if letters_in(blocks) < FEW_LETTERS and (readings := pictured_pages(document, source)):
        blocks += reading_blocks(readings)
        warnings += [warning for reading in readings for warning in reading.warnings]
        facts["ocr_confidence"] = " ".join(f"{reading.confidence:.0f}" for reading in readings)
    elif pictures := count_pictures(document, source):
        warnings.append(UNREAD.format(n=pictures))
    if story.words.fonts.used:
        facts["legacy_encoding"] = " ".join(sorted(story.words.fonts.used))
        warnings.append(OLD_ENCODING)
    return assemble(source, "docx", blocks, warnings=warnings, facts=facts)


def _warnings(seen: dict[str, int]) -> list[str]:
    found = [HIDDEN_TEXT.format(n=seen[HIDDEN])] if seen[HIDDEN] else []
    return found + ([REVISIONS] if seen[REVISED] else [])


class _Story:
    """Walks the elements of a document in the order in which they print."""

    def __init__(self, document: Document) -> None:
        part = document.part
        numbering = _part_root(part, RELATIONSHIP_TYPE.NUMBERING)
        self.styles = Styles(_part_root(part, RELATIONSHIP_TYPE.STYLES))
        self.numbering = Numbering(numbering)
        self.words = Words(self.styles, OldFonts(document.element.body, self.styles))
        self.paragraphs = 0
        self._carried: list[tuple[str, bool]] = []

    def blocks(self, parent: Element, noise: Noise | None = None) -> list[Block]:
        """The paragraphs and tables in an element, text boxes after the paragraph that holds them."""
        made: list[Block] = []
        for child in _unwrapped(parent):
            if child.tag == P:
                made += self._paragraph(child, noise)
            elif child.tag == TBL:
                made += self._table(child)
        return made

    def _paragraph(self, paragraph: Element, noise: Noise | None) -> list[Block]:
        pieces = self._carried + self.words.pieces(paragraph)
        self._carried = []
        if self.words.joins_next(paragraph):
            self._carried = pieces
            return self._boxes(paragraph, noise)
        text = "".join(piece for piece, _ in pieces)
        hidden = self._hidden()
        if not text.strip():
            return [*hidden, Line("", blank_before=1), *self._boxes(paragraph, noise)]
        said = [bold for piece, bold in pieces if any(char.isalnum() for char in piece)]
        label = self._label(paragraph)
        number, self.paragraphs = self.paragraphs, self.paragraphs + 1
        line = Line(
            f"{label} {text.strip()}" if label else text,
            paragraph=number,
            bold=bool(said) and all(said),
            centered=self._is_centered(paragraph),
            noise=noise,
        )
        return [line, *hidden, *self._boxes(paragraph, noise)]

    def _hidden(self) -> list[Line]:
        """What was hidden in the paragraph just read, named as such."""
        said = "".join(self.words.unseen)
        self.words.unseen.clear()
        return [Line(said, noise=Noise.HIDDEN)] if said.strip() else []

    def _boxes(self, paragraph: Element, noise: Noise | None) -> list[Block]:
        return [block for box in self.words.boxes(paragraph) for block in self.blocks(box, noise)]

    def _label(self, paragraph: Element) -> str:
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = self.styles.paragraph_style(paragraph)
        styled = self.styles.of_style(style, f"{qn('w:pPr')}/{qn('w:numPr')}")
        number = _child_value(own, "w:numId") or _child_value(styled, "w:numId")
        if not number or number == "0":
            return ""
        level = _child_value(own, "w:ilvl") or _child_value(styled, "w:ilvl")
        at = int(level) if level.isdecimal() else self.numbering.level_of_style(number, style)
        return self.numbering.label(number, at)

    def _is_centered(self, paragraph: Element) -> bool:
        found = self.styles.of_paragraph(paragraph, "w:jc")
        return found is not None and found.get(qn("w:val")) == "center"

    def _table(self, table: Element) -> list[Block]:
        rows: list[list[CellSource]] = []
        open_cells: dict[int, CellSource] = {}
        for row in _children(table, TR):
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                rows.append(self._row(row, open_cells))
        return grid_blocks(rows)

    def _row(self, row: Element, open_cells: dict[int, CellSource]) -> list[CellSource]:
        cells: list[CellSource] = []
        col = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for element in _children(row, TC):
            properties = element.find(qn("w:tcPr"))
            span = _number(properties.find(qn("w:gridSpan")) if properties is not None else None, 1)
            if span > MOST_COLUMNS:
                raise FileTooLarge(ABSURD.format(what=f"hơn {MOST_COLUMNS} cột"))
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            above = open_cells.get(col)
            if merge is not None and merge.get(qn("w:val")) != "restart" and above is not None:
                above.rowspan += 1
                above.blocks += self.blocks(element)
            else:
                cell = CellSource(self.blocks(element), colspan=max(1, span), col=col)
                cells.append(cell)
                open_cells[col] = cell
            col += max(1, span)
        return cells

    def footnotes(self, document: Document) -> list[Block]:
        """The texts of footnotes and endnotes."""
        made: list[Block] = []
        for kind, name in ((RELATIONSHIP_TYPE.FOOTNOTES, "w:footnote"), (RELATIONSHIP_TYPE.ENDNOTES, "w:endnote")):
            root = _part_root(document.part, kind)
            notes = root.findall(qn(name)) if root is not None else []
            for note in notes:
                if note.get(qn("w:type")) in (None, "normal"):
                    made += self.blocks(note, Noise.FOOTNOTE)
        return made

    def running_heads(self, document: Document) -> list[Block]:
        """The lines of all headers and footers."""
        made: list[Block] = []
        for relation in document.part.rels.values():
            if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER) and not relation.is_external:
                made += self.blocks(parse_xml(relation.target_part.blob), Noise.RUNNING_HEAD)
        return made


def _letterhead(edges: list[Block], body: list[Block]) -> list[Block]:
    """The running heads, as content, where the letterhead stands in them and not in the body."""
    if _has_motto(body) or not _has_motto(edges):
        return []
    return [block if not isinstance(block, Line) else _content(block) for block in edges]


def _heads(edges: list[Block], body: list[Block]) -> list[Block]:
    return [] if _letterhead(edges, body) else edges


def _content(line: Line) -> Line:
    return Line(line.text, paragraph=line.paragraph, bold=line.bold, centered=line.centered)


def _has_motto(blocks: list[Block]) -> bool:
    lines = [line for block in blocks for line in (block.lines if not isinstance(block, Line) else (block,))]
    return any(MOTTO.search(fold(line.text)) for line in lines)


def _unwrapped(parent: Element) -> Iterator[Element]:
    """The children, those of content controls and insertions included, deleted and moved ones left out."""
    for child in parent:
        if child.tag in CONTAINERS:
            yield from _unwrapped(child)
        elif child.tag == ALTERNATE:
            yield from _unwrapped(child[0]) if len(child) else ()
        elif child.tag not in LEFT_OUT:
            yield child


def _children(parent: Element, tag: str) -> Iterator[Element]:
    return (child for child in _unwrapped(parent) if child.tag == tag)


def _child_value(element: Element | None, name: str) -> str:
    child = element.find(qn(name)) if element is not None else None
    return (child.get(qn("w:val")) or "") if child is not None else ""


def _number(element: Element | None, default: int) -> int:
    value = (element.get(qn("w:val")) or "") if element is not None else ""
    if not value.isdecimal():
        return default
    return int(value) if len(value) < 9 else MOST_COLUMNS + 1


def _part_root(part: object, kind: str) -> Element | None:
    for relation in part.rels.values():  # type: ignore[attr-defined]
        if relation.reltype == kind and not relation.is_external:
            root: Element = parse_xml(relation.target_part.blob)
            return root
    return None
