"""`giaoviec sql`: an answer as a table, as CSV, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Giaoviec = Callable[..., Any]


def test_the_command_prints_tables_csv_and_json(giaoviec: Giaoviec, tmp_path: Path) -> None:
    from tests.bad_files import GOOD_TEXT

    (tmp_path / "x.txt").write_text(GOOD_TEXT, encoding="utf-8")
    assert giaoviec("ingest", tmp_path / "x.txt").code == 0
    question = "SELECT path, text FROM tasks_flat ORDER BY ordinal"
    assert "path" in giaoviec("sql", question).out
    lines = json.loads(giaoviec("sql", question, "--format", "json").out)
    assert lines[1]["text"].startswith("=HYPERLINK")
    cells = giaoviec("sql", question, "--format", "csv").out.splitlines()
    assert cells[0] == "path,text"
    assert "\"'=HYPERLINK" in cells[2]
    cut = giaoviec("sql", question, "--limit", "1")
    assert (cut.code, "1 dòng đầu" in cut.err) == (0, True)
    assert "tasks_flat" in giaoviec("sql").out
    refused = giaoviec("sql", "DELETE FROM tasks")
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
