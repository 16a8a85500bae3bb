"""Every screen answers with what the database holds; the filters live in the address."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from pipeline.desk import build_desk, source
from pipeline.desk.desk import Desk
from pipeline.desk.passage import passage, restored_pieces
from pipeline.desk.picture import Picture
from pipeline.desk.serve import is_loopback, serve
from pipeline.records import decide, drop, merged_row, undrop
from pipeline.settings import Settings
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.errors import StoreError, UnreadableFile
from schemas.extraction import Extraction
from schemas.source import BBox
from schemas.task import Kind, RowPlace, TaskRow
from tests.desk.conftest import HOST
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
    "/de-nghi",
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


def test_two_plans_are_compared(visitor: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    other = extraction("Kế hoạch khác", "khac.txt", number="13/KH-UBND")
    from pipeline.store.sightings import Seen

    source = other.raw.source
    store.save(other, Seen("/vao/khac.txt", "khac.txt", source.sha256, source.size))
    page = visitor.get(f"/so-sanh?cu={DOCUMENT}&moi={source.document_id}").text
    assert "Tổ chức đối thoại với nhân dân" in page
    assert "không có trong danh sách chọn" not in page
    monkeypatch.setattr("pipeline.desk.comparing.MOST_PLANS", 1)
    page = visitor.get(f"/so-sanh?cu={DOCUMENT}&moi={source.document_id}").text
    assert "Còn 1 văn bản cũ hơn không có trong danh sách chọn" in page
    assert page.count(" selected>") == 2
    narrowed = visitor.get("/so-sanh?tu=13/kh").text
    assert narrowed.count(f'value="{source.document_id}"') == 2
    assert DOCUMENT not in narrowed


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


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/hop-thu", "Chưa có văn bản nào."),
        ("/nhiem-vu", "Chưa có nhiệm vụ nào."),
        ("/nhiem-vu?words=abc", "Không có nhiệm vụ nào khớp bộ lọc."),
        ("/nhiem-vu/thong-ke", "Không có gì để đếm."),
        ("/van-ban", "Chưa có văn bản nào."),
        ("/van-ban?words=abc", "Không có văn bản nào khớp."),
        ("/duyet", "Không còn dòng nào cần xem"),
        ("/de-nghi", "Không có đề nghị nào đang chờ."),
        ("/ma-tran", "Chưa có kế hoạch nào được đối chiếu"),
        ("/so-sanh", "Cần ít nhất hai văn bản"),
        ("/nhan-excel", "Bảng Excel lấy ở trang Bảng nhiệm vụ"),
        ("/nhat-ky", "Chưa có việc nào được ghi."),
    ],
)
def test_a_desk_on_its_first_day_says_what_to_do(tmp_path: Path, path: str, words: str) -> None:
    desk = build_desk(Settings(tmp_path, f"sqlite:///{tmp_path}/moi.db"))
    with TestClient(desk, base_url=HOST) as client:
        answer = client.get(path)
    assert answer.status_code == 200
    assert words in answer.text


def test_the_log_names_rows_by_their_document_and_place(visitor: TestClient, store: Store) -> None:
    first, second = (merged_row(store, f"{DOCUMENT}-{number}") for number in (1, 2))
    decide(store, first.row.task_id, "due", "2026-05-31", "lan", first.version)
    drop(store, second.row.task_id, "lan", second.version)
    page = visitor.get("/nhat-ky").text
    for words in (
        "Kế hoạch số 12/KH-UBND ngày 15/01/2026, mục II/1/a",
        "Kế hoạch số 12/KH-UBND ngày 15/01/2026, mục II/2",
    ):
        assert words in page
    assert f">{DOCUMENT}-1<" not in page


def two_pages(store: Store) -> str:
    """The id of a row that was read on page 2 and runs on to page 3."""
    made = extraction()
    row = made.rows[0]
    further = (RowPlace(row.task_id, 3, BBox(50.0, 60.0, 300.0, 90.0)),)
    store.save(replace(made, raw=replace(made.raw, n_pages=3), further=further), seen_of(made))
    return row.task_id


def seen_of(made: Extraction) -> Seen:
    one = made.raw.source
    return Seen(f"/vao/{one.name}", one.name, one.sha256, one.size, "Lê Chân")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Pages are pictures of A4 without anything being drawn; page 9 is not in the file."""

    def picture(_: Settings, _sha256: str, number: int) -> Picture:
        if number == 9:
            raise UnreadableFile("Không vẽ được ảnh của trang này.")
        return Picture(number, settings.data / f"{number}.jpg", 595.0, 842.0)

    monkeypatch.setattr(source, "page_picture", picture)


@pytest.mark.usefixtures("drawn")
def test_a_row_over_two_pages_is_marked_on_both(visitor: TestClient, store: Store) -> None:
    task_id = two_pages(store)
    page = visitor.get(f"/duyet/{task_id}").text
    sheets = page.split("<svg")[1:]
    assert [sheet.count('class="spot"') for sheet in sheets] == [1, 1]
    assert "Trang 2–3 / 3" in page
    assert "Dòng này nằm trên các trang 2, 3" in page
    second = visitor.get(f"/duyet/{task_id}?trang=3").text
    assert second.count("<svg") == 1
    assert 'class="spot" x="47.0" y="58.0" width="256.0" height="34.0"' in second
    assert 'class="spot"' not in visitor.get(f"/duyet/{task_id}?trang=1").text


@pytest.mark.usefixtures("drawn")
def test_the_places_of_a_row_outlast_what_people_do_to_it_and_new_readings(visitor: TestClient, store: Store) -> None:
    task_id = two_pages(store)
    seen = merged_row(store, task_id)
    decide(store, task_id, "text", "Tổ chức đối thoại.", "lan", seen.version)
    assert visitor.get(f"/duyet/{task_id}").text.count('class="spot"') == 2
    drop(store, task_id, "lan", merged_row(store, task_id).version)
    assert visitor.get(f"/duyet/{task_id}").text.count('class="spot"') == 2
    undrop(store, task_id, "lan", merged_row(store, task_id).version)
    made = extraction()
    renamed = replace(made.rows[0], task_id=f"{DOCUMENT}-neu")  # rules of another day give it another id
    further = (RowPlace(renamed.task_id, 4, BBox(50.0, 60.0, 300.0, 90.0)),)
    store.save(replace(made, rows=(renamed, *made.rows[1:]), further=further), seen_of(made))
    assert merged_row(store, task_id).row.text == "Tổ chức đối thoại."
    page = visitor.get(f"/duyet/{task_id}").text
    assert "Dòng này nằm trên các trang 2, 4" in page
    assert page.count('class="spot"') == 2


@pytest.mark.usefixtures("drawn")
def test_a_page_that_cannot_be_drawn_leaves_the_words(visitor: TestClient) -> None:
    page = visitor.get(f"/duyet/{DOCUMENT}-1?trang=9").text
    assert "Không vẽ được ảnh của trang này." in page
    assert 'id="cho"' in page


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize(("facts", "boxes"), [({}, 1), ({"turned_pages": "1 3"}, 1), ({"turned_pages": "1 2"}, 0)])
def test_nothing_is_marked_on_a_page_that_lies_on_its_side(
    settings: Settings, store: Store, facts: dict[str, str], boxes: int
) -> None:
    document = {"n_pages": 3, "sha256": "a", "facts": facts}
    seen = merged_row(store, f"{DOCUMENT}-1")
    shown = source.source_of(Desk(settings, store, frozenset()), seen, document, None)
    assert len(shown.pictures[0].boxes) == boxes
    assert bool(shown.trouble) == (boxes == 0)
