"""Lines of a workbook that an office opens and prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import IO, Any

import xlsxwriter

from pipeline.exports.cells import acts, printable

FONT = {"font_name": "Times New Roman", "font_size": 11}
GRID = {"border": 1, "border_color": "#999999"}
LINE = FONT | GRID | {"text_wrap": True, "valign": "top"}
HEAD = FONT | GRID | {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"}
MIDDLE = {"text_wrap": True, "align": "center", "valign": "vcenter"}
PERCENT = {"num_format": "0%"}
Look = dict[str, Any]
"""Properties of XlsxWriter's formats."""
FIXED_TIME = datetime(2000, 1, 1)
"""The time of making that a workbook tells: the same comparison gives the same bytes."""
_AS_TEXT = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
_LETTERS_A_UNIT, _POINTS_A_LINE, _HIGHEST = 1.1, 14.5, 400.0


class Book:
    """A workbook that is written to a stream when it is left, and the looks of its cells."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.made = xlsxwriter.Workbook(stream, {"in_memory": True} | _AS_TEXT)
        self.made.set_properties({"author": "giaoviec", "created": FIXED_TIME})
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.made.close()

    def look(self, look: Look) -> Any:
        """The format with these properties, made once: XlsxWriter writes each that it is asked for."""
        key = tuple(look.items())
        if key not in self._looks:
            self._looks[key] = self.made.add_format(dict(look))
        return self._looks[key]

    def sheet(self, name: str) -> Any:
        """A new sheet, behind those that are there."""
        return self.made.add_worksheet(name)

    def put(self, sheet: Any, line: int, place: int, value: str | float, look: Look) -> None:
        """Write a value; a text is a text, whatever it begins with. Lines and columns count from 0."""
        if not isinstance(value, str):
            sheet.write_number(line, place, value, self.look(look))
        elif value:
            quoted = {"quote_prefix": True} if acts(value) else {}
            sheet.write_string(line, place, printable(value), self.look({**look, **quoted}))
        else:
            sheet.write_blank(line, place, None, self.look(look))


class Lines:
    """A sheet with its heads written, frozen and printed on every page, to which lines are added."""

    def __init__(self, book: Book, sheet: Any, heads: Sequence[str], widths: Sequence[float], widest: float) -> None:
        """`widths` of the columns, `widest` of the column whose texts make a line high."""
        self.book, self.sheet = book, sheet
        self.last = 0
        self._columns, self._widest = len(heads), widest
        for place, (name, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(place, place, width)
            book.put(sheet, 0, place, name, HEAD | MIDDLE)
        sheet.set_row(0, 46)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def add(self, values: Iterable[str | float], looks: Mapping[int, Look] | None = None) -> int:
        """Write a line, as high as its longest text needs; returns its number as the sheet shows it.

        `looks` are those of single columns, over the one of the line.
        """
        made = list(values)
        self.last += 1
        lines = max((self._lines(value) for value in made if isinstance(value, str)), default=1)
        self.sheet.set_row(self.last, min(_HIGHEST, _POINTS_A_LINE * lines + 3))
        for place, value in enumerate(made):
            look = LINE | looks[place] if looks and place in looks else LINE
            self.book.put(self.sheet, self.last, place, value, look)
        return self.last + 1

    def _lines(self, text: str) -> int:
        """How many lines a text takes in the widest column."""
        return sum(1 + int(len(piece) / (self._widest * _LETTERS_A_UNIT)) for piece in text.split("\n"))

    def filtered(self) -> None:
        """Give the heads their filters."""
        self.sheet.autofilter(0, 0, self.last, self._columns - 1)


def fill(colour: str) -> Look:
    """The look of a cell in a colour ("A9D08E")."""
    return {"bg_color": f"#{colour}"}
