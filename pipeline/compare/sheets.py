"""Lines of a workbook that an office opens and prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"
_THIN = Side(style="thin", color="999999")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="1F4E79")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_LETTERS = 32_000
_LETTERS_A_UNIT, _POINTS_A_LINE, _HIGHEST = 1.1, 14.5, 400.0


def head(sheet: Worksheet, heads: Sequence[str], widths: Sequence[float]) -> None:
    """Write the heads of a sheet's columns, frozen and printed on every page."""
    sheet.append([_safe(name) for name in heads])
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


def line(sheet: Worksheet, values: Iterable[str | float], widest: float) -> None:
    """Write a line, as high as its longest text needs in a column of the width `widest`."""
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
