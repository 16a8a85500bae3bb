"""Spreadsheets (.xlsx, .xlsm, .xls): the annexes that come as a table of their own."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from extractors.readers.assemble import assemble
from extractors.readers.docx_package import package_parts
from extractors.readers.sheets import SheetCell, sheet_blocks
from schemas.errors import EncryptedFile, FileTooLarge, UnreadableFile
from schemas.source import Block, RawDocument, SourceFile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
WORD_STREAM = "WordDocument".encode("utf-16-le")
EXCEL = "Excel"
MOST_CELLS, MOST_SHEETS = 200_000, 100
CELL = re.compile(rb"<(?:\w+:)?c[ />]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*?ref=[\"']([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})[\"']")
MOST_MERGES, MOST_MERGED = 20_000, 2_000_000
"""Merged areas of a workbook, and the cells under them: openpyxl makes every one when it opens the file."""
FORMULA, RESULT = re.compile(rb"<f[ >/]"), re.compile(rb"<v>[^<]|<t[ >]")
MACROS = "xl/vbaProject.bin"

BROKEN = "Tệp Excel “{name}” bị hỏng hoặc chưa tải xong; đề nghị mở bằng Excel rồi lưu lại và gửi bản khác."
LOCKED = "Tệp Excel “{name}” có mật khẩu; đề nghị bỏ mật khẩu rồi gửi lại."
LARGE = "Tệp Excel “{name}” quá lớn ({what}); đề nghị tách nhỏ rồi gửi lại."
FORMULAS = (
    "Trang tính “{sheet}” có {n} ô công thức chưa có kết quả nên không được đọc; đề nghị mở bằng Excel rồi lưu lại."
)
HIDDEN_ROWS = "Trang tính “{sheet}” có dòng hoặc cột bị ẩn (lọc) nên không được đọc; đề nghị bỏ ẩn nếu cần."
HIDDEN_SHEET = "Trang tính “{sheet}” bị ẩn nên không được đọc; đề nghị bỏ ẩn nếu cần."
WITH_MACROS = "Tệp có macro; macro không được chạy và không được đọc."
# What openpyxl and xlrd raise on damaged workbooks.
DAMAGED = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OverflowError, UnicodeDecodeError,
    SyntaxError, RecursionError, struct.error, zipfile.BadZipFile, InvalidFileException, xlrd.XLRDError,
    xlrd.compdoc.CompDocError, NotImplementedError, EOFError, OSError,
)  # fmt: skip


def is_xlsx(data: bytes) -> bool:
    """Whether the bytes are a zip archive with a workbook in it."""
    return data.startswith(b"PK") and b"xl/workbook" in data and b"[Content_Types].xml" in data


def is_xls(data: bytes) -> bool:
    """Whether the bytes are an old workbook, and no Word document with one inside."""
    return data.startswith(OLE) and WORD_STREAM not in data and any(name in data for name in BOOK_STREAMS)


def read_xlsx(source: SourceFile) -> RawDocument:
    """The sheets of a workbook, one after the other; formulas by their stored results, macros never run.

    Raises UnreadableFile, EncryptedFile, FileTooLarge and NoTextFound.
    """
    parts = package_parts(source, EXCEL)
    sheets = [data for part, data in parts.items() if part.startswith("xl/worksheets/")]
    _check(sum(len(CELL.findall(data)) for data in sheets), MOST_CELLS, "ô", source.name)
    merged = [_area(found) for data in sheets for found in MERGED.findall(data)]
    _check(len(merged), MOST_MERGES, "ô gộp", source.name)
    _check(sum(merged), MOST_MERGED, "ô bị gộp", source.name)
    _check(len(sheets), MOST_SHEETS, "trang tính", source.name)
    try:
        values = openpyxl.load_workbook(source.path, data_only=True, keep_links=False)
        found = _Sheets()
        for sheet in values.worksheets:
            found.add(sheet.title, list(_xlsx_cells(sheet)), sheet.sheet_state != "visible")
    except (*DAMAGED, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk's; openpyxl raises OSError without a number
            raise
        raise UnreadableFile(BROKEN.format(name=source.name), detail=repr(error)) from error
    found.warnings += _unsolved(parts) + ([WITH_MACROS] if MACROS in parts else [])
    return found.assembled(source)


def read_xls(source: SourceFile) -> RawDocument:
    """The sheets of an old workbook; raises as `read_xlsx` does."""
    said = io.StringIO()
    try:
        book = xlrd.open_workbook(
            str(source.path), formatting_info=True, on_demand=True, logfile=said, ragged_rows=True
        )
        _check(book.nsheets, MOST_SHEETS, "trang tính", source.name)
        found = _Sheets()
        for number in range(book.nsheets):
            sheet = book.sheet_by_index(number)
            _check(sum(map(sheet.row_len, range(sheet.nrows))), MOST_CELLS, "ô", source.name)
            found.add(sheet.name, list(_xls_cells(book, sheet)), sheet.visibility != 0)
            book.unload_sheet(number)
    except DAMAGED as error:
        if "encrypted" in str(error).lower():
            raise EncryptedFile(LOCKED.format(name=source.name), detail=str(error)) from error
        raise UnreadableFile(BROKEN.format(name=source.name), detail=repr(error)) from error
    return found.assembled(source)


class _Sheets:
    """Gathers the blocks and remarks of the sheets that show."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.warnings: list[str] = []
        self.names: list[str] = []

    def add(self, name: str, cells: list[SheetCell], hidden: bool) -> None:
        """Add a sheet; one that is hidden is only said."""
        if not any(cell.text.strip() for cell in cells):
            return
        if hidden:
            self.warnings.append(HIDDEN_SHEET.format(sheet=name))
            return
        self.names.append(name)
        self.blocks += sheet_blocks(cells)
        if any(cell.hidden for cell in cells):
            self.warnings.append(HIDDEN_ROWS.format(sheet=name))

    def assembled(self, source: SourceFile) -> RawDocument:
        """The document of the sheets."""
        facts = {"sheets": " | ".join(self.names)}
        return assemble(source, "spreadsheet", self.blocks, warnings=self.warnings, facts=facts)


def _check(count: int, most: int, what: str, name: str) -> None:
    if count > most:
        raise FileTooLarge(LARGE.format(name=name, what=f"hơn {most} {what}"))


def _area(found: tuple[bytes, ...]) -> int:
    """Return how many cells lie between two corners such as ``(b"A", b"1", b"C", b"20")``."""
    left, top, right, bottom = (part.decode() for part in found)
    wide = abs(column_index_from_string(right) - column_index_from_string(left)) + 1
    return wide * (abs(int(bottom) - int(top)) + 1)


def _unsolved(parts: dict[str, bytes]) -> list[str]:
    """A sentence for each sheet with formulas whose result the file does not hold: no Excel has opened it yet."""
    made = []
    for part, data in parts.items():
        if part.startswith("xl/worksheets/"):
            cells = data.split(b"</c>")
            if found := sum(bool(FORMULA.search(cell)) and not RESULT.search(cell) for cell in cells):
                made.append(FORMULAS.format(sheet=part.rsplit("/", 1)[-1].removesuffix(".xml"), n=found))
    return made


def _xlsx_cells(sheet: Any) -> Iterator[SheetCell]:
    spans = {
        (area.min_row, area.min_col): (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        for area in sheet.merged_cells.ranges
    }
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    columns = _hidden_columns(sheet)
    # only the cells that the file holds: one in the last corner would make iter_rows walk 17 thousand million
    for _, cell in sorted(sheet._cells.items()):
        if cell.value is None:
            continue
        rowspan, colspan = spans.get((cell.row, cell.column), (1, 1))
        yield SheetCell(
            cell.row - 1,
            cell.column - 1,
            cell_text(cell.value, cell.number_format or ""),
            rowspan,
            colspan,
            bool(cell.font and cell.font.b),
            bool(cell.alignment and cell.alignment.horizontal == "center"),
            cell.row in rows or cell.column in columns,
        )


def _hidden_columns(sheet: Any) -> set[int]:
    hidden: set[int] = set()
    for column in sheet.column_dimensions.values():
        if column.hidden and column.min:
            hidden.update(range(column.min, min(column.max or column.min, column.min + MOST_CELLS) + 1))
    return hidden


def _xls_cells(book: Any, sheet: Any) -> Iterator[SheetCell]:
    spans = {(top, left): (bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells}
    rows = {number for number, row in sheet.rowinfo_map.items() if row.hidden}
    columns = {number for number, column in sheet.colinfo_map.items() if column.hidden}
    for row in range(sheet.nrows):
        for col in range(sheet.row_len(row)):
            cell = sheet.cell(row, col)
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
                continue
            style = book.xf_list[cell.xf_index]
            rowspan, colspan = spans.get((row, col), (1, 1))
            yield SheetCell(
                row,
                col,
                cell_text(_xls_value(book, cell), book.format_map[style.format_key].format_str),
                rowspan,
                colspan,
                bool(book.font_list[style.font_index].bold),
                style.alignment.hor_align == 2,
                row in rows or col in columns,
            )


def _xls_value(book: Any, cell: Any) -> Any:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, book.datemode)
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def cell_text(value: object, form: str = "") -> str:
    """What a cell shows: dates as Vietnamese offices write them, numbers without a needless ".0", shares in percent.

    `form` is the number format of Excel ("dd/mm/yyyy", "mm/yyyy", "0%", "00").

    >>> cell_text(datetime(2026, 6, 30)), cell_text(datetime(2026, 6, 1), "mm/yyyy"), cell_text(3.0), cell_text(1.5)
    ('30/6/2026', '6/2026', '3', '1,5')
    >>> cell_text(0.95, "0%"), cell_text(1, "00"), cell_text(True)
    ('95%', '01', 'x')
    """
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime | date):
        return f"{value.month}/{value.year}" if _shows_no_day(form) else f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float):
        return _number(float(value), form)
    return str(value)


def _shows_no_day(form: str) -> bool:
    plain = re.sub(r"\[[^]]*\]|\"[^\"]*\"", "", form.lower())
    return "d" not in plain and "m" in plain and "y" in plain


def _number(value: float, form: str) -> str:
    if "%" in form:
        value = round(value * 100, 6)
    said = f"{value:.0f}" if value == round(value) else f"{value:.10g}".replace(".", ",")
    if re.fullmatch(r"0+", form) and said.isdecimal():
        said = said.zfill(len(form))
    return said + ("%" if "%" in form else "")
