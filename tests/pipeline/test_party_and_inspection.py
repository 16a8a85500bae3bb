"""Plans of party committees and of inspections: persons with several posts, whom and when an inspection sees."""

import pytest

TEXT = """BAN CHỈ ĐẠO 35 XÃ                           CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 04-KH/BCĐ35                                Độc lập - Tự do - Hạnh phúc
                                        Phú Xuân, ngày 18 tháng 3 năm 2026

KẾ HOẠCH
HOẠT ĐỘNG CỦA BAN CHỈ ĐẠO 35 XÃ PHÚ XUÂN NĂM 2026
-----

I – MỤC ĐÍCH
1- Bảo vệ vững chắc nền tảng tư tưởng của Đảng.

II – NHIỆM VỤ
1- Tổ chức Tháng hành động (từ ngày 15/11 đến ngày 15/12/2026).
- Treo băng rôn trên các tuyến đường chính.
2- Đối tượng, thời kỳ kiểm tra
- Đối tượng: 14 trạm y tế xã.
- Thời kỳ kiểm tra: từ 01/01/2025 đến thời điểm kiểm tra.

III – PHÂN CÔNG
1- Đồng chí Trần Thị Bé, Phó Bí thư Thường trực, Phó Trưởng Ban Thường trực: trực tiếp chỉ đạo.
2- Các thành viên còn lại: chỉ đạo cơ quan, đơn vị mình phụ trách.
3- Tổ Giúp việc: Tham mưu xây dựng kế hoạch tuần.
4- Căn cứ Kế hoạch này, các chi bộ trực thuộc cụ thể hóa, tổ chức thực hiện.

Nơi nhận:                                             TRƯỞNG BAN
- Ban Chỉ đạo 35 thành phố,
- Các đồng chí thành viên,                          Nguyễn Văn Toàn
- Lưu.
"""


@pytest.fixture
def found(extract):
    return extract(TEXT)


def test_a_dash_behind_a_section_ends_the_title(found):
    assert found.tree.header.title == "HOẠT ĐỘNG CỦA BAN CHỈ ĐẠO 35 XÃ PHÚ XUÂN NĂM 2026"
    assert (found.tree.header.issuer, found.tree.header.signer) == ("Ban Chỉ đạo 35 xã Phú Xuân", "Nguyễn Văn Toàn")


def test_a_dated_act_is_a_row_beside_its_children_and_a_scope_is_none(found):
    assert [row.path for row in found.rows] == ["I/1", "II/1", "II/1/-1", "III/1", "III/2", "III/3", "III/4"]


def test_persons_keep_all_their_posts(found):
    assert [row.lead for row in found.rows[3:]] == [
        ("Đồng chí Trần Thị Bé, Phó Bí thư Thường trực, Phó Trưởng Ban Thường trực",),
        ("Các thành viên còn lại",), ("Tổ Giúp việc",), ("các chi bộ trực thuộc",),
    ]  # fmt: skip
