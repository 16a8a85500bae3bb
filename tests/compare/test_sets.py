"""Sets of criteria: what is refused, with file and line; drafts and imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from pipeline.compare.draft import draft_from_plan, import_table, to_yaml
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
