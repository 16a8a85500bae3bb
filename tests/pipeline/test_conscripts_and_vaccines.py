"""Plans of a military service council, a veterinary station, a campaign, a feast: what they say in passing."""

import pytest

TEXT = """ỦY BAN NHÂN DÂN                           CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ KIẾN MINH                                  Độc lập - Tự do - Hạnh phúc
HỘI ĐỒNG NGHĨA VỤ QUÂN SỰ
Số: 12/KH-HĐNVQS                        Kiến Minh, ngày 10 tháng 9 năm 2026

KẾ HOẠCH
Tuyển chọn và gọi công dân nhập ngũ giai đoạn 2026 - 2028

I. MỤC TIÊU
1. Đến hết năm 2026
- 80% cán bộ hoàn thành khóa học.
- 60% người dân có kỹ năng số.

II. ĐỐI TƯỢNG, TIÊU CHUẨN
1. Độ tuổi: Công dân đủ 18 tuổi đến hết 25 tuổi.
2. Lợn: vắc xin dịch tả lợn cổ điển.

III. NỘI DUNG
1. Tết trồng cây: Sáng 23/02/2027, tại công viên.
2. Hội Xuân: mùng 4 Tết, giao Trung tâm Văn hóa tổ chức.
3. Kiểm tra, xử lý vi phạm: Công an xã chủ trì, các tổ dân phố phối hợp.
4. Giai đoạn 3 (năm 2028): Duy trì, nhân rộng.

IV. PHÂN CÔNG NHIỆM VỤ
1. Đồng chí Trưởng Công an xã, ủy viên: Chủ trì xét duyệt.
2. Đồng chí Trạm trưởng Trạm Y tế: Tổ chức sơ tuyển sức khỏe.
3. Thú y viên cơ sở: trực tiếp tiêm phòng.

V. BẢO ĐẢM
1. Tài chính: Ngân sách xã chi theo Luật Ngân sách nhà nước.

Nơi nhận:                                             CHỦ TỊCH
- Lưu.
                                                  Đỗ Văn Hưng
"""


@pytest.fixture
def rows(extract):
    return {row.path: row for row in extract(TEXT).rows}


def test_a_number_below_a_year_begins_an_item_and_who_qualifies_is_no_task(rows):
    assert list(rows) == [
        *("I/1/-1", "I/1/-2", "III/1", "III/2", "III/3", "III/4", "IV/1", "IV/2", "IV/3", "V/1"),
    ]


def test_the_council_has_its_capitals(extract):
    assert extract(TEXT).tree.header.issuer == "Hội đồng nghĩa vụ quân sự xã Kiến Minh"


def test_a_part_of_a_day_and_a_stage_of_a_year_are_times(rows):
    assert (rows["III/1"].due, rows["III/4"].due) == ("2027-02-23", "2028-12-31")


def test_a_feast_leads_nothing_and_a_closing_clause_joins(rows):
    assert rows["III/2"].lead == ("Trung tâm Văn hóa",)
    assert (rows["III/3"].lead, rows["III/3"].coordinating) == (("Công an xã",), ("các tổ dân phố",))


def test_persons_have_their_posts_and_an_unknown_name_is_marked(rows):
    assert rows["IV/1"].lead == ("Đồng chí Trưởng Công an xã, ủy viên",)
    assert rows["IV/2"].lead == ("Đồng chí Trạm trưởng Trạm Y tế",)
    assert rows["IV/3"].needs_review
    assert "Thú y viên cơ sở" in rows["IV/3"].review_reasons[0]


def test_money_is_a_resource(rows):
    assert rows["V/1"].kind == "resource"
