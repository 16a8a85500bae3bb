"""The workbook goes round: exactly what people changed in it comes back, and nothing that they did not mean."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline import records
from pipeline.exports import export
from pipeline.exports.stamps import HEADINGS
from pipeline.isolate import Limits
from pipeline.records import Conflict
from pipeline.records.returned import Returned, compare_workbook, take
from pipeline.store.queries import find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.errors import PlanError, ReadError, StoreError
from schemas.extraction import Extraction
from schemas.task import Kind, TaskRow
from tests.making import extraction

LAN = "Nguyễn Thị Lan"
HEAD = 3
COLUMN = {heading: place for place, heading in enumerate(HEADINGS, 1)}
Sheet = Any


def read(store: Store, made: Extraction) -> None:
    source = made.raw.source
    store.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, "Lê Chân"))


def plan(content: str, number: str, count: int) -> Extraction:
    made = extraction(content, f"{content}.txt", number=number)
    document = made.rows[0].document_id
    rows = [
        TaskRow(
            f"II/{place}", Kind.TASK, f"Việc thứ {place} của {content}.", (f"Sở {place}",),
            task_id=f"{document}-{place:02}",
            document_id=document, due=f"2026-{1 + place % 12:02}-15", heading_path=("NỘI DUNG",),
        )
        for place in range(count)
    ]  # fmt: skip
    return replace(made, rows=(*made.rows, *rows))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path}/kho.db")
    read(store, plan("một", "1/KH-UBND", 20))
    read(store, plan("hai", "2/KH-UBND", 10))
    return store


def exported(store: Store, folder: Path) -> Path:
    export(find_tasks(store), "xlsx", folder / "bang.xlsx")
    return folder / "bang.xlsx"


def edited(path: Path, edit: Callable[[Sheet], None]) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book["Nhiệm vụ"])
    book.save(path)
    return path


def compared(store: Store, path: Path) -> Returned:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return compare_workbook(store, path, sha256, Limits())


def line_of(sheet: Sheet, task_id: str) -> int:
    return next(row for row in range(HEAD + 1, sheet.max_row + 1) if at(sheet, row, "Mã nhiệm vụ").value == task_id)


def at(sheet: Sheet, row: int, heading: str) -> Any:
    return sheet.cell(row, COLUMN[heading])


def test_what_was_not_touched_is_no_change(store: Store, tmp_path: Path) -> None:
    found = compared(store, edited(exported(store, tmp_path), lambda sheet: None))
    assert (found.changes, found.refusals, found.same) == ((), (), len(find_tasks(store).rows))


def test_twenty_edited_inserted_deleted_and_reordered_rows_are_exactly_those(store: Store, tmp_path: Path) -> None:
    rows = {row.task_id: row for row in find_tasks(store).rows}
    keys = list(rows)
    wanted: Counter[tuple[Any, ...]] = Counter()

    def edit(sheet: Sheet) -> None:
        for number, key in enumerate(keys[3:13]):
            line = line_of(sheet, key)
            heading, value, field, stored = [
                ("Cơ quan chủ trì", "Sở Y tế\nCông an xã", "lead", ["Sở Y tế", "Công an xã"]),
                ("Hạn hoàn thành", date(2026, 9, 8), "due", "2026-09-08"),
                ("Hạn hoàn thành", "08/09/2026", "due", "2026-09-08"),
                ("Định kỳ", "hằng quý", "recurrence", "FREQ=MONTHLY;INTERVAL=3"),
                ("Nhiệm vụ", "=Tổng hợp số liệu", "text", "=Tổng hợp số liệu"),
            ][number % 5]
            at(sheet, line, heading).value = value
            at(sheet, line, heading).data_type = "s" if isinstance(value, str) else "d"
            wanted["correct", key, field, str(stored)] += 1
        for key in keys[20:24]:
            sheet.delete_rows(line_of(sheet, key))
            wanted["drop", key, None, "None"] += 1
        for number, key in enumerate(keys[14:18]):
            line = line_of(sheet, key)
            sheet.insert_rows(line + 1)
            at(sheet, line + 1, "Nhiệm vụ").value = f"Dòng thêm {number}"
            at(sheet, line + 1, "Văn bản").value = at(sheet, line, "Văn bản").value
            at(sheet, line + 1, "Loại").value = "Nhiệm vụ"
            wanted["add", key, None, f"Dòng thêm {number}"] += 1
        for one, other in ((keys[0], keys[26]), (keys[1], keys[30])):  # two pairs change places
            lines = line_of(sheet, one), line_of(sheet, other)
            for place in range(1, len(HEADINGS) + 1):
                cells = [sheet.cell(line, place) for line in lines]
                cells[0].value, cells[1].value = cells[1].value, cells[0].value
                for cell in cells:  # openpyxl takes what begins with "=" for a formula when it is put in
                    cell.data_type = "s" if cell.data_type == "f" else cell.data_type

    found = compared(store, edited(exported(store, tmp_path), edit))
    assert found.refusals == ()
    got = Counter(
        (
            one.kind,
            one.behind if one.kind == "add" else one.task_id,
            one.field,
            str(one.after if one.kind == "add" else one.value),
        )
        for one in found.changes
    )
    assert got == wanted
    assert found.same == len(keys) - 14
    assert take(store, found, LAN) == 18
    after = {row.task_id: row for row in find_tasks(store).rows}
    assert len(after) == len(rows) - 4 + 4
    untouched = set(keys) - {str(one.task_id) for one in found.changes}
    assert all(after[key] == rows[key] for key in untouched)
    order = [row.text if row.task_id not in rows else row.task_id for row in find_tasks(store).rows]
    assert order[order.index(keys[14]) + 1] == "Dòng thêm 0"
    logged, total = records.history(store, limit=None)
    assert total == 18
    assert {one.source for one in logged} == {found.source}
    assert (logged[0].source.kind, logged[0].source.name, logged[0].who) == ("file", "bang.xlsx", LAN)
    again = compared(store, exported(store, tmp_path))
    assert (again.changes, again.refusals) == ((), ())


def test_taking_the_same_file_twice_changes_nothing_more(store: Store, tmp_path: Path) -> None:
    key = find_tasks(store).rows[5].task_id
    path = edited(exported(store, tmp_path), lambda sheet: _set(sheet, key, "Sản phẩm", "Báo cáo"))
    take(store, compared(store, path), LAN)
    assert compared(store, path).changes == ()


def _set(sheet: Sheet, key: str, heading: str, value: Any) -> None:
    at(sheet, line_of(sheet, key), heading).value = value


def test_two_people_changed_the_same_cell(store: Store, tmp_path: Path) -> None:
    key = find_tasks(store).rows[5].task_id
    path = edited(exported(store, tmp_path), lambda sheet: _set(sheet, key, "Hạn hoàn thành", date(2026, 9, 8)))
    before = compared(store, path)
    records.decide(store, key, "due", "2026-10-01", "Trần Văn Minh", records.merged_row(store, key).version)
    with pytest.raises(Conflict):
        take(store, before, LAN)
    now = compared(store, path)
    assert now.changes == ()
    assert [(one.column, "người khác đổi" in one.why) for one in now.refusals] == [("Hạn hoàn thành", True)]
    assert next(row for row in find_tasks(store).rows if row.task_id == key).due == "2026-10-01"


def test_other_columns_of_a_row_that_changed_meanwhile_are_taken(store: Store, tmp_path: Path) -> None:
    key = find_tasks(store).rows[5].task_id
    path = edited(exported(store, tmp_path), lambda sheet: _set(sheet, key, "Sản phẩm", "Báo cáo"))
    records.decide(store, key, "due", "2026-10-01", "Trần Văn Minh", records.merged_row(store, key).version)
    take(store, compared(store, path), LAN)
    row = next(row for row in find_tasks(store).rows if row.task_id == key)
    assert (row.due, row.deliverable) == ("2026-10-01", "Báo cáo")


@pytest.mark.parametrize(
    ("heading", "value", "why"),
    [
        ("Hạn hoàn thành", "SECRET 31/02", "ngày phải viết"),
        ("Loại", "SECRET", "chỉ nhận một trong"),
        ("Nhiệm vụ", None, "không được để trống"),
        ("Định kỳ", "SECRET", "hằng quý"),
        ("Trang", "SECRET", "không sửa trong bảng"),
        ("Văn bản", "SECRET", "không sửa trong bảng"),
        ("Mã nhiệm vụ", "SECRET", "không có trong bảng đã xuất"),
        ("Cơ quan chủ trì", "=SECRET()", "công thức"),
    ],
)
def test_a_refusal_names_line_and_column_and_never_repeats_the_cell(
    store: Store, tmp_path: Path, heading: str, value: Any, why: str
) -> None:
    key = find_tasks(store).rows[5].task_id
    lines: list[int] = []

    def edit(sheet: Sheet) -> None:
        lines.append(line_of(sheet, key))
        at(sheet, lines[0], heading).value = value

    found = compared(store, edited(exported(store, tmp_path), edit))
    (refusal,) = found.refusals
    assert (refusal.row, refusal.column) == (lines[0], heading)
    assert why in refusal.sentence()
    assert "SECRET" not in refusal.sentence()
    assert [one.kind for one in found.changes] == (["drop"] if heading == "Mã nhiệm vụ" else [])


def test_a_copied_line_is_refused_by_its_id(store: Store, tmp_path: Path) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.append([cell.value for cell in sheet[HEAD + 2]])

    (refusal,) = compared(store, edited(exported(store, tmp_path), edit)).refusals
    assert f"dòng {HEAD + 2}" in refusal.why


def test_a_new_line_that_does_not_say_its_document_is_refused(store: Store, tmp_path: Path) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.insert_rows(HEAD + 2)
        at(sheet, HEAD + 2, "Nhiệm vụ").value = "Việc mới"

    (refusal,) = compared(store, edited(exported(store, tmp_path), edit)).refusals
    assert (refusal.row, refusal.column) == (HEAD + 2, "Văn bản")


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda sheet: sheet.delete_cols(COLUMN["Cơ quan phối hợp"]), "thiếu cột “Cơ quan phối hợp”"),
        (lambda sheet: sheet.insert_cols(3), "cột lạ"),
        (lambda sheet: sheet.move_range("B3:B60", cols=20), "bị dời chỗ"),
        (lambda sheet: setattr(sheet.cell(HEAD, 2), "value", "SECRET"), "thiếu cột “Nhiệm vụ”"),
        (lambda sheet: sheet.delete_rows(HEAD), "thiếu cột"),
        (lambda sheet: setattr(sheet, "title", "SECRET"), "không còn trang “Nhiệm vụ”"),
        (lambda sheet: sheet.parent.remove(sheet.parent["giaoviec"]), "không phải bảng Excel do giaoviec"),
        (lambda sheet: setattr(sheet.parent["giaoviec"]["B1"], "value", "0"), "phiên bản khác"),
    ],
)
def test_a_changed_layout_is_refused_whole(
    store: Store, tmp_path: Path, edit: Callable[[Sheet], None], says: str
) -> None:
    path = edited(exported(store, tmp_path), edit)
    with pytest.raises(ReadError) as caught:
        compared(store, path)
    assert says in str(caught.value)
    assert "SECRET" not in str(caught.value)


def test_a_line_of_ones_own_above_the_head_does_no_harm(store: Store, tmp_path: Path) -> None:
    found = compared(store, edited(exported(store, tmp_path), lambda sheet: sheet.insert_rows(1)))
    assert (found.changes, found.refusals) == ((), ())


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"PK\x03\x04" + b"x" * 100])
def test_what_is_no_workbook_is_refused_in_one_sentence(store: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(PlanError) as caught:
        compared(store, tmp_path / "x.xlsx")
    assert "\n" not in str(caught.value)


def test_a_table_cut_to_ones_own_part_wants_a_word_before_rows_go(store: Store, tmp_path: Path) -> None:
    found = compared(store, edited(exported(store, tmp_path), lambda sheet: sheet.delete_rows(HEAD + 1, 20)))
    assert found.counts == {"drop": 20}
    with pytest.raises(StoreError, match="thiếu 20 dòng"):
        take(store, found, LAN)
    assert len(find_tasks(store).rows) == 36
    take(store, found, LAN, drop_many=True)
    assert len(find_tasks(store).rows) == 16


def test_rows_are_found_again_when_the_document_was_read_anew_meanwhile(store: Store, tmp_path: Path) -> None:
    made = plan("một", "1/KH-UBND", 20)
    keys = [row.task_id for row in made.rows]
    path = edited(exported(store, tmp_path), lambda sheet: _set(sheet, keys[8], "Sản phẩm", "Báo cáo"))
    shifted = [replace(row, path=f"III/{row.path}", task_id=f"{row.task_id}-x") for row in made.rows]
    read(store, replace(made, rows=tuple(shifted)))
    found = compared(store, path)
    assert [(one.task_id, one.field) for one in found.changes] == [(f"{keys[8]}-x", "deliverable")]
    take(store, found, LAN)
    assert {row.deliverable for row in find_tasks(store).rows if row.task_id == f"{keys[8]}-x"} == {"Báo cáo"}


TRICKY = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30) | st.sampled_from(
    [
        "=1+1",
        "-Sở",
        "+84",
        "@x",
        "'trích",
        "_x0041_",
        "a\tb",
        "1/2/2026",
        "TRUE",
        "007",
        "1e5",
        "  x  ",
        "a\r\nb",
        "\x0b",
    ]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TRICKY, min_size=1, max_size=5))
@example(["_x0000_", "_x005F_x0041_", "_x0041"])
def test_any_text_comes_back_as_it_was(store: Store, tmp_path: Path, texts: list[str]) -> None:
    made = extraction("ba")
    document = made.rows[0].document_id
    rows = tuple(
        TaskRow(f"I/{n}", Kind.TASK, text, (text,), deliverable=text, task_id=f"{document}-{n}", document_id=document)
        for n, text in enumerate(texts)
    )
    read(store, replace(made, rows=rows))
    found = compared(store, edited(exported(store, tmp_path), lambda sheet: None))
    assert (found.changes, found.refusals) == ((), ())


def test_a_day_that_excel_made_a_time_of_is_the_day(store: Store, tmp_path: Path) -> None:
    key = find_tasks(store).rows[5].task_id
    path = edited(
        exported(store, tmp_path), lambda sheet: _set(sheet, key, "Ngày bắt đầu", datetime(2026, 2, 1, 13, 30))
    )
    (change,) = compared(store, path).changes
    assert (change.before, change.after, change.value) == ("", "01/02/2026", "2026-02-01")


@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_and_filtered_table_is_no_change(store: Store, tmp_path: Path, seed: int) -> None:
    def edit(sheet: Sheet) -> None:
        lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=HEAD + 1)]
        random.Random(seed).shuffle(lines)
        for number, line in enumerate(lines, HEAD + 1):
            for place, value in enumerate(line, 1):
                sheet.cell(number, place).value = value
                if isinstance(value, str):
                    sheet.cell(number, place).data_type = "s"
            sheet.row_dimensions[number].hidden = number % 3 == 0

    found = compared(store, edited(exported(store, tmp_path), edit))
    assert (found.changes, found.refusals) == ((), ())
