"""Whole plans in layouts that offices of other kinds use: the rows that an officer reads out of them."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document

from pipeline.kit import Kit
from pipeline.run import extract_file
from schemas.extraction import Extraction

CASES = Path(__file__).parents[1] / "cases"
EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load((CASES / "layouts.yaml").read_text(encoding="utf-8"))
LETTERHEAD = (
    "ỦY BAN NHÂN DÂN",
    "XÃ ĐỒNG TÂM",
    "Số: 77/KH-UBND",
    "Đồng Tâm, ngày 09 tháng 3 năm 2026",
    "KẾ HOẠCH",
    "Chuyển đổi số năm 2026",
    "Ủy ban nhân dân xã Đồng Tâm ban hành Kế hoạch như sau:",
)
CLOSE = ("Nơi nhận:", "- Sở KH&CN;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Hà Văn Sơn")
Block = str | list[list[str]]


def said(extraction: Extraction) -> list[dict[str, Any]]:
    """The scored fields of each row, empty ones left out, as the cases write them."""
    rows = []
    for row in extraction.rows:
        one: dict[str, Any] = {"path": row.path, "kind": str(row.kind)}
        if row.lead:
            one["lead"] = list(row.lead)
        if row.coordinating:
            one["coordinating"] = list(row.coordinating)
        if row.start or row.due or row.recurrence:
            one["time"] = [row.start, row.due, row.recurrence]
        rows.append(one)
    return rows


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_rows_of_a_layout(name: str, kit: Kit) -> None:
    extraction = extract_file(CASES / "layouts" / f"{name}.txt", kit)
    assert said(extraction) == EXPECTED[name]
    assert extraction.accounting["unplaced"] == 0


def docx(path: Path, *body: Block) -> Path:
    """A Word file: "**words**" become a bold paragraph, a list of rows a table."""
    document = Document()
    for block in (*LETTERHEAD, *body, *CLOSE):
        if isinstance(block, str):
            document.add_paragraph().add_run(block.strip("*")).bold = block.startswith("**")
            continue
        table = document.add_table(rows=len(block), cols=len(block[0]))
        for cells, words in zip(table.rows, block, strict=True):
            for cell, word in zip(cells.cells, words, strict=True):
                cell.text = word
    document.save(str(path))
    return path


def test_tasks_only_in_a_table_of_the_body(kit: Kit, tmp_path: Path) -> None:
    file = docx(
        tmp_path / "ke_hoach.docx",
        "I. NỘI DUNG CÔNG VIỆC",
        [
            ["TT", "Nội dung công việc", "Người phụ trách", "Thời gian thực hiện", "Ghi chú"],
            ["1", "Rà soát hạ tầng mạng", "Đồng chí Lê Văn Khánh - Phó Chủ tịch UBND xã", "Tháng 3/2026", ""],
            [
                "2",
                "Tập huấn kỹ năng số",
                "Phòng Văn hóa - Xã hội chủ trì; Đoàn Thanh niên phối hợp",
                "Quý II/2026",
                "",
            ],
        ],
    )
    assert said(extract_file(file, kit)) == [
        {
            "path": "I/1",
            "kind": "task",
            "lead": ["Đồng chí Lê Văn Khánh - Phó Chủ tịch UBND xã"],
            "time": ["2026-03-01", "2026-03-31", None],
        },
        {
            "path": "I/2",
            "kind": "task",
            "lead": ["Phòng Văn hóa - Xã hội"],
            "coordinating": ["Đoàn Thanh niên"],
            "time": ["2026-04-01", "2026-06-30", None],
        },
    ]


def test_a_task_cell_names_its_lead_where_the_table_has_no_such_column(kit: Kit, tmp_path: Path) -> None:
    file = docx(
        tmp_path / "ke_hoach.docx",
        "I. NHIỆM VỤ",
        [
            ["STT", "Nhiệm vụ", "Thời hạn"],
            ["1", "Lắp đặt 05 điểm phát Wifi công cộng (Phòng Kinh tế chủ trì)", "30/6/2026"],
            ["2", "Nâng cấp truyền thanh. Chủ trì: Công an xã; phối hợp: Phòng Văn hóa - Xã hội.", "Quý III"],
        ],
    )
    rows = extract_file(file, kit).rows
    assert [row.lead for row in rows] == [("Phòng Kinh tế",), ("Công an xã",)]
    assert rows[1].coordinating == ("Phòng Văn hóa - Xã hội",)


def test_bold_lines_without_numbers_are_the_sections(kit: Kit, tmp_path: Path) -> None:
    file = docx(
        tmp_path / "ke_hoach.docx",
        "**Mục đích",
        "Nâng cao nhận thức về chuyển đổi số.",
        "**Yêu cầu",
        "Việc triển khai phải đồng bộ, tránh lãng phí.",
        "**Nhiệm vụ cụ thể",
        "**Phát triển hạ tầng",
        "Phòng Kinh tế khảo sát vùng lõm sóng trước ngày 30/4/2026.",
        "**Phát triển nhân lực",
        "Tổ chức 04 lớp tập huấn.",
        "**Tổ chức thực hiện",
        "Công an xã hỗ trợ người dân cài đặt định danh điện tử.",
    )
    rows = extract_file(file, kit).rows
    assert [str(row.kind) for row in rows] == ["objective", "requirement", "task", "task", "task"]
    assert rows[2].heading_path == ("Nhiệm vụ cụ thể", "Phát triển hạ tầng")
    assert rows[3].heading_path == ("Nhiệm vụ cụ thể", "Phát triển nhân lực")
    assert rows[4].heading_path == ("Tổ chức thực hiện",)
    assert rows[4].lead == ("Công an xã",)
