"""Reads a workbook that came back, in a child process: its cells as plain data, or why it is refused whole."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from pipeline.exports.stamps import HEADINGS, LAYOUT, MARK, STAMP_SHEET, TASK_SHEET
from pipeline.isolate import Limits, run_limited
from pipeline.store.originals import open_regular, refuse_size
from schemas.errors import UnreadableFile, UnsupportedFormat

SECONDS = 120
MOST_ROWS = 100_000
MOST_LIST_BYTES = 1 << 20
TITLE_LINES = 10
"""Where the head may stand: a person may have put a line of his own above it."""
NOT_OURS = "Đây không phải bảng Excel do giaoviec xuất ra; hãy xuất lại bảng, sửa trên đó rồi nộp lại."
OTHER_LAYOUT = "Bảng này được xuất từ phiên bản khác của giaoviec nên không nhận; hãy xuất lại bảng rồi sửa trên đó."
NO_SHEET = f"Bảng không còn trang “{TASK_SHEET}” nên không nhận; hãy xuất lại bảng rồi sửa trên đó."
NO_HEAD = "Dòng tiêu đề cột đã bị sửa nên không nhận cả bảng: {what}. Hãy giữ nguyên các cột như khi xuất."
TOO_LONG = f"Bảng có quá {MOST_ROWS:,} dòng; hãy lọc rồi xuất thành nhiều bảng.".replace(",", ".")
DAMAGED = "Tệp Excel bị hỏng, không mở được; hãy lưu lại thành .xlsx rồi nộp lại."
ONLY_XLSX = "Chỉ nhận bảng Excel dạng .xlsx do giaoviec xuất ra."

Cell = tuple[str, Any]
"""A cell as plain data: ("text", str), ("number", float), ("day", ISO text), ("formula", None) or ("empty", None)."""


def read_workbook(path: Path, limits: Limits) -> dict[str, Any]:
    """{"stamp": …, "stamped": [(task_id, document_id, digests)…], "lines": [(row number, cells)…]} of a workbook.

    Read under limits in a child process. Raises `ReadError` where it is none of ours or its layout was changed.
    """
    descriptor = open_regular(path)
    with open(descriptor, "rb") as stream:
        size = stream.seek(0, 2)
    refuse_size(size, limits.source_bytes)
    within = replace(
        limits, wall_seconds=min(limits.wall_seconds, SECONDS), cpu_seconds=min(limits.cpu_seconds, SECONDS)
    )
    return run_limited(_read, path, limits=within)


def is_ours(path: Path, limits: Limits) -> bool:
    """Whether the file is a workbook that `giaoviec export` wrote, corrected or not; looked at in a child process."""
    within = replace(limits, wall_seconds=30, cpu_seconds=30)
    return run_limited(_has_mark, path, limits=within)


def _has_mark(path: Path) -> bool:
    """Whether the list of sheets names ours: nothing else of the file is unpacked."""
    try:
        with zipfile.ZipFile(path) as book, book.open("xl/workbook.xml") as part:
            return f'name="{STAMP_SHEET}"'.encode() in part.read(MOST_LIST_BYTES)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ):
        return False  # no workbook, or one that its reader will refuse in its own words


def _open(path: Path) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with open(path, "rb") as stream:
            if not zipfile.is_zipfile(stream):
                raise UnreadableFile(ONLY_XLSX)
        return load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        ParseError,
        SyntaxError,
    ) as error:
        raise UnreadableFile(DAMAGED, repr(error)) from error


def _read(path: Path) -> dict[str, Any]:
    book = _open(path)
    if STAMP_SHEET not in book.sheetnames:
        raise UnsupportedFormat(NOT_OURS)
    try:
        stamped = [tuple(_plain_text(value) for value in line[:3]) for line in book[STAMP_SHEET].values]
        if not stamped or stamped[0][0] != MARK:
            raise UnsupportedFormat(NOT_OURS)
        if stamped[0][1] != LAYOUT:
            raise UnsupportedFormat(OTHER_LAYOUT)
        if TASK_SHEET not in book.sheetnames:
            raise UnsupportedFormat(NO_SHEET)
        return {"stamp": stamped[0][2], "stamped": stamped[1:], "lines": _lines(book[TASK_SHEET])}
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, ParseError, SyntaxError) as error:
        raise UnreadableFile(DAMAGED, repr(error)) from error


def _plain_text(value: Any) -> str:
    return "" if value is None else str(value)


def _lines(sheet: Any) -> list[tuple[int, list[Cell]]]:
    found: list[tuple[int, list[Cell]]] = []
    head: int | None = None
    nearest: list[str] = []
    for number, line in enumerate(sheet.iter_rows(), 1):
        cells = [_cell(cell) for cell in line]
        if head is None:
            words = [str(value) if kind == "text" else "" for kind, value in cells]
            if tuple(words[: len(HEADINGS)]) == HEADINGS and not any(words[len(HEADINGS) :]):
                head = number
            elif number > TITLE_LINES:
                break
            elif len(set(words) & set(HEADINGS)) > len(set(nearest) & set(HEADINGS)):
                nearest = words
        elif any(kind != "empty" for kind, _ in cells):
            filled = cells + [("empty", None)] * (len(HEADINGS) - len(cells))
            found.append((number, filled[: len(HEADINGS)]))
            if len(found) > MOST_ROWS:
                raise UnsupportedFormat(TOO_LONG)
    if head is None:
        raise UnsupportedFormat(NO_HEAD.format(what=_what_changed(nearest)))
    return found


def _what_changed(words: list[str]) -> str:
    """What is wrong with a head: only names of our own columns are said, never what stands there instead."""
    while words and not words[-1]:
        words.pop()
    if missing := [heading for heading in HEADINGS if heading not in words]:
        return f"thiếu cột {', '.join(f'“{heading}”' for heading in missing)}"
    if len(words) > len(HEADINGS):
        return "có cột lạ, cột lặp hoặc cột bị dời chỗ"
    return "các cột đã đổi chỗ"


# How a workbook writes "_x0041_" where these letters are meant, and no "A"; only shared texts come back without it.
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or value == "":
        return "empty", None
    if getattr(cell, "data_type", "") == "f":
        return "formula", None
    if isinstance(value, datetime):
        return "day", value.date().isoformat()
    if isinstance(value, date):
        return "day", value.isoformat()
    if isinstance(value, bool):
        return "text", "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return "number", value
    return "text", _ESCAPED.sub("_", str(value))
