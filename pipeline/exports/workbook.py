"""The workbook that an office opens, filters and prints: the tasks, the documents, what the columns mean."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.exports.cells import acts, printable
from pipeline.exports.columns import COLUMNS, DOCUMENT_COLUMNS, Value
from pipeline.listing import Listing

TITLE = "BẢNG THEO DÕI NHIỆM VỤ"
FIXED_TIME = datetime(2000, 1, 1)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
FONT = "Times New Roman"
THIN = Side(style="thin", color="999999")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_FILL = PatternFill("solid", fgColor="1F4E79")
DOUBT_FILL = PatternFill("solid", fgColor="FFF2CC")
DATE_FORMAT = "dd/mm/yyyy"
LETTERS_A_LINE = 1.15
"""How many letters of the text font fit in a unit of width, a little less than measured."""
POINTS_A_LINE = 14.2
HIGHEST = 409.0
"""The highest that a spreadsheet lets a line be, in points."""


def write_xlsx(listing: Listing, stream: IO[bytes]) -> None:
    """Write the workbook; the same listing gives the same bytes."""
    book = Workbook()
    book.properties.creator = "giaoviec"
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    _tasks(sheet, listing)
    _documents(book.create_sheet("Văn bản"), listing)
    _meanings(book.create_sheet("Giải thích"))
    buffer = io.BytesIO()
    book.save(buffer)
    _write_fixed(buffer, stream)


def _tasks(sheet: Worksheet, listing: Listing) -> None:
    sheet.title = "Nhiệm vụ"
    documents = listing.by_id()
    headings = ["STT", *(column.heading for column in COLUMNS)]
    widths = [6.0, *(column.width for column in COLUMNS)]
    lines: list[list[Value]] = [
        [number, *(column.value(row, documents.get(row.document_id, {})) for column in COLUMNS)]
        for number, row in enumerate(listing.rows, 1)
    ]
    doubtful = {number for number, row in enumerate(listing.rows) if row.needs_review}
    _fill(sheet, _title(listing), headings, widths, lines, doubtful)
    last = len(lines) + len(_title(listing)) + 1
    sheet.print_area = f"A1:{get_column_letter(len(headings) - 1)}{last}"  # the ids stay on the screen


def _title(listing: Listing) -> list[str]:
    review = sum(row.needs_review for row in listing.rows)
    counted = f"{len(listing.documents)} văn bản, {len(listing.rows)} dòng, {review} dòng cần xem lại (tô màu)"
    if len(listing.documents) != 1:
        return [TITLE, counted]
    document = listing.documents[0]
    named = " – ".join(filter(None, (document.get("issuer"), document.get("title"))))
    return [TITLE, f"{named} ({counted})" if named else counted]


def _documents(sheet: Worksheet, listing: Listing) -> None:
    lines = [[column.value(document) for column in DOCUMENT_COLUMNS] for document in listing.documents]
    headings = [column.heading for column in DOCUMENT_COLUMNS]
    _fill(sheet, ["VĂN BẢN"], headings, [column.width for column in DOCUMENT_COLUMNS], lines, set())


def _meanings(sheet: Worksheet) -> None:
    lines: list[list[Value]] = [["STT", "Số thứ tự trong bảng này."]]
    lines += [[column.heading, column.meaning] for column in COLUMNS]
    _fill(sheet, ["GIẢI THÍCH CÁC CỘT"], ["Cột", "Ý nghĩa"], [24.0, 100.0], lines, set())


def _fill(
    sheet: Worksheet,
    title: Sequence[str],
    headings: Sequence[str],
    widths: Sequence[float],
    lines: Iterable[Sequence[Value]],
    doubtful: set[int],
) -> None:
    """Write the title lines, the head and the lines, and make the sheet fit to be filtered and printed."""
    for number, words in enumerate(title, 1):
        _put(sheet.cell(number, 1), words).font = Font(name=FONT, size=14 if number == 1 else 11, bold=number == 1)
    head = len(title) + 1
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True), 1):
        _head(_put(sheet.cell(head, place), heading))
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.row_dimensions[head].height = 32
    last = head
    for last, line in enumerate(lines, head + 1):
        for place, value in enumerate(line, 1):
            _body(_put(sheet.cell(last, place), value), last - head - 1 in doubtful)
        sheet.row_dimensions[last].height = _height(line, widths)
    _print_setup(sheet, head, last, len(headings))


def _put(cell: Any, value: Value) -> Cell:
    """Write a value; a text is a text, whatever it begins with."""
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = printable(value)
        cell.data_type = "s"
        if acts(value):
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = DATE_FORMAT
    return cell


def _head(cell: Cell) -> None:
    cell.font = Font(name=FONT, size=11, bold=True, color="FFFFFF")
    cell.fill = HEAD_FILL
    cell.border = GRID
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _body(cell: Cell, doubtful: bool) -> None:
    centred = isinstance(cell.value, (int, date))
    cell.font = Font(name=FONT, size=11)
    cell.border = GRID
    cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="top", wrap_text=True)
    if doubtful:
        cell.fill = DOUBT_FILL


def _height(line: Sequence[Value], widths: Sequence[float]) -> float:
    """The height that shows the longest cell whole: not every program works it out when it opens the file."""
    most = max(
        (
            sum(1 + int(len(part) / (width * LETTERS_A_LINE)) for part in value.split("\n"))
            for value, width in zip(line, widths, strict=True)
            if isinstance(value, str)
        ),
        default=1,
    )
    return min(HIGHEST, most * POINTS_A_LINE + 3)


def _print_setup(sheet: Worksheet, head: int, last: int, columns: int) -> None:
    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(columns)}{max(last, head)}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "Trang &P/&N"


def _write_fixed(made: io.BytesIO, stream: IO[bytes]) -> None:
    """Copy the file with the times of day taken out of it."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = MODIFIED.sub(rb"\g<1>" + f"{FIXED_TIME.isoformat()}Z".encode(), part)
            new.writestr(zipfile.ZipInfo(name, ZIP_TIME), part, zipfile.ZIP_DEFLATED)
