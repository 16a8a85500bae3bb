"""Web pages and Word's saved web pages."""

import pytest

from extractors.readers import open_source, read
from schemas.source import Line, Noise, Table


def page(tmp_path, body, head="", encoding="windows-1252"):
    path = tmp_path / "a.htm"
    text = f"<html><head><meta charset={encoding}>{head}</head><body>{body}</body></html>"
    path.write_bytes(text.encode(encoding, errors="xmlcharrefreplace"))
    return read(open_source(path))


def test_numeric_entities_in_a_windows_1252_page(tmp_path):
    document = page(tmp_path, "<p>Ủy ban nhân dân\n xã Hồng&nbsp;Châu</p><p>“Chính quyền&#150;thân thiện”</p>")
    assert [line.text for line in document.lines] == ["Ủy ban nhân dân xã Hồng Châu", "“Chính quyền–thân thiện”"]
    assert [line.paragraph for line in document.lines] == [0, 1]


def test_utf8_is_believed_before_the_declaration(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes("<html><meta charset=windows-1252><p>Kế hoạch</p></html>".encode())
    assert read(open_source(path)).text == "Kế hoạch"


def test_what_is_hidden_is_left_out(tmp_path):
    body = (
        "<!-- bình luận --><!--[if gte mso 9]><p>xml</p><![endif]--><script>x()</script><style>p{}</style>"
        "<p style='display:none'>ẩn</p><p>Một<span style='mso-hide:all'> ẩn</span><del>xóa</del></p>"
    )
    assert page(tmp_path, body).text == "Một"


def test_breaks_stay_in_their_paragraph(tmp_path):
    document = page(tmp_path, "<p>Một<br>Hai</p><div>Ba</div>")
    assert [(line.text, line.paragraph) for line in document.lines] == [("Một", 0), ("Hai", 0), ("Ba", 1)]


def test_lists_are_numbered(tmp_path):
    body = "<ol start=3><li>Ba</li><li>Bốn</li></ol><ol type=a><li>A</li></ol>"
    body += "<ul><li>Gạch<ul><li>Cộng</li></ul></li></ul>"
    assert [line.text for line in page(tmp_path, body).lines] == ["3. Ba", "4. Bốn", "a. A", "- Gạch", "+ Cộng"]


def test_spans_of_a_table(tmp_path):
    body = (
        "<table><tr><th rowspan=2>STT<th rowspan=2>Việc<th colspan=2>Thực hiện</tr><tr><th>Chủ trì<th>Phối hợp</tr>"
        "<tr><td>1<td>Họp<td>A<td>B</tr></table>"
    )
    (table,) = page(tmp_path, body).blocks
    assert isinstance(table, Table)
    grid = [[cell.text for cell in row] for row in table.grid()]
    assert grid == [
        ["STT", "Việc", "Thực hiện", "Thực hiện"],
        ["STT", "Việc", "Chủ trì", "Phối hợp"],
        ["1", "Họp", "A", "B"],
    ]


@pytest.mark.parametrize("right", ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TM. ỦY BAN NHÂN DÂN"])
def test_layout_tables_come_as_lines(tmp_path, right):
    body = f"<table><tr><td><p>Nơi nhận:</p><p>- Lưu: VT.</p></td><td><p><b>{right}</b></p></td></tr></table>"
    document = page(tmp_path, body)
    assert all(isinstance(block, Line) for block in document.blocks)
    assert [line.text for line in document.lines] == ["Nơi nhận:", "- Lưu: VT.", right]
    assert [line.bold for line in document.lines] == [False, False, True]


def test_footnotes_and_navigation_are_named(tmp_path):
    document = page(tmp_path, "<nav>Trang chủ</nav><p align=center>Nội dung</p><p class=MsoFootnoteText>Ghi chú</p>")
    assert [line.noise for line in document.lines] == [Noise.RUNNING_HEAD, None, Noise.FOOTNOTE]
    assert document.lines[1].centered
