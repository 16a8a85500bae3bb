"""A set of criteria read from the table of a decision's annex (STT, tiêu chí, điểm), for editing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from normalizers.fold import search_key
from schemas.errors import CriteriaError

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")  # "2,5 điểm" is 2.5
_GROUP_ID = re.compile(r"[IVXLC]+|[A-ZĐ]")  # "II", "B"
_ENUMERATED = re.compile(r"(?:(?:Nhóm|Phần|Mục|Nội dung)\s+)?([IVXLC]+|[A-ZĐ]|\d+(?:\.\d+)*)\s*[.):\-–]\s*(.+)", re.S)
"""A line that spans the table: "I. Công khai", "Phần II: Phục vụ"."""
_COLUMNS = {
    "id": ("stt", "tt", "so tt", "so thu tu", "ma", "ma tieu chi"),
    "text": ("tieu chi", "noi dung tieu chi", "noi dung", "ten tieu chi", "nhiem vu", "tieu chi danh gia"),
    "points": ("diem", "diem toi da", "diem chuan", "thang diem", "so diem"),
    "threshold": ("nguong", "diem toi thieu", "muc dat", "diem dat"),
}
"""The heads of the columns of an annex, without marks; the one place to add another."""
_TOTAL = ("tong", "tong cong", "tong diem", "cong")


@dataclass(slots=True)
class _Set:
    """What was read so far."""

    groups: list[dict[str, str]] = field(default_factory=list)
    criteria: list[dict[str, Any]] = field(default_factory=list)


def import_table(path: Path, set_id: str) -> dict[str, Any]:
    """The plain data of a set from the tables of an XLSX or DOCX whose heads name STT and criteria.

    Lines with a Roman number, lines across the table and lines with numbered parts below them become groups; a line
    without number and points belongs to the criterion above it. CriteriaError where there is no such table.
    """
    reader = {".xlsx": _xlsx_tables, ".docx": _docx_tables}.get(path.suffix.lower())
    if reader is None:
        raise CriteriaError(f"Tệp {path.name}: chỉ nhập được .xlsx và .docx.")
    made, columns, width = _Set(), None, 0
    for table in reader(path):
        found = _head(table)
        if found is not None:
            at, columns = found
            width, table = len(table[at]), table[at + 1 :]
        elif columns is None or not table or len(table[0]) != width:
            continue  # no table of criteria; one of the same width goes on with the table before it
        _read([_cells(line, columns) for line in table], made)
    if not made.criteria:
        raise CriteriaError(f"Tệp {path.name}: không thấy bảng có cột STT và cột tiêu chí.")
    return {
        "id": set_id,
        "title": f"Bộ tiêu chí nhập từ {path.name}",
        "version": 1,
        "valid_from": None,
        "valid_to": None,
        "source": f"Nhập từ tệp {path.name}; người kiểm tra lại trước khi dùng.",
        "groups": made.groups,
        "criteria": made.criteria,
    }


def _cells(line: Sequence[str], columns: dict[str, int]) -> dict[str, str]:
    return {key: line[place] if place < len(line) else "" for key, place in columns.items()}


def _xlsx_tables(path: Path) -> Iterator[list[list[str]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError) as error:
        raise CriteriaError(f"Tệp {path.name}: không mở được bảng tính.", repr(error)) from error
    for sheet in book.worksheets:
        yield [
            ["" if cell is None else str(cell).strip() for cell in row] for row in sheet.iter_rows(values_only=True)
        ]


def _docx_tables(path: Path) -> Iterator[list[list[str]]]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = Document(str(path))
    except (OSError, PackageNotFoundError, KeyError, ValueError) as error:
        raise CriteriaError(f"Tệp {path.name}: không mở được văn bản.", repr(error)) from error
    for table in document.tables:
        yield [[cell.text.strip() for cell in row.cells] for row in table.rows]


def _head(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    for at, line in enumerate(table):
        columns: dict[str, int] = {}
        for place, cell in enumerate(line):
            key = search_key(cell)
            for name, heads in _COLUMNS.items():
                if name not in columns and (key in heads or (name == "points" and key.startswith("diem "))):
                    columns[name] = place
                    break
        if {"id", "text"} <= set(columns):
            return at, columns
    return None


def _read(lines: Sequence[dict[str, str]], made: _Set) -> None:
    for at, cells in enumerate(lines):
        number, text = cells["id"].strip(". )"), " ".join(cells["text"].split())
        spans = text == " ".join(cells["id"].split()) or not text
        whole = text or " ".join(cells["id"].split())
        if not whole or search_key(whole) in _TOTAL:
            continue
        if spans and (found := _ENUMERATED.fullmatch(whole)):
            _add_group(made, found.group(1), found.group(2))
        elif spans:
            _add_group(made, "", whole)
        elif _GROUP_ID.fullmatch(number) or _has_parts(number, lines[at + 1 :]):
            _add_group(made, number, text)
        elif number or _number(cells.get("points", "")) is not None:
            _add_criterion(made, number, text, cells)
        elif made.criteria:
            made.criteria[-1]["text"] += f" {text}"  # a line of its own that explains the criterion above it
        else:
            _add_group(made, "", text)


def _has_parts(number: str, below: Sequence[dict[str, str]]) -> bool:
    """Whether the next numbered line is a part of this one: "1.1" under "1"."""
    numbers = (cells["id"].strip(". )") for cells in below)
    return bool(number) and next((one for one in numbers if one), "").startswith(f"{number}.")


def _add_group(made: _Set, number: str, title: str) -> None:
    taken = {group["id"] for group in made.groups}
    name = number if number and number not in taken else str(len(made.groups) + 1)
    while name in taken:
        name += "x"
    made.groups.append({"id": name, "title": " ".join(title.split())})


def _add_criterion(made: _Set, number: str, text: str, cells: dict[str, str]) -> None:
    group = _group_of(made, number)
    mine = [one for one in made.criteria if one.get("group", "") == group]
    number = number or str(len(mine) + 1)
    full = f"{group}.{number}" if group and not number.startswith(f"{group}.") else number
    taken = {one["id"] for one in made.criteria}
    while full in taken:
        full += "x"
    one: dict[str, Any] = {"id": full, "text": text}
    if group:
        one["group"] = group
    made.criteria.append(one | {key: _number(cells[key]) for key in ("points", "threshold") if key in cells})


def _group_of(made: _Set, number: str) -> str:
    """The group of a criterion: a numbered one ("1") holds only its parts ("1.1"), "2" beside it goes one up."""
    for group in reversed(made.groups):
        name = group["id"]
        if not name.isdigit() or not number or number.startswith(f"{name}."):
            return name
    return ""


def _number(text: str) -> float | None:
    found = _NUMBER.search(text)
    return float(found.group().replace(",", ".")) if found else None
