"""What was broken at the margin is whole again; what starts anew stays apart."""

from extractors.plan.paragraphs import learn_layout, read_paragraphs
from schemas.source import BBox, Line, Noise

WIDE = "- Xây dựng hình ảnh cán bộ, công chức tận tụy với công việc, gần gũi với"


def texts(*lines: Line | str) -> list[str]:
    made = [line if isinstance(line, Line) else Line(line) for line in lines]
    return [paragraph.text for paragraph in read_paragraphs(made, learn_layout(made))]


def test_hard_wrapped_lines_are_joined():
    assert texts(WIDE, "Nhân dân trên địa bàn phường.") == [WIDE[2:] + " Nhân dân trên địa bàn phường."]


def test_a_name_broken_at_its_dash_is_no_bullet():
    assert texts(
        "1. Giao nhiệm vụ tham mưu cho Phòng Kinh tế, Hạ tầng và Phòng Văn hóa",
        "- Xã hội phối hợp thực hiện.",
    ) == ["Giao nhiệm vụ tham mưu cho Phòng Kinh tế, Hạ tầng và Phòng Văn hóa - Xã hội phối hợp thực hiện."]


def test_a_document_number_broken_at_its_hyphen_is_joined_without_a_space():
    assert texts("- Thực hiện Công văn số 6217/SNV-XDCQ-", "CTTN ngày 15/8/2025 của Sở Nội vụ.") == [
        "Thực hiện Công văn số 6217/SNV-XDCQ-CTTN ngày 15/8/2025 của Sở Nội vụ."
    ]


def test_a_marker_alone_takes_the_next_line():
    assert texts("II.", "NỘI DUNG THỰC HIỆN", "1.", "Công tác tuyên truyền") == [
        "NỘI DUNG THỰC HIỆN",
        "Công tác tuyên truyền",
    ]


def test_numbers_in_brackets_inside_a_sentence_are_no_items():
    assert texts(
        "- Văn phòng HĐND và UBND xã chủ trì, phối hợp thực hiện công khai các mục",
        "(2), (3), (4) của Kế hoạch này.",
    ) == ["Văn phòng HĐND và UBND xã chủ trì, phối hợp thực hiện công khai các mục (2), (3), (4) của Kế hoạch này."]


def test_paragraphs_of_the_source_are_kept_but_a_sentence_broken_over_a_page_is_joined():
    lines = [
        Line("Dự họp cộng đồng dân cư ở", paragraph=1),
        Line("thôn để lắng nghe sáng kiến.", paragraph=2),
        Line("Tổ chức sơ kết.", paragraph=3),
    ]
    assert texts(*lines) == ["Dự họp cộng đồng dân cư ở thôn để lắng nghe sáng kiến.", "Tổ chức sơ kết."]


def test_an_indent_begins_a_paragraph_where_the_page_indents():
    def at(text: str, x0: float, x1: float, top: float) -> Line:
        return Line(text, page=1, bbox=BBox(x0, top, x1, top + 12))

    full = "Cán bộ, công chức thực hiện đúng quy tắc ứng xử, thái độ tận tình"
    lines = []
    for number in range(4):
        lines.append(at(f"Đoạn thứ {number} nói về trách nhiệm của người đứng đầu cơ quan.", 110, 540, 40 * number))
        lines.append(at(full + ".", 82, 540, 40 * number + 15))
    assert len(texts(*lines)) == 4


def test_noise_is_left_out():
    assert texts("- Một việc cần làm ngay", Line("2", noise=Noise.PAGE_NUMBER), "trong năm nay.") == [
        "Một việc cần làm ngay trong năm nay."
    ]


def test_a_short_title_does_not_swallow_the_paragraph_below():
    body = "Tuyên truyền, triển khai đến cán bộ, công chức các nội dung về công tác dân số trong năm."
    assert texts("1. Các cơ quan, đơn vị và UBND các phường, xã", body, body)[0] == (
        "Các cơ quan, đơn vị và UBND các phường, xã"
    )


def test_a_number_broken_from_the_one_it_reaches_to_is_no_bullet():
    lines = [Line("- Tăng trưởng bình quân 05"), Line("- 06%/năm."), Line("- Mở rộng thị trường.")]
    assert [p.text for p in read_paragraphs(lines, learn_layout(lines))] == [
        "Tăng trưởng bình quân 05 - 06%/năm.",
        "Mở rộng thị trường.",
    ]


def test_a_text_without_broken_lines_keeps_its_paragraphs():
    lines = [Line(f"{n}. Phòng Kinh tế chủ trì nhiệm vụ số {n} của Kế hoạch.") for n in range(1, 12)]
    lines += [Line("Là cơ quan thường trực giúp Ủy ban nhân dân xã."), Line("Tổng hợp, báo cáo kết quả.")]
    assert [p.text for p in read_paragraphs(lines, learn_layout(lines))][-2:] == [line.text for line in lines[-2:]]


def _placed(*rows):
    """Lines of one page, each with its left and its right end; a wider gap stands above those in capitals."""
    return [
        Line(text, page=1, bbox=BBox(x0, 20.0 * at, x1, 20.0 * at + 14), blank_before=int(text.isupper()))
        for at, (text, x0, x1) in enumerate(rows)
    ]


def _running(times):
    first, rest, last = (
        "Nâng cao nhận thức của cán bộ, công chức về",
        "cải cách hành chính và của người dân về",
        "sự hài lòng.",
    )
    return [row for _ in range(times) for row in ((first, 121, 552), (rest, 85, 552), (last, 85, 140))]


def test_an_indented_line_begins_a_paragraph_though_the_one_above_is_full():
    """Where only first lines are indented, a paragraph of one full line ends where the next indent stands."""
    lines = _placed(
        *_running(3),
        ("I. MỤC ĐÍCH", 121, 190),
        *_running(3),
        ("II. NỘI DUNG", 121, 200),
        ("Cải thiện và nâng cao chất lượng quản trị và hành chính công;", 121, 540),
        ("Thực hiện có hiệu quả mô hình chính quyền thân thiện vì Nhân dân", 121, 552),
        ("phục vụ.", 85, 130),
    )
    found = [paragraph.text for paragraph in read_paragraphs(lines, learn_layout(lines))]
    assert found[-2:] == [
        "Cải thiện và nâng cao chất lượng quản trị và hành chính công;",
        "Thực hiện có hiệu quả mô hình chính quyền thân thiện vì Nhân dân phục vụ.",
    ]


def test_lines_that_hang_together_at_an_indent_are_one_paragraph():
    """Where a list's further lines stand at its indent too, an indent says less."""
    hanging = [
        ("Tổ chức tuyên truyền, phổ biến các văn bản của Trung ương.", 121, 552),
        ("Giao Công an xã.", 121, 200),
    ]
    lines = _placed(*_running(3), *hanging * 4)
    assert not learn_layout(lines).first_lines
    assert learn_layout(_placed(*_running(6))).first_lines
