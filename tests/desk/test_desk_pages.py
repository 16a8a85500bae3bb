"""Every screen answers with what the database holds; the filters live in the address."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from pipeline.desk import review
from pipeline.desk.desk import Desk
from pipeline.desk.passage import passage, restored_pieces
from pipeline.desk.picture import Picture
from pipeline.desk.serve import is_loopback, serve
from pipeline.settings import Settings
from pipeline.store.store import Store
from schemas.errors import StoreError
from schemas.source import BBox
from schemas.task import Kind, TaskRow
from tests.making import extraction

DOCUMENT = extraction().raw.source.document_id
PAGES = (
    "/hop-thu",
    "/hop-thu?state=doubt",
    "/hop-thu/bang",
    f"/duyet/{DOCUMENT}-1",
    "/nhiem-vu",
    "/nhiem-vu/thong-ke",
    "/van-ban",
    f"/van-ban/{DOCUMENT}",
    "/ma-tran",
    "/so-sanh",
    "/nhat-ky",
    "/nguoi-dung",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_screen_answers(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text[:300]
    assert "text/html" in answer.headers["content-type"]


def test_the_inbox_says_state_and_doubts(visitor: TestClient) -> None:
    page = visitor.get("/hop-thu").text
    assert "Kế hoạch số 12/KH-UBND ngày 15/01/2026" in page
    assert "Lê Chân" in page
    assert "Đã đọc" in page


def test_review_begins_at_the_doubtful_row_and_says_why(visitor: TestClient) -> None:
    begun = visitor.get("/duyet")
    assert begun.headers["location"] == f"/duyet/{DOCUMENT}-1"
    page = visitor.get(begun.headers["location"]).text
    for words in ("Hai thời hạn khác nhau.", "dòng phân công", "30/06/2026", "Phòng Văn hoá - Xã hội", "II/1/a"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 3),
        ("?words=doi+thoai", 1),
        ("?words=đối+thoại", 1),
        ("?body=so+noi+vu", 1),
        ("?body=cong+an&role=lead", 0),
        ("?body=cong+an&role=coordinating", 1),
        ("?due_from=01/07/2026", 1),
        ("?recurring=1", 1),
        ("?needs_review=1", 1),
        ("?commune=le+chan", 3),
        ("?commune=hong+chau", 0),
        ("?kind=objective", 1),
    ],
)
def test_filters_live_in_the_address_and_files_hold_exactly_what_is_filtered(
    visitor: TestClient, query: str, rows: int
) -> None:
    assert f">{rows} dòng<" in visitor.get(f"/nhiem-vu{query}").text
    taken = visitor.get(f"/nhiem-vu/tai.xlsx{query}")
    assert taken.headers["content-disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(taken.content)).worksheets[0]
    ids = {cell.value for line in sheet.iter_rows() for cell in line if str(cell.value).startswith(DOCUMENT)}
    assert len(ids) == rows
    assert visitor.get(f"/nhiem-vu/tai.csv{query}").content.count(f"{DOCUMENT}-".encode()) >= rows


def test_the_calendar_and_the_register_hold_what_is_filtered(visitor: TestClient) -> None:
    calendar = visitor.post("/nhiem-vu/lich.ics?kind=task")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.count("BEGIN:VEVENT") == 1
    assert calendar.content == visitor.post("/nhiem-vu/lich.ics?kind=task").content
    for form, begins in (("docx", b"PK"), ("html", b"<!")):
        taken = visitor.get(f"/nhiem-vu/tai.{form}?kind=task")
        assert taken.content.lower().startswith(begins.lower())
        assert taken.headers["content-security-policy"].startswith("sandbox")


def test_a_filter_that_means_nothing_is_said(visitor: TestClient) -> None:
    answer = visitor.get("/nhiem-vu?due_from=thang+sau")
    assert answer.status_code == 422
    assert "due_from" in answer.text


def test_the_counts_lead_to_their_rows(visitor: TestClient) -> None:
    page = visitor.get("/nhiem-vu/thong-ke").text
    assert "06/2026" in page
    assert "due_from=2026-06-01&amp;due_to=2026-06-30" in page


def test_what_is_not_there_is_said_in_vietnamese(visitor: TestClient) -> None:
    for path in ("/khong-co", "/duyet/x", f"/van-ban/{'0' * 16}", "/van-ban/..%2f..%2fetc", "/nhiem-vu/tai.exe"):
        answer = visitor.get(path)
        assert answer.status_code == 404, path
        assert "Không" in answer.text


def test_two_plans_are_compared(visitor: TestClient, store: Store) -> None:
    other = extraction("Kế hoạch khác", "khac.txt", number="13/KH-UBND")
    from pipeline.store.sightings import Seen

    source = other.raw.source
    store.save(other, Seen("/vao/khac.txt", "khac.txt", source.sha256, source.size))
    page = visitor.get(f"/so-sanh?cu={DOCUMENT}&moi={source.document_id}").text
    assert "Tổ chức đối thoại với nhân dân" in page


def test_outside_this_machine_only_with_users(settings: Settings) -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("192.168.1.5")
    with pytest.raises(StoreError, match="người dùng"):
        serve(settings, "0.0.0.0", 0)


def test_a_restored_word_is_shown_with_what_the_file_had() -> None:
    row = TaskRow("I/-1", Kind.TASK, "Xây dựng mô hình mới.", source_text="- Xay dwng md hinh mới.")
    pieces = [(piece.now, piece.was) for piece in restored_pieces(row)]
    assert pieces == [("Xây", "Xay"), ("dựng", "dwng"), ("mô", "md"), ("hình", "hinh"), ("mới.", None)]
    same = TaskRow("I/-1", Kind.TASK, "Xây dựng.", source_text="- Xây dựng.")
    assert restored_pieces(same) == ()


def test_a_row_is_shown_among_its_neighbours_in_the_text() -> None:
    row = TaskRow("I", Kind.TASK, "hai", char_start=4, char_end=7, source_text="hai")
    shown = passage("một hai ba", row)
    assert (shown.before, shown.marked, shown.after) == ("một ", "hai", " ba")


def test_a_desk_serves_only_its_own_files(visitor: TestClient, tmp_path: Path) -> None:
    (tmp_path / "canary.txt").write_text("CHIM HOÀNG YẾN", encoding="utf-8")
    for path in ("/static/../../../canary.txt", "/static/..%2f..%2fcanary.txt", "/static/%2e%2e/app.py"):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(("facts", "boxes"), [({}, 1), ({"turned_pages": "1 3"}, 1), ({"turned_pages": "1 2"}, 0)])
def test_nothing_is_marked_on_a_page_that_lies_on_its_side(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, store: Store, facts: dict[str, str], boxes: int
) -> None:
    drawn = Picture(2, settings.data / "2.jpg", 595.0, 842.0)
    monkeypatch.setattr(review, "page_picture", lambda *_: drawn)
    row = TaskRow("I/1", Kind.TASK, "Rà soát", page=2, bbox=BBox(10, 20, 30, 40))
    shown = review._source(
        Desk(settings, store, frozenset()), row, {"n_pages": 3, "sha256": "a", "facts": facts}, None
    )
    assert len(shown["picture"].boxes) == boxes
    assert bool(shown["trouble"]) == (boxes == 0)
