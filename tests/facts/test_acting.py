"""Who acts and who joins, case by case, and what the caller's headings change."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.facts.acting import find_actors
from extractors.facts.cues import Part
from extractors.facts.heads import heading_bodies
from extractors.facts.nlp import Item

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "acting.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["t"][:50])
def test_who_acts_and_who_joins(case: dict[str, Any]) -> None:
    found = find_actors(case["t"])
    assert found.leads == tuple(case.get("l", ()))
    assert found.coordinating == tuple(case.get("c", ()))
    assert found.request == case.get("r", False)
    assert found.staff_only == case.get("s", False)
    assert found.abstract == case.get("a")


def test_the_headings_body_is_not_repeated_as_joining() -> None:
    found = find_actors("Phối hợp với UBND xã tuần tra.", heading_leads=("Ủy ban nhân dân xã",))
    assert found.coordinating == ()


@pytest.mark.parametrize(
    ("heading", "leads", "asked"),
    [
        ("Trung tâm Phục vụ hành chính công:", ("Trung tâm Phục vụ hành chính công",), False),
        ("Đề nghị các tổ chức đoàn thể:", ("các tổ chức đoàn thể",), True),
        ("Giao Sở Nội vụ:", ("Sở Nội vụ",), False),
        ("Các sở ngành, cơ quan, đơn vị có liên quan", ("Các sở ngành, cơ quan, đơn vị có liên quan",), False),
        ("Trách nhiệm của Sở Tài chính", ("Sở Tài chính",), False),
        ("**Đối với UBND cấp xã**", ("UBND cấp xã",), False),
        ("Ban Thường trực Ủy ban MTTQ xã có trách nhiệm:", ("Ban Thường trực Ủy ban MTTQ xã",), False),
        ("Sở Nội vụ (cơ quan thường trực)", ("Sở Nội vụ",), False),
        ("Người đứng đầu gương mẫu, trách nhiệm", ("Người đứng đầu",), False),
        ("UBND xã bố trí, thiết lập các phương tiện để:", ("UBND xã",), False),
        ("Đề nghị Ban Xây dựng Đảng; Ủy ban MTTQ xã:", ("Ban Xây dựng Đảng", "Ủy ban MTTQ xã"), True),
        ("Phân công nhiệm vụ cho Phòng Kinh tế", ("Phòng Kinh tế",), False),
    ],
)
def test_headings_that_are_bodies(heading: str, leads: tuple[str, ...], asked: bool) -> None:
    found = heading_bodies(heading)
    assert found is not None
    assert (found.leads, found.request) == (leads, asked)


@pytest.mark.parametrize(
    "heading",
    [
        "Xây dựng hình ảnh người đứng đầu cấp ủy, chính quyền gương mẫu",
        "Chính quyền công khai, minh bạch",
        "Tổ chức thực hiện",
        "Cơ quan thực hiện:",
        "Phòng, chống tham nhũng",
        "Công tác tuyên truyền",
        "Nhiệm vụ trọng tâm",
        "Niêm yết tại trụ sở UBND xã:",
        "Doanh nghiệp số",
        "Kiểm tra Ban Công tác Mặt trận các thôn",
        "",
    ],
)
def test_headings_that_are_none(heading: str) -> None:
    assert heading_bodies(heading) is None


def test_a_subject_known_only_in_part_is_doubted() -> None:
    found = find_actors("UBND xã, người dân tích cực tham gia phong trào.")
    assert found.leads == ("UBND xã",)
    assert found.doubts


def test_cues_are_found_in_words_without_diacritics() -> None:
    assert any(hit.part is Part.JOINS for hit in Item("PHOI HOP VOI Công an xã").hits)


def test_another_word_with_the_same_fold_is_no_cue() -> None:
    assert not any(hit.part is Part.ORDERED for hit in Item("giáo dục, giao thông").hits if hit.start == 0)


def test_each_is_not_read_as_an_invitation():
    """ "Mỗi" and "Mời" fold alike; both are cues, of different parts."""
    assert not find_actors("Mỗi cán bộ, công chức tích cực học tập.").request
    assert find_actors("Mời Công an xã tham dự kiểm tra.").request
