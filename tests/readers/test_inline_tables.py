"""Tables that a text file holds with a sign between the cells."""

import pytest

from extractors.readers import open_source, read
from schemas.source import Line, Table

HEAD = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"]
ROWS = [
    ["1", "Tuyên truyền về chuyển đổi số", "Phòng Văn hóa - Xã hội", "Quý I/2026"],
    ["2", "Tập huấn kỹ năng số", "", "Trước 30/6/2026"],
]
BEFORE, AFTER = "II. PHÂN CÔNG NHIỆM VỤ", "III. TỔ CHỨC THỰC HIỆN"


def framed(cells):
    return "| " + " | ".join(cells) + " |"


WAYS = {
    "markdown": "\n".join([framed(HEAD), "|-----|:---|:---:|---|", *map(framed, ROWS)]),
    "bold heads": "\n".join([framed(f"**{head}**" for head in HEAD), framed(["---"] * 4), *map(framed, ROWS)]),
    "no frame": "\n".join(" | ".join(row) for row in [HEAD, ["---"] * 4, *ROWS]),
    "no rule": "\n".join(" | ".join(row) for row in [HEAD, *ROWS]),
    "tabs": "\n".join("\t".join(row) for row in [HEAD, *ROWS]),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_cells_stand_where_they_were_typed(tmp_path, way, gap):
    path = tmp_path / "a.txt"
    path.write_text(gap.join((BEFORE, WAYS[way], AFTER)), encoding="utf-8")
    before, table, after = read(open_source(path)).blocks
    assert isinstance(table, Table)
    assert isinstance(before, Line)
    assert isinstance(after, Line)
    assert (before.text, after.text) == (BEFORE, AFTER)
    assert [[cell.text if cell else "" for cell in row] for row in table.grid()] == [HEAD, *ROWS]


@pytest.mark.parametrize(
    "text",
    [
        "Điện thoại: 0225 3842 111 | Thư: ubnd@haiphong.gov.vn | Trang: haiphong.gov.vn\nNơi nhận: như trên",
        "1.\tPhòng Văn hóa chủ trì\n2.\tPhòng Kinh tế phối hợp",
        "ỦY BAN NHÂN DÂN\t\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ HỒNG CHÂU\t\tĐộc lập - Tự do - Hạnh phúc",
    ],
)
def test_signs_that_part_no_table(tmp_path, text):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert not any(isinstance(block, Table) for block in read(open_source(path)).blocks)


def test_a_cell_may_hold_lines_and_the_sign_itself(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("| TT | Việc |\n|---|---|\n| 1 | Họp<br>Báo cáo \\| gửi |", encoding="utf-8")
    (table,) = read(open_source(path)).blocks
    assert isinstance(table, Table)
    assert [line.text for line in table.cells[-1].lines] == ["Họp", "Báo cáo | gửi"]
