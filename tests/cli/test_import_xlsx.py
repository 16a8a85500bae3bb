"""`giaoviec import-xlsx`: the changes are shown first, and taken when somebody says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Giaoviec = Callable[..., Any]


@pytest.fixture
def corrected(giaoviec: Giaoviec, tmp_path: Path) -> Path:
    from tests.bad_files import GOOD_TEXT

    (tmp_path / "kế hoạch.txt").write_text(GOOD_TEXT, encoding="utf-8")
    assert giaoviec("ingest", tmp_path / "kế hoạch.txt").code == 0
    assert giaoviec("export", "-o", tmp_path / "bang.xlsx").code == 0
    book = openpyxl.load_workbook(tmp_path / "bang.xlsx")
    book["Nhiệm vụ"]["C4"].value = "Công an xã"
    book.save(tmp_path / "bang.xlsx")
    return tmp_path / "bang.xlsx"


def lead(giaoviec: Giaoviec) -> list[str]:
    found: list[str] = json.loads(giaoviec("tasks", "--json").out)[0]["lead"]
    return found


def test_changes_are_shown_and_nothing_is_taken_without_a_yes(giaoviec: Giaoviec, corrected: Path) -> None:
    before = lead(giaoviec)
    ran = giaoviec("import-xlsx", corrected)
    assert ran.code == 0
    assert "Công an xã" in ran.out
    assert "--yes" in ran.out
    assert lead(giaoviec) == before


def test_a_yes_takes_them(giaoviec: Giaoviec, corrected: Path) -> None:
    ran = giaoviec("import-xlsx", corrected, "--yes", "--who", "Lan", "--json")
    assert json.loads(ran.out)["taken"] is True
    assert lead(giaoviec) == ["Công an xã"]
    assert json.loads(giaoviec("tasks", "--status", "da-sua", "--json").out)[0]["lead"] == ["Công an xã"]
    assert "không có thay đổi" in giaoviec("import-xlsx", corrected).out


def test_a_refused_cell_is_one_line_and_exit_code_3(giaoviec: Giaoviec, corrected: Path) -> None:
    book = openpyxl.load_workbook(corrected)
    book["Nhiệm vụ"]["G4"].value = "BÍ MẬT"
    book.save(corrected)
    ran = giaoviec("import-xlsx", corrected, "--yes")
    assert ran.code == 3
    assert ran.err.splitlines()[0].startswith("giaoviec: Dòng 4, cột “Hạn hoàn thành”: ngày phải viết")
    assert "BÍ MẬT" not in ran.err + ran.out


@pytest.mark.parametrize("name", ["missing.xlsx", "."])
def test_what_is_no_file_is_one_line(giaoviec: Giaoviec, tmp_path: Path, name: str) -> None:
    ran = giaoviec("import-xlsx", tmp_path / name)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_a_corrected_table_in_the_folder_waits_for_a_person_and_is_no_plan(
    giaoviec: Giaoviec, corrected: Path
) -> None:
    before = lead(giaoviec)
    ran = giaoviec("ingest", corrected)
    assert ran.code == 2
    assert "đã sửa gửi lại" in ran.err
    assert lead(giaoviec) == before
    waiting = giaoviec("import-xlsx").out
    assert "bang.xlsx" in waiting
    kept = next(word for word in waiting.split() if "originals" in word)
    whole = [path for path in Path(kept).parent.parent.rglob("*") if path.is_file() and path.name == Path(kept).name]
    assert giaoviec("import-xlsx", *(whole or [corrected]), "--yes").code == 0
    assert lead(giaoviec) == ["Công an xã"]
    assert "bang.xlsx" not in giaoviec("import-xlsx").out
