"""The sheet as Decree 30/2020/NĐ-CP, Annex I, prescribes: margins, font, paragraphs, rules, page number."""

from __future__ import annotations

from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

WORD_FONT = "Times New Roman"
PRINT_FONT = "Tinos"
"""Has the widths of Times New Roman and every Vietnamese letter, so that a page is printed from one font."""
BODY_SIZE = 14.0
FIRST_LINE = Cm(1.27)
TEXT_WIDTH = 165.0
"""Millimetres between the margins of 30 and 15 mm on A4."""


def blank_sheet(font: str) -> Document:
    """An empty A4 document with the decree's margins and a page number at the top centre from page 2 on."""
    document = docx.Document()
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = font, Pt(BODY_SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin, section.header_distance = Mm(30), Mm(15), Mm(10)
    section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    number._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:t>2</w:t></w:r>'
            "</w:fldSimple>"
        )
    )
    return document


def write(
    paragraph: Paragraph, text: str, *, size: float = BODY_SIZE, bold: bool = False, italic: bool = False
) -> Run:
    """The run that now ends `paragraph`; `size` in points."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold, run.italic = bold or None, italic or None
    return run


def shape(
    paragraph: Paragraph,
    align: ALIGN = ALIGN.CENTER,
    *,
    before: float = 0,
    after: float = 0,
    first_line: bool = False,
) -> Paragraph:
    """`paragraph`, aligned and spaced (points before and after it)."""
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.08
    if first_line:
        form.first_line_indent = FIRST_LINE
    return paragraph


def two_columns(document: Document, left_mm: float) -> tuple[_Cell, _Cell]:
    """The two cells of a new table without borders, `left_mm` millimetres and the rest of the sheet wide."""
    table: Table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, (left_mm, TEXT_WIDTH - left_mm), strict=True):
        column.width = column.cells[0].width = Mm(width)
    row: Any = table.rows[0]._tr
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table.cell(0, 0), table.cell(0, 1)


def next_paragraph(cell: _Cell) -> Paragraph:
    """The paragraph of `cell` to write next: its first one while that is empty, else a new one."""
    first = cell.paragraphs[0]
    return first if len(cell.paragraphs) == 1 and not first.runs else cell.add_paragraph()


def rule(cell: _Cell, inset_mm: float) -> None:
    """Draws a rule below what `cell` holds, `inset_mm` millimetres in from both of its sides."""
    paragraph = shape(cell.add_paragraph())
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset_mm)
    paragraph.paragraph_format.line_spacing = Pt(6)
    properties: Any = paragraph._p.get_or_add_pPr()
    border = f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    properties.insert_element_before(parse_xml(border), "w:shd", "w:spacing", "w:ind", "w:jc")
