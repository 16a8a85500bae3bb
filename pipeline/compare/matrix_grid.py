"""The first sheet of the workbook: a line for each place, narrow columns of criteria; cells lead to their proof."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pipeline.compare.matrix import Matrix, share_met, short_name
from pipeline.compare.matrix_words import COLOURS, DECIDED, SIGNS, sign
from pipeline.compare.sheets import FONT, GRID, HEAD, MIDDLE, PERCENT, Book, fill

Proofs = dict[tuple[int, str], tuple[str, int]]
"""(number of the plan, criterion) → the sheet and the line where its proof or its gap stands."""
_PLAIN = FONT | GRID
_BOLD = _PLAIN | {"bold": True}
_CELLS = {word: _PLAIN | fill(colour) | {"align": "center", "valign": "vcenter"} for word, colour in COLOURS.items()}
_UPRIGHT = {"align": "center", "rotation": 90}
_SHARE = _PLAIN | PERCENT | _UPRIGHT | {"font_size": 8}
_NOTE = FONT | {"italic": True, "text_wrap": True, "valign": "top"}
_FIRST_LINE = _FIRST_COLUMN = 2
_A3 = 8
_POINTS, _LETTERS_A_LINE = 15.0, 200
_COMMENT = {"author": "giaoviec", "width": 360, "height": 140}


def write_grid(book: Book, sheet: Any, matrix: Matrix, proofs: Proofs) -> None:
    """Write the map: heads of groups and criteria, a line for each plan, shares below, legend and source."""
    _heads(book, sheet, matrix)
    for at, one in enumerate(matrix.comparisons):
        line = _FIRST_LINE + at
        book.put(sheet, line, 0, short_name(one.plan), _PLAIN)
        book.put(sheet, line, 1, round(share_met(one), 3), _BOLD | PERCENT)
        for place, cell in enumerate(one.cells, _FIRST_COLUMN):
            if proof := proofs.get((at, cell.criterion)):
                way = f"internal:'{proof[0]}'!A{proof[1]}"
                sheet.write_url(line, place, way, book.look(_CELLS[cell.label]), sign(cell))
            else:
                book.put(sheet, line, place, sign(cell), _CELLS[cell.label])
    last = _FIRST_LINE + len(matrix.comparisons)
    _shares(book, sheet, matrix, last)
    _legend(book, sheet, matrix, last + 2)
    _layout(sheet, matrix, last)


def _heads(book: Book, sheet: Any, matrix: Matrix) -> None:
    titles = dict(matrix.criteria.groups)
    names = ((0, 0, matrix.criteria.title), (0, 1, ""), (1, 0, "Xã, phường"), (1, 1, "Mức đáp ứng"))
    for line, place, value in names:
        book.put(sheet, line, place, value, HEAD | MIDDLE)
    place = _FIRST_COLUMN
    for group, members in groupby(matrix.criteria.criteria, key=lambda one: one.group):
        many = list(members)
        title = f"{group} {titles.get(group, '')}".strip()
        if len(many) > 1:
            sheet.merge_range(0, place, 0, place + len(many) - 1, "", book.look(HEAD | MIDDLE))
        book.put(sheet, 0, place, title, HEAD | MIDDLE)
        for criterion in many:
            book.put(sheet, 1, place, criterion.id, HEAD | _UPRIGHT)
            sheet.write_comment(1, place, criterion.text, _COMMENT)
            place += 1


def _shares(book: Book, sheet: Any, matrix: Matrix, line: int) -> None:
    book.put(sheet, line, 0, "Mức của tiêu chí (một phần tính một nửa)", _BOLD)
    by_id = {one.criterion.id: one.share for one in matrix.weakest()}
    for place, criterion in enumerate(matrix.criteria.criteria, _FIRST_COLUMN):
        book.put(sheet, line, place, round(by_id[criterion.id], 3), _SHARE)
    sheet.set_row(line, 30)


def _legend(book: Book, sheet: Any, matrix: Matrix, line: int) -> None:
    for word, colour in COLOURS.items():
        book.put(sheet, line, 0, f"{SIGNS[word]}  {word}", _PLAIN | fill(colour))
        line += 1
    book.put(sheet, line, 0, f"{DECIDED}  cán bộ quyết định", _PLAIN)
    line += 1
    notes = ["Bấm vào một ô để tới dòng chứng minh hoặc chỗ còn thiếu."]
    notes += dict.fromkeys(note for one in matrix.comparisons for note in one.notes)
    last = _FIRST_COLUMN + len(matrix.criteria.criteria) - 1
    for note in notes:
        sheet.merge_range(line, 0, line, last, "", book.look(_NOTE))
        book.put(sheet, line, 0, note, _NOTE)
        sheet.set_row(line, _POINTS * (1 + len(note) // _LETTERS_A_LINE))
        line += 1
    sheet.print_area(0, 0, line, last)


def _layout(sheet: Any, matrix: Matrix, last: int) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 10)
    sheet.set_column(_FIRST_COLUMN, _FIRST_COLUMN + len(matrix.criteria.criteria) - 1, 3.6)
    sheet.set_row(0, 44)
    sheet.set_row(1, 46)
    sheet.freeze_panes(_FIRST_LINE, _FIRST_COLUMN)
    if last > _FIRST_LINE:
        bar = {"type": "data_bar", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        sheet.conditional_format(_FIRST_LINE, 1, last - 1, 1, bar | {"bar_color": "#9DC3E6"})
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
