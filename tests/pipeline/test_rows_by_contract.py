"""The contract, rule by rule, on small plans."""

from pipeline.score import score_records
from schemas.extraction import Extraction
from schemas.task import Kind, LeadBasis

HEAD = """ỦY BAN NHÂN DÂN
XÃ AN BÌNH

Số: 12/KH-UBND
An Bình, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Triển khai công tác cải cách hành chính năm 2026

Ủy ban nhân dân xã An Bình ban hành Kế hoạch như sau:

"""
TAIL = """

Nơi nhận:
- Sở Nội vụ;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn Bình
"""


def plan(body: str) -> str:
    return HEAD + body + TAIL


def by_path(extraction: Extraction):
    assert extraction.accounting["unplaced"] == 0
    rows = {row.path: row for row in extraction.rows}
    assert len(rows) == len(extraction.rows)
    return rows


def test_kinds_leads_and_the_issuer(extract):
    rows = by_path(
        extract(
            plan(
                """I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Nâng cao chất lượng phục vụ người dân.
2. Yêu cầu
- Việc triển khai phải nghiêm túc, tiết kiệm.
II. NỘI DUNG
1. Công khai thủ tục hành chính
- Niêm yết thủ tục hành chính tại trụ sở hằng quý.
- Văn phòng HĐND và UBND xã phối hợp với Phòng Kinh tế rà soát thủ tục trước ngày 30/6/2026.
III. KINH PHÍ THỰC HIỆN
Kinh phí được bố trí từ ngân sách xã.
IV. TỔ CHỨC THỰC HIỆN
1. Phòng Văn hóa - Xã hội:
- Chủ trì, phối hợp với các đơn vị liên quan tổ chức tuyên truyền.
2. Đề nghị Ủy ban MTTQ Việt Nam xã:
- Vận động nhân dân tham gia giám sát.
"""
            )
        )
    )
    assert [(path, row.kind) for path, row in rows.items()] == [
        ("I/1/-1", Kind.OBJECTIVE),
        ("I/2/-1", Kind.REQUIREMENT),
        ("II/1/-1", Kind.TASK),
        ("II/1/-2", Kind.TASK),
        ("III/¶1", Kind.RESOURCE),
        ("IV/1/-1", Kind.TASK),
        ("IV/2/-1", Kind.REQUEST),
    ]
    assert rows["II/1/-1"].lead == ("Ủy ban nhân dân xã An Bình",)
    assert rows["II/1/-1"].lead_basis is LeadBasis.ISSUER
    assert rows["II/1/-1"].recurrence == "FREQ=MONTHLY;INTERVAL=3"
    assert rows["II/1/-2"].lead == ("Văn phòng HĐND và UBND xã",)
    assert rows["II/1/-2"].coordinating == ("Phòng Kinh tế",)
    assert (rows["II/1/-2"].start, rows["II/1/-2"].due) == (None, "2026-06-30")
    assert rows["IV/1/-1"].lead_basis is LeadBasis.HEADING
    assert rows["IV/1/-1"].coordinating == ("các đơn vị liên quan",)
    assert rows["IV/2/-1"].lead == ("Ủy ban MTTQ Việt Nam xã",)


def test_assignments_that_name_markers_speak_of_these_only(extract):
    rows = by_path(
        extract(
            plan(
                """II. NỘI DUNG
1. Chính quyền công khai
a) Nội dung thực hiện
(1) Niêm yết lịch tiếp công dân;
(2) Công khai số điện thoại đường dây nóng;
(3) Công khai quy chế dân chủ.
b) Cơ quan thực hiện:
- Văn phòng HĐND và UBND xã chủ trì, phối hợp với các cơ quan, đơn vị liên quan thực hiện nội dung (1), (3);
- Phòng Kinh tế thực hiện nội dung (2).
"""
            )
        )
    )
    assert rows["II/1/a/(1)"].lead == rows["II/1/a/(3)"].lead == ("Văn phòng HĐND và UBND xã",)
    assert rows["II/1/a/(1)"].coordinating == ("các cơ quan, đơn vị liên quan",)
    assert rows["II/1/a/(2)"].lead == ("Phòng Kinh tế",)
    assert rows["II/1/a/(2)"].coordinating == ()
    assert all(row.lead_basis is LeadBasis.ASSIGNMENT for row in rows.values())


def test_an_item_all_of_whose_children_assign_is_the_row(extract):
    rows = by_path(
        extract(
            plan(
                """II. NỘI DUNG
1. Tổ chức tập huấn nghiệp vụ cho công chức
- Cơ quan chủ trì: Phòng Văn hóa - Xã hội.
- Cơ quan phối hợp: Văn phòng HĐND và UBND xã; các đơn vị liên quan.
- Thời gian hoàn thành: Quý II/2026.
- Sản phẩm: Báo cáo kết quả tập huấn.
2. Rà soát văn bản
- Nội dung: rà soát các văn bản đã ban hành.
- Cơ quan thực hiện: Phòng Kinh tế.
"""
            )
        )
    )
    assert list(rows) == ["II/1", "II/2/-1"]
    first = rows["II/1"]
    assert first.lead == ("Phòng Văn hóa - Xã hội",)
    assert first.coordinating == ("Văn phòng HĐND và UBND xã", "các đơn vị liên quan")
    assert (first.start, first.due) == ("2026-04-01", "2026-06-30")
    assert first.deliverable == "Báo cáo kết quả tập huấn"
    assert rows["II/2/-1"].lead == ("Phòng Kinh tế",)


def test_details_run_on_in_the_text_of_their_item(extract):
    rows = by_path(
        extract(
            plan(
                """II. NỘI DUNG
1. Văn hóa công sở
- Thực hiện nghiêm "4 xin", "4 luôn":
"4 xin": Xin chào, xin lỗi, xin cảm ơn, xin phép.
"4 luôn": Luôn mỉm cười, luôn lắng nghe, luôn giúp đỡ, luôn đúng hẹn.
- Tổ chức sơ kết.
"""
            )
        )
    )
    assert list(rows) == ["II/1/-1", "II/1/-2"]
    assert rows["II/1/-1"].text.endswith("luôn đúng hẹn.")


def test_a_child_takes_the_time_of_its_introducing_item(extract):
    rows = by_path(
        extract(
            plan(
                """III. LỘ TRÌNH THỰC HIỆN
1. Đợt 1: Từ ngày 05/01/2026 đến ngày 20/02/2026:
- Xây dựng kế hoạch chi tiết.
- Tập huấn cho công chức trước ngày 31/01/2026.
"""
            )
        )
    )
    assert (rows["III/1/-1"].start, rows["III/1/-1"].due) == ("2026-01-05", "2026-02-20")
    assert (rows["III/1/-2"].start, rows["III/1/-2"].due) == (None, "2026-01-31")


def test_an_assignment_by_reference_leaves_the_lists_empty_and_asks_for_review(extract):
    rows = by_path(
        extract(
            plan(
                """II. NỘI DUNG
1. Xây dựng cơ sở dữ liệu
- Cơ quan thực hiện: Theo phân công tại Quyết định số 15/QĐ-UBND ngày 05/01/2026.
"""
            )
        )
    )
    row = rows["II/1"]
    assert row.lead == ()
    assert row.coordinating == ()
    assert row.needs_review
    assert row.review_reasons


def test_present_states_scopes_and_closings_are_no_rows(extract):
    extraction = extract(
        plan(
            """I. ĐÁNH GIÁ TÌNH HÌNH
- Cơ sở vật chất còn thiếu.
II. NHIỆM VỤ
1. Tổ chức tuyên truyền.
2. Trong quá trình thực hiện, nếu có vướng mắc, các đơn vị báo cáo về Ủy ban nhân dân xã.
"""
        )
    )
    assert [row.path for row in extraction.rows] == ["II/1"]
    assert extraction.accounting["unplaced"] == 0


def test_ids_are_stable_and_unique_where_sections_are_numbered_alike(extract):
    text = plan(
        """II. NỘI DUNG
1. Tổ chức tuyên truyền.
II. GIẢI PHÁP
1. Tổ chức tuyên truyền.
"""
    )
    first, second = extract(text), extract(text)
    ids = [row.task_id for row in first.rows]
    assert len(set(ids)) == 2
    assert ids == [row.task_id for row in second.rows]


def test_offsets_hold_the_source_text(extract):
    extraction = extract(plan("II. NỘI DUNG\n1. Tổ chức tuyên truyền.\n2. Tổ chức tập huấn.\n"))
    for row in extraction.rows:
        assert row.source_text in extraction.raw.text[row.char_start : row.char_end]


def test_a_record_scores_one_against_itself(extract):
    record = extract(plan("II. NỘI DUNG\n1. Tổ chức tuyên truyền trong quý I/2026.\n")).to_record()
    assert set(score_records(record, record).figures().values()) == {1.0}


def test_a_section_on_time_that_plans_step_by_step_gives_milestones(extract):
    rows = by_path(
        extract(
            plan(
                """II. NỘI DUNG
1. Tổ chức tuyên truyền.
III. THỜI GIAN THỰC HIỆN:
1. Trong tháng 3/2026: Xây dựng kế hoạch, thành lập tổ giúp việc.
2. Trong tháng 4/2026:
- Tổ chức lễ ra mắt trước ngày 19/4/2026.
"""
            )
        )
    )
    assert (rows["II/1"].start, rows["II/1"].due) == (None, None)
    assert rows["III/1"].kind is rows["III/2/-1"].kind is Kind.MILESTONE
    assert (rows["III/1"].start, rows["III/1"].due) == ("2026-03-01", "2026-03-31")
    assert (rows["III/2/-1"].start, rows["III/2/-1"].due) == (None, "2026-04-19")


def test_a_section_that_only_says_when_assigns_it(extract):
    rows = by_path(
        extract(plan("I. NỘI DUNG\n1. Tổ chức tập huấn.\nII. THỜI GIAN THỰC HIỆN\n- Trong quý II/2026.\n"))
    )
    assert list(rows) == ["I/1"]
    assert (rows["I/1"].start, rows["I/1"].due) == ("2026-04-01", "2026-06-30")


def test_a_long_numbered_heading_without_a_final_sign_is_no_row(extract):
    rows = by_path(
        extract(
            plan(
                """II. NỘI DUNG
1. Nâng cao nhận thức của chính quyền các cấp, các ngành, các tổ chức và người dân về chính sách, pháp luật có liên
quan đến phòng ngừa, ứng phó với thiên tai trên địa bàn xã trong giai đoạn mới
a) Phát hành 500 tờ rơi.
"""
            )
        )
    )
    assert list(rows) == ["II/1/a"]


def test_orders_behind_the_section_on_money_are_no_resource(extract):
    rows = by_path(
        extract(
            plan(
                """III. KINH PHÍ
- Từ ngân sách xã.
Việc thực hiện Kế hoạch là cấp bách. Đề nghị các đoàn thể xã khẩn trương phối hợp.
"""
            )
        )
    )
    assert rows["III/-1"].kind is Kind.RESOURCE
    assert rows["III/¶1"].kind is Kind.REQUEST
    assert rows["III/¶1"].lead == ("các đoàn thể xã",)


def test_a_later_sentence_gives_the_work_to_a_body(extract):
    rows = by_path(
        extract(plan("II. NỘI DUNG\n1. Đẩy mạnh tuyên truyền. Giao Phòng Văn hóa - Xã hội chủ trì thực hiện.\n"))
    )
    assert rows["II/1"].lead == ("Phòng Văn hóa - Xã hội",)


def test_notes_about_tables_and_footnotes_are_no_rows(extract):
    extraction = extract(
        plan(
            """II. NỘI DUNG
1. Tổ chức tuyên truyền.
(Danh mục chi tiết tại phụ lục kèm theo)
Đơn vị tính: Triệu đồng
[1] Bao gồm chi tạo nguồn 145 tỷ đồng.
"""
        )
    )
    assert [row.path for row in extraction.rows] == ["II/1"]
    assert extraction.accounting["unplaced"] == 0


def test_a_bullet_that_is_a_title_holds_the_paragraphs_below_it(extract):
    rows = by_path(
        extract(
            plan(
                """II. MỤC TIÊU
- Nông nghiệp công nghệ cao
Trên 50% diện tích ứng dụng công nghệ tưới tiết kiệm.
- Du lịch
Xây dựng 02 điểm du lịch cộng đồng.
"""
            )
        )
    )
    assert list(rows) == ["II/-1/¶1", "II/-2/¶1"]


def test_bodies_named_behind_an_act_lead_it(extract):
    rows = by_path(
        extract(
            plan(
                """II. NỘI DUNG
1. Bình cử công khai ở thôn (Trưởng thôn chủ trì, Ban Công tác Mặt trận thôn phối hợp), xong trước ngày 20/01/2026.
2. Bảo đảm an ninh: Công an xã.
3. Tập huấn cho các đối tượng: Trưởng thôn, Công an xã.
"""
            )
        )
    )
    assert rows["II/1"].lead == ("Trưởng thôn",)
    assert rows["II/1"].coordinating == ("Ban Công tác Mặt trận thôn",)
    assert rows["II/2"].lead == ("Công an xã",)
    assert rows["II/3"].lead == ("Ủy ban nhân dân xã An Bình",)


def test_the_last_order_to_all_binds_the_plan_not_the_last_item(extract):
    rows = by_path(
        extract(
            plan(
                """III. TỔ CHỨC THỰC HIỆN
1. Phòng Kinh tế tổng hợp báo cáo hằng quý.
Yêu cầu các ban, ngành, các thôn nghiêm túc thực hiện Kế hoạch này.
"""
            )
        )
    )
    assert list(rows) == ["III/1", "III/¶1"]
    assert rows["III/¶1"].lead == ("các ban, ngành", "các thôn")
    assert rows["III/¶1"].recurrence is None


def test_a_theme_is_no_task_and_a_time_before_any_row_speaks_of_all(extract):
    rows = by_path(
        extract(
            plan(
                """I. NỘI DUNG
1. Chủ đề
“Chung tay cải cách hành chính”.
2. Thời gian thực hiện: từ ngày 01/3/2026 đến ngày 30/6/2026.
3. Hoạt động
a) Tổ chức hội nghị phát động tại trụ sở.
b) Tuyên truyền trên hệ thống truyền thanh.
4. Khen thưởng
a) Xét khen thưởng tập thể có thành tích.
"""
            )
        )
    )
    assert list(rows) == ["I/3/a", "I/3/b", "I/4/a"]
    assert {(str(row.start), str(row.due)) for row in rows.values()} == {("2026-03-01", "2026-06-30")}


def test_cells_of_a_table_without_rules_are_no_rows(extract):
    rows = by_path(
        extract(
            plan(
                """I. NỘI DUNG
1. Lịch kiểm tra
Kiểm tra theo lịch sau đây tại các bộ phận.

Buổi

Sáng

05/3/2026

Bộ phận

Một cửa

2. Báo cáo kết quả kiểm tra trước ngày 30/3/2026.
"""
            )
        )
    )
    assert list(rows) == ["I/1/¶1", "I/2"]


def test_a_list_behind_a_colon_that_is_known_in_part_does_not_act(extract):
    rows = by_path(
        extract(plan("I. NỘI DUNG\n1. Mở rộng các nguồn vốn: quỹ tỉnh, các quỹ đầu tư mạo hiểm, vốn quốc tế.\n"))
    )
    assert rows["I/1"].lead_basis is LeadBasis.ISSUER


def test_a_kind_of_office_before_a_colon_is_told_to_act(extract):
    rows = by_path(
        extract(plan("I. TỔ CHỨC THỰC HIỆN\n1. Các trường: Quán triệt kế hoạch đến toàn thể giáo viên.\n"))
    )
    assert rows["I/1"].lead == ("Các trường",)


def test_the_formulas_of_a_decision_are_no_rows(extract):
    text = HEAD.replace("KH-UBND", "QĐ-UBND").split("KẾ HOẠCH")[0] + (
        "QUYẾT ĐỊNH\nPhê duyệt Kế hoạch cải cách hành chính\n\nQUYẾT ĐỊNH:\n\n"
        "Điều 1. Phê duyệt Kế hoạch cải cách hành chính năm 2026.\n\n"
        "Điều 2. Chánh Văn phòng, các đơn vị liên quan chịu trách nhiệm thi hành Quyết định này.\n\n"
        "Quyết định này có hiệu lực kể từ ngày ký./.\n"
    )
    assert not extract(text + TAIL).rows


def test_parts_that_a_word_numbers_stand_beside_one_another(extract):
    rows = by_path(
        extract(
            plan(
                """I. NHIỆM VỤ
Nhiệm vụ 1: Hoàn thiện thể chế
Rà soát, ban hành quy chế hoạt động.
Chủ trì: Phòng Văn hóa - Xã hội.
Nhiệm vụ 2: Hạ tầng số
a) Nâng cấp mạng tại trụ sở.
b) Lắp đặt wifi tại nhà văn hóa.
Nhiệm vụ 3: Tập huấn kỹ năng số, giao Trung tâm Phục vụ hành chính công thực hiện.
"""
            )
        )
    )
    assert list(rows) == ["I/¶1", "I/a", "I/b", "I/¶3"]
    assert rows["I/¶1"].lead == ("Phòng Văn hóa - Xã hội",)
    assert rows["I/¶3"].lead == ("Trung tâm Phục vụ hành chính công",)


def test_the_time_of_a_section_dates_the_work_not_its_purpose(extract):
    rows = by_path(
        extract(
            plan(
                """I. MỤC ĐÍCH
Chăm lo cho trẻ em trên địa bàn xã.
II. THỜI GIAN, ĐỊA ĐIỂM
1. Thời gian: 18 giờ 30 phút, ngày 05/10/2026.
2. Địa điểm: Nhà văn hóa xã.
3. Đối tượng: Chi đoàn các thôn.
III. NỘI DUNG
1. Trao quà cho trẻ em.
IV. PHÂN CÔNG
1. Công an xã: bảo đảm an ninh trật tự.
"""
            )
        )
    )
    assert {path: str(row.due) for path, row in rows.items()} == {
        "I/¶1": "None", "III/1": "2026-10-05", "IV/1": "None"
    }  # fmt: skip


def test_last_words_of_a_row_say_who(extract):
    rows = by_path(
        extract(
            plan(
                """I. NỘI DUNG
1. Tiếp nhận tài liệu nộp lưu, phòng Thu thập tài liệu chủ trì, phòng Bảo quản phối hợp.
2. Số hóa tài liệu lưu trữ. Phòng Tin học và Công cụ tra cứu thực hiện.
3. Giảm tối thiểu 10% số đơn vị (Sở Nội vụ chủ trì, các sở, ngành phối hợp).
II. LỘ TRÌNH
1. Giai đoạn 1 (2026 - 2027): Hoàn thiện thể chế.
III. TỔ CHỨC THỰC HIỆN
1. Văn phòng HĐND và UBND xã báo cáo hằng quý.
Yêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện.
"""
            )
        )
    )
    assert (rows["I/1"].lead, rows["I/1"].coordinating) == (("phòng Thu thập tài liệu",), ("phòng Bảo quản",))
    assert rows["I/2"].lead == ("Phòng Tin học và Công cụ tra cứu",)
    assert (rows["I/3"].lead, rows["I/3"].coordinating) == (("Sở Nội vụ",), ("các sở, ngành",))
    assert (str(rows["II/1"].start), str(rows["II/1"].due)) == ("2026-01-01", "2027-12-31")
    assert rows["III/¶1"].recurrence is None


def test_a_dash_under_a_starred_heading_stands_below_it(extract):
    rows = by_path(
        extract(
            plan(
                """I. NHIỆM VỤ
1. Công tác phổ cập
* Chỉ tiêu:
- 100% trẻ 6 tuổi ra lớp 1.
* Biện pháp:
- Tổ chuyên môn cập nhật hồ sơ hằng tháng.
2. Tuyên truyền: Đẩy mạnh tuyên truyền trên các phương tiện thông tin đại chúng.
(Phòng Văn hóa - Xã hội chủ trì; Đoàn Thanh niên phối hợp; thời gian: thường xuyên)
"""
            )
        )
    )
    assert {path: row.kind for path, row in rows.items()} == {
        "I/1/-1/-1": Kind.OBJECTIVE, "I/1/-2/-1": Kind.TASK, "I/2": Kind.TASK
    }  # fmt: skip
    assert rows["I/1/-2/-1"].lead == ("Tổ chuyên môn",)
    assert (rows["I/2"].lead, rows["I/2"].coordinating) == (("Phòng Văn hóa - Xã hội",), ("Đoàn Thanh niên",))


def test_small_roman_numerals_and_honorifics(extract):
    rows = by_path(
        extract(
            plan(
                """I. NHIỆM VỤ
1. Chuyên môn kỹ thuật
i) Giám sát chặt chẽ tại cửa khẩu.
ii) Bảo đảm đủ vắc xin, sinh phẩm.
2. Các ông (bà) Trưởng thôn, Bí thư Chi bộ thôn phổ biến kế hoạch đến từng hộ dân.
3. Văn phòng Cục phối hợp với Phòng Kinh tế bảo đảm hậu cần.
"""
            )
        )
    )
    assert list(rows) == ["I/1/i", "I/1/ii", "I/2", "I/3"]
    assert rows["I/2"].lead == ("Các ông (bà) Trưởng thôn", "Bí thư Chi bộ thôn")
    assert rows["I/3"].lead == ("Văn phòng Cục",)
