"""Programmes of work: who lays a paper before whom, teams and their posts, months that reports look back on."""

import pytest

TEXT = """UBND THÀNH PHỐ HÀ NỘI            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP          Độc lập - Tự do - Hạnh phúc
VÀ CHẾ XUẤT

Số: 640/KH-BQL                    Hà Nội, ngày 14 tháng 5 năm 2026

KẾ HOẠCH
Công tác năm 2027

I. NỘI DUNG
1. Báo cáo tình hình kinh tế - xã hội 6 tháng đầu năm: Phòng Kinh tế.
2. Dự thảo Quy chế năm 2026. Cơ quan trình: Phòng Kinh tế; cơ quan phối hợp: các phòng.
3. Tổ chức lễ hội (Phòng Văn hóa - Xã hội trình).
4. Kiểm tra an toàn thực phẩm. Đơn vị thực hiện: Đoàn kiểm tra liên ngành.
5. Giao ban Chủ tịch, các Phó Chủ tịch: thứ Hai hằng tuần.
6. Tổ Phòng, chống tội phạm tuần tra, tối thiểu 02 lượt/tuần.
7. Bộ phận Tổng hợp: theo dõi, tổng hợp báo cáo Công an thành phố.
8. Văn phòng Ban lập dự toán, trình Lãnh đạo Ban.

Nơi nhận:                                   TRƯỞNG BAN
- Sở KH&CN;
- Lưu: VT.                                  Trung tá Vũ Đức Long
"""


@pytest.fixture
def found(extract):
    return extract(TEXT)


def test_quan_of_quan_ly_is_no_district(found):
    assert found.tree.header.issuer == "Ban Quản lý các Khu công nghiệp và Chế xuất thành phố Hà Nội"
    assert found.tree.header.signer == "Vũ Đức Long"


def test_who_acts(found):
    issuer = found.tree.header.issuer
    assert [row.lead for row in found.rows] == [
        ("Phòng Kinh tế",), ("Phòng Kinh tế",), ("Phòng Văn hóa - Xã hội",), ("Đoàn kiểm tra liên ngành",), (issuer,),
        ("Tổ Phòng, chống tội phạm",), ("Bộ phận Tổng hợp",), ("Văn phòng Ban",),
    ]  # fmt: skip
    assert found.rows[1].coordinating == ("các phòng",)


def test_when(found):
    assert (found.rows[0].start, found.rows[0].due) == (None, None)
    assert found.rows[5].recurrence == "FREQ=WEEKLY"
