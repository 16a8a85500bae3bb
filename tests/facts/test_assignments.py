"""What assigning items, their headings and the cells of tables fill in."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.facts.assignments import assigning_heading, fields_actors, parse_assignment
from extractors.facts.labels import LABELS, Label, label_of
from schemas.facts import Assignment, AssignmentKind

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "assignments.yaml").read_text(encoding="utf-8"))


def _expected(entry: dict[str, Any]) -> tuple[Any, ...]:
    names = (tuple(entry.get(key, ())) for key in ("l", "c", "m", "p"))
    return (entry["k"], *names, entry.get("x", False), entry.get("ref", False))


def _found(one: Assignment) -> tuple[Any, ...]:
    names = (one.leads, one.coordinating, one.markers, one.places)
    return (one.kind.value, *names, one.expressly_leads, one.by_reference)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["t"][:50])
def test_what_an_assigning_item_fills_in(case: dict[str, Any]) -> None:
    under = Assignment(AssignmentKind(case["under"])) if "under" in case else None
    found = parse_assignment(case["t"], under=under)
    assert [_found(one) for one in found] == [_expected(entry) for entry in case["is"]]
    for one, entry in zip(found, case["is"], strict=True):
        assert one.text == entry.get("v", one.text)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Cơ quan thực hiện:", AssignmentKind.ACTORS),
        ("Cơ quan thực hiện", AssignmentKind.ACTORS),
        ("Cơ quan thực hiện, phối hợp thực hiện", AssignmentKind.ACTORS),
        ("Đơn vị phối hợp:", AssignmentKind.ACTORS),
        ("Thời gian hoàn thành:", AssignmentKind.TIME),
        ("Thành phần:", AssignmentKind.UNSCORED),
        ("Sản phẩm:", AssignmentKind.DELIVERABLE),
    ],
)
def test_headings_that_assign(heading: str, kind: AssignmentKind) -> None:
    found = assigning_heading(heading)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "heading", ["Tổ chức thực hiện", "Phân công thực hiện", "Nội dung thực hiện", "Sở Nội vụ", "Kết quả đạt được", ""]
)
def test_headings_that_do_not_assign(heading: str) -> None:
    assert assigning_heading(heading) is None


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label.example)
def test_each_label_knows_its_example(label: Label) -> None:
    assert label_of(label.example) == label


@pytest.mark.parametrize(
    ("lead", "coordinating", "leads", "joining"),
    [
        ("Sở Nội vụ", "Sở Tài chính; UBND cấp xã", ("Sở Nội vụ",), ("Sở Tài chính", "UBND cấp xã")),
        ("Chủ trì: Sở Nội vụ\nPhối hợp: UBND cấp xã", "", ("Sở Nội vụ",), ("UBND cấp xã",)),
        ("Sở Nội vụ chủ trì, phối hợp với Công an tỉnh", "", ("Sở Nội vụ",), ("Công an tỉnh",)),
        ("Sở Khoa học\nvà Công nghệ\nUBND xã", "", ("Sở Khoa học và Công nghệ", "UBND xã"), ()),
        ("Các sở, ngành, UBND xã, phường, đặc khu", "", ("Các sở, ngành", "UBND xã, phường, đặc khu"), ()),
        ("Sở Nội vụ", "Sở Nội vụ; Công an tỉnh", ("Sở Nội vụ",), ("Công an tỉnh",)),
        ("", "Công an tỉnh", (), ("Công an tỉnh",)),
        ("", "", (), ()),
    ],
)
def test_cells_of_a_table(lead: str, coordinating: str, leads: tuple[str, ...], joining: tuple[str, ...]) -> None:
    found = fields_actors(lead, coordinating)
    assert (found.leads, found.coordinating) == (leads, joining)


def test_an_unknown_name_in_a_cell_is_kept_and_doubted() -> None:
    found = fields_actors("Xưởng Tầm nhìn xanh")
    assert found.leads == ("Xưởng Tầm nhìn xanh",)
    assert found.doubts == ("Chưa nhận ra tên cơ quan “Xưởng Tầm nhìn xanh”.",)
