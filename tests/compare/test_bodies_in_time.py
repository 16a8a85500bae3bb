"""Bodies named after their end or out of their province."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.compare.accuracy import load_samples
from pipeline.compare.bodies_in_time import flags
from pipeline.compare.plans import Plan, plan_of
from pipeline.kit import load_kit
from pipeline.run import extract_file
from schemas.task import Kind, TaskRow


def plan(text: str, issued: str = "2025-10-01", issuer: str = "Ủy ban nhân dân thành phố Hải Phòng") -> Plan:
    row = TaskRow("II/1", Kind.TASK, text)
    return Plan("d", issuer, (row,), {"issued_date": issued, "issuer": issuer})


@pytest.mark.parametrize(
    ("text", "successor"),
    [
        ("Báo cáo UBND quận trước ngày 15 hằng tháng.", "UBND cấp xã"),
        ("Phối hợp với Ủy ban nhân dân các huyện.", "UBND cấp xã"),
        ("Sở Thông tin và Truyền thông chủ trì.", "Sở Khoa học và Công nghệ"),
        ("Sở Lao động - Thương binh và Xã hội chủ trì.", "Sở Nội vụ"),
        ("Sở Kế hoạch và Đầu tư bố trí vốn.", "Sở Tài chính"),
        ("Sở Tài nguyên và Môi trường hướng dẫn.", "Sở Nông nghiệp và Môi trường"),
        ("Phối hợp với Công an huyện kiểm tra.", "Công an cấp xã"),
        ("Đề nghị Ban Dân vận Thành ủy phối hợp.", "Ban Tuyên giáo và Dân vận"),
        ("UBND thành phố Thủy Nguyên chủ trì.", "UBND cấp xã"),
        ("Phối hợp với UBND tỉnh Hải Dương.", "thành phố Hải Phòng"),
        ("UBND phường Dư Hàng Kênh chủ trì.", "phường Lê Chân"),
    ],
)
def test_a_body_after_its_end_has_its_successor(text: str, successor: str) -> None:
    (flag,) = flags(plan(text))
    assert flag.successor.startswith(successor)
    assert flag.where == "II/1"
    assert flags(plan(text, issued="2023-05-01")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Quyết định số 12/QĐ-UBND của UBND quận Lê Chân.",
        "Tiếp nhận hồ sơ của UBND quận (cũ) bàn giao.",
        "Sở Tài chính bố trí kinh phí; Sở Nội vụ theo dõi.",
        "Bố trí vị trí để xe tại khu vực huyện Đội.",
        "UBND phường Lê Chân chủ trì; UBND xã Hồng Châu phối hợp.",
        "Tiếp nhận hồ sơ của UBND phường Dư Hàng Kênh (cũ) bàn giao.",
        "Ban Tuyên giáo và Dân vận Thành ủy phối hợp.",
        "Công an xã, Công an thành phố Hải Phòng chủ trì.",
        "UBND xã Không Có Trong Danh Mục báo cáo.",
    ],
)
def test_what_is_no_assignment_is_no_flag(text: str) -> None:
    assert flags(plan(text)) == []


def test_a_body_of_another_province() -> None:
    (flag,) = flags(plan("UBND thành phố Thủ Đức phối hợp thực hiện.", issued="2025-02-28"))
    assert "Hồ Chí Minh" in flag.reason
    assert flags(plan("UBND quận Lê Chân phối hợp thực hiện.", issued="2025-02-28")) == []


def test_without_a_day_nothing_is_said_of_time() -> None:
    row = TaskRow("II/1", Kind.TASK, "Báo cáo UBND quận.")
    assert flags(Plan("d", "x", (row,), {})) == []


def test_a_plan_without_a_day_is_of_the_year_that_it_plans() -> None:
    row = TaskRow("II/1", Kind.TASK, "Báo cáo UBND quận.")
    base = {"legal_bases": [{"date": "2021-07-15"}]}
    assert flags(Plan("d", "x", (row,), base)) == []
    (flag,) = flags(Plan("d", "x", (row,), base | {"plan_years": [2026, 2027]}))
    assert "01/01/2026" in flag.reason


def test_a_commune_of_the_same_name_elsewhere_is_no_flag() -> None:
    assert flags(plan("UBND phường Dư Hàng Kênh chủ trì.", issuer="Ủy ban nhân dân tỉnh Sơn La")) == []


def test_the_sample_plans() -> None:
    found = [[(flag.where, flag.words) for flag in flags(one)] for one in load_samples().plans]
    assert found == [[("III/4/-4", "UBND quận")], [], [("Nơi nhận", "thành phố Thủ Đức")], []]


@pytest.mark.slow
def test_no_flag_in_real_plans_that_name_no_ended_body() -> None:
    """The reference plans of many provinces name no ended body, by their dates and by a search for such names."""
    folder = Path(os.environ.get("SHARED", "")) / "plans"
    if not os.environ.get("SHARED") or not folder.is_dir():
        pytest.skip("SHARED names no folder with reference plans")
    kit = load_kit()
    plans = [plan_of(extract_file(path, kit)) for path in sorted(folder.glob("*.txt"))]
    assert plans
    assert {one.name: found for one in plans if (found := flags(one))} == {}
