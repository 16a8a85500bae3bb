"""Tables: which give rows, and each row's path, task and cells."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.plan.tables import ColumnRole, TableReading, read_table
from extractors.plan.tables_columns import role_of
from schemas.plan import Node, Role, Style, path_of, walk
from schemas.source import Cell, Line, Table

HEADS = yaml.safe_load((Path(__file__).parents[1] / "cases" / "tables.yaml").read_text("utf-8"))
SHARED = os.environ.get("SHARED", "")
HEAD = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]


def build(*rows: list[str], paragraphs: bool = False) -> Table:
    """A table from texts: "^" is merged with the cell above, "<" with the one to the left, "\\n" parts lines."""
    cells: dict[tuple[int, int], Cell] = {}
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for at, row in enumerate(rows):
        for place, text in enumerate(row):
            key = (at, place)
            owner[key] = owner[at - 1, place] if text == "^" else owner[at, place - 1] if text == "<" else key
            if owner[key] == key:
                lines = tuple(
                    Line(part, paragraph=number if paragraphs else None)
                    for number, part in enumerate(text.split("\n"))
                )
                cells[key] = Cell(at, place, lines)
    spans = [
        Cell(
            cell.row,
            cell.col,
            cell.lines,
            rowspan=1 + max(at for at, place in owner if owner[at, place] == key) - cell.row,
            colspan=1 + max(place for at, place in owner if owner[at, place] == key) - cell.col,
        )
        for key, cell in cells.items()
    ]
    return Table(tuple(spans), n_rows=len(rows), n_cols=len(rows[0]))


def rows_of(reading: TableReading) -> dict[str, Node]:
    """The rows by path."""
    return {path_of(above, node): node for above, node in walk(reading.nodes) if node.role is Role.ITEM}


def read(*rows: list[str], **how: bool) -> dict[str, Node]:
    """The rows of a table built of texts."""
    return rows_of(read_table(build(*rows, **how)))


def cells_of(node: Node) -> tuple[str, str, str]:
    """Lead, coordinating, time."""
    assert node.fields is not None
    return node.fields.lead, node.fields.coordinating, node.fields.time


def accounted(table: Table, reading: TableReading) -> bool:
    """Whether every line of the table is found once, in a node or placed."""
    sliced = [id(piece.line) for _, node in walk(reading.nodes) for piece in node.slices]
    placed = [id(line) for _, line in reading.placed]
    return sorted(sliced + placed) == sorted(id(line) for line in table.lines)


@pytest.mark.parametrize(("role", "head"), [(role, head) for role, heads in HEADS.items() for head in heads])
def test_a_head_says_what_its_column_means(role: str, head: str) -> None:
    assert role_of(head) is ColumnRole(role)


def test_groups_are_headings_and_lines_are_rows_with_their_cells() -> None:
    table = build(
        HEAD,
        ["I", "Nhóm nhiệm vụ về thể chế", "<", "<", "<"],
        ["1", "Rà soát văn bản\nquy phạm", "Phòng Tư pháp", "Văn phòng", "Quý I/2026"],
        ["II", "Nhóm nhiệm vụ khác", "", "", ""],
        ["1", "Tổng hợp báo cáo", "Văn phòng", "", "Hằng quý"],
    )
    reading = read_table(table)
    found = rows_of(reading)
    assert list(found) == ["I/1", "II/1"]
    assert found["I/1"].text == "Rà soát văn bản quy phạm"
    assert cells_of(found["I/1"]) == ("Phòng Tư pháp", "Văn phòng", "Quý I/2026")
    assert found["I/1"].fields is not None
    assert found["I/1"].fields.time_head == "Thời gian"
    assert found["I/1"].marker is not None
    assert found["I/1"].marker.style is Style.TABLE_ROW
    assert [(node.label, node.role, node.text) for node in reading.nodes] == [
        ("I", Role.HEADING, "Nhóm nhiệm vụ về thể chế"),
        ("II", Role.HEADING, "Nhóm nhiệm vụ khác"),
    ]
    assert accounted(table, reading)


def test_a_merged_cell_holds_for_every_line_and_lines_without_number_are_counted() -> None:
    found = read(
        HEAD,
        ["1", "Xây dựng hạ tầng", "Trung tâm", "Các sở", "Quý IV/2026"],
        ["^", "Xây dựng dự phòng", "Sở Tài chính", "^", "^"],
        ["", "Vận hành", "Sở Nội vụ", "^", "^"],
        ["2", "Đầu tư thiết bị", "Sở Tài chính", "", "Năm 2026"],
    )
    assert list(found) == ["1", "T1", "T2", "2"]
    assert cells_of(found["T2"]) == ("Sở Nội vụ", "Các sở", "Quý IV/2026")


def test_unnumbered_lines_are_counted_anew_in_each_group() -> None:
    found = read(
        HEAD,
        ["I", "Nhóm một", "<", "<", "<"],
        ["", "Việc một", "Sở A", "", "2026"],
        ["", "Việc hai", "Sở B", "", "2026"],
        ["II", "Nhóm hai", "<", "<", "<"],
        ["", "Việc ba", "Sở C", "", "2026"],
    )
    assert list(found) == ["I/T1", "I/T2", "II/T1"]


def test_a_line_below_a_bare_number_is_its_child() -> None:
    found = read(
        HEAD,
        ["1", "Công tác tuyên truyền", "", "", ""],
        ["1.1", "Treo băng rôn", "Phòng Văn hóa", "", "Tháng 3"],
        ["1.2", "Phát thanh", "Đài Truyền thanh", "", "Tháng 4"],
        ["2", "Tập huấn", "", "", ""],
        ["", "Mở lớp", "Sở Nội vụ", "", "Quý II"],
        ["-", "In tài liệu", "Sở Nội vụ", "", "Quý I"],
        ["3", "Sơ kết", "Sở Nội vụ", "", "Quý III"],
    )
    assert list(found) == ["1/1.1", "1/1.2", "2/T1", "2/-1", "3"]


def test_a_title_with_its_own_cells_is_a_row_beside_its_lines() -> None:
    found = read(
        HEAD,
        ["1", "Tổ chức hội nghị", "Sở Nội vụ", "", "Quý I/2026"],
        ["1.1", "Chuẩn bị tài liệu", "Văn phòng", "", ""],
        ["2", "Tổ chức hội thi", "Sở Tư pháp", "", "Quý II/2026"],
        ["2.1", "Ban hành thể lệ", "", "", ""],
    )
    assert list(found) == ["1", "1/1.1", "2/2.1"]
    assert cells_of(found["1/1.1"]) == ("Văn phòng", "", "Quý I/2026")
    assert cells_of(found["2/2.1"]) == ("Sở Tư pháp", "", "Quý II/2026")


def test_letters_above_and_below_roman_numerals() -> None:
    above = read(
        HEAD, ["A", "Phần một", "<", "<", "<"], ["I", "Nhóm", "<", "<", "<"], ["1", "Làm", "Sở A", "", ""],
        ["II", "Nhóm", "<", "<", "<"], ["1", "Làm", "Sở A", "", ""], ["B", "Phần hai", "<", "<", "<"],
        ["I", "Nhóm", "<", "<", "<"], ["1", "Làm", "Sở A", "", ""],
    )  # fmt: skip
    assert list(above) == ["A/I/1", "A/II/1", "B/I/1"]
    below = read(
        HEAD, ["I", "Nhóm", "<", "<", "<"], ["A", "Phần", "<", "<", "<"], ["1", "Làm", "Sở A", "", ""],
        ["II", "Nhóm", "<", "<", "<"], ["1", "Làm", "Sở A", "", ""],
    )  # fmt: skip
    assert list(below) == ["I/A/1", "II/1"]


def test_a_title_whose_number_stands_in_its_text() -> None:
    found = read(
        HEAD,
        ["", "I. Kinh tế số", "", "", ""],
        ["1", "Làm một", "Sở A", "", "2026"],
        ["II. Xã hội số", "<", "<", "<", "<"],
        ["1", "Làm hai", "Sở B", "", "2026"],
    )
    assert list(found) == ["I/1", "II/1"]


def test_a_title_without_number_is_no_level() -> None:
    found = read(
        HEAD,
        ["I", "Nhóm", "<", "<", "<"],
        ["Về thể chế", "<", "<", "<", "<"],
        ["1", "Làm một", "Sở A", "", "2026"],
        ["Về tổ chức bộ máy", "<", "<", "<", "<"],
        ["2", "Làm hai", "Sở B", "", "2026"],
    )
    assert list(found) == ["I/1", "I/2"]


@pytest.mark.parametrize("paragraphs", [True, False])
def test_as_many_paragraphs_as_bodies_are_as_many_rows(paragraphs: bool) -> None:
    found = read(
        HEAD,
        ["4", "Bố trí nhân lực để thực hiện.\nBố trí nhân lực để vận hành.", "Các sở, ngành\nSở Tài chính",
         "Sở Tài chính\nCác sở, ngành", "Năm 2026"],
        paragraphs=paragraphs,
    )  # fmt: skip
    assert list(found) == ["4/¶1", "4/¶2"]
    assert cells_of(found["4/¶1"]) == ("Các sở, ngành", "Sở Tài chính", "Năm 2026")
    assert cells_of(found["4/¶2"]) == ("Sở Tài chính", "Các sở, ngành", "Năm 2026")
    assert found["4/¶2"].text == "Bố trí nhân lực để vận hành."


def test_lines_of_one_sentence_and_one_body_are_one_row() -> None:
    found = read(
        HEAD, ["1", "Tuyên truyền về\nCải cách hành chính", "Lãnh đạo\nSở Nội vụ", "Công an\nThành phố", "Quý I"]
    )
    assert cells_of(found["1"]) == ("Lãnh đạo Sở Nội vụ", "Công an Thành phố", "Quý I")


def test_a_head_of_two_rows() -> None:
    table = build(
        ["STT", "Nội dung", "Phân công thực hiện", "<", "Thời gian (Năm 2026)"],
        ["^", "^", "Chủ trì", "Phối hợp", "^"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["1", "Ban hành kế hoạch", "Sở Nội vụ", "Các sở", "Tháng 3"],
    )
    reading = read_table(table)
    found = rows_of(reading)
    assert cells_of(found["1"]) == ("Sở Nội vụ", "Các sở", "Tháng 3")
    assert found["1"].fields is not None
    assert found["1"].fields.time_head == "Thời gian (Năm 2026)"
    assert accounted(table, reading)


def test_heads_typed_without_marks() -> None:
    found = read(
        ["TT", "Noi dung cong viec", "Don vi chu tri", "Thoi han"], ["1", "Bao cao", "Van phong", "30/6/2026"]
    )
    assert cells_of(found["1"]) == ("Van phong", "", "30/6/2026")


def test_a_title_above_the_head() -> None:
    found = read(["PHÂN CÔNG NHIỆM VỤ", "<", "<"], ["TT", "Nhiệm vụ", "Chủ trì"], ["1", "Tổng hợp", "Văn phòng"])
    assert list(found) == ["1"]


def test_a_table_that_goes_on_without_its_head() -> None:
    first = read_table(build(HEAD, ["1", "Làm một", "Sở A", "", "2026"]))
    onward = read_table(build(["2", "Làm hai", "Sở B", "", "2027"]), head=first.head)
    assert cells_of(rows_of(onward)["2"]) == ("Sở B", "", "2027")
    assert not read_table(build(["2", "Làm hai", "Sở B", "", "2027"])).is_task_table


def test_the_head_again_on_the_next_page_and_a_line_cut_there() -> None:
    table = build(
        HEAD,
        ["1", "Rà soát, trình", "Sở A", "", "2026"],
        HEAD,
        ["", "cấp có thẩm quyền ban hành", "", "", ""],
        ["2", "Sơ kết", "Sở B", "", "2026"],
    )
    reading = read_table(table)
    found = rows_of(reading)
    assert list(found) == ["1", "2"]
    assert found["1"].text == "Rà soát, trình cấp có thẩm quyền ban hành"
    assert accounted(table, reading)


def test_titles_merged_beside_their_tasks_are_groups() -> None:
    found = read(
        ["TT", "Nội dung", "Nhiệm vụ cụ thể", "Chủ trì", "Thời gian"],
        ["1", "Cải cách thể chế", "Rà soát văn bản", "Sở Tư pháp", "Quý I"],
        ["^", "^", "Kiểm tra văn bản", "Sở Tư pháp", "Quý II"],
        ["2", "Tài chính công", "Thẩm định dự toán", "Sở Tài chính", "Quý III"],
    )
    assert list(found) == ["1/T1", "1/T2", "2/T1"]


def test_a_task_merged_over_several_bodies_is_one_row() -> None:
    found = read(HEAD, ["1", "Diễn tập", "Công an", "", "Quý I"], ["^", "^", "Quân sự", "", "Quý II"])
    assert cells_of(found["1"]) == ("Công an\nQuân sự", "", "Quý I\nQuý II")


def test_ditto_marks_and_labelled_parts_of_a_cell() -> None:
    found = read(
        ["TT", "Công việc", "Cơ quan thực hiện", "Thời gian"],
        ["1", "Làm một", "Chủ trì: Sở Nội vụ; Phối hợp: Sở Tài chính, Sở Tư pháp", "Quý I"],
        ["2", "Làm hai", "-nt-", "-nt-"],
    )
    assert cells_of(found["1"]) == ("Sở Nội vụ", "Sở Tài chính, Sở Tư pháp", "Quý I")
    assert cells_of(found["2"])[::2] == ("Sở Nội vụ", "Quý I")


def test_ticked_quarters_are_times_and_the_title_year_completes_them() -> None:
    table = build(
        ["TT", "Hoạt động", "Đơn vị", "Tiến độ thực hiện", "<", "<"],
        ["^", "^", "^", "Quý I", "Quý II", "Quý III"],
        ["1", "Kiểm tra", "Phòng Nội vụ", "x", "", "x"],
    )
    assert cells_of(rows_of(read_table(table, section_years=(2026,)))["1"])[2] == "Quý I/2026, Quý III/2026"
    assert cells_of(rows_of(read_table(table))["1"])[2] == "Quý I, Quý III"


def test_begin_and_end_in_columns_of_their_own() -> None:
    found = read(
        ["TT", "Nhiệm vụ", "Chủ trì", "Thời gian", "<"],
        ["^", "^", "^", "Bắt đầu", "Kết thúc"],
        ["1", "Số hóa", "Văn phòng", "01/2026", "6/2026"],
    )
    assert cells_of(found["1"])[2] == "01/2026 - 6/2026"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("table_points", [["TT", "Nội dung", "Điểm tối đa", "Điểm tự chấm"], ["1", "Ban hành kế hoạch", "2", "2"]]),
        ("table_money", [["TT", "Nội dung", "ĐVT", "Số lượng", "Thành tiền"], ["1", "In sách", "Bộ", "5", "500"]]),
        ("table_money", [["TT", "Nội dung công việc", "Đơn giá", "Thành tiền"], ["1", "In tài liệu", "5", "500"]]),
        ("table_names", [["TT", "Họ và tên", "Chức vụ", "Ghi chú"], ["1", "Nguyễn Văn A", "Chủ tịch", ""]]),
        ("table_targets", [["TT", "Chỉ tiêu", "Chủ trì"], ["1", "Tỷ lệ hồ sơ trực tuyến đạt 80%", "Văn phòng"]]),
        ("table_targets", [["TT", "Chỉ tiêu", "Năm 2026", "Năm 2027"], ["1", "Sản lượng lúa", "26.120", "27.000"]]),
        ("table_places", [["STT", "Đơn vị được kiểm tra", "Thời gian"], ["1", "Xã Tân Thành", "Tháng 4/2026"]]),
        ("table_other", [["ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"], ["Số: 1/KH-UBND", "ngày 01 tháng 01"]]),
    ],
)  # fmt: skip
def test_tables_of_points_money_names_targets_and_places_give_no_rows(name: str, rows: list[list[str]]) -> None:
    table = build(*rows)
    reading = read_table(table)
    assert (reading.nodes, reading.is_task_table) == ((), False)
    assert {placed for placed, _ in reading.placed} == {name}
    assert accounted(table, reading)


def test_points_beside_tasks_with_bodies_do_not_hide_the_tasks() -> None:
    found = read(["TT", "Nhiệm vụ", "Điểm", "Chủ trì", "Thời gian"], ["1", "Nâng chỉ số", "2", "Sở Nội vụ", "Quý I"])
    assert list(found) == ["1"]


def test_columns_without_heads_are_told_by_their_cells_with_a_doubt() -> None:
    reading = read_table(
        build(
            ["1", "Xây dựng và ban hành kế hoạch kiểm tra", "Phòng Nội vụ", "Các phòng", "Tháng 3/2026"],
            ["2", "Tổ chức tập huấn nghiệp vụ cho công chức", "Văn phòng", "Phòng Nội vụ", "Quý II/2026"],
        )
    )
    assert cells_of(rows_of(reading)["2"]) == ("Văn phòng", "Phòng Nội vụ", "Quý II/2026")
    assert len(reading.doubts) == 1
    assert "không có dòng tiêu đề" in reading.doubts[0]


def test_a_table_whose_task_column_is_unclear_is_doubted_not_guessed() -> None:
    reading = read_table(
        build(["TT", "Lĩnh vực", "Chủ trì", "Thời gian"], ["1", "Y tế", "Sở Y tế", "2026"]), annex="PL2"
    )
    assert not reading.is_task_table
    assert "PL2" in reading.doubts[0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["", "^", "<", "1", "I", "-", "Làm việc\nhai dòng", "Sở A", "x", "Quý I"]),
                 min_size=5, max_size=5),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_no_line_is_lost_or_doubled(rows: list[list[str]]) -> None:
    for row in rows:
        row[0] = "" if row[0] == "<" else row[0]
    cleaned = [
        HEAD,
        *[[text if text != "<" or row[at - 1] not in "^" else "" for at, text in enumerate(row)] for row in rows],
    ]
    table = build(*cleaned)
    assert accounted(table, read_table(table))


@pytest.mark.skipif(not SHARED, reason="SHARED names no folder of reference plans")
def test_the_annotated_annex_table_of_a_city_plan() -> None:
    readers = pytest.importorskip("extractors.readers")
    gold = json.loads((Path(SHARED) / "gold" / "61.json").read_text("utf-8"))
    source = readers.open_source(next((Path(SHARED) / "plans").glob("61_*.txt")))
    tables = [block for block in readers.read(source).blocks if isinstance(block, Table)]
    found = {f"PL/{path}": node.text for table in tables for path, node in rows_of(read_table(table)).items()}
    wanted = {row["path"]: row["text"] for row in gold["rows"] if row["path"].startswith("PL")}
    assert found == wanted
