"""The workbook that an office opens, filters, prints, corrects and gives back."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import product
from typing import IO, Any, TypeVar

import xlsxwriter

from pipeline.exports.cells import acts, printable
from pipeline.exports.columns import COLUMNS, DOCUMENT_COLUMNS, Value
from pipeline.exports.kept import NOTHING, Block, Kept, blocks
from pipeline.exports.splice import Move, read_rows, rewrite, spliced
from pipeline.exports.stamps import HEADINGS, MARK, STAMP_SHEET, TASK_SHEET, head_stamp, row_stamps
from pipeline.listing import Listing
from pipeline.processes import temporary_prefix

T = TypeVar("T")
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
LOOKS: dict[str, dict[str, Any]] = {
    "text": {"align": "left"},
    "number": {"align": "center"},
    "day": {"num_format": "dd/mm/yyyy", "align": "center"},
}
"""What a cell of each kind looks like, beside its font and its grid."""
TASK_PART, STAMP_PART = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml"
HEAD_LINES = {TASK_PART: 3, STAMP_PART: 1}
"""The lines above the rows: title, counts and head; the stamp."""
LETTERS_A_LINE = 1.15
"""How many letters of the text font fit in a unit of width, a little less than measured."""
POINTS_A_LINE = 14.2
HIGHEST = 409.0
"""The highest that a spreadsheet lets a line be, in points."""


def write_xlsx(listing: Listing, stream: IO[bytes], kept: Kept = NOTHING) -> None:
    """Write the workbook; the same rows give the same sheets, whether the listing holds them or `kept` does."""
    if not kept.spans:
        _write(listing, stream, kept, {})
        return
    old = {name: read_rows(kept.path, name) for name in (TASK_PART, STAMP_PART)}
    fresh = io.BytesIO()
    _write(listing, fresh, kept, old)
    parts = list(blocks(listing, kept))
    with zipfile.ZipFile(fresh) as book:
        sheets = {
            name: spliced(book.read(name).decode("utf-8"), rows, _moves(parts, HEAD_LINES[name]))
            for name, rows in old.items()
        }
    rewrite(fresh, sheets, stream)


def _write(listing: Listing, stream: IO[bytes], kept: Kept, old: Mapping[str, Sequence[str]]) -> None:
    """Write the workbook with a line that `spliced` replaces where kept rows belong."""
    with tempfile.TemporaryDirectory(prefix=temporary_prefix()) as folder:
        options = {"constant_memory": True, "tmpdir": folder}
        options |= dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        with xlsxwriter.Workbook(stream, options) as book:
            book.in_memory = True  # only the rows go by way of files; asked for above, it would undo the first wish
            book.set_properties({"author": "giaoviec", "created": FIXED_TIME})
            pen = Pen(book)
            parts = list(blocks(listing, kept))
            lines = _task_lines(listing, parts)
            _tasks(pen, listing, kept.review, parts, lines)
            _documents(pen, listing)
            _meanings(pen)
            _stamps(pen, listing, parts, lines, old.get(STAMP_PART, ()))


def _moves(parts: Iterable[Block], head: int) -> Iterator[Move]:
    """What is moved in a sheet with so many lines above its rows."""
    for part in parts:
        if part.is_kept:
            yield Move(part.source + head + 1, part.first + head + 1, part.count)


class Pen:
    """Writes cells in the few formats that the workbook has: XlsxWriter wants each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.formats: dict[tuple[str, bool, bool], Any] = {}
        self.head = book.add_format(HEAD)
        for kind, doubtful, quoted in product(LOOKS, (False, True), (False, True)):
            self.format(kind, doubtful, quoted)._get_xf_index()  # the same numbers in each workbook: rows are moved

    def format(self, kind: str, doubtful: bool, quoted: bool = False) -> Any:
        """The format of a cell: kind "text", "number" or "day"."""
        key = (kind, doubtful, quoted)
        if key not in self.formats:
            marks = (DOUBT if doubtful else {}) | ({"quote_prefix": True} if quoted else {})
            self.formats[key] = self.book.add_format(FONT | GRID | LOOKS[kind] | marks)
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


def _task_lines(listing: Listing, parts: Iterable[Block]) -> list[list[Value]]:
    """The cells of the listing's rows, in its order, each with its running number in the table."""
    documents = listing.by_id()
    nothing: Mapping[str, Any] = {}
    places = {
        part.source + step: part.first + step for part in parts if not part.is_kept for step in range(part.count)
    }
    return [
        [places[number] + 1, *(column.value(row, documents.get(row.document_id, nothing)) for column in COLUMNS)]
        for number, row in enumerate(listing.rows)
    ]


def _tasks(pen: Pen, listing: Listing, review: int, parts: Sequence[Block], lines: Sequence[Sequence[Value]]) -> None:
    sheet = pen.book.add_worksheet(TASK_SHEET)
    widths = [6.0, *(column.width for column in COLUMNS)]
    doubtful = {number for number, row in _placed(parts, listing.rows) if row and row.needs_review}
    rows = sum(part.count for part in parts)
    title = _title(listing, rows, len(doubtful) + review)
    _fill(pen, sheet, title, HEADINGS, widths, _placed(parts, lines), doubtful)
    sheet.print_area(0, 0, len(title) + rows, len(HEADINGS) - 2)  # the ids stay on the screen


def _placed(parts: Iterable[Block], lines: Sequence[T]) -> Iterator[tuple[int, T | None]]:
    """The lines with their places in the table; None at the last of those that are moved into it."""
    for part in parts:
        if part.is_kept:
            yield part.first + part.count - 1, None
        else:
            yield from enumerate(lines[part.source : part.source + part.count], part.first)


def _title(listing: Listing, rows: int, review: int) -> list[str]:
    counted = f"{len(listing.documents)} văn bản, {rows} dòng, {review} dòng cần xem lại (tô màu)"
    if len(listing.documents) != 1:
        return [TITLE, counted]
    document = listing.documents[0]
    named = " – ".join(filter(None, (document.get("issuer"), document.get("title"))))
    return [TITLE, f"{named} ({counted})" if named else counted]


def _documents(pen: Pen, listing: Listing) -> None:
    lines = [[column.value(document) for column in DOCUMENT_COLUMNS] for document in listing.documents]
    headings = [column.heading for column in DOCUMENT_COLUMNS]
    sheet = pen.book.add_worksheet("Văn bản")
    _fill(pen, sheet, ["VĂN BẢN"], headings, [column.width for column in DOCUMENT_COLUMNS], enumerate(lines), set())


def _meanings(pen: Pen) -> None:
    lines: list[list[Value]] = [["STT", "Số thứ tự trong bảng này."]]
    lines += [[column.heading, column.meaning] for column in COLUMNS]
    sheet = pen.book.add_worksheet("Giải thích")
    _fill(pen, sheet, ["GIẢI THÍCH CÁC CỘT"], ["Cột", "Ý nghĩa"], [24.0, 100.0], enumerate(lines), set())


def _stamps(
    pen: Pen, listing: Listing, parts: Sequence[Block], lines: Sequence[Sequence[Value]], old: Sequence[str]
) -> None:
    """What tells, when the workbook comes back, what was changed in it since."""
    sheet = pen.book.add_worksheet(STAMP_SHEET)
    stamps = row_stamps(listing, lines)
    digests: list[str] = []
    for part in parts:
        first = part.source + (HEAD_LINES[STAMP_PART] if part.is_kept else 0)
        some = slice(first, first + part.count)
        digests += (_digests_of(row) for row in old[some]) if part.is_kept else (said for *_, said in stamps[some])
    head = HEAD_LINES[STAMP_PART]
    for place, text in enumerate(head_stamp(digests)):
        sheet.write_string(0, place, text)
    for number, stamp in _placed(parts, stamps):
        for place, text in enumerate(stamp or ("", "", MARK)):
            if text:
                sheet.write_string(number + head, place, text)
    sheet.very_hidden()


def _digests_of(row: str) -> str:
    """The digests in a row of the hidden sheet: its last text."""
    return row[row.rindex("<t>") + len("<t>") : row.rindex("</t>")]


def _fill(
    pen: Pen,
    sheet: Any,
    title: Sequence[str],
    headings: Sequence[str],
    widths: Sequence[float],
    lines: Iterable[tuple[int, Sequence[Value] | None]],
    doubtful: set[int],
) -> None:
    """Write the title lines, the head and the placed lines, and make the sheet fit to be filtered and printed."""
    for number, words in enumerate(title):
        look = {"font_size": 14, "bold": True} if number == 0 else {}
        sheet.write_string(number, 0, printable(words), pen.book.add_format(FONT | look))
    head = len(title)
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(head, place, heading, pen.head)
    sheet.set_row(head, 32)
    last = head
    for number, line in lines:
        last = head + 1 + number
        for place, value in enumerate(line or [MARK]):
            pen.put(sheet, last, place, value, number in doubtful)
        if line:
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
