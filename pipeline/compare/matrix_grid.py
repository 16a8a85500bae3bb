"""The first sheet of the workbook: a line for each place, narrow columns of criteria; cells lead to their proof."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.compare.matrix import Matrix, share_met, short_name
from pipeline.compare.matrix_words import COLOURS, DECIDED, SIGNS, sign
from pipeline.compare.sheets import FONT, GRID, HEAD, Looks, looking_like, safe

Proofs = dict[tuple[int, str], tuple[str, int]]
"""(number of the plan, criterion) → the sheet and the line where its proof or its gap stands."""
_FILLS = {word: PatternFill("solid", fgColor=colour) for word, colour in COLOURS.items()}
_MIDDLE = Alignment(horizontal="center", vertical="center")
_UPRIGHT = Alignment(horizontal="center", vertical="bottom", text_rotation=90)
_PLAIN, _BOLD, _WHITE = Font(name=FONT), Font(name=FONT, bold=True), Font(name=FONT, bold=True, color="FFFFFF")
_FIRST = 3
_A3 = 8
_POINTS, _LETTERS_A_LINE = 15.0, 200


def write_grid(sheet: Worksheet, matrix: Matrix, proofs: Proofs) -> None:
    """Write the map: heads of groups and criteria, a line for each plan, shares below, legend and source."""
    _heads(sheet, matrix)
    looks: Looks = {}
    for at, one in enumerate(matrix.comparisons):
        number = _FIRST + at
        _write(sheet, number, 1, short_name(one.plan), _PLAIN)
        _write(sheet, number, 2, round(share_met(one), 3), _BOLD).number_format = "0%"
        for place, cell in enumerate(one.cells):
            made = sheet.cell(number, _FIRST + place, safe(sign(cell)))
            if proof := proofs.get((at, cell.criterion)):
                made.hyperlink = Hyperlink(made.coordinate, location=f"'{proof[0]}'!A{proof[1]}")
            fill = _FILLS[cell.label]
            looking_like(made, looks, cell.label, font=_PLAIN, border=GRID, fill=fill, alignment=_MIDDLE)
    last = _FIRST + len(matrix.comparisons)
    _shares(sheet, matrix, last)
    _legend(sheet, matrix, last + 2)
    _layout(sheet, matrix, last)


def _write(sheet: Worksheet, row: int, column: int, value: str | float, font: Font) -> Any:
    made = sheet.cell(row, column, safe(value))
    made.font, made.border = font, GRID
    return made


def _heads(sheet: Worksheet, matrix: Matrix) -> None:
    titles = dict(matrix.criteria.groups)
    for row, column, value in (
        (2, 1, "Xã, phường"),
        (2, 2, "Mức đáp ứng"),
        (1, 1, matrix.criteria.title),
        (1, 2, ""),
    ):
        made = _write(sheet, row, column, value, _WHITE)
        made.fill, made.alignment = HEAD, Alignment(wrap_text=True, vertical="center", horizontal="center")
    column = _FIRST
    for group, members in groupby(matrix.criteria.criteria, key=lambda one: one.group):
        many = list(members)
        for criterion in many:
            made = _write(sheet, 2, column, criterion.id, _WHITE)
            made.fill, made.alignment = HEAD, _UPRIGHT
            made.comment = Comment(criterion.text, "giaoviec", width=360, height=140)
            _write(sheet, 1, column, "", _WHITE).fill = HEAD
            column += 1
        title = _write(sheet, 1, column - len(many), f"{group} {titles.get(group, '')}".strip(), _WHITE)
        title.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        if len(many) > 1:
            sheet.merge_cells(start_row=1, end_row=1, start_column=column - len(many), end_column=column - 1)


def _shares(sheet: Worksheet, matrix: Matrix, row: int) -> None:
    _write(sheet, row, 1, "Mức của tiêu chí (một phần tính một nửa)", _BOLD)
    by_id = {one.criterion.id: one.share for one in matrix.weakest()}
    for place, criterion in enumerate(matrix.criteria.criteria):
        made = _write(sheet, row, _FIRST + place, round(by_id[criterion.id], 3), Font(name=FONT, size=8))
        made.number_format, made.alignment = "0%", _UPRIGHT
    sheet.row_dimensions[row].height = 30


def _legend(sheet: Worksheet, matrix: Matrix, row: int) -> None:
    lines = [(SIGNS[word], word) for word in COLOURS] + [(DECIDED, "cán bộ quyết định")]
    for sign_of, word in lines:
        made = _write(sheet, row, 1, f"{sign_of}  {word}", _PLAIN)
        if word in _FILLS:
            made.fill = _FILLS[word]
        row += 1
    notes = ["Bấm vào một ô để tới dòng chứng minh hoặc chỗ còn thiếu."]
    notes += dict.fromkeys(note for one in matrix.comparisons for note in one.notes)
    width = 2 + len(matrix.criteria.criteria)
    for note in notes:
        made = sheet.cell(row, 1, safe(note))
        made.font, made.alignment = Font(name=FONT, italic=True), Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        sheet.row_dimensions[row].height = _POINTS * (1 + len(note) // _LETTERS_A_LINE)
        row += 1
    sheet.print_area = f"A1:{get_column_letter(width)}{row}"


def _layout(sheet: Worksheet, matrix: Matrix, last: int) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 10
    for place in range(len(matrix.criteria.criteria)):
        sheet.column_dimensions[get_column_letter(_FIRST + place)].width = 3.6
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 44, 46
    sheet.freeze_panes = "C3"
    if last > _FIRST:
        bar = DataBarRule(  # type: ignore[no-untyped-call]
            start_type="num", start_value=0, end_type="num", end_value=1, color="9DC3E6"
        )
        sheet.conditional_formatting.add(f"B{_FIRST}:B{last - 1}", bar)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:2"
