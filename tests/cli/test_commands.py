"""What the commands promise: exit codes, one line for a refusal, formats, filters, and a batch that goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.bad_files import BAD, GOOD_TEXT, make_bad

Giaoviec = Callable[..., Any]
COMMANDS = ("extract", "restore", "ingest", "documents", "tasks", "show", "export", "score", "doctor")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "kế hoạch 12.txt"
    path.write_text(GOOD_TEXT, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_one_sentence_and_its_exit_code(giaoviec: Giaoviec, tmp_path: Path, name: str) -> None:
    content, codes = BAD[name]
    path = tmp_path / name
    path.write_bytes(content())
    ran = giaoviec("extract", path)
    assert ran.code in codes, ran
    assert ran.out == ""
    (line,) = ran.err.splitlines()
    assert line.startswith(f"giaoviec: {path}: ")
    assert line.endswith(".")


@pytest.mark.parametrize("name", ["missing.pdf", "."])
def test_what_is_no_file_is_refused(giaoviec: Giaoviec, tmp_path: Path, name: str) -> None:
    ran = giaoviec("extract", tmp_path / name)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_what_nobody_foresaw_is_a_line_and_a_traceback_in_the_log(giaoviec: Giaoviec, tmp_path: Path) -> None:
    path = tmp_path / "bom.txt"
    path.write_text("KẾ HOẠCH\nBOM HẸN GIỜ", encoding="utf-8")
    ran = giaoviec("extract", path)
    assert ran.code == 9
    assert len(ran.err.splitlines()) == 1
    assert "KeyError: 'unforeseen'" in (tmp_path / "data" / "giaoviec.log").read_text(encoding="utf-8")


def test_a_batch_goes_on_behind_bad_files(giaoviec: Giaoviec, plan: Path, tmp_path: Path) -> None:
    bad = tmp_path / "cut.pdf"
    bad.write_bytes(BAD["cut.pdf"][0]())
    ran = giaoviec("extract", bad, plan, "--format", "json")
    assert ran.code == 3
    assert len(json.loads(ran.out)) == 1
    assert len(ran.err.splitlines()) == 1


def test_where_all_are_refused_the_worst_says_the_exit_code(giaoviec: Giaoviec, tmp_path: Path) -> None:
    for name in ("rong.pdf", "cut.pdf"):
        (tmp_path / name).write_bytes(BAD[name][0]())
    assert giaoviec("extract", tmp_path / "rong.pdf", tmp_path / "cut.pdf").code == 6


def test_json_of_one_file_is_its_record_and_of_several_a_list(giaoviec: Giaoviec, plan: Path) -> None:
    one = json.loads(giaoviec("extract", plan, "--format", "json").out)
    assert list(one) == ["document", "sections", "rows"]
    assert one["document"]["file"] == plan.name
    several = json.loads(giaoviec("extract", plan, plan, "--format", "json").out)
    assert several == [one, one]


def test_each_format_is_written(giaoviec: Giaoviec, plan: Path, tmp_path: Path) -> None:
    assert "Tổ chức đối thoại" in giaoviec("extract", plan).out
    assert len(giaoviec("extract", plan, "-f", "jsonl").out.splitlines()) == 3
    assert giaoviec("extract", plan, "-f", "csv").out.startswith("\ufeffpath,kind,text")
    for suffix in ("json", "jsonl", "csv", "xlsx", "parquet"):
        assert giaoviec("extract", plan, "-o", tmp_path / f"ra.{suffix}").code == 0
    assert openpyxl.load_workbook(tmp_path / "ra.xlsx")["Nhiệm vụ"].max_row == 6
    assert pq.read_table(tmp_path / "ra.parquet").num_rows == 3
    assert giaoviec("extract", plan, "-f", "xlsx").code == 2


def test_several_files_into_a_folder_are_a_file_each(giaoviec: Giaoviec, plan: Path, tmp_path: Path) -> None:
    other = tmp_path / "khác.txt"
    other.write_text(GOOD_TEXT + "2. Việc khác.", encoding="utf-8")
    giaoviec("extract", plan, other, "-f", "json", "-o", tmp_path / "ra")
    assert sorted(path.name for path in (tmp_path / "ra").iterdir()) == ["khác.txt.json", "kế hoạch 12.txt.json"]


def test_a_folder_goes_into_the_store_past_its_bad_files(giaoviec: Giaoviec, tmp_path: Path) -> None:
    commune = tmp_path / "vào" / "Lê Chân"
    commune.mkdir(parents=True)
    bad = make_bad(commune)
    (commune / "tốt.txt").write_text(GOOD_TEXT, encoding="utf-8")
    (commune / "~$tốt.docx").write_text("x")
    (commune / "ghi chú.zip").write_text("x")
    ran = giaoviec("ingest", tmp_path / "vào", "--json")
    assert ran.code == 3
    told = {Path(record["file"]): record for record in json.loads(ran.out)["files"]}
    assert {path: record["exit_code"] for path, record in told.items() if path in bad}.keys() == bad.keys()
    assert all(told[path]["exit_code"] in codes for path, codes in bad.items()), told
    assert told[commune / "tốt.txt"]["new"]
    assert len(json.loads(ran.out)["passed_over"]) == 2
    refused = json.loads(giaoviec("documents", "--refused", "--json").out)
    assert {Path(line["path"]) for line in refused} == set(bad)
    assert all(line["message"].endswith(".") for line in refused)
    (document,) = json.loads(giaoviec("documents", "--json").out)
    assert document["communes"] == ["Lê Chân"]


def test_the_same_folder_again_changes_nothing(giaoviec: Giaoviec, plan: Path) -> None:
    assert giaoviec("ingest", plan, "--commune", "Lê Chân").code == 0
    before = giaoviec("tasks", "--json").out
    ran = giaoviec("ingest", plan, "--json")
    assert [record["new"] for record in json.loads(ran.out)["files"]] == [False]
    assert giaoviec("tasks", "--json").out == before
    again = json.loads(giaoviec("ingest", plan, "--again", "--json").out)
    assert [record["new"] for record in again["files"]] == [False]


def test_tasks_are_found_shown_and_exported(giaoviec: Giaoviec, plan: Path, tmp_path: Path) -> None:
    giaoviec("ingest", plan, "--commune", "Lê Chân")
    found = json.loads(giaoviec("tasks", "duong day nong", "--commune", "le chan", "--json").out)
    assert [row["path"] for row in found] == ["II/1/a"]
    assert json.loads(giaoviec("tasks", "--due-from", "01/07/2026", "--json").out)[0]["path"] == "III/-1"
    assert len(json.loads(giaoviec("tasks", "--no-review", "--kind", "request", "--json").out)) == 1
    assert json.loads(giaoviec("tasks", "--body", "công an", "--role", "phoi-hop", "--json").out) == found
    assert giaoviec("tasks", "--due-from", "ngày mai").code == 2
    shown = giaoviec("show", found[0]["task_id"])
    assert "Phòng Văn hoá - Xã hội" in shown.out
    assert "30/06/2026" in shown.out
    assert giaoviec("show", "không-có").code == 3
    assert giaoviec("export", "--review", "-o", tmp_path / "sổ.xlsx").code == 0
    assert openpyxl.load_workbook(tmp_path / "sổ.xlsx")["Nhiệm vụ"].max_row == 4
    assert giaoviec("export", "-o", tmp_path / "x.odt").code == 2


def test_a_table_is_scored(giaoviec: Giaoviec, tmp_path: Path) -> None:
    gold = Path("tests/gold/000.json")
    assert json.loads(giaoviec("score", gold, gold, "--json").out)["rows"] == 1.0
    (tmp_path / "x.json").write_text("không phải JSON")
    ran = giaoviec("score", gold, tmp_path / "x.json")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_a_database_that_cannot_be_used_is_one_line(giaoviec: Giaoviec, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"x" * 5000)
    ran = giaoviec("tasks", "--database", f"sqlite:///{tmp_path}/x.db")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_the_doctor_says_what_is_missing_and_finds_a_lost_original(
    giaoviec: Giaoviec, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    giaoviec("ingest", plan)
    said = {finding["name"]: finding for finding in json.loads(giaoviec("doctor", "--deep", "--json").out)}
    assert said["cơ sở dữ liệu"]["health"] == said["tệp gốc"]["health"] == "good"
    (original,) = [path for path in (tmp_path / "data" / "originals").rglob("*") if path.is_file()]
    original.unlink()
    monkeypatch.setattr("shutil.which", lambda name: None)
    ran = giaoviec("doctor", "--json")
    said = {finding["name"]: finding for finding in json.loads(ran.out)}
    assert said["tệp gốc"]["health"] == "broken"
    assert said["tesseract"]["health"] == "lacking"
    assert "apt install" in said["tesseract"]["remedy"]
    assert ran.code == 8


def test_every_command_has_help_that_says_what_it_does(giaoviec: Giaoviec) -> None:
    listed = giaoviec("--help").out
    for command in COMMANDS:
        assert f"  {command} " in listed
        assert len(giaoviec(command, "--help").out.splitlines()) > 5


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline", "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    heavy = {"spacy", "underthesea", "pandas", "prefect", "pdfplumber", "sqlalchemy", "pyarrow", "openpyxl", "numpy"}
    assert loaded & heavy == set()
    spent = [int(line.split("|")[1]) for line in done.stderr.splitlines() if line.endswith("| pipeline.cli")]
    assert spent[0] < 500_000, "microseconds"
    assert os.path.exists("pyproject.toml")
