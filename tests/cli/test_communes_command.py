"""`giaoviec communes`: the report at the door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook


def test_all_are_missing_where_nothing_was_sent(giaoviec: Callable[..., Any], tmp_path: Path) -> None:
    done = giaoviec("communes", "--year", "2026", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)["counts"] == {"none": 114, "old": 0, "draft": 0, "undated": 0, "plan": 0}
    table = tmp_path / "xa.xlsx"
    assert giaoviec("communes", "-o", table).code == 0
    assert load_workbook(table).worksheets[0].max_row == 115


def test_an_unknown_province_is_one_line(giaoviec: Callable[..., Any]) -> None:
    refused = giaoviec("communes", "--province", "Không Có")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "Không Có" in refused.err
