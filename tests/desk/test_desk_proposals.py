"""What belongs together is proposed by the program and settled by a person, at the desk as by the commands."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from pipeline.store.annexes import DENIED, JOINED, decide_annex, find_annexes
from pipeline.store.people import find_entries
from pipeline.store.queries import find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.store.versions import ACCEPTED, find_versions
from pipeline.task_filter import TaskFilter
from tests.desk.conftest import log_in
from tests.making import extraction

PLAN = extraction().raw.source.document_id
CLAUSE = "PHỤ LỤC\nDANH MỤC\n(Kèm theo Kế hoạch số {number} ngày 15/01/2026 của UBND phường Lê Chân)"


def put(store: Store, content: str, name: str, **header: object) -> str:
    made = extraction(content, name, **header)
    source = made.raw.source
    store.save(made, Seen(f"/vao/{name}", name, source.sha256, source.size, "Lê Chân"))
    return source.document_id


def annex(store: Store, number: str = "12/KH-UBND") -> str:
    text = CLAUSE.format(number=number)
    return put(store, text, "phụ lục <b>.pdf", doc_type="Phụ lục", number=None, issued_date=None, title="DANH MỤC")


def forms(client: TestClient, path: str) -> dict[str, dict[str, str]]:
    """The forms of proposals on a page: address → the hidden fields."""
    page = client.get(path).text
    found = re.findall(r'action="(/(?:phu-luc|phien-ban)/\d+)">(.*?)</form>', page, re.DOTALL)
    return {action: dict(re.findall(r'name="(\w+)" value="([^"]*)">', inside)) for action, inside in found}


def test_an_annex_is_joined_to_its_plan_at_the_desk(visitor: TestClient, store: Store) -> None:
    assert "/de-nghi" not in visitor.get("/hop-thu").text
    assert "Không có đề nghị nào đang chờ" in visitor.get("/de-nghi").text
    own = annex(store)
    for path in ("/hop-thu", "/van-ban"):
        assert "1 đề nghị chờ quyết định" in visitor.get(path).text
    page = visitor.get("/de-nghi").text
    for words in ("phụ lục &lt;b&gt;.pdf", "có thể là phụ lục của", "Kế hoạch số 12/KH-UBND", "cùng số, ký hiệu"):
        assert words in page
    assert "Văn bản này có thể là phụ lục của" in visitor.get(f"/van-ban/{own}").text
    assert "có thể là phụ lục của văn bản này" in visitor.get(f"/van-ban/{PLAN}").text
    ((action, fields),) = forms(visitor, f"/van-ban/{PLAN}").items()
    answer = visitor.post(action, data=fields | {"act": "accept"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/van-ban/{PLAN}")
    (document,) = find_tasks(store, TaskFilter(document=own)).documents
    assert document["parent"]["document_id"] == PLAN
    assert "là phụ lục của văn bản này" in visitor.get(f"/van-ban/{PLAN}").text
    (entry,), _ = find_entries(store, 10)
    assert (entry.action, entry.subject, entry.detail) == ("phu_luc", own, f"nhập vào {PLAN}")
    log = visitor.get("/nhat-ky?loai=khac").text
    assert "Quyết định phụ lục" in log
    assert f'href="/van-ban/{own}"' in log
    ((action, fields),) = forms(visitor, f"/van-ban/{own}").items()
    assert visitor.post(action, data=fields | {"act": "deny"}).status_code == 303
    assert [one.state for one in find_annexes(store, None)] == [DENIED]
    assert forms(visitor, "/de-nghi") == {}


def test_the_second_who_settles_a_proposal_is_told(visitor: TestClient, store: Store) -> None:
    annex(store)
    ((action, fields),) = forms(visitor, "/de-nghi").items()
    decide_annex(store, find_annexes(store)[0].annex_id, True, "chị Lan")
    answer = visitor.post(action, data=fields | {"act": "deny"})
    assert answer.status_code == 409
    assert "vừa được quyết định bởi chị Lan" in answer.text
    assert [one.state for one in find_annexes(store, None)] == [JOINED]
    for data in ({"act": "xoa", "state": "proposed"}, {"state": "proposed"}, {"act": "accept"}):
        assert visitor.post(action, data=data).status_code == 422
    assert visitor.post("/phu-luc/999", data=fields | {"act": "accept"}).status_code == 404
    assert visitor.post("/phien-ban/999", data=fields | {"act": "accept"}).status_code == 404


def test_a_new_version_is_accepted_and_taken_back(visitor: TestClient, store: Store) -> None:
    newer = put(store, "Kế hoạch, bản sửa", "bản sửa.pdf")
    ((action, fields),) = forms(visitor, "/de-nghi").items()
    page = visitor.get("/de-nghi").text
    assert "có thể là bản mới của" in page
    assert "bản sửa.pdf" in page, "two documents of one number are told apart by their files"
    assert f"/so-sanh?cu={PLAN}&amp;moi={newer}" in page
    answer = visitor.post(action, data=fields | {"act": "accept"})
    assert answer.headers["location"] == "/de-nghi"
    assert [one.state for one in find_versions(store, None)] == [ACCEPTED]
    assert "thay cho văn bản này" in visitor.get(f"/van-ban/{PLAN}").text
    assert {entry.action for entry in find_entries(store, 10)[0]} == {"phien_ban"}
    assert visitor.post(action, data=fields | {"act": "deny"}).status_code == 409, "the form is of another state"
    ((action, fields),) = forms(visitor, f"/van-ban/{newer}").items()
    assert visitor.post(action, data=fields | {"act": "deny"}).status_code == 303
    assert find_tasks(store, TaskFilter(document=PLAN)).rows


def test_an_annex_whose_plan_is_not_proposed_is_joined_by_hand(visitor: TestClient, store: Store) -> None:
    own = annex(store, "77/KH-UBND")
    page = visitor.get("/de-nghi").text
    assert "Phụ lục chưa có kế hoạch" in page
    assert "kèm theo Kế hoạch 77/KH-UBND" in page
    assert f'<option value="{PLAN}">' in visitor.get(f"/van-ban/{own}").text
    assert "Phụ lục này thuộc kế hoạch" not in visitor.get(f"/van-ban/{PLAN}").text
    assert visitor.post(f"/van-ban/{own}/ghep", data={"plan": "0" * 16}).status_code == 404
    assert visitor.post(f"/van-ban/{own}/ghep", data={"plan": own}).status_code == 409
    assert visitor.post(f"/van-ban/{own}/ghep", data={"plan": PLAN}).status_code == 303
    assert find_tasks(store, TaskFilter(document=own)).documents[0]["parent"]["document_id"] == PLAN
    assert "Phụ lục này thuộc kế hoạch" not in visitor.get(f"/van-ban/{own}").text
    assert "Phụ lục chưa có kế hoạch" not in visitor.get("/de-nghi").text


@pytest.mark.usefixtures("people")
def test_who_may_only_look_sees_proposals_without_buttons(visitor: TestClient, store: Store) -> None:
    own = annex(store)
    log_in(visitor, "binh")
    assert "có thể là phụ lục của" in visitor.get("/de-nghi").text
    assert forms(visitor, "/de-nghi") == {}
    assert visitor.post("/phu-luc/1", data={"act": "accept", "state": "proposed"}).status_code == 403
    assert visitor.post(f"/van-ban/{own}/ghep", data={"plan": PLAN}).status_code == 403
