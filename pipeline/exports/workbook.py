"""The workbook that an office opens, filters, prints, corrects and gives back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from pipeline.exports.cells import acts, printable
from pipeline.exports.columns import COLUMNS, DOCUMENT_COLUMNS, Value
from pipeline.exports.stamps import HEADINGS, STAMP_SHEET, TASK_SHEET, stamp_lines
from pipeline.listing import Listing

TITLE = "BẢNG THEO DÕI NHIỆM VỤ"
FIXED_TIME = datetime(2000, 1, 1)
FONT = {"font_name": "Times New Roman", "font_size": 11}
GRID = {"border": 1, "border_color": "#999999", "text_wrap": True, "valign": "top"}
HEAD = (
    FONT
    | GRID
    | {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "align": "center", "valign": "vcenter"}
)
DOUBT = {"bg_color": "#FFF2CC"}
DAY = {"num_format": "dd/mm/yyyy", "align": "center"}
LETTERS_A_LINE = 1.15
"""How many letters of the text font fit in a unit of width, a little less than measured."""
POINTS_A_LINE = 14.2
HIGHEST = 409.0
"""The highest that a spreadsheet lets a line be, in points."""


def write_xlsx(listing: Listing, stream: IO[bytes]) -> None:
    """Write the workbook; the same listing gives the same bytes."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"author": "giaoviec", "created": FIXED_TIME})
        pen = Pen(book)
        lines = _task_lines(listing)
        _tasks(pen, listing, lines)
        _documents(pen, listing)
        _meanings(pen)
        _stamps(pen, listing, lines)


class Pen:
    """Writes cells in the few formats that the workbook has: XlsxWriter wants each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.formats: dict[tuple[str, bool, bool], Any] = {}
        self.head = book.add_format(HEAD)

    def format(self, kind: str, doubtful: bool, quoted: bool = False) -> Any:
        """The format of a cell: kind "text", "number" or "day"."""
        key = (kind, doubtful, quoted)
        if key not in self.formats:
            look = {"text": {"align": "left"}, "number": {"align": "center"}, "day": DAY}[kind]
            marks = (DOUBT if doubtful else {}) | ({"quote_prefix": True} if quoted else {})
            self.formats[key] = self.book.add_format(FONT | GRID | look | marks)
        return self.formats[key]

    def put(self, sheet: Any, line: int, place: int, value: Value, doubtful: bool = False) -> None:
        """Write a value; a text is a text, whatever it begins with."""
        if isinstance(value, str):
            if value:
                sheet.write_string(line, place, lines_of(value), self.format("text", doubtful, acts(value)))
            else:
                sheet.write_blank(line, place, None, self.format("text", doubtful))
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, self.format("day", doubtful))
        elif value is None:
            sheet.write_blank(line, place, None, self.format("number", doubtful))
        else:
            sheet.write_number(line, place, value, self.format("number", doubtful))


def lines_of(text: str) -> str:
    """The text of a cell with plain ends of lines: a lone return would come back as an escape."""
    return printable(text).replace("\r\n", "\n").replace("\r", "\n")


def _task_lines(listing: Listing) -> list[list[Value]]:
    documents = listing.by_id()
    nothing: Mapping[str, Any] = {}
    return [
        [number, *(column.value(row, documents.get(row.document_id, nothing)) for column in COLUMNS)]
        for number, row in enumerate(listing.rows, 1)
    ]


def _tasks(pen: Pen, listing: Listing, lines: Sequence[Sequence[Value]]) -> None:
    sheet = pen.book.add_worksheet(TASK_SHEET)
    widths = [6.0, *(column.width for column in COLUMNS)]
    doubtful = {number for number, row in enumerate(listing.rows) if row.needs_review}
    title = _title(listing)
    _fill(pen, sheet, title, HEADINGS, widths, lines, doubtful)
    sheet.print_area(0, 0, len(title) + len(lines), len(HEADINGS) - 2)  # the ids stay on the screen


def _title(listing: Listing) -> list[str]:
    review = sum(row.needs_review for row in listing.rows)
    counted = f"{len(listing.documents)} văn bản, {len(listing.rows)} dòng, {review} dòng cần xem lại (tô màu)"
    if len(listing.documents) != 1:
        return [TITLE, counted]
    document = listing.documents[0]
    named = " – ".join(filter(None, (document.get("issuer"), document.get("title"))))
    return [TITLE, f"{named} ({counted})" if named else counted]


def _documents(pen: Pen, listing: Listing) -> None:
    lines = [[column.value(document) for column in DOCUMENT_COLUMNS] for document in listing.documents]
    headings = [column.heading for column in DOCUMENT_COLUMNS]
    sheet = pen.book.add_worksheet("Văn bản")
    _fill(pen, sheet, ["VĂN BẢN"], headings, [column.width for column in DOCUMENT_COLUMNS], lines, set())


def _meanings(pen: Pen) -> None:
    lines: list[list[Value]] = [["STT", "Số thứ tự trong bảng này."]]
    lines += [[column.heading, column.meaning] for column in COLUMNS]
    sheet = pen.book.add_worksheet("Giải thích")
    _fill(pen, sheet, ["GIẢI THÍCH CÁC CỘT"], ["Cột", "Ý nghĩa"], [24.0, 100.0], lines, set())


def _stamps(pen: Pen, listing: Listing, lines: Sequence[Sequence[Value]]) -> None:
    """What tells, when the workbook comes back, what was changed in it since."""
    sheet = pen.book.add_worksheet(STAMP_SHEET)
    for number, line in enumerate(stamp_lines(listing, lines)):
        for place, text in enumerate(line):
            sheet.write_string(number, place, text)
    sheet.very_hidden()


def _fill(
    pen: Pen,
    sheet: Any,
    title: Sequence[str],
    headings: Sequence[str],
    widths: Sequence[float],
    lines: Iterable[Sequence[Value]],
    doubtful: set[int],
) -> None:
    """Write the title lines, the head and the lines, and make the sheet fit to be filtered and printed."""
    for number, words in enumerate(title):
        look = {"font_size": 14, "bold": True} if number == 0 else {}
        sheet.write_string(number, 0, printable(words), pen.book.add_format(FONT | look))
    head = len(title)
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(head, place, heading, pen.head)
    sheet.set_row(head, 32)
    last = head
    for last, line in enumerate(lines, head + 1):
        for place, value in enumerate(line):
            pen.put(sheet, last, place, value, last - head - 1 in doubtful)
        sheet.set_row(last, _height(line, widths))
    _print_setup(sheet, head, last, len(headings))


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


def _print_setup(sheet: Any, head: int, last: int, columns: int) -> None:
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, max(last, head), columns - 1)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.set_footer("&CTrang &P/&N")
