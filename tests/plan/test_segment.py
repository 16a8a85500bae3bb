"""The tree of a plan: which list stands inside which is learned from the document."""

import pytest

from extractors.plan.paragraphs import learn_layout, read_paragraphs
from extractors.plan.segment import segment
from extractors.plan.tail import lift_tail
from schemas.plan import path_of, walk
from schemas.source import Line


def paths(text: str) -> list[str]:
    lines = [Line(line.strip()) for line in text.strip().splitlines()]
    nodes = lift_tail(segment(read_paragraphs(lines, learn_layout(lines))))
    return [path_of(above, node) for above, node in walk(nodes)]


CASES = {
    "numbers in brackets under bullets": (
        """
        II. NỘI DUNG
        3. Nhóm tiêu chí 3
        a) Nội dung thực hiện
        - Xây dựng hình ảnh người đứng đầu
        (1) Gương mẫu đi đầu;
        (2) Thường xuyên xuống cơ sở;
        - Đội ngũ cán bộ, công chức
        (1) Có trình độ;
        b) Cơ quan thực hiện
        """,
        [
            "II",
            "II/3",
            "II/3/a",
            "II/3/a/-1",
            "II/3/a/-1/(1)",
            "II/3/a/-1/(2)",
            "II/3/a/-2",
            "II/3/a/-2/(1)",
            "II/3/b",
        ],
    ),
    "plus under numbers in brackets": (
        """
        II. NỘI DUNG
        a) Nội dung
        (4) Tổ chức các hoạt động thông qua các hình thức:
        + Trao giấy;
        + Gửi thư;
        (5) Chúc mừng.
        """,
        ["II", "II/a", "II/a/(4)", "II/a/(4)/+1", "II/a/(4)/+2", "II/a/(5)"],
    ),
    "parts above sections": (
        """
        A. ĐÁNH GIÁ
        I. KẾT QUẢ
        1. Một
        B. NHIỆM VỤ
        I. MỤC TIÊU
        """,
        ["A", "A/I", "A/I/1", "B", "B/I"],
    ),
    "Arabic sections": (
        """
        1. Mục đích
        1.1. Nâng cao nhận thức
        a) Một
        1.2. Bảo đảm
        2. Yêu cầu
        """,
        ["1", "1/1.1", "1/1.1/a", "1/1.2", "2"],
    ),
    "a paragraph that only introduces is no level": (
        """
        III. NHIỆM VỤ
        Lộ trình chung:
        1. Hoàn thiện hạ tầng.
        2. Thu thập dữ liệu.
        """,
        ["III", "III", "III/1", "III/2"],
    ),
    "an unmarked paragraph after bullets belongs to their heading": (
        """
        II. NỘI DUNG
        6. Kinh phí
        - Ngân sách địa phương.
        Việc quyết toán theo quy định.
        III. TỔ CHỨC THỰC HIỆN
        """,
        ["II", "II/6", "II/6/-1", "II/6/¶1", "III"],
    ),
    "the last paragraph behind nested items binds the plan": (
        """
        III. TỔ CHỨC THỰC HIỆN
        6. UBND cấp huyện
        a) Quán triệt.
        b) Chỉ đạo.
        Sau khi sắp xếp, nhiệm vụ được chuyển về đơn vị mới.
        """,
        ["III", "III/6", "III/6/a", "III/6/b", "III/¶1"],
    ),
    "sections that begin at II": (
        """
        II. NỘI DUNG
        1. Một.
        IV. KINH PHÍ
        Kinh phí từ ngân sách.
        """,
        ["II", "II/1", "IV", "IV/¶1"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_paths(name: str):
    text, expected = CASES[name]
    assert paths(text) == expected
