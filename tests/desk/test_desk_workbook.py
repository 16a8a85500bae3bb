"""A workbook goes out, is corrected and comes back at the page: shown first, then taken, or refused."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

import openpyxl
from fastapi.testclient import TestClient

from pipeline.ingest import Found, ingest_file
from pipeline.kit import Kit
from pipeline.records import decide, history, merged_row
from pipeline.records.folder import returned_states
from pipeline.settings import Settings
from pipeline.store.queries import find_tasks
from pipeline.store.store import Store
from tests.making import extraction

DOCUMENT = extraction().raw.source.document_id


def corrected(visitor: TestClient, heading: str, value: str) -> bytes:
    """The workbook of the desk with the first row's cell under `heading` changed."""
    book = openpyxl.load_workbook(io.BytesIO(visitor.get("/nhiem-vu/tai.xlsx").content))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value == heading for cell in row))
    column = next(cell.column for cell in head if cell.value == heading)
    sheet.cell(head[0].row + 1, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def give_back(visitor: TestClient, content: bytes) -> str:
    answer = visitor.post("/nhan-excel", files={"file": ("bang da sua.xlsx", content)})
    assert answer.status_code == 303
    return answer.headers["location"]


def test_the_changes_are_shown_and_only_then_taken(visitor: TestClient, store: Store) -> None:
    place = give_back(visitor, corrected(visitor, "Cơ quan chủ trì", "Sở Y tế"))
    before = find_tasks(store)
    page = visitor.get(place).text
    assert "1 thay đổi, 2 dòng giữ nguyên" in page
    assert "Sở Y tế" in page
    assert find_tasks(store) == before
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    taken = visitor.post(place, data={"seen": seen})
    assert "Đã nhận 1 thay đổi từ bang da sua.xlsx" in visitor.get(taken.headers["location"]).text
    assert merged_row(store, f"{DOCUMENT}-1").row.lead == ("Sở Y tế",)
    (decision, *_), _ = history(store)
    assert (decision.source.kind, decision.source.name) == ("file", "bang da sua.xlsx")
    assert decision.source.sha256 == place[12:76]
    assert "bang da sua.xlsx" in visitor.get("/nhat-ky").text


def test_what_changed_since_it_was_shown_is_shown_again(visitor: TestClient, store: Store) -> None:
    place = give_back(visitor, corrected(visitor, "Cơ quan chủ trì", "Sở Y tế"))
    seen = re.findall(r'name="seen" value="(\d+)"', visitor.get(place).text)[0]
    decide(store, f"{DOCUMENT}-1", "lead", ["Công an"], "chị Lan", merged_row(store, f"{DOCUMENT}-1").version)
    assert visitor.post(place, data={"seen": seen}).status_code == 409
    assert merged_row(store, f"{DOCUMENT}-1").row.lead == ("Công an",)


def test_another_table_is_refused_whole(visitor: TestClient) -> None:
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    for content in (out.getvalue(), b"khong phai Excel"):
        answer = visitor.get(give_back(visitor, content))
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert visitor.post("/nhan-excel", files={"file": ("rong.xlsx", b"")}).status_code == 422


def test_a_cell_that_means_nothing_is_named_and_not_repeated(visitor: TestClient) -> None:
    page = visitor.get(give_back(visitor, corrected(visitor, "Hạn hoàn thành", "cuối quý bí mật"))).text
    assert "cột “Hạn hoàn thành”" in page
    assert "bí mật" not in page


def drop_into_folder(settings: Settings, store: Store, content: bytes, name: str) -> str:
    """Let ingestion meet a file in its folder, as the watcher does; return its sha256."""
    place = settings.data / "vao" / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)
    unused: Any = None  # a workbook of ours is told from a plan before anything is read
    ingest_file(Found(place), store, settings, Kit(unused))
    return hashlib.sha256(content).hexdigest()


def test_a_workbook_of_the_folder_is_seen_and_taken(visitor: TestClient, settings: Settings, store: Store) -> None:
    sha256 = drop_into_folder(settings, store, corrected(visitor, "Cơ quan chủ trì", "Sở Y tế"), "sua <b>.xlsx")
    link = f'href="/nhan-excel/{sha256}"'
    assert link in visitor.get("/nhan-excel").text
    inbox = visitor.get("/hop-thu").text
    assert link in inbox
    assert "chờ xem" in inbox
    page = visitor.get(f"/nhan-excel/{sha256}").text
    assert "sua &lt;b&gt;.xlsx: 1 thay đổi" in page
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    assert visitor.post(f"/nhan-excel/{sha256}", data={"seen": seen}).status_code == 303
    assert merged_row(store, f"{DOCUMENT}-1").row.lead == ("Sở Y tế",)
    assert returned_states(store, [sha256]) == {sha256: "taken"}
    assert link not in visitor.get("/nhan-excel").text
    assert "đã nhận" in visitor.get("/hop-thu").text
    assert visitor.post(f"/nhan-excel/{sha256}/bo").status_code == 409  # it was taken already
    (decision, *_), _ = history(store)
    assert (decision.source.name, decision.source.sha256) == ("sua <b>.xlsx", sha256)


def test_a_workbook_of_the_folder_is_refused(visitor: TestClient, settings: Settings, store: Store) -> None:
    sha256 = drop_into_folder(settings, store, corrected(visitor, "Cơ quan chủ trì", "Sở Y tế"), "sua.xlsx")
    before = find_tasks(store)
    answer = visitor.post(f"/nhan-excel/{sha256}/bo")
    assert "Đã bỏ sua.xlsx" in visitor.get(answer.headers["location"]).text
    assert returned_states(store, [sha256]) == {sha256: "declined"}
    assert find_tasks(store) == before
    assert "sua.xlsx" in visitor.get("/nhat-ky?loai=khac").text
    assert "đã bỏ" in visitor.get("/hop-thu").text


def test_no_other_original_is_opened_as_a_workbook(visitor: TestClient, settings: Settings, store: Store) -> None:
    plan = hashlib.sha256(b"mot van ban").hexdigest()
    place = settings.originals / plan[:2] / plan
    place.parent.mkdir(parents=True)
    place.write_bytes(b"mot van ban")
    assert visitor.get(f"/nhan-excel/{plan}").status_code == 404
    assert visitor.post(f"/nhan-excel/{plan}/bo").status_code == 404
