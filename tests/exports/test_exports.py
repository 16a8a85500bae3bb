"""What an office and a program get: readable, typed, the same each time, and never a formula."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports import EXPORTS, export
from pipeline.exports.cells import acts, guard, unguard
from pipeline.exports.frame import frame
from pipeline.listing import Listing
from schemas.errors import StoreError
from schemas.task import Kind, TaskRow
from tests.making import extraction

FIELDS = [field.name for field in fields(TaskRow)]
HEADINGS = [
    *("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn", "Ngày bắt đầu", "Hạn hoàn thành"),
    *("Định kỳ", "Sản phẩm", "Mục", "Loại", "Văn bản", "Trang", "Cần xem lại", "Mã nhiệm vụ"),
]


def written(name: str, listing: Listing | None = None) -> bytes:
    stream = io.BytesIO()
    EXPORTS[name].write(listing or Listing.of([extraction()]), stream)
    return stream.getvalue()


def with_text(text: str) -> Listing:
    return Listing((), (TaskRow("I", Kind.TASK, text, lead=(text,), task_id="t"),))


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_rows_give_the_same_bytes(name: str) -> None:
    assert written(name) == written(name)


@pytest.mark.parametrize("name", EXPORTS)
def test_no_rows_give_a_file_with_its_head(name: str, tmp_path: Path) -> None:
    export(Listing((), ()), name, tmp_path / f"x{EXPORTS[name].suffix}")
    assert (tmp_path / f"x{EXPORTS[name].suffix}").exists()


def test_jsonl_has_the_fields_of_the_contract_and_reads_back() -> None:
    lines = written("jsonl").decode().splitlines()
    assert list(json.loads(lines[0])) == FIELDS
    assert tuple(TaskRow.from_record(json.loads(line)) for line in lines) == extraction().rows


def test_csv_opens_in_excel_and_reads_back() -> None:
    data = written("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert list(lines[0])[: len(FIELDS)] == FIELDS
    assert lines[0]["lead"] == "Phòng Văn hoá - Xã hội; UBND phường"
    assert (lines[0]["due"], lines[0]["doc_number"]) == ("2026-06-30", "12/KH-UBND")
    assert lines[1]["text"] == '\'=HYPERLINK("http://x")'
    assert [unguard(line["text"]) for line in lines] == [row.text for row in extraction().rows]


def test_parquet_is_typed() -> None:
    table = pq.read_table(io.BytesIO(written("parquet")))
    assert table.column_names[: len(FIELDS)] == FIELDS
    first = table.to_pylist()[0]
    assert first["due"] == date(2026, 6, 30)
    assert first["lead"] == ["Phòng Văn hoá - Xã hội", "UBND phường"]
    assert (first["needs_review"], first["target_value"], first["page"]) == (True, 100.0, 2)


def test_a_frame_has_a_line_a_row_and_typed_dates() -> None:
    table = frame(extraction().rows)
    assert list(table.columns) == FIELDS
    assert table["due"].dt.month.tolist() == [6, float("nan"), 12] or table["due"].dt.month.dropna().tolist() == [
        6,
        12,
    ]
    assert frame(()).empty


def test_the_workbook_is_as_an_office_wants_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx")))
    assert book.sheetnames == ["Nhiệm vụ", "Văn bản", "Giải thích", "giaoviec"]
    assert book["giaoviec"].sheet_state == "veryHidden"
    sheet = book["Nhiệm vụ"]
    assert sheet["A1"].value == "BẢNG THEO DÕI NHIỆM VỤ"
    assert [cell.value for cell in sheet[3]] == HEADINGS
    row = dict(zip(HEADINGS, sheet[4], strict=True))
    assert row["Hạn hoàn thành"].value == datetime(2026, 6, 30)
    assert row["Hạn hoàn thành"].number_format == "dd/mm/yyyy"
    assert row["Định kỳ"].value == "hằng quý"
    assert row["Cơ quan chủ trì"].value == "Phòng Văn hoá - Xã hội\nUBND phường"
    assert row["Mục"].value == "II/1/a\nNỘI DUNG › 1. Tuyên truyền"
    assert row["Loại"].value == "Nhiệm vụ"
    assert row["Văn bản"].value == "Kế hoạch số 12/KH-UBND ngày 15/01/2026"
    assert row["Cần xem lại"].value == "Hai thời hạn khác nhau.\nTên cơ quan lạ."
    assert row["STT"].fill.fgColor.rgb == "FFFFF2CC"
    assert sheet["A5"].fill.fgColor.rgb == "00000000"
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:O6"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$3:$3"
    explained = [cell.value for cell in book["Giải thích"]["A"]][2:]
    assert explained == HEADINGS


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1", " =1"])
def test_no_cell_acts(text: str) -> None:
    (line,) = csv.DictReader(io.StringIO(written("csv", with_text(text)).decode("utf-8-sig"), newline=""))
    assert line["text"].startswith("'")
    assert line["lead"].startswith("'")
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", with_text(text))))["Nhiệm vụ"]
    assert sheet["B4"].data_type == "s"
    assert sheet["B4"].quotePrefix
    assert b"<f>" not in written("xlsx", with_text(text))


@given(st.text())
def test_a_guard_can_be_taken_off(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not acts(guard(text))


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "x" * 40_000, "\ud800", "<script>&"])
def test_odd_text_breaks_no_file(text: str) -> None:
    for name in EXPORTS:
        assert written(name, with_text(text))
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", with_text(text))))["Nhiệm vụ"]
    assert len(sheet["B4"].value) <= 32_767


def test_a_file_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ra" / "bang.jsonl"
    export(Listing.of([extraction()]), "jsonl", path)
    before = path.read_bytes()

    def full(self: Path, target: Path) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreError, match="Không ghi được tệp"):
        export(Listing((), ()), "jsonl", path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_document_twice_counts_once() -> None:
    made = extraction()
    assert len(Listing.of([made, replace(made)]).rows) == len(made.rows)
