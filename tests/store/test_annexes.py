"""Annexes in files of their own: proposed by number or name, joined by a person, shown with their plan."""

import pytest

from pipeline.exports.columns import document_name
from pipeline.store.annexes import (
    JOINED,
    NAME,
    NUMBER,
    PERSON,
    PROPOSED,
    decide_annex,
    find_alone,
    find_annexes,
    join_annex,
    why_joined,
)
from pipeline.store.queries import find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from schemas.errors import StoreError
from tests.making import extraction

CLAUSE = (
    "PHỤ LỤC\nDANH MỤC NHIỆM VỤ CÔNG TÁC DÂN VẬN CHÍNH QUYỀN NĂM 2026\n(Kèm theo {cited} của UBND phường Lê Chân)"
)
NUMBERED = "Kế hoạch số 12/KH-UBND ngày 15/01/2026"
BLANK = "Kế hoạch số      /KH-UBND ngày    /01/2026"
TITLE = "DANH MỤC NHIỆM VỤ CÔNG TÁC DÂN VẬN CHÍNH QUYỀN NĂM 2026"


def save(store: Store, content: str, **header: object) -> str:
    """Store a made document; its id."""
    made = extraction(content, **header)
    source = made.raw.source
    store.save(made, Seen(f"/{source.sha256}", source.name, source.sha256, source.size))
    return source.document_id


def annex(store: Store, cited: str = NUMBERED, title: str = TITLE) -> str:
    return save(store, CLAUSE.format(cited=cited), doc_type="Phụ lục", number=None, issued_date=None, title=title)


@pytest.mark.parametrize("plan_first", [True, False])
def test_a_plan_is_proposed_by_its_number_whatever_came_first(any_store: Store, plan_first: bool) -> None:
    makers = [lambda: save(any_store, "Kế hoạch"), lambda: annex(any_store)]
    made = [make() for make in (makers if plan_first else makers[::-1])]
    plan, of_annex = made if plan_first else made[::-1]
    save(any_store, "Kế hoạch khác", number="13/KH-UBND")
    (found,) = find_annexes(any_store)
    assert (found.annex, found.plan, found.reason, found.state) == (of_annex, plan, NUMBER, PROPOSED)


def test_where_the_number_is_blank_the_name_tells(any_store: Store) -> None:
    plan = save(any_store, "Kế hoạch", title="Công tác dân vận chính quyền năm 2026")
    save(any_store, "Kế hoạch khác", number="13/KH-UBND", title="Phòng chống dịch sốt xuất huyết năm 2026")
    of_annex = annex(any_store, BLANK)
    (found,) = find_annexes(any_store)
    assert (found.annex, found.plan, found.reason) == (of_annex, plan, NAME)


def test_rows_carry_their_plan_after_a_yes_and_lose_it_after_a_no(any_store: Store) -> None:
    plan, of_annex = save(any_store, "Kế hoạch"), annex(any_store)
    (found,) = find_annexes(any_store)
    (before,) = find_tasks(any_store, TaskFilter(document=of_annex)).documents
    assert before["parent"] is None
    assert decide_annex(any_store, found.annex_id, True, "lan").state == JOINED
    (document,) = find_tasks(any_store, TaskFilter(document=of_annex)).documents
    assert document["parent"]["document_id"] == plan
    assert document["parent"]["doc_number"] == "12/KH-UBND"
    assert document_name(document).endswith("kèm Kế hoạch số 12/KH-UBND ngày 15/01/2026")
    assert find_annexes(any_store) == ()
    decide_annex(any_store, found.annex_id, False, "lan")
    assert find_tasks(any_store, TaskFilter(document=of_annex)).documents[0]["parent"] is None


def test_an_annex_has_one_plan(any_store: Store) -> None:
    plan, other = save(any_store, "Kế hoạch"), save(any_store, "Kế hoạch khác", number="13/KH-UBND")
    of_annex = annex(any_store)
    decide_annex(any_store, find_annexes(any_store)[0].annex_id, True, "lan")
    with pytest.raises(StoreError, match="đã được ghép"):
        join_annex(any_store, of_annex, other, "lan")
    decide_annex(any_store, find_annexes(any_store, JOINED)[0].annex_id, False, "lan")
    assert join_annex(any_store, of_annex, other, "lan").reason == PERSON
    with pytest.raises(StoreError):
        join_annex(any_store, of_annex, of_annex, "lan")
    with pytest.raises(StoreError):
        join_annex(any_store, of_annex, "0" * 16, "lan")
    with pytest.raises(StoreError):
        decide_annex(any_store, 999, True, "lan")
    assert plan != other


def test_an_annex_without_its_plan_is_told(any_store: Store) -> None:
    of_annex = annex(any_store)
    (alone,) = find_alone(any_store)
    assert (alone["document_id"], alone["cites"]) == (of_annex, "Kế hoạch 12/KH-UBND")


def test_a_decision_outlives_another_reading(any_store: Store) -> None:
    save(any_store, "Kế hoạch")
    of_annex = annex(any_store)
    decide_annex(any_store, find_annexes(any_store)[0].annex_id, True, "lan")
    annex(any_store, title=TITLE + " (sửa)")
    assert [one.annex for one in find_annexes(any_store, JOINED)] == [of_annex]


LINE = {"doc_type": "Kế hoạch", "doc_number": "12/KH-UBND", "issued_date": None, "issuer_key": None, "title": "x"}


@pytest.mark.parametrize(
    ("cited", "plan", "why"),
    [
        (NUMBERED, LINE, NUMBER),
        (NUMBERED, LINE | {"doc_number": "12/KH-SNV"}, None),
        (NUMBERED, LINE | {"issuer_key": "ubnd xã khác"}, None),
        ("Quyết định số 12/KH-UBND ngày 15/01/2026", LINE, NUMBER),
        ("Chương trình số 12/KH-UBND ngày 15/01/2026", LINE, None),
        (BLANK, LINE, None),
    ],
)
def test_what_joins(cited: str, plan: dict, why: str | None) -> None:
    line = {"text": CLAUSE.format(cited=cited), "title": TITLE, "issuer_key": None}
    assert why_joined(line, plan) == why
