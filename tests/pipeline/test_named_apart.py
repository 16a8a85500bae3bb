"""Who acts, where the plan names it apart from the act: in a bracket, behind a dash, in a heading, by letters."""

import pytest


def lines(body: str) -> str:
    return f"""ỦY BAN NHÂN DÂN
XÃ AN BÌNH

Số: 15/KH-UBND
An Bình, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Công tác tháng 6 năm 2026

Ủy ban nhân dân xã An Bình ban hành Kế hoạch như sau:

{body}

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn Bình
"""


@pytest.fixture
def rows(extract):
    return lambda body: {row.path: row for row in extract(lines(body)).rows}


def test_bracket_and_dash_at_the_end(rows):
    found = rows(
        """I. NHIỆM VỤ
1. Trình HĐND xã ban hành Nghị quyết về kinh tế số (Phòng Kinh tế số và Xã hội số).
2. Hoàn thiện dự thảo Quy chế làm việc - Phòng Quản lý chuyên ngành
3. Kiểm tra 12 cơ sở (Phòng Quản lý chuyên ngành chủ trì; Thanh tra Sở phối hợp).
4. Đánh giá mức độ chuyển đổi số: Phòng Kinh tế số và Xã hội số; hoàn thành trước 25/9.
5. Gửi báo cáo về Sở Nội vụ (Phòng Cải cách hành chính).
6. Phát triển đảng viên trong các tổ chức (Công đoàn, Đoàn Thanh niên).
"""
    )
    assert found["I/1"].lead == found["I/4"].lead == ("Phòng Kinh tế số và Xã hội số",)
    assert found["I/2"].lead == found["I/3"].lead == ("Phòng Quản lý chuyên ngành",)
    assert found["I/3"].coordinating == ("Thanh tra Sở",)
    assert str(found["I/4"].due) == "2026-09-25"
    assert found["I/5"].lead == found["I/6"].lead == ("Ủy ban nhân dân xã An Bình",)


def test_bracket_of_a_heading(rows):
    found = rows(
        """I. NHIỆM VỤ
1. Chương trình “Hành quân xanh” (Chi đoàn Quân sự chủ trì)
- Giúp đỡ các gia đình chính sách.
"""
    )
    assert found["I/1/-1"].lead == ("Chi đoàn Quân sự",)


def test_order_in_brackets_for_lettered_items_above(rows):
    found = rows(
        """I. NHIỆM VỤ
1. Tuyên truyền
a) Phát thanh ngày 02 buổi.
b) Treo 15 băng rôn.
(Giao Trung tâm Dịch vụ tổng hợp thực hiện nội dung a, b mục này)
c) Họp dân.
"""
    )
    assert [found[f"I/1/{letter}"].lead for letter in "abc"] == [
        ("Trung tâm Dịch vụ tổng hợp",), ("Trung tâm Dịch vụ tổng hợp",), ("Ủy ban nhân dân xã An Bình",)
    ]  # fmt: skip


def test_those_who_are_inspected_are_no_tasks(rows):
    found = rows(
        """I. NỘI DUNG, ĐỐI TƯỢNG
1. Nội dung giám sát
- Việc ban hành văn bản chỉ đạo.
2. Đối tượng giám sát
- UBND phường;
- Công an phường;
- Ban Quản lý chợ Đa Phúc.
"""
    )
    assert list(found) == ["I/1/-1"]


def test_teams_and_posts(rows):
    found = rows(
        """I. PHÂN CÔNG
1. Tổ hỗ trợ tổng hợp kết quả, báo cáo UBND xã.
2. Văn phòng thường trực BCH: theo dõi diễn biến bão.
3. Tổ dân phố thống kê thiệt hại.
4. Đồng chí Chủ tịch UBND xã - Trưởng ban: Chỉ đạo chung.
5. Tổ hỗ trợ người dân nộp hồ sơ trực tuyến.
6. Đề nghị Đồn Biên phòng Đồ Sơn sẵn sàng lực lượng, phương tiện.
"""
    )
    assert [row.lead[0] for row in found.values()] == [
        "Tổ hỗ trợ", "Văn phòng thường trực BCH", "Tổ dân phố", "Đồng chí Chủ tịch UBND xã - Trưởng ban", "Tổ",
        "Đồn Biên phòng Đồ Sơn",
    ]  # fmt: skip


def test_months_that_a_review_looks_back_on(rows):
    found = rows(
        "I. NHIỆM VỤ\n1. Tổ chức Hội nghị sơ kết 6 tháng đầu năm, dự kiến ngày 10/7 (Văn phòng).\n2. Họp giao ban."
    )
    assert (found["I/1"].start, str(found["I/1"].due)) == (None, "2026-07-10")


def test_a_lead_with_partners_above_its_acts_is_no_assignment(rows):
    found = rows(
        """I. NHIỆM VỤ
1. Sở Giáo dục và Đào tạo chủ trì, phối hợp với Báo và Phát thanh, Truyền hình tỉnh:
a) Quán triệt Nghị quyết trong tháng 10 năm 2026.
b) Mở chuyên mục “Đột phá giáo dục”.
2. Sở Nội vụ, Sở Tài chính theo chức năng nhiệm vụ:
a) Tham mưu cơ chế thu hút giáo viên.
3. Rà soát các quy định về học phí (Sở GDĐT chủ trì; Quý IV/2026).
"""
    )
    assert list(found) == ["I/1/a", "I/1/b", "I/2/a", "I/3"]
    assert found["I/1/b"].lead == ("Sở Giáo dục và Đào tạo",)
    assert found["I/1/b"].coordinating == ("Báo và Phát thanh, Truyền hình tỉnh",)
    assert found["I/2/a"].lead == ("Sở Nội vụ", "Sở Tài chính")
    assert (found["I/3"].lead, str(found["I/3"].due)) == (("Sở GDĐT",), "2026-12-31")


def test_what_replaces_an_older_plan_binds_the_whole(rows):
    found = rows(
        """I. NỘI DUNG
1. Lực lượng
- Công an xã: 06 đồng chí.
2. Tổ lưu động đến từng hộ có người già yếu.
II. TỔ CHỨC THỰC HIỆN
1. Đ/c Trưởng Công an xã (Tổ phó thường trực) phụ trách chung.
2. Đề nghị Ủy ban MTTQ Việt Nam xã giám sát.
Kế hoạch này thay thế Kế hoạch số 88/KH-UBND ngày 01/3/2022 của UBND xã./.
"""
    )
    assert [(row.path, row.lead) for row in found.values()] == [
        ("I/2", ("Tổ lưu động",)), ("II/1", ("Đ/c Trưởng Công an xã",)), ("II/2", ("Ủy ban MTTQ Việt Nam xã",)),
        ("II/¶1", ()),
    ]  # fmt: skip


def test_guests_staff_and_last_clauses(rows):
    found = rows(
        """I. NHIỆM VỤ
1. Phòng Văn hóa - Xã hội: là cơ quan thường trực, có nhiệm vụ:
- Mời các cơ quan báo chí.
2. Dâng hương tại Khu di tích, do Văn phòng Đảng ủy chủ trì, phối hợp Ban CHQS xã.
3. Chỉnh trang đô thị trên địa bàn; Phòng Kinh tế thực hiện.
4. Các đơn vị lực lượng vũ trang đóng quân trên địa bàn: cử 100 chiến sĩ tham gia.
5. Giáo viên bộ môn: lồng ghép nội dung vào bài giảng.
"""
    )
    assert [(row.lead[0], row.kind.value) for row in found.values()] == [
        ("Phòng Văn hóa - Xã hội", "task"), ("Văn phòng Đảng ủy", "task"), ("Phòng Kinh tế", "task"),
        ("Các đơn vị lực lượng vũ trang đóng quân trên địa bàn", "task"), ("Giáo viên bộ môn", "task"),
    ]  # fmt: skip
