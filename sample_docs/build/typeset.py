"""From the parts of a plan to a Word document."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.table import _Cell

from sample_docs.build.archive import save_document
from sample_docs.build.numbering import Numberer, set_label
from sample_docs.build.office import convert
from sample_docs.build.seeds import EMPHASIS, LABEL, NATIONAL, RECIPIENTS_HEAD, Plan, plain
from sample_docs.build.sheet import (
    PRINT_FONT,
    WORD_FONT,
    blank_sheet,
    next_paragraph,
    rule,
    shape,
    two_columns,
    write,
)
from sample_docs.build.textbox import put_text_box

LEFT_HEAD = 65.0
"""Width of the letterhead's left side in millimetres."""
HEADING_LENGTH = 110
"""A numbered paragraph longer than this is no heading."""
BLANK_BEFORE_SYMBOL = re.compile(r"(?<=:) (?=/)")
"""`Số: /KH-UBND`: the room where a hand writes the number."""
BLANK_AFTER_DATE_WORD = re.compile(r"(?<=ngày|háng) (?=tháng|năm)")
"""`ngày tháng năm 2026`: the room where a hand writes the day and the month."""
GAP = " " * 8


def write_docx(plan: Plan, path: Path) -> None:
    """Writes `plan` to `path` as a Word document."""
    save_document(typeset(plan, WORD_FONT), path)


def write_pdf(plan: Plan, path: Path) -> None:
    """Writes `plan` to `path` as a typed PDF; RuntimeError where LibreOffice is missing or fails."""
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder) / f"{path.stem}.docx"
        save_document(typeset(plan, PRINT_FONT), word)
        convert(word, "pdf", path.parent)


def typeset(plan: Plan, font: str = WORD_FONT) -> Document:
    """The Word document of `plan`, with every word of its text and the letterhead that the decree prescribes."""
    document = blank_sheet(font)
    _letterhead(document, plan)
    _title(document, plan)
    _body(document, plan)
    _closing(document, plan)
    return document


def _letterhead(document: Document, plan: Plan) -> None:
    left, right = two_columns(document, LEFT_HEAD)
    parent, office = plan.sample.issuer
    write(shape(next_paragraph(left)), parent, size=13)
    write(shape(next_paragraph(left)), office, size=13, bold=True)
    rule(left, 22)
    write(shape(next_paragraph(right)), NATIONAL[0], size=13, bold=True)
    write(shape(next_paragraph(right)), NATIONAL[1], size=14, bold=True)
    rule(right, 19)
    if plan.number:
        write(shape(next_paragraph(left), before=4), BLANK_BEFORE_SYMBOL.sub(GAP, plan.number), size=13)
    if plan.date:
        date = BLANK_AFTER_DATE_WORD.sub(GAP, plan.date)
        write(shape(next_paragraph(right), before=4), date, size=14, italic=True)


def _title(document: Document, plan: Plan) -> None:
    last = len(plan.title) - 1
    for index, line in enumerate(plan.title):
        paragraph = shape(document.add_paragraph(), before=0 if index else 18, after=14 if index == last else 0)
        write(paragraph, line, bold=True)


def _body(document: Document, plan: Plan) -> None:
    numberer = Numberer(document) if plan.sample.automatic_numbers else None
    for text in plan.body:
        paragraph = shape(document.add_paragraph(), ALIGN.JUSTIFY, after=6, first_line=True)
        label = numberer.take(plain(text)) if numberer else None
        bold = is_heading(plain(text))
        if label:
            set_label(paragraph, label, bold=bold)
            text = text[len(plain(text)) - len(label.rest) :]
        paragraph.paragraph_format.keep_with_next = bold or None
        for piece in filter(None, EMPHASIS.split(text)):
            italic = piece.startswith("*") and not piece.startswith("**")
            write(paragraph, plain(piece), bold=bold or piece.startswith("**"), italic=italic)


def is_heading(text: str) -> bool:
    """Whether a paragraph is set in bold: a Roman part, or a short numbered line that is no sentence.

    >>> is_heading("1. Mục đích"), is_heading("a) Nội dung công khai")
    (True, False)
    """
    label = LABEL.match(text)
    if not label or not (label["roman"] or label["number"]):
        return False
    return label["roman"] is not None or len(text) <= HEADING_LENGTH


def _closing(document: Document, plan: Plan) -> None:
    left, right = two_columns(document, 82)
    write(shape(next_paragraph(left), ALIGN.LEFT, before=6), RECIPIENTS_HEAD, size=12, bold=True, italic=True)
    for line in plan.recipients:
        write(shape(next_paragraph(left), ALIGN.LEFT), line, size=11)
    if plan.sample.boxed_signature:
        put_text_box(next_paragraph(right), [*plan.signature[:-1], *[""] * 4, plan.signature[-1]], width_mm=80)
    else:
        _signature(right, plan)


def _signature(cell: _Cell, plan: Plan) -> None:
    *titles, name = plan.signature
    for title in titles:
        write(shape(next_paragraph(cell), before=0), title, bold=True)
    for _ in range(4):
        write(shape(next_paragraph(cell)), "")
    write(shape(next_paragraph(cell)), name, bold=True)
