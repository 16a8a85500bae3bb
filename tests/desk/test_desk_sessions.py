"""A session that ends in the middle of the work: nothing that was typed is lost, nothing is stored by nobody."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.testclient import TestClient

from pipeline.desk.kept import MOST_BYTES
from pipeline.records import history, merged_row
from pipeline.store.store import Store
from tests.desk.conftest import PASSWORD, log_in
from tests.making import extraction

DOCUMENT = extraction().raw.source.document_id
ROW = f"/duyet/{DOCUMENT}-1"
TYPED = 'Sở Nội vụ\nCông an <b>phường</b> & "Đoàn"'

pytestmark = pytest.mark.usefixtures("people")


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page at the door."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def carried(page: str) -> dict[str, str]:
    """The fields of the page that sends on what was typed."""
    found = re.findall(r'<textarea name="(\w+)" hidden aria-label="\w+">\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_typed_when_the_session_ended_is_sent_on_after_the_login(visitor: TestClient, store: Store) -> None:
    log_in(visitor, "lan")
    version = merged_row(store, f"{DOCUMENT}-1").version
    visitor.cookies.clear()
    sent = {"version": str(version), "lead": TYPED, "act": "approve", "due": ""}
    door = visitor.post(f"{ROW}?document={DOCUMENT}", data=sent)
    assert door.status_code == 401
    assert "điều bạn vừa điền vẫn được giữ" in door.text
    assert "<b>phường</b>" not in door.text
    assert history(store)[1] == 0, "nothing is taken from a stranger"
    wrong = visitor.post("/dang-nhap", data=hidden(door.text) | {"name": "lan", "password": "sai mật khẩu"})
    assert wrong.status_code == 401
    again = visitor.post("/dang-nhap", data=hidden(wrong.text) | {"name": "lan", "password": PASSWORD})
    assert again.status_code == 200
    assert "Công an &lt;b&gt;phường&lt;/b&gt;" in again.text
    assert history(store)[1] == 0, "the person presses once more"
    assert f'action="{ROW}?document={DOCUMENT}"' in again.text
    assert {name: value.replace("\r\n", "\n") for name, value in carried(again.text).items()} == sent
    assert visitor.post(f"{ROW}?document={DOCUMENT}", data=carried(again.text)).status_code == 303
    seen = merged_row(store, f"{DOCUMENT}-1")
    assert (seen.status, seen.row.lead) == ("approved", tuple(TYPED.split("\n")))
    assert {one.who for one in history(store)[0]} == {"lan"}


def test_what_somebody_else_did_meanwhile_still_shows(visitor: TestClient, store: Store) -> None:
    version = merged_row(store, f"{DOCUMENT}-1").version
    door = visitor.post(ROW, data={"version": str(version + 1), "lead": TYPED, "act": "save"})
    answer = visitor.post("/dang-nhap", data=hidden(door.text) | {"name": "lan", "password": PASSWORD})
    assert visitor.post(ROW, data=carried(answer.text)).status_code == 409


def test_no_password_and_no_foreign_address_is_kept(visitor: TestClient) -> None:
    door = visitor.post("/mat-khau", data={"old": "bi-mat-cu", "new": "bi-mat-moi"})
    assert door.status_code == 401
    assert "bi-mat" not in door.text
    for to in ("https://evil.example/duyet/", "//evil.example", "/mat-khau", "/duyet//evil", "/duyet/\\evil", ""):
        sent = {"name": "lan", "password": PASSWORD, "to": to, "body": "lead=A"}
        answer = visitor.post("/dang-nhap", data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/hop-thu"), to
        visitor.cookies.clear()
    large = visitor.post(ROW, data={"text": "x" * MOST_BYTES, "act": "save"})
    assert large.status_code == 401
    assert "xxxx" not in large.text
    many = {"name": "lan", "password": PASSWORD, "to": ROW, "body": "a=1&" * 2000}
    assert visitor.post("/dang-nhap", data=many).status_code == 303


def test_the_door_leads_back_to_the_page_that_was_asked_for(visitor: TestClient) -> None:
    door = visitor.get("/nhiem-vu?body=so+noi+vu&page=2")
    assert hidden(door.text)["back"] == "/nhiem-vu?body=so+noi+vu&page=2"
    table = visitor.get("/hop-thu/bang", headers={"hx-request": "true"})
    assert (table.status_code, table.headers["hx-redirect"]) == (401, "/dang-nhap")
    assert "<form" not in table.text, "the page at the door does not come inside of a page"
