"""Who acts where an item begins with a name and a colon: the whole name, however it goes on."""

from __future__ import annotations

import pytest

from extractors.facts.acting import find_actors
from extractors.facts.labels import label_of


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Khoa Phòng, chống bệnh truyền nhiễm: Là đầu mối tham mưu.", "Khoa Phòng, chống bệnh truyền nhiễm"),
        ("Khoa Xét nghiệm - Thăm dò chức năng: trả kết quả.", "Khoa Xét nghiệm - Thăm dò chức năng"),
        ("Chi cục Phòng, chống tệ nạn xã hội tham mưu tổ chức.", "Chi cục Phòng, chống tệ nạn xã hội"),
        ("Hội đồng Giáo dục quốc phòng và an ninh: họp.", "Hội đồng Giáo dục quốc phòng và an ninh"),
        ("Ban Quản lý các công trình công cộng: lập hồ sơ.", "Ban Quản lý các công trình công cộng"),
        ("Tổ công nghệ số cộng đồng: hướng dẫn người dân.", "Tổ công nghệ số cộng đồng"),
        ("Các trường học: Tổ chức bàn giao học sinh.", "Các trường học"),
        ("Các trường THCS: Xây dựng kế hoạch.", "Các trường THCS"),
        ("Chi hội trưởng 12 thôn: Tổ chức thực hiện.", "Chi hội trưởng 12 thôn"),
        ("Đ/c Phạm Thị Hạnh - Chủ tịch Hội: Phụ trách chung.", "Đ/c Phạm Thị Hạnh - Chủ tịch Hội"),
        ("Đ/c Vũ Thị Lan, Phó Chủ tịch Hội: Chỉ đạo mô hình.", "Đ/c Vũ Thị Lan, Phó Chủ tịch Hội"),
        ("Phòng Kinh tế chủ trì: tổng hợp.", "Phòng Kinh tế"),
        ("Sở Y tế có trách nhiệm: kiểm tra.", "Sở Y tế"),
    ],
)
def test_the_name_before_the_colon_is_whole(text: str, lead: str) -> None:
    assert find_actors(text).leads == (lead,)


def test_a_list_behind_a_colon_stays_a_list() -> None:
    assert find_actors("Các sở: Y tế, Nội vụ, Tài chính: tổng hợp.").leads == ("sở Y tế", "sở Nội vụ", "sở Tài chính")
    assert find_actors("Đơn vị: Triệu đồng").leads == ()


@pytest.mark.parametrize("words", ["Lực lượng tham gia", "Đối tượng tham gia", "Đại biểu tham dự"])
def test_who_takes_part_is_a_label(words: str) -> None:
    assert label_of(words) is not None
