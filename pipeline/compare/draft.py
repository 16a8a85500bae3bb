"""A set of criteria drafted from an upper-level plan, or read from the table of a decision's annex, for editing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from normalizers.fold import search_key
from pipeline.compare.plans import Plan
from pipeline.compare.prepared import COUNTED
from schemas.errors import CriteriaError

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")  # "2,5 điểm" is 2.5
_COLUMNS = {
    "id": ("stt", "tt", "so tt", "ma"),
    "text": ("tieu chi", "noi dung tieu chi", "noi dung", "ten tieu chi", "nhiem vu"),
    "points": ("diem", "diem toi da", "diem chuan", "thang diem"),
    "threshold": ("nguong", "diem toi thieu", "muc dat"),
}
"""The heads of the columns of an annex, without marks; the one place to add another."""


def draft_from_plan(plan: Plan, set_id: str) -> dict[str, Any]:
    """The plain data of a set with a criterion for each task and request of the plan, its lead, cadence and date."""
    rows = [row for row in plan.rows if row.kind in COUNTED]
    title = plan.document.get("title") or plan.name
    criteria = []
    for row in rows:
        criteria.append(
            {
                "id": row.path,
                "text": row.text,
                "source_path": row.path,
                "cadence": row.recurrence,
                "due": row.due,
                "target": row.target_text,
                "expected_lead": list(row.lead),
            }
        )
    return {
        "id": set_id,
        "title": f"Nhiệm vụ của kế hoạch: {title}",
        "version": 1,
        "valid_from": plan.issued,
        "valid_to": None,
        "rebuilt": True,
        "source": f"Lập tự động từ {plan.document.get('doc_number') or plan.name}; người sửa lại trước khi dùng.",
        "criteria": criteria,
    }


def to_yaml(data: dict[str, Any]) -> str:
    """The set as YAML to edit."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def import_table(path: Path, set_id: str) -> dict[str, Any]:
    """The plain data of a set from the first table of an XLSX or DOCX whose head names STT and criteria.

    Group lines (a Roman number or no points) become groups of what follows. CriteriaError where no such table is.
    """
    reader = {".xlsx": _xlsx_tables, ".docx": _docx_tables}.get(path.suffix.lower())
    if reader is None:
        raise CriteriaError(f"Tệp {path.name}: chỉ nhập được .xlsx và .docx.")
    for table in reader(path):
        found = _head(table)
        if found is not None:
            at, columns = found
            return _set_of(table[at + 1 :], columns, set_id, path.name)
    raise CriteriaError(f"Tệp {path.name}: không thấy bảng có cột STT và cột tiêu chí.")


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


def _set_of(lines: Sequence[Sequence[str]], columns: dict[str, int], set_id: str, name: str) -> dict[str, Any]:
    groups: list[dict[str, str]] = []
    criteria: list[dict[str, Any]] = []
    for line in lines:
        cells = {key: line[place] if place < len(line) else "" for key, place in columns.items()}
        text = " ".join(cells["text"].split())
        if not text or text == cells["id"]:
            continue
        is_group = cells["id"].strip(".").isupper() and not cells["id"].strip(".").isdigit()
        if is_group or not cells["id"]:
            groups.append({"id": cells["id"].strip(".") or str(len(groups) + 1), "title": text})
            continue
        prefix = f"{groups[-1]['id']}." if groups else ""
        one: dict[str, Any] = {"id": prefix + cells["id"].strip("."), "text": text}
        if groups:
            one["group"] = groups[-1]["id"]
        one |= {key: _number(cells[key]) for key in ("points", "threshold") if key in cells}
        criteria.append(one)
    return {
        "id": set_id,
        "title": f"Bộ tiêu chí nhập từ {name}",
        "version": 1,
        "valid_from": None,
        "valid_to": None,
        "groups": groups,
        "criteria": criteria,
    }


def _number(text: str) -> float | None:
    found = _NUMBER.search(text)
    return float(found.group().replace(",", ".")) if found else None
