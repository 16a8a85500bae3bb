"""PDF: reading order, noise, tables over pages, page classes."""

from dataclasses import replace
from pathlib import Path

import pytest

from extractors.readers import open_source, read
from extractors.readers.joined_tables import join_tables, joined
from extractors.readers.layout import page_lines
from extractors.readers.page_noise import mark_noise
from extractors.readers.pdf_tables import ruled_table
from extractors.readers.pieces import Piece
from extractors.readers.signals import PageClass, page_class, signals
from schemas.source import BBox, Cell, Line, Noise, Table

SAMPLES = Path(__file__).parents[2] / "sample_docs"
WIDTH, HEIGHT = 595.0, 842.0
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def piece(text, x0, top, size=13.0):
    return Piece(text, BBox(x0, top, x0 + 6.0 * len(text), top + size), size)


def order(*pieces):
    return [line.text for line in page_lines(list(pieces), 1, WIDTH, HEIGHT)]


@pytest.mark.parametrize("name", ["000_le_chan", "001_hong_chau", "002_hai_phong_49", "003_bac_son"])
def test_a_typed_pdf_says_what_its_word_file_says(name):
    """Letter for letter, in the same order; only page numbers are named noise."""
    typed = read(open_source(SAMPLES / f"typed/{name}.pdf"))
    word = read(open_source(SAMPLES / f"typed/{name}.docx"))
    assert letters(typed) == letters(word)
    assert {line.noise for line in typed.lines} <= {None, Noise.PAGE_NUMBER, Noise.RULE}
    assert all(line.bbox and line.page for line in typed.lines)


def letters(document):
    return "".join("".join(line.text.split()) for line in document.lines if line.noise is None)


def test_a_letterhead_is_read_column_by_column_whatever_the_heights():
    found = order(
        piece("ỦY BAN NHÂN DÂN", 90, 62),
        piece(MOTTO, 270, 60),
        piece("XÃ HỒNG CHÂU", 100, 80),
        piece("Độc lập - Tự do - Hạnh phúc", 300, 77),
        piece("Số: 12/KH-UBND", 95, 104),
        piece("Hồng Châu, ngày 05 tháng 3 năm 2026", 290, 106),
        piece("KẾ HOẠCH", 290, 150),
    )
    assert found == [
        "ỦY BAN NHÂN DÂN",
        "XÃ HỒNG CHÂU",
        "Số: 12/KH-UBND",
        MOTTO,
        "Độc lập - Tự do - Hạnh phúc",
        "Hồng Châu, ngày 05 tháng 3 năm 2026",
        "KẾ HOẠCH",
    ]


def test_recipients_are_read_before_the_signature_beside_them():
    found = order(
        piece("thiện để được xem xét, giải quyết kịp thời theo quy định hiện hành./.", 85, 80),
        piece("TM. ỦY BAN NHÂN DÂN", 340, 120),
        piece("Nơi nhận:", 85, 127, 11),
        piece("- Sở Nội vụ;", 85, 141, 11),
        piece("CHỦ TỊCH", 380, 138),
        piece("- Các cơ quan, đơn vị thuộc xã;", 85, 155, 11),
        piece("- Lưu: VT.", 85, 169, 11),
        piece("Phạm Văn A", 370, 230),
    )
    assert found[1:] == [
        "Nơi nhận:",
        "- Sở Nội vụ;",
        "- Các cơ quan, đơn vị thuộc xã;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Phạm Văn A",
    ]


def test_a_name_and_its_figure_stay_in_one_line():
    found = order(
        piece("- Dân số:", 85, 100),
        piece("374.125 người", 400, 100),
        piece("- Tỷ lệ:", 85, 118),
        piece("85%", 400, 118),
    )
    assert found == ["- Dân số: 374.125 người", "- Tỷ lệ: 85%"]


def test_a_blank_to_be_filled_in_by_hand_does_not_part_a_number():
    assert order(piece("Số:", 85, 100), piece("/KH-UBND", 160, 100)) == ["Số: /KH-UBND"]


def test_a_wider_gap_is_told():
    lines = page_lines(
        [piece(f"Dòng {at}", 85, 100 + 18 * at) for at in range(6)] + [piece("Sau", 85, 230)], 1, WIDTH, HEIGHT
    )
    assert [line.blank_before for line in lines] == [0, 0, 0, 0, 0, 0, 1]


def test_footnotes_are_known_by_size_and_figure():
    body = [piece("Nội dung của kế hoạch được viết thành dòng dài", 85, 80 + 18 * at) for at in range(8)]
    notes = [piece("1 Theo Quyết định của Ủy ban nhân dân", 85, 760, 9), piece("thành phố năm 2025.", 85, 772, 9)]
    lines = page_lines(body + notes, 1, WIDTH, HEIGHT)
    assert [line.noise for line in lines] == [None] * 8 + [Noise.FOOTNOTE] * 2


def placed(text, top):
    return Line(text, bbox=BBox(280, top, 300, top + 13))


def test_page_numbers_and_running_heads():
    pages = [
        [
            placed("Kế hoạch năm 2026", 20),
            placed(f"Nội dung trang {page}", 300),
            placed("10", 400),
            placed(str(page), 790),
        ]
        for page in range(1, 4)
    ]
    marked = mark_noise(pages, [HEIGHT] * 3)
    assert [line.noise for line in marked[1]] == [Noise.RUNNING_HEAD, None, None, Noise.PAGE_NUMBER]


def text_cell(row, col, text, **spans):
    return Cell(row, col, (Line(text),) if text else (), **spans)


def part(page, *rows):
    cells = tuple(text_cell(at, col, text) for at, row in enumerate(rows) for col, text in enumerate(row))
    return Table(cells, len(rows), len(rows[0]), (page,), BBox(50, 50, 500, 700))


def grid(table):
    return [[cell.text if cell else None for cell in row] for row in table.grid()]


HEAD = ["STT", "Nội dung", "Chủ trì"]


def test_a_table_over_two_pages_is_one_and_its_repeated_head_is_named():
    upper, lower = part(1, HEAD, ["1", "Họp.", "A"]), part(2, HEAD, ["2", "Tập huấn.", "B"])
    (table,) = join_tables([upper, Line("2", noise=Noise.PAGE_NUMBER), lower])[:1]
    assert grid(table) == [HEAD, ["1", "Họp.", "A"], ["2", "Tập huấn.", "B"]]
    assert [line.text for line in table.repeated] == HEAD
    assert {line.noise for line in table.repeated} == {Noise.REPEATED_HEAD}
    assert table.pages == (1, 2)


def test_a_row_parted_by_the_page_break_is_joined():
    table = joined(
        part(1, HEAD, ["1", "Tổ chức tuyên truyền trên", "Sở Nội"]),
        part(2, ["", "hệ thống phát thanh.", "vụ"], ["2", "Họp.", "B"]),
    )
    assert grid(table) == [
        HEAD,
        ["1", "Tổ chức tuyên truyền trên hệ thống phát thanh.", "Sở Nội vụ"],
        ["2", "Họp.", "B"],
    ]


def test_a_cell_merged_down_over_the_page_break_holds_on():
    """The lead of lines 1 to 3 is printed once; the page ends behind line 2, and line 4 has none of its own."""
    upper = part(1, HEAD, ["1", "Họp.", "Sở Nội vụ"], ["2", "Tập huấn.", ""])
    cells = tuple(cell for cell in upper.cells if (cell.row, cell.col) != (2, 2))
    merged = [Cell(cell.row, cell.col, cell.lines, 2) if (cell.row, cell.col) == (1, 2) else cell for cell in cells]
    table = joined(replace(upper, cells=tuple(merged)), part(2, HEAD, ["3", "Kiểm tra.", ""], ["4", "Báo cáo.", ""]))
    assert [row[2] for row in grid(table)] == ["Chủ trì", "Sở Nội vụ", "Sở Nội vụ", "Sở Nội vụ", ""]


def test_an_empty_cell_below_the_break_stays_empty():
    table = joined(part(1, HEAD, ["1", "Họp.", "Sở Nội vụ"]), part(2, HEAD, ["2", "Tập huấn.", ""]))
    assert [row[2] for row in grid(table)] == ["Chủ trì", "Sở Nội vụ", ""]


def test_text_between_parts_two_tables():
    blocks = [part(1, HEAD, ["1", "Họp.", "A"]), Line("PHỤ LỤC II"), part(2, HEAD, ["1", "Họp.", "A"])]
    assert join_tables(blocks) == blocks


def test_merged_cells_of_a_ruled_table():
    boxes = [
        BBox(0, 0, 50, 20),
        BBox(50, 0, 200, 20),
        BBox(0, 20, 200, 40),
        BBox(0, 40, 50, 80),
        BBox(50, 40, 200, 60),
        BBox(50.8, 60, 200, 80),
    ]
    table = ruled_table(boxes, 1, lambda box: (Line(f"{box.top:.0f}"),))
    assert [(cell.row, cell.col, cell.rowspan, cell.colspan) for cell in table.cells] == [
        (0, 0, 1, 1),
        (0, 1, 1, 1),
        (1, 0, 1, 2),
        (2, 0, 2, 1),
        (2, 1, 1, 1),
        (3, 1, 1, 1),
    ]


TYPED = (
    "Ủy ban nhân dân xã ban hành Kế hoạch thực hiện công tác năm 2026 trên địa bàn theo quy định của thành phố. " * 4
)


@pytest.mark.parametrize(
    ("text", "cover", "expected"),
    [
        ("", 1.0, PageClass.NONE),
        ("12", 0.9, PageClass.NONE),
        (TYPED, 0.0, PageClass.GOOD),
        ("Uy ban nhan dan xa ban hanh Ke hoach thuc hien cong tac. " * 4, 0.0, PageClass.UNMARKED),
        ("Uy ban nhan din xi ban hanh Ké hoach thuc hién cong tac. " * 4, 1.0, PageClass.GARBAGE),
        ("COÄNG HOAØ XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM Ñoäc laäp - Töï do " * 4, 0.0, PageClass.LEGACY),
        (TYPED.replace("n", "\ue123"), 0.0, PageClass.AMBIGUOUS),
    ],
)
def test_page_classes(text, cover, expected):
    assert page_class(signals(text), cover) is expected


LEFT = ["1. Phòng Văn hóa - Xã hội", "2. Phòng Kinh tế", "3. Công an xã", "4. Trạm Y tế xã"]
RIGHT = ["5. Trường Tiểu học", "6. Hội Nông dân xã", "7. Đoàn Thanh niên xã", "8. Hội Phụ nữ xã"]
WORKS = ["- Xây dựng kế hoạch", "- Tổ chức tuyên truyền", "- Kiểm tra, giám sát", "- Báo cáo tổng kết"]
DAYS = ["Trước ngày 15/3/2026", "Tháng 4/2026", "Quý III/2026", "Trước ngày 15/12/2026"]


def beside(left, right):
    """Two columns without rules, row by row as they stand on the page."""
    rows = enumerate(zip(left, right, strict=True))
    return [one for at, (a, b) in rows for one in (piece(a, 90, 100 + 18 * at), piece(b, 340, 100 + 18 * at))]


def test_a_list_in_two_columns_is_read_column_by_column():
    assert order(*beside(LEFT, RIGHT)) == LEFT + RIGHT


def test_a_list_with_its_days_beside_is_read_row_by_row():
    assert order(*beside(WORKS, DAYS)) == [f"{work} {day}" for work, day in zip(WORKS, DAYS, strict=True)]


def test_dirt_between_two_pages_parts_no_table():
    upper, lower = part(1, HEAD, ["1", "Họp.", "A"]), part(2, HEAD, ["2", "Tập huấn.", "B"])
    assert len(join_tables([upper, Line("loN1 RA", page=2, confidence=40.0), lower])) == 2
    assert len(join_tables([upper, Line("Ghi chú", page=2, confidence=96.0), lower])) == 3
