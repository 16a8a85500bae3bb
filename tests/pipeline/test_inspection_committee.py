"""An inspection committee's year, and who acts named in other manners: part in brackets, behind the last colon."""

import pytest

from extractors.facts.acting import find_actors
from extractors.facts.assignments import parse_assignment
from extractors.facts.inline import inline_assignments

TEXT = """ĐẢNG ỦY XÃ VĨNH BẢO
ỦY BAN KIỂM TRA
*
Số 05-KH/UBKT
ĐẢNG CỘNG SẢN VIỆT NAM
Vĩnh Bảo, ngày 20 tháng 01 năm 2026

KẾ HOẠCH
Kiểm tra, giám sát năm 2026

Căn cứ Quy chế làm việc của Ban Chấp hành Đảng bộ xã khóa I;
Ủy ban Kiểm tra Đảng ủy xây dựng kế hoạch kiểm tra, giám sát năm 2026 như sau:

I- MỤC ĐÍCH, YÊU CẦU
1- Nâng cao chất lượng công tác kiểm tra, giám sát.
2- Bảo đảm công khai, dân chủ, đúng quy trình.

II- NỘI DUNG, ĐỐI TƯỢNG, THỜI GIAN
1- Kiểm tra chuyên đề
1.1- Nội dung: Việc lãnh đạo thực hiện nghị quyết đại hội đảng bộ xã.
1.2- Đối tượng: Chi bộ Trường THCS Vĩnh An; Chi bộ thôn Đông Hải.
1.3- Thời gian: Quý II/2026. Mốc kiểm tra từ tháng 7/2025 đến khi kiểm tra.
1.4- Phân công: đồng chí Nguyễn Văn Bình, Phó Chủ nhiệm UBKT làm trưởng đoàn.
2- Giám sát thường xuyên
- Giám sát việc thực hiện quy định về những điều đảng viên không được làm (thường xuyên trong năm).
- Phân công từng thành viên UBKT theo dõi các chi bộ; hằng tháng báo cáo về Thường trực UBKT.
3- Giải quyết đơn, thư
Tiếp nhận, phân loại, xử lý 100% đơn, thư thuộc thẩm quyền; không để tồn đọng quá 30 ngày.

III- TỔ CHỨC THỰC HIỆN
1- Thường trực Ủy ban Kiểm tra
+ Tham mưu Ban Thường vụ Đảng ủy ban hành chương trình kiểm tra, giám sát năm 2027 trước ngày 15/12/2026;
+ Theo dõi, đôn đốc, tổng hợp kết quả báo cáo Ủy ban Kiểm tra Thành ủy.
2- Các chi bộ, đảng bộ trực thuộc căn cứ Kế hoạch này xây dựng kế hoạch, gửi về UBKT trước ngày 10/02/2026.
3- Văn phòng Đảng ủy bảo đảm cơ sở vật chất phục vụ các đoàn kiểm tra, giám sát.

Nơi nhận:
- UBKT Thành ủy (để báo cáo),
- Các chi, đảng bộ trực thuộc,
- Lưu UBKT.
T/M ỦY BAN KIỂM TRA
CHỦ NHIỆM
Lê Thị Hoa
"""


@pytest.fixture
def found(extract):
    return extract(TEXT)


def test_a_committees_own_body_bears_its_name(found):
    assert found.tree.header.issuer == "Ủy ban Kiểm tra Đảng ủy xã Vĩnh Bảo"


def test_matter_and_those_seen_describe_the_inspection_which_is_one_row(found):
    rows = {row.path: row for row in found.rows}
    row = rows["II/1"]
    assert row.text.startswith("Kiểm tra chuyên đề 1.1- Nội dung: Việc lãnh đạo")
    assert (row.start, row.due) == ("2026-04-01", "2026-06-30"), "not the months that the inspection looks at"
    assert not any(path.startswith("II/1/") for path in rows)


@pytest.mark.parametrize(
    ("text", "leads", "joins"),
    [
        (
            "Kiểm đếm tàu thuyền - Đồn Biên phòng Cát Bà (chủ trì), Công an đặc khu (phối hợp) - xong tháng 5/2026.",
            ("Đồn Biên phòng Cát Bà",),
            ("Công an đặc khu",),
        ),
        ("Thống kê thiệt hại, báo cáo trong vòng 24 giờ: Phòng Kinh tế", ("Phòng Kinh tế",), ()),
        ("Vệ sinh môi trường: Trạm Y tế, Hạt Quản lý đê.", ("Trạm Y tế", "Hạt Quản lý đê"), ()),
        ("Báo cáo kết quả về: Phòng Kinh tế", (), ()),
    ],
)
def test_who_acts_is_named_last(text, leads, joins):
    found = inline_assignments(text)
    assert tuple(name for one in found for name in one.leads) == leads
    assert tuple(name for one in found for name in one.coordinating) == joins


def test_a_list_known_in_part_leads_with_what_is_known_and_is_marked():
    found = find_actors("Điện lực Cát Hải; Bưu điện; Viễn thông: bảo đảm điện, thông tin liên lạc thông suốt.")
    assert found.leads == ("Điện lực Cát Hải", "Bưu điện")
    assert found.doubts


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Đ/c Hoàng Thị Mai - UV BTV: theo dõi mảng thiếu nhi.", ("Đ/c Hoàng Thị Mai - UV BTV",)),
        ("Bà Lê Thị Hoa - Kế toán: quyết toán kinh phí.", ("Bà Lê Thị Hoa - Kế toán",)),
    ],
)
def test_a_persons_post_that_nobody_knows_belongs_to_the_name(text, leads):
    assert find_actors(text).leads == leads


def test_a_bracket_says_who_and_by_when():
    found = inline_assignments(
        "Bảo đảm an toàn thông tin (Công an phường chủ trì; phê duyệt cấp độ trước 31/3/2026)."
    )
    assert found[0].leads == ("Công an phường",)


def test_whom_to_ask_is_no_task(extract):
    rows = extract(TEXT.replace("\nNơi nhận:", "Mọi thông tin liên hệ đ/c Mai, SĐT 0912.345.678.\n\nNơi nhận:")).rows
    assert not any("SĐT" in row.text for row in rows)


@pytest.mark.parametrize(
    ("text", "leads", "joins"),
    [
        ("Phân công: Tổ Phòng ngừa thực hiện, Tổ An ninh phối hợp.", ("Tổ Phòng ngừa",), ("Tổ An ninh",)),
        ("Đơn vị thực hiện: Phòng Kinh tế, phối hợp: Công an xã", ("Phòng Kinh tế",), ("Công an xã",)),
    ],
)
def test_who_does_it_and_who_joins_stand_in_one_line(text, leads, joins):
    found = parse_assignment(text)
    assert tuple(name for one in found for name in one.leads) == leads
    assert tuple(name for one in found for name in one.coordinating) == joins
