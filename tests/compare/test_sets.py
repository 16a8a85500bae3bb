"""Sets of criteria: what is refused, with file and line; drafts and imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from pipeline.compare.annex import import_table
from pipeline.compare.draft import draft_from_plan, to_yaml
from pipeline.compare.match import Matcher
from pipeline.compare.plans import plan_of_record
from pipeline.compare.sets import load_set, set_ids
from schemas.criteria import Status
from schemas.errors import CriteriaError

GOOD = """id: x
title: Bộ thử
criteria:
  - id: "1"
    text: Bố trí hòm thư góp ý.
"""


def written(folder: Path, text: str) -> str:
    path = folder / "bo.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_sets_of_the_program_load() -> None:
    for name in set_ids():
        found = load_set(name)
        assert found.rebuilt
        assert found.source
        assert not any(one.needs.derived for one in found.criteria)
    assert len(load_set("hai_phong_5049").criteria) == 56


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("    text: Bố trí hòm thư góp ý.\n", ""), "dòng 4: tiêu chí thiếu “text”"),
        (GOOD.replace('"1"', "1"), "dòng 4: tiêu chí thiếu “id”"),
        (GOOD + '  - id: "1"\n    text: Lần hai.\n', "dòng 6: mã “1” dùng hai lần"),
        (GOOD + "    group: 3\ngroups:\n  - {id: 1, title: A}\n", "dòng 4: nhóm “3”"),
        (GOOD + "    keywords: hòm thư\n", "“keywords” phải là một danh sách chữ"),
        (GOOD + "    points: nhiều\n", "“points” của tiêu chí 1 phải là số"),
        (GOOD.replace("title: Bộ thử\n", ""), "thiếu “title”"),
        (GOOD + "    text: Hai lần.\n", "“text” có hai lần"),
        ("id: [x\n", "không đúng YAML"),
        ("- a\n", "phải là các mục"),
    ],
)
def test_a_wrong_set_names_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CriteriaError, match=r"bo\.yaml") as caught:
        load_set(written(tmp_path, text))
    assert said in str(caught.value) or said in caught.value.detail


def test_an_unknown_set_names_those_there_are() -> None:
    with pytest.raises(CriteriaError, match="hai_phong_5049"):
        load_set("khong_co")


def test_a_reading_of_an_unknown_criterion_is_refused(tmp_path: Path) -> None:
    name = written(tmp_path, GOOD)
    (tmp_path / "bo.reading.yaml").write_text('"9": {subject: [a]}\n', encoding="utf-8")
    with pytest.raises(CriteriaError, match="9"):
        load_set(name)


def test_a_draft_covers_the_plan_it_comes_from(tmp_path: Path) -> None:
    rows = [
        {"path": "II/1", "kind": "task", "text": "Sở Nội vụ tổ chức tập huấn kỹ năng số cho công chức cấp xã."},
        {"path": "II/2", "kind": "task", "text": "Kiểm tra việc công khai thủ tục hành chính.", "due": "2026-06-30"},
        {"path": "I/1", "kind": "objective", "text": "Nâng cao chất lượng phục vụ."},
    ]
    plan = plan_of_record({"document": {"title": "Cải cách", "doc_number": "1/KH-UBND"}, "rows": rows}, "thu")
    made = load_set(written(tmp_path, to_yaml(draft_from_plan(plan, "thu"))))
    assert [one.id for one in made.criteria] == ["II/1", "II/2"]
    assert made.criteria[1].due == "2026-06-30"
    done = Matcher(made).compare_plan(plan)
    assert [cell.status for cell in done.cells] == [Status.COVERED, Status.COVERED]
    assert [cell.rows[0].path for cell in done.cells] == ["II/1", "II/2"]


TABLE = [
    ["Phụ lục", "", ""],
    ["STT", "Tiêu chí", "Điểm tối đa"],
    ["I", "Công khai, minh bạch", "20"],
    ["1", "Niêm yết thủ tục hành chính", "2,5"],
    ["2", "Công khai đường dây nóng", "5 điểm"],
    ["II", "Phục vụ", ""],
    ["1", "Trả kết quả tại nhà", "10"],
]


def test_an_annex_as_workbook_and_as_document_gives_the_same_set(tmp_path: Path) -> None:
    book, document = Workbook(), Document()
    table = document.add_table(rows=len(TABLE), cols=3)
    for at, cells in enumerate(TABLE):
        book.active.append(cells)
        for place, text in enumerate(cells):
            table.cell(at, place).text = text
    book.save(tmp_path / "phu_luc.xlsx")
    document.save(str(tmp_path / "phu_luc.docx"))
    made = [import_table(tmp_path / f"phu_luc.{kind}", "moi") for kind in ("xlsx", "docx")]
    assert made[0]["criteria"] == made[1]["criteria"]
    assert [(one["id"], one["points"]) for one in made[0]["criteria"]] == [("I.1", 2.5), ("I.2", 5.0), ("II.1", 10.0)]
    assert load_set(written(tmp_path, to_yaml(made[0]))).criteria[2].group == "II"


def test_a_file_without_such_a_table_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Họ tên", "Chức vụ"])
    book.save(tmp_path / "khac.xlsx")
    (tmp_path / "hong.docx").write_bytes(b"khong phai docx")
    for name in ("khac.xlsx", "hong.docx", "khong_co.xlsx", "tep.pdf"):
        with pytest.raises(CriteriaError, match=name):
            import_table(tmp_path / name, "moi")


SPANNING = [
    ["TT", "Nội dung tiêu chí", "Điểm tối đa", "Ngưỡng"],
    ["Phần I. Công khai"] * 4,
    ["1", "Công khai thủ tục", "10", ""],
    ["1.1", "Niêm yết tại Trung tâm", "6", "4"],
    ["", "Trường hợp thiếu một thủ tục trừ 1 điểm", "", ""],
    ["1.2", "Đăng trên cổng thông tin", "4", "2,5"],
    ["", "Có thêm kênh khác", "1", ""],
    ["", "Tổng cộng", "100", ""],
]


def test_an_annex_as_offices_write_it(tmp_path: Path) -> None:
    """Lines across the table, numbered parts, explanations without number, a total, a table that goes on."""
    document = Document()
    first = document.add_table(rows=len(SPANNING), cols=4)
    for at, cells in enumerate(SPANNING):
        if len(set(cells)) == 1:
            first.cell(at, 0).merge(first.cell(at, 3)).text = cells[0]
            continue
        for place, text in enumerate(cells):
            first.cell(at, place).text = text
    document.add_paragraph("Trang sau")
    second = document.add_table(rows=1, cols=4)
    for place, text in enumerate(["2", "Trả kết quả đúng hạn", "20 điểm", "15"]):
        second.cell(0, place).text = text
    other = document.add_table(rows=1, cols=2)
    other.cell(0, 0).text, other.cell(0, 1).text = "Nơi nhận", "Chủ tịch"
    document.save(str(tmp_path / "phu_luc.docx"))
    made = import_table(tmp_path / "phu_luc.docx", "moi")
    assert [(group["id"], group["title"]) for group in made["groups"]] == [
        ("I", "Công khai"),
        ("1", "Công khai thủ tục"),
    ]
    found = [(one["id"], one["points"], one["threshold"]) for one in made["criteria"]]
    assert found == [("1.1", 6.0, 4.0), ("1.2", 4.0, 2.5), ("1.3", 1.0, None), ("I.2", 20.0, 15.0)]
    assert made["criteria"][0]["text"].endswith("trừ 1 điểm")
    loaded = load_set(written(tmp_path, to_yaml(made)))
    assert (loaded.criteria[1].points, loaded.criteria[1].threshold) == (4.0, 2.5)


def test_the_workbook_of_the_annex_may_have_merged_lines(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for cells in (["STT", "Tiêu chí", "Điểm"], ["I. CÔNG KHAI", None, None], [1, "Niêm yết", 2.5]):
        sheet.append(cells)
    sheet.merge_cells("A2:C2")
    book.save(tmp_path / "a.xlsx")
    made = import_table(tmp_path / "a.xlsx", "moi")
    assert made["groups"] == [{"id": "I", "title": "CÔNG KHAI"}]
    assert made["criteria"] == [{"id": "I.1", "text": "Niêm yết", "group": "I", "points": 2.5}]


def test_a_set_that_is_no_longer_valid_says_so(tmp_path: Path) -> None:
    name = written(tmp_path, GOOD + 'valid_from: "2025-01-01"\nvalid_to: "2025-12-31"\n')
    matcher = Matcher(load_set(name))
    row = {"path": "II/1", "kind": "task", "text": "Bố trí hòm thư góp ý."}
    notes = {}
    for day in ("2024-06-01", "2025-06-01", "2026-06-01"):
        plan = plan_of_record({"document": {"issued_date": day}, "rows": [row]}, "thu")
        notes[day[:4]] = matcher.compare_plan(plan).notes
    assert "không phải là lỗi" in notes["2024"][0]
    assert notes["2025"] == ()
    assert "hết hiệu lực" in notes["2026"][0]


@pytest.mark.parametrize("day", ["2025-13-01", "hôm qua", "2025"])
def test_validity_must_be_dates(tmp_path: Path, day: str) -> None:
    with pytest.raises(CriteriaError, match="dòng 6: “valid_from” phải là ngày"):
        load_set(written(tmp_path, GOOD + f'valid_from: "{day}"\n'))


def test_validity_may_not_end_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(CriteriaError, match="valid_to"):
        load_set(written(tmp_path, GOOD + 'valid_from: "2025-06-01"\nvalid_to: "2025-01-01"\n'))
