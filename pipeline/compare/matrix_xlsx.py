"""The matrix as a workbook: colours, evidence, gaps of each commune, weakest criteria, tasks without criterion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.compare.matrix import Matrix, share_met
from schemas.criteria import DOUBT_WORD, STATUS_WORDS, Cell, Status

COLOURS = {"Đáp ứng": "A9D08E", "Một phần": "FFE699", "Thiếu": "F4B084", DOUBT_WORD: "D9D2E9"}
SIGNS = {"Đáp ứng": "Đ", "Một phần": "P", "Thiếu": "–", DOUBT_WORD: "?"}
FONT = "Times New Roman"
_THIN = Side(style="thin", color="999999")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="1F4E79")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_LETTERS = 32_000
_LETTERS_A_UNIT, _POINTS_A_LINE, _HIGHEST = 1.1, 14.5, 400.0


def write_matrix_xlsx(matrix: Matrix, stream: IO[bytes]) -> None:
    """Write the workbook of the matrix."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    _grid(sheet, matrix)
    _evidence(book.create_sheet("Minh chứng"), matrix)
    _gaps(book.create_sheet("Chỗ còn thiếu"), matrix)
    _weakest(book.create_sheet("Tiêu chí yếu"), matrix)
    _problems(book.create_sheet("Chủ trì và thời hạn"), matrix)
    _orphans(book.create_sheet("Việc ngoài tiêu chí"), matrix)
    book.save(stream)


def _grid(sheet: Worksheet, matrix: Matrix) -> None:
    sheet.title = "Ma trận"
    heads = ["Tiêu chí", "Nội dung", *(one.plan for one in matrix.comparisons)]
    _head(sheet, heads, [9, 60, *(14 for _ in matrix.comparisons)])
    for at, criterion in enumerate(matrix.criteria.criteria):
        cells = [one.cells[at] for one in matrix.comparisons]
        _line(sheet, [criterion.id, criterion.text, *(SIGNS[cell.label] for cell in cells)], 60)
        for place, cell in enumerate(cells):
            made = sheet.cell(sheet.max_row, 3 + place)
            made.fill = PatternFill("solid", fgColor=COLOURS[cell.label])
            made.alignment = Alignment(horizontal="center", vertical="center")
    _line(sheet, ["", "Mức đáp ứng", *(round(share_met(one), 3) for one in matrix.comparisons)], 60)
    for place in range(len(matrix.comparisons)):
        sheet.cell(sheet.max_row, 3 + place).number_format = "0%"
    for word, colour in COLOURS.items():
        _line(sheet, [SIGNS[word], word], 60)
        sheet.cell(sheet.max_row, 1).fill = PatternFill("solid", fgColor=colour)
    if matrix.criteria.rebuilt:
        _line(sheet, ["Chú ý", matrix.criteria.source], 60)
    sheet.freeze_panes = "C2"


def _evidence(sheet: Worksheet, matrix: Matrix) -> None:
    _head(sheet, ["Xã, phường", "Tiêu chí", "Kết quả", "Khả năng", "Mục", "Dòng chứng minh", "Mã dòng"], [
        24, 9, 11, 9, 16, 80, 28,
    ])  # fmt: skip
    for one in matrix.comparisons:
        for cell in one.cells:
            for row in cell.rows:
                _line(
                    sheet,
                    [
                        one.plan,
                        cell.criterion,
                        cell.label,
                        round(row.probability, 2),
                        row.path,
                        row.text,
                        row.task_id,
                    ],
                    80,
                    5,
                )


def _gaps(sheet: Worksheet, matrix: Matrix) -> None:
    _head(sheet, ["Xã, phường", "Tiêu chí", "Nội dung", "Kết quả", "Thiếu gì, khác gì"], [24, 9, 60, 11, 60])
    texts = {one.id: one.text for one in matrix.criteria.criteria}
    for one, cell in matrix.gaps():
        _line(sheet, [one.plan, cell.criterion, texts[cell.criterion], cell.label, _said(cell)], 60)
        sheet.cell(sheet.max_row, 4).fill = PatternFill("solid", fgColor=COLOURS[cell.label])


def _said(cell: Cell) -> str:
    if cell.reason:
        return "; ".join([*cell.remarks, cell.reason])
    return "; ".join(cell.remarks) or ("không dòng nào nói tới" if cell.status is Status.MISSING else "")


def _weakest(sheet: Worksheet, matrix: Matrix) -> None:
    heads = ["Tiêu chí", "Nội dung", *STATUS_WORDS.values(), DOUBT_WORD, "Mức đáp ứng"]
    _head(sheet, heads, [9, 70, 10, 10, 10, 10, 12])
    for one in matrix.weakest():
        counts = [one.counts.get(status, 0) for status in STATUS_WORDS]
        _line(sheet, [one.criterion.id, one.criterion.text, *counts, one.doubtful, round(one.share, 3)], 70)
        sheet.cell(sheet.max_row, 7).number_format = "0%"


def _problems(sheet: Worksheet, matrix: Matrix) -> None:
    _head(sheet, ["Xã, phường", "Tiêu chí", "Vấn đề"], [24, 9, 80])
    for one in matrix.problems():
        _line(sheet, [one.plan, one.criterion, one.words], 80)


def _orphans(sheet: Worksheet, matrix: Matrix) -> None:
    _head(sheet, ["Xã, phường hoặc bộ tiêu chí", "Mục", "Ghi chú"], [30, 20, 80])
    for comparison in matrix.comparisons:
        for path in comparison.orphans:
            _line(sheet, [comparison.plan, path, "việc không thuộc tiêu chí nào (không phải là lỗi)"], 80)
    for criterion in matrix.unmet():
        _line(sheet, [matrix.criteria.id, criterion.id, f"chưa kế hoạch nào có: {criterion.text}"], 80)


def _head(sheet: Worksheet, heads: Sequence[str], widths: Sequence[float]) -> None:
    sheet.append([_safe(head) for head in heads])
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = sheet.cell(1, place)
        cell.font = Font(name=FONT, bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = _GRID
    sheet.row_dimensions[1].height = 46
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _line(sheet: Worksheet, values: Iterable[str | float], widest: float, at: int = -1) -> None:
    made = [_safe(value) for value in values]
    sheet.append(made)
    longest = max((len(value) for value in made if isinstance(value, str)), default=1)
    lines = 1 + int(longest / (widest * _LETTERS_A_UNIT))
    sheet.row_dimensions[sheet.max_row].height = min(_HIGHEST, _POINTS_A_LINE * lines + 3)
    for place in range(1, len(made) + 1):
        cell = sheet.cell(sheet.max_row, place)
        cell.font = Font(name=FONT)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = _GRID


def _safe(value: str | float) -> str | float:
    """The value; a text that a spreadsheet would take for a formula gets a quote in front."""
    if not isinstance(value, str):
        return value
    text = "".join(letter for letter in value if letter.isprintable() or letter == "\n")[:_MOST_LETTERS]
    return f"'{text}" if text.startswith(_FORMULA) and len(text) > 1 else text
