"""The register as a Word document: landscape A4, its head on every page, room for results."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import IO, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.exports.register import HEADINGS, NUMBER_WIDTH, REGISTER, TITLE, register_lines, subtitle
from pipeline.listing import Listing

FONT = "Times New Roman"
SIZE, SMALL = 11, 7.5
CELL_MARGIN = Mm(1)
FIXED_TIME = datetime(2000, 1, 1)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
HEAD_FILL, DOUBT_FILL = "D9E2F3", "FFF2CC"
WIDTHS = (NUMBER_WIDTH, *(column.width for column in REGISTER))


def write_docx(listing: Listing, stream: IO[bytes]) -> None:
    """Write the register; the same listing gives the same bytes."""
    document = Document()
    document.core_properties.author = "giaoviec"
    document.core_properties.title = TITLE
    document.core_properties.created = document.core_properties.modified = FIXED_TIME
    _set_page(document)
    _title(document, listing)
    _table(document, listing)
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in made.namelist():
            fixed.writestr(zipfile.ZipInfo(name, ZIP_TIME), made.read(name), zipfile.ZIP_DEFLATED)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(10)
    section.top_margin = section.bottom_margin = Mm(12)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("Trang ", "PAGE"), ("/", "NUMPAGES")):
        foot.add_run(words)
        _add_field(foot.add_run(), field)


def _add_field(run: Any, name: str) -> None:
    for kind, words in (("begin", None), (None, name), ("end", None)):
        element = OxmlElement("w:instrText" if words else "w:fldChar")
        if words:
            element.text = words
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _title(document: Any, listing: Listing) -> None:
    for words, size, bold in ((TITLE, 14, True), (subtitle(listing), 12, False)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(words)
        run.bold, run.font.size = bold, Pt(size)
    paragraph.paragraph_format.space_after = Pt(6)


def _table(document: Any, listing: Listing) -> None:
    table = document.add_table(rows=1, cols=len(HEADINGS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    _narrow_margins(table)
    head = table.rows[0]
    _mark_row(head, "w:tblHeader")
    for cell, heading in zip(head.cells, HEADINGS, strict=True):
        _fill(cell, HEAD_FILL)
        _write(cell, [heading], centred=True, bold=True)
    looks = ((True, False), *((column.centred, column.small) for column in REGISTER))
    for number, cells, doubtful in register_lines(listing):
        row = table.add_row()
        _mark_row(row, "w:cantSplit")
        for cell, lines, (centred, small) in zip(row.cells, ([number], *cells), looks, strict=True):
            _write(cell, lines, centred=centred, small=small)
            if doubtful:
                _fill(cell, DOUBT_FILL)


def _narrow_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), str(CELL_MARGIN.twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _fill(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _write(cell: Any, lines: list[str], centred: bool = False, bold: bool = False, small: bool = False) -> None:
    for number, line in enumerate(lines):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(line)
        if bold:
            run.bold = True
        if small:
            run.font.size = Pt(SMALL)
