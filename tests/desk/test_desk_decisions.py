"""What a reviewer does at the page: correct, approve, add, drop; nothing is overwritten silently."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from pipeline.records import FIELDS, decide, decide_document, history, merged_document, merged_row
from pipeline.store.queries import find_tasks
from pipeline.store.store import Store
from tests.desk.conftest import log_in
from tests.making import extraction

DOCUMENT = extraction().raw.source.document_id
ROW = f"/duyet/{DOCUMENT}-1"


def form(client: TestClient, path: str = ROW, named: str = '<form id="dong"') -> dict[str, str]:
    """What the form of the page would send if nothing were changed."""
    html = client.get(path).text
    inside = html[html.index(named) :]
    values = {"version": re.findall(r'name="version" value="(\d+)"', inside)[0]}
    for name, value in re.findall(r'<input id="o-\w+" name="(\w+)"[^>]*?value="([^"]*)"', inside):
        values[name] = value
    for name, value in re.findall(r'<textarea id="o-\w+" name="(\w+)"[^>]*>\n?([^<]*)</textarea>', inside):
        values[name] = value
    for name, options in re.findall(r'<select id="o-\w+" name="(\w+)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        values[name] = re.findall(r'<option value="([^"]*)" selected>', options)[0]
    return values


def test_saving_an_untouched_form_changes_nothing(visitor: TestClient, store: Store) -> None:
    before = merged_row(store, f"{DOCUMENT}-1")
    answer = visitor.post(ROW, data=form(visitor) | {"act": "save"})
    assert answer.status_code == 303
    assert merged_row(store, f"{DOCUMENT}-1") == before
    assert "Chưa có việc nào" in visitor.get("/nhat-ky").text


def test_a_correction_is_stored_logged_and_shown_beside_the_machines_value(visitor: TestClient, store: Store) -> None:
    filled = form(visitor) | {"lead": "Sở Nội vụ\r\nUBND phường", "due": "15/7/2026", "act": "save"}
    assert visitor.post(ROW, data=filled).status_code == 303
    (row,) = (row for row in find_tasks(store).rows if row.task_id == f"{DOCUMENT}-1")
    assert row.lead == ("Sở Nội vụ", "UBND phường")
    assert row.due == "2026-07-15"
    page = visitor.get(ROW).text
    assert "đã sửa, chưa duyệt" in page
    assert "Phòng Văn hoá - Xã hội; UBND phường" in page, "the machine's value"
    log = visitor.get("/nhat-ky").text
    assert f"Sửa {FIELDS['lead'].label.lower()}" in log
    assert "30/06/2026" in log
    assert "15/07/2026" in log


def test_approving_leads_on_and_ends_the_doubt(visitor: TestClient, store: Store) -> None:
    answer = visitor.post(ROW, data=form(visitor) | {"act": "approve"})
    assert answer.headers["location"] == f"/duyet/{DOCUMENT}-2"
    assert merged_row(store, f"{DOCUMENT}-1").status == "approved"
    assert "Không còn dòng nào cần xem" in visitor.get("/duyet").text
    visitor.post(ROW, data=form(visitor) | {"act": "reopen"})
    assert merged_row(store, f"{DOCUMENT}-1").status == "machine"


def test_the_second_of_two_reviewers_gets_both_values_and_overwrites_nothing(
    visitor: TestClient, store: Store
) -> None:
    filled = form(visitor)
    decide(store, f"{DOCUMENT}-1", "lead", ["Công an phường"], "chị Lan", int(filled["version"]))
    answer = visitor.post(ROW, data=filled | {"lead": "Sở Y tế", "act": "approve"})
    assert answer.status_code == 409
    assert "<td>Công an phường</td><td>Sở Y tế</td>" in answer.text
    assert merged_row(store, f"{DOCUMENT}-1").row.lead == ("Công an phường",)
    again = re.findall(r'name="version" value="(\d+)"', answer.text)[-1]
    assert visitor.post(ROW, data=filled | {"lead": "Sở Y tế", "version": again, "act": "save"}).status_code == 303
    assert merged_row(store, f"{DOCUMENT}-1").row.lead == ("Sở Y tế",)


@pytest.mark.parametrize("act", ["approve", "drop", "reopen", "revert", "save"])
def test_an_act_on_a_row_that_changed_meanwhile_is_refused(visitor: TestClient, store: Store, act: str) -> None:
    filled = form(visitor)
    decide(store, f"{DOCUMENT}-1", "lead", ["Công an phường"], "chị Lan", int(filled["version"]))
    before = merged_row(store, f"{DOCUMENT}-1")
    answer = visitor.post(ROW, data={"version": filled["version"], "act": act})
    assert answer.status_code == 409
    assert "vừa được người khác thay đổi" in answer.text
    assert merged_row(store, f"{DOCUMENT}-1") == before


def test_a_value_that_means_nothing_is_said_and_nothing_is_stored(visitor: TestClient, store: Store) -> None:
    before = merged_row(store, f"{DOCUMENT}-1")
    answer = visitor.post(ROW, data=form(visitor) | {"due": "cuối quý", "lead": "Sở Y tế", "act": "approve"})
    assert answer.status_code == 422
    assert "ngày phải viết 30/06/2026" in answer.text
    assert "Sở Y tế" in answer.text, "what was filled in stays in the form"
    assert merged_row(store, f"{DOCUMENT}-1") == before


def test_a_row_is_dropped_and_taken_back(visitor: TestClient, store: Store) -> None:
    answer = visitor.post(ROW, data=form(visitor) | {"act": "drop"})
    assert len(find_tasks(store).rows) == 2
    page = visitor.get(answer.headers["location"]).text
    assert "Đã bỏ: Tổ chức đối thoại" in page
    version = re.findall(r'name="version" value="(\d+)"><button name="act" value="undrop"', page)[0]
    visitor.post(ROW, data={"version": version, "act": "undrop"})
    assert len(find_tasks(store).rows) == 3


def test_a_missed_row_is_added_behind_the_row(visitor: TestClient, store: Store) -> None:
    path = f"/van-ban/{DOCUMENT}/them"
    assert "mục II/1/a" in visitor.get(f"{path}?after={DOCUMENT}-1").text
    refused = visitor.post(path, data={"after": f"{DOCUMENT}-1", "lead": "Sở Y tế"})
    assert refused.status_code == 422
    assert "không được để trống" in refused.text
    filled = {"after": f"{DOCUMENT}-1", "text": "Lập danh sách hộ dân.", "lead": "Sở Y tế", "kind": "Nhiệm vụ"}
    made = visitor.post(path, data=filled)
    rows = find_tasks(store).rows
    assert [row.text for row in rows][1] == "Lập danh sách hộ dân."
    assert "thêm tay" in visitor.get(made.headers["location"]).text


def test_a_strange_act_or_version_is_refused(visitor: TestClient) -> None:
    for filled in ({"act": "xoa", "version": "1"}, {"act": "save", "version": "một"}, {"act": "save"}):
        assert visitor.post(ROW, data=filled).status_code == 422


PLAN = f"/van-ban/{DOCUMENT}"
FACTS = f"{PLAN}/thong-tin"


def facts(client: TestClient) -> dict[str, str]:
    """What the form of the document's own facts would send if nothing were changed."""
    return form(client, PLAN, f'action="{FACTS}"')


def test_what_a_document_says_of_itself_is_corrected_at_its_page(visitor: TestClient, store: Store) -> None:
    filled = facts(visitor)
    assert filled["doc_number"], "the form stands filled in"
    assert visitor.post(FACTS, data=filled).status_code == 303
    assert "Chưa có việc nào" in visitor.get("/nhat-ky").text, "an untouched form changes nothing"
    filled |= {"issuer": "UBND phường <i>Hồng Bàng</i>", "issued_date": "16/1/2026"}
    assert visitor.post(FACTS, data=filled).status_code == 303
    held = merged_document(store, DOCUMENT).fields
    assert (held["issuer"].value, held["issued_date"].value) == ("UBND phường <i>Hồng Bàng</i>", "2026-01-16")
    page = visitor.get(PLAN).text
    assert "UBND phường &lt;i&gt;Hồng Bàng&lt;/i&gt;" in page
    assert "Máy đọc" in page
    (day, issuer), _ = history(store)
    assert (day.action, day.field, day.after) == ("correct", "issued_date", "2026-01-16")
    assert (issuer.before, issuer.after) == ("Ủy ban nhân dân phường Lê Chân", "UBND phường <i>Hồng Bàng</i>")
    log = visitor.get("/nhat-ky").text
    assert "Sửa cơ quan ban hành" in log
    assert "Ủy ban nhân dân phường Lê Chân" in log


def test_the_second_to_correct_a_document_gets_both_values(visitor: TestClient, store: Store) -> None:
    filled = facts(visitor)
    decide_document(store, DOCUMENT, "issuer", "Sở Y tế", "chị Lan", int(filled["version"]))
    answer = visitor.post(FACTS, data=filled | {"issuer": "Sở Nội vụ", "title": "Khác"})
    assert answer.status_code == 409
    assert "<td>Sở Y tế</td><td>Sở Nội vụ</td>" in answer.text
    now = merged_document(store, DOCUMENT)
    assert (now.fields["issuer"].value, now.fields["title"].human) == ("Sở Y tế", False)
    assert visitor.post(FACTS, data={"issuer": "Sở Nội vụ", "version": str(now.version)}).status_code == 303
    assert merged_document(store, DOCUMENT).fields["issuer"].value == "Sở Nội vụ"


def test_the_machines_facts_of_a_document_are_taken_back_at_its_page(visitor: TestClient, store: Store) -> None:
    assert "Lấy lại như máy đọc" not in visitor.get(PLAN).text
    assert visitor.post(FACTS, data=facts(visitor) | {"issuer": "Sở Y tế", "title": "Khác"}).status_code == 303
    assert "Lấy lại như máy đọc" in visitor.get(PLAN).text
    filled = facts(visitor)
    decide_document(store, DOCUMENT, "signer", "Trần B", "chị Lan", int(filled["version"]))
    assert visitor.post(FACTS, data=filled | {"act": "revert"}).status_code == 409
    assert merged_document(store, DOCUMENT).fields["issuer"].value == "Sở Y tế"
    assert visitor.post(FACTS, data=facts(visitor) | {"act": "revert"}).status_code == 303
    now = merged_document(store, DOCUMENT).fields
    assert now["issuer"].value == "Ủy ban nhân dân phường Lê Chân"
    assert not any(field.human for field in now.values())
    log = visitor.get("/nhat-ky").text
    assert "Lấy lại như máy đọc cơ quan ban hành" in log


def test_a_day_that_is_none_keeps_the_whole_form_of_a_document_out(visitor: TestClient, store: Store) -> None:
    answer = visitor.post(FACTS, data=facts(visitor) | {"issued_date": "cuối năm", "issuer": "Sở Y tế"})
    assert answer.status_code == 422
    assert "ngày phải viết 30/06/2026" in answer.text
    assert "Sở Y tế" in answer.text
    assert not merged_document(store, DOCUMENT).fields["issuer"].human
    assert visitor.post(FACTS, data={"version": "x"}).status_code == 422
    assert visitor.post(FACTS, data={"version": "9" * 9000}).status_code in (413, 422)


def test_nobody_else_corrects_a_document(visitor: TestClient, store: Store, people: None) -> None:
    assert visitor.post(FACTS, data={"version": "1", "issuer": "A"}).status_code == 401
    log_in(visitor, "binh")
    assert visitor.post(FACTS, data={"version": "1", "issuer": "A"}).status_code == 403
    assert "thong-tin" not in visitor.get(PLAN).text
    log_in(visitor, "lan")
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "http://evil.example"}
    sent = facts(visitor) | {"issuer": "A"}
    assert visitor.post(FACTS, data=sent, headers=elsewhere).status_code == 403
    assert not merged_document(store, DOCUMENT).fields["issuer"].human
    assert visitor.post(FACTS, data=sent).status_code == 303
    (decision, *_), _ = history(store)
    assert decision.who == "lan"
