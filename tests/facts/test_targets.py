"""Targets and deliverables: the rules' examples, whole items, and what is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.deliverables import find_deliverable
from extractors.facts.rules import find, view
from extractors.facts.targets import TARGETS, find_targets


@pytest.mark.parametrize("entry", TARGETS, ids=lambda entry: entry.name)
def test_each_rule_reads_its_examples(entry: object) -> None:
    for text, expected in entry.examples:  # type: ignore[attr-defined]
        (hit,) = find(TARGETS, view(text))
        assert (hit.rule, (hit.said.value, hit.said.unit, hit.said.comparator)) == (entry, expected), text
        assert hit.said.text == view(text)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("100% cán bộ, công chức, viên chức ký cam kết.", [("100% cán bộ, công chức, viên chức", 100, "%", "=")]),
        ("Tỷ lệ hài lòng đạt từ 90% trở lên.", [("đạt từ 90% trở lên", 90, "%", ">=")]),
        ("Hằng quý có ít nhất 01 tin, bài trên Trang thông tin.", [("ít nhất 01 tin, bài", 1, "tin, bài", ">=")]),
        ("Thời gian chờ không quá 15 phút.", [("không quá 15 phút", 15, "phút", "<=")]),
        ("Đối thoại với Nhân dân ít nhất 02 lần/năm", [("ít nhất 02 lần/năm", 2, "lần/năm", ">=")]),
        ("Giảm 30% thời gian giải quyết", [("Giảm 30% thời gian giải quyết", 30, "%", "=")]),
        ("Phấn đấu trên 2,5% và dưới 10%.", [("trên 2,5%", 2.5, "%", ">"), ("dưới 10%", 10, "%", "<")]),
        ("Xây dựng tối thiểu 02 mô hình; 80% hồ sơ.", [
            ("tối thiểu 02 mô hình", 2, "mô hình", ">="),
            ("80% hồ sơ", 80, "%", "="),
        ]),
        ("tối đa 05 ngày làm việc", [("tối đa 05 ngày làm việc", 5, "ngày làm việc", "<=")]),
    ],
)  # fmt: skip
def test_targets_of_items(text: str, targets: list[tuple[str, float, str, str]]) -> None:
    assert [(t.text, t.value, t.unit, t.comparator) for t in find_targets(text)] == targets


@pytest.mark.parametrize(
    "text",
    [
        "Từ ngày 05/12/2025 đến ngày 20/02/2026",
        "Từ năm 2025 đến năm 2030",
        "Quyết định số 5049/QĐ-UBND ngày 11/12/2025",
        "theo khoản 2 Điều 12 và điểm b khoản 3 Điều 15",
        "Điện thoại 0912.345.678",
        "Từ 20 giờ 15 phút - 20 giờ 45 phút ngày 23 tháng 1",
        "người cao tuổi từ 60 tuổi trở lên, trẻ em dưới 6 tuổi",
        "trong 6 tháng đầu năm 2026",
        "Mẫu số 03/HNMT",
        "trên 10 năm qua",
        "Từ tháng 3 đến tháng 9/2026",
    ],
)
def test_other_numbers_are_no_targets(text: str) -> None:
    assert find_targets(text) == ()


@given(st.text(max_size=80))
def test_any_text_is_searched_without_error(text: str) -> None:
    for target in find_targets(text):
        assert target.text in text
    find_deliverable(text)


@pytest.mark.parametrize(
    ("text", "deliverable"),
    [
        ("Sản phẩm: Kế hoạch của UBND xã.", "Kế hoạch của UBND xã"),
        ("Kết quả: Biên bản Hội nghị.", "Biên bản Hội nghị"),
        ("Rà soát thủ tục. Sản phẩm đầu ra: Danh mục thủ tục; Thời gian hoàn thành: Quý I/2026.", "Danh mục thủ tục"),
        ("Kết quả/sản phẩm: Báo cáo", "Báo cáo"),
        ("Ban hành Kế hoạch tuyên truyền trước ngày 30/01/2026.", "Kế hoạch tuyên truyền"),
        ("Tham mưu UBND xã ban hành Quyết định kiện toàn Ban Chỉ đạo", "Quyết định kiện toàn Ban Chỉ đạo"),
        ("Kết quả tín nhiệm: Người được trên 50%.", None),
        ("Đánh giá kết quả thực hiện.", None),
        ("Triển khai các văn bản đã ban hành.", None),
        ("Thực hiện Bộ tiêu chí ban hành kèm theo Quyết định số 5049/QĐ-UBND.", None),
        ("Sản phẩm:", None),
    ],
)
def test_deliverables(text: str, deliverable: str | None) -> None:
    assert find_deliverable(text) == deliverable
