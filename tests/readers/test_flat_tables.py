"""Tables flattened by a web page: every cell back in its row and column."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.readers.flat_grid import shape
from extractors.readers.text import text_blocks
from schemas.source import Line, Table

HEAD = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]
BODIES = ["Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Văn phòng HĐND và UBND"]
OTHERS = ["Các cơ quan liên quan", "Các tổ dân phố", "Các trường học trên địa bàn"]
TIMES = ["Quý I/2026", "Năm 2026", "Tháng 6/2026", "Thường xuyên"]


def flat(rows):
    return "\n".join("|\n" + "".join(f"{cell}\n|\n" if cell else "|\n" for cell in row).rstrip("\n") for row in rows)


def tables(text):
    return [block for block in text_blocks(text) if isinstance(block, Table)]


def texts(table):
    return [[cell.text if cell else None for cell in row] for row in table.grid()]


def task(number):
    words = f"Rà soát, xây dựng và triển khai nội dung công việc thứ {number} theo kế hoạch được giao trên địa bàn"
    return [str(number), words, BODIES[number % 3], OTHERS[number % 3], TIMES[number % 4]]


@given(st.integers(2, 9), st.integers(2, 7))
def test_full_rows_come_back(n_rows, n_cols):
    rows = [[f"ô {row} {col}" for col in range(n_cols)] for row in range(n_rows)]
    found, width = shape([cell for row in rows for cell in [*row, ""]][:-1], [False] * (n_rows * (n_cols + 1) - 1))
    assert width == n_cols
    assert [[place.col for place in row.places] for row in found] == [list(range(n_cols))] * n_rows


def test_groups_empty_cells_and_merged_columns():
    rows = [HEAD, ["I", "**Nhóm giải pháp**"], *(task(number) for number in range(1, 5))]
    rows[3][4] = ""
    rows += [["II", "**Nguồn nhân lực**"], *(task(number) for number in range(1, 5))]
    rows[8] = rows[8][:4]
    (table,) = tables(flat(rows))
    assert (table.n_rows, table.n_cols) == (11, 5)
    grid = table.grid()
    assert grid[1][1].colspan == 4
    assert grid[3][4].text == ""
    assert grid[8][4] is grid[7][4]
    assert [cell.text for cell in grid[10]] == rows[10]


def test_a_second_row_under_one_number_and_lead():
    rows = [HEAD, *(task(number) for number in range(1, 5))]
    rows.insert(3, ["Xây dựng hạ tầng dự phòng và phương án sao lưu dữ liệu", BODIES[0], OTHERS[0]])
    (table,) = tables(flat(rows))
    grid = table.grid()
    assert grid[3][0] is grid[2][0]
    assert grid[3][1].text.startswith("Xây dựng hạ tầng dự phòng")
    assert grid[3][2].text == BODIES[0]
    assert grid[3][4] is grid[2][4]


def test_a_head_of_two_rows():
    rows = [["STT", "Nội dung", "Phân công thực hiện", "Thời gian"], ["Chủ trì", "Phối hợp"]]
    rows += [task(number) for number in range(1, 4)]
    (table,) = tables(flat(rows))
    heads = [cell for cell in table.cells if cell.row < 2]
    assert [(cell.text, cell.row, cell.col, cell.rowspan, cell.colspan) for cell in heads] == [
        ("STT", 0, 0, 2, 1),
        ("Nội dung", 0, 1, 2, 1),
        ("Phân công thực hiện", 0, 2, 1, 2),
        ("Thời gian", 0, 4, 2, 1),
        ("Chủ trì", 1, 2, 1, 1),
        ("Phối hợp", 1, 3, 1, 1),
    ]


def test_a_letterhead_comes_as_lines_from_the_left():
    head = [["ỦY BAN NHÂN DÂN\nXÃ A", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"]]
    head.append(["Số: 12/KH-UBND", "Xã A, ngày 01 tháng 3 năm 2026"])
    blocks = text_blocks(flat(head) + "\n\nKẾ HOẠCH")
    assert all(isinstance(block, Line) for block in blocks)
    assert [block.text for block in blocks if block.text][:5] == [
        "ỦY BAN NHÂN DÂN",
        "XÃ A",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND",
    ]


def test_two_tables_and_the_text_between():
    rows = [HEAD, task(1), task(2)]
    blocks = text_blocks(flat(rows) + "\n\nPHỤ LỤC 2\n\n" + flat(rows))
    assert [isinstance(block, Table) for block in blocks] == [True, False, True]
    assert texts(blocks[0]) == texts(blocks[2]) == rows
