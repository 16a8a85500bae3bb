"""The matrix as a workbook: colours, evidence, gaps of each commune, weakest criteria, tasks without criterion."""

from __future__ import annotations

from typing import IO

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.compare.matrix import Matrix, share_met
from pipeline.compare.sheets import head, line
from schemas.criteria import DOUBT_WORD, STATUS_WORDS, Cell, Status

COLOURS = {"Đáp ứng": "A9D08E", "Một phần": "FFE699", "Thiếu": "F4B084", DOUBT_WORD: "D9D2E9"}
SIGNS = {"Đáp ứng": "Đ", "Một phần": "P", "Thiếu": "–", DOUBT_WORD: "?"}


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
    head(sheet, heads, [9, 60, *(14 for _ in matrix.comparisons)])
    for at, criterion in enumerate(matrix.criteria.criteria):
        cells = [one.cells[at] for one in matrix.comparisons]
        line(sheet, [criterion.id, criterion.text, *(SIGNS[cell.label] for cell in cells)], 60)
        for place, cell in enumerate(cells):
            made = sheet.cell(sheet.max_row, 3 + place)
            made.fill = PatternFill("solid", fgColor=COLOURS[cell.label])
            made.alignment = Alignment(horizontal="center", vertical="center")
    line(sheet, ["", "Mức đáp ứng", *(round(share_met(one), 3) for one in matrix.comparisons)], 60)
    for place in range(len(matrix.comparisons)):
        sheet.cell(sheet.max_row, 3 + place).number_format = "0%"
    for word, colour in COLOURS.items():
        line(sheet, [SIGNS[word], word], 60)
        sheet.cell(sheet.max_row, 1).fill = PatternFill("solid", fgColor=colour)
    if matrix.criteria.rebuilt:
        line(sheet, ["Chú ý", matrix.criteria.source], 60)
    sheet.freeze_panes = "C2"


def _evidence(sheet: Worksheet, matrix: Matrix) -> None:
    head(sheet, ["Xã, phường", "Tiêu chí", "Kết quả", "Khả năng", "Mục", "Dòng chứng minh", "Mã dòng"], [
        24, 9, 11, 9, 16, 80, 28,
    ])  # fmt: skip
    for one in matrix.comparisons:
        for cell in one.cells:
            for row in (*cell.rows, *cell.candidates):
                line(
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
                )


def _gaps(sheet: Worksheet, matrix: Matrix) -> None:
    head(sheet, ["Xã, phường", "Tiêu chí", "Nội dung", "Kết quả", "Thiếu gì, khác gì"], [24, 9, 60, 11, 60])
    texts = {one.id: one.text for one in matrix.criteria.criteria}
    for one, cell in matrix.gaps():
        line(sheet, [one.plan, cell.criterion, texts[cell.criterion], cell.label, _said(cell)], 60)
        sheet.cell(sheet.max_row, 4).fill = PatternFill("solid", fgColor=COLOURS[cell.label])


def _said(cell: Cell) -> str:
    if cell.reason:
        return "; ".join([*cell.remarks, cell.reason])
    return "; ".join(cell.remarks) or ("không dòng nào nói tới" if cell.status is Status.MISSING else "")


def _weakest(sheet: Worksheet, matrix: Matrix) -> None:
    heads = ["Tiêu chí", "Nội dung", *STATUS_WORDS.values(), DOUBT_WORD, "Mức đáp ứng"]
    head(sheet, heads, [9, 70, 10, 10, 10, 10, 12])
    for one in matrix.weakest():
        counts = [one.counts.get(status, 0) for status in STATUS_WORDS]
        line(sheet, [one.criterion.id, one.criterion.text, *counts, one.doubtful, round(one.share, 3)], 70)
        sheet.cell(sheet.max_row, 7).number_format = "0%"


def _problems(sheet: Worksheet, matrix: Matrix) -> None:
    head(sheet, ["Xã, phường", "Tiêu chí", "Vấn đề"], [24, 9, 80])
    for one in matrix.problems():
        line(sheet, [one.plan, one.criterion, one.words], 80)


def _orphans(sheet: Worksheet, matrix: Matrix) -> None:
    head(sheet, ["Xã, phường hoặc bộ tiêu chí", "Mục", "Ghi chú"], [30, 20, 80])
    for comparison in matrix.comparisons:
        for path in comparison.orphans:
            line(sheet, [comparison.plan, path, "việc không thuộc tiêu chí nào (không phải là lỗi)"], 80)
    for criterion in matrix.unmet():
        line(sheet, [matrix.criteria.id, criterion.id, f"chưa kế hoạch nào có: {criterion.text}"], 80)
