"""Lines of a workbook that an office opens and prints."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from copy import copy
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"
_THIN = Side(style="thin", color="999999")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
HEAD = PatternFill("solid", fgColor="1F4E79")
Looks = dict[Hashable, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLAIN, _WRAPPED = Font(name=FONT), Alignment(wrap_text=True, vertical="top")
_MOST_LETTERS = 32_000
_LETTERS_A_UNIT, _POINTS_A_LINE, _HIGHEST = 1.1, 14.5, 400.0


def head(sheet: Worksheet, heads: Sequence[str], widths: Sequence[float]) -> None:
    """Write the heads of a sheet's columns, frozen and printed on every page."""
    sheet.append([safe(name) for name in heads])
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = sheet.cell(1, place)
        cell.font = Font(name=FONT, bold=True, color="FFFFFF")
        cell.fill = HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = GRID
    sheet.row_dimensions[1].height = 46
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


class Lines:
    """A sheet with its heads written, to which lines are added."""

    def __init__(self, sheet: Worksheet, heads: Sequence[str], widths: Sequence[float], widest: float) -> None:
        """`widths` of the columns, `widest` of the column whose texts make a line high."""
        head(sheet, heads, widths)
        self.sheet = sheet
        self.last = 1
        self._widest = widest
        self._look: Any = None
        self._painted: Looks = {}

    def add(self, values: Iterable[str | float]) -> int:
        """Write a line, as high as its longest text needs; returns its number."""
        made = [safe(value) for value in values]
        self.last += 1  # the sheet's own `max_row` looks at every cell
        lines = max((self._lines(value) for value in made if isinstance(value, str)), default=1)
        self.sheet.row_dimensions[self.last].height = min(_HIGHEST, _POINTS_A_LINE * lines + 3)
        for place, value in enumerate(made, 1):
            cell: Any = self.sheet.cell(self.last, place, value)
            if self._look is None:
                cell.font, cell.alignment, cell.border = _PLAIN, _WRAPPED, GRID
                self._look = copy(cell._style)
            else:  # many times as fast as three looks that openpyxl has to find in the book again
                cell._style = self._look  # one for all: whoever changes a cell's look gives it one of its own
        return self.last

    def _lines(self, text: str) -> int:
        """How many lines a text takes in the widest column."""
        return sum(1 + int(len(piece) / (self._widest * _LETTERS_A_UNIT)) for piece in text.split("\n"))

    def paint(self, column: int, fill: PatternFill) -> None:
        """Colour a cell of the last line."""
        looking_like(self.sheet.cell(self.last, column), self._painted, fill.fgColor.rgb, fill=fill)

    def percent(self, column: int) -> None:
        """Show a cell of the last line in percent."""
        looking_like(self.sheet.cell(self.last, column), self._painted, "0%", number_format="0%")

    def filtered(self) -> None:
        """Give the heads their filters."""
        self.sheet.auto_filter.ref = f"A1:{get_column_letter(self.sheet.max_column)}{self.last}"


def looking_like(cell: Any, looks: Looks, key: Hashable, **look: Any) -> None:
    """Give a cell a look (`font=…`, `fill=…`), kept in `looks` under a key.

    A look costs openpyxl a search in the book for each of its parts; a whole one of another cell costs nothing. The
    key says all that cells of one look have in common, what they had before included.
    """
    if key not in looks:
        cell._style = copy(cell._style)
        for name, value in look.items():
            setattr(cell, name, value)
        looks[key] = cell._style
    else:
        cell._style = looks[key]


def safe(value: str | float) -> str | float:
    """The value; a text that a spreadsheet would take for a formula gets a quote in front."""
    if not isinstance(value, str):
        return value
    text = value
    if not value.isprintable():
        text = "".join(letter for letter in value if letter.isprintable() or letter == "\n")
    text = text[:_MOST_LETTERS]
    return f"'{text}" if text.startswith(_FORMULA) and len(text) > 1 else text
