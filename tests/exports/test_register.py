"""The register: the columns in the order of the offices, the head on every page, nothing that acts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from docx import Document
from docx.oxml.ns import qn

from pipeline.exports import EXPORTS
from pipeline.exports.register import HEADINGS, register_lines
from pipeline.listing import Listing
from tests.making import extraction

ORDER = ["STT", "Mã nhiệm vụ", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp"]
ORDER += ["Văn bản giao (số, ngày, trích yếu)", "Sản phẩm", "Hạn hoàn thành", "Kết quả thực hiện", "Ghi chú"]


def written(name: str, listing: Listing) -> bytes:
    stream = io.BytesIO()
    EXPORTS[name].write(listing, stream)
    return stream.getvalue()


def test_the_columns_stand_in_the_order_of_the_offices() -> None:
    assert list(HEADINGS) == ORDER


def test_the_word_register_is_landscape_and_repeats_its_head() -> None:
    made = Document(io.BytesIO(written("docx", Listing.of([extraction()]))))
    section, (table,) = made.sections[0], made.tables
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert [cell.text for cell in table.rows[0].cells] == ORDER
    marks = [{child.tag for child in row._tr.trPr} for row in table.rows]
    assert qn("w:tblHeader") in marks[0]
    assert all(qn("w:cantSplit") in mark for mark in marks[1:])
    first = dict(zip(ORDER, (cell.text for cell in table.rows[1].cells), strict=True))
    assert first["Cơ quan chủ trì"] == "- Phòng Văn hoá - Xã hội\n- UBND phường"
    assert first["Văn bản giao (số, ngày, trích yếu)"] == (
        "Kế hoạch số 12/KH-UBND ngày 15/01/2026\nCông tác dân vận chính quyền năm 2026"
    )
    assert first["Hạn hoàn thành"] == "30/06/2026\nQuý II/2026, định kỳ hằng quý"
    assert (first["Sản phẩm"], first["Kết quả thực hiện"]) == ("Báo cáo kết quả", "")
    assert "Cần xem lại: Tên cơ quan lạ." in first["Ghi chú"]
    total = sum(column.width.mm for column in table.columns)
    assert total <= 277.5, "wider than the page between its margins"


def test_what_a_document_is_about_is_said_once_in_a_run_of_its_rows() -> None:
    one, two = extraction("một"), extraction("hai")
    listing = Listing.of([one, two])
    assert [len(cells[4]) for _, cells, _ in register_lines(listing)] == [2, 1, 1, 2, 1, 1]


def test_a_document_without_number_says_so() -> None:
    (_, cells, _) = next(register_lines(Listing.of([extraction(number=None)])))
    assert cells[4][0] == "Kế hoạch (Không số)"


class Page(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "a & b"]
)
def test_the_page_shows_text_as_text(text: str) -> None:
    made = extraction()
    listing = Listing.of([replace(made, rows=(replace(made.rows[0], text=text, lead=(text,)),))])
    page = Page(written("html", listing).decode())
    assert text in page.words
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "p", "table", "colgroup", "col", "thead"),
        *("tr", "th", "tbody", "td"),
    }
    assert not any(name.startswith("on") or name in ("src", "href") for _, given in page.tags for name in given)


def test_the_page_prints_as_the_register() -> None:
    page = written("html", Listing.of([extraction()])).decode()
    assert "size: A4 landscape" in page
    assert "table-header-group" in page
    assert re.findall(r"<th scope[^>]*>([^<]*)", page) == ORDER
    assert page.count("<tr") == 4
    assert page.count('class="doubtful"') == 1
