"""A page of a filter is a stretch of the whole list, whichever way its rows are found; so is its count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.store import conditions
from pipeline.store.engine import reading, together, writing
from pipeline.store.listed import find_listed
from pipeline.store.queries import count_tasks, find_page, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from schemas.task import Kind, TaskRow
from tests.making import extraction

TODAY = date(2026, 7, 1)
TEXTS = (
    "Tổ chức đối thoại với nhân dân.",
    "Đội tuyên truyền gọi điện thoại cho từng hộ.",
    "To chuc doi thoai, van ban mat dau.",
    "Thoại lại nội dung, đối với từng thôn.",
    "Đối thoại trực tiếp; đối chiếu số liệu.",
    "Ứng dụng chuyển đổi số, đối thoạix trên mạng.",
    "Rà soát thủ tục hành chính.",
    "Đối tượng chính sách được nghe qua điện thoại.",
)
FILTERS = {
    "all": TaskFilter(),
    "typed": TaskFilter(words="đối thoại"),
    "typed, the last first": TaskFilter(words="đối thoại", descending=True),
    "other marks": TaskFilter(words="đôi thoại"),
    "bare": TaskFilter(words="doi thoai"),
    "the other way round": TaskFilter(words="thoại đối"),
    "begun": TaskFilter(words="đối tho"),
    "one letter": TaskFilter(words="đ"),
    "one word": TaskFilter(words="số"),
    "nothing": TaskFilter(words="khongco"),
    "signs only": TaskFilter(words="% ' \""),
    "typed, by day": TaskFilter(words="đối thoại", sort="due"),
    "typed, late": TaskFilter(words="đối thoại", overdue=True),
    "typed, of a body": TaskFilter(words="doi", body="noi vu"),
    "typed, of a commune": TaskFilter(words="thoại", commune="le chan"),
    "late": TaskFilter(overdue=True),
    "late, by day": TaskFilter(overdue=True, sort="due"),
    "late, the last day first": TaskFilter(overdue=True, sort="due", descending=True),
    "not late": TaskFilter(overdue=False),
    "not late, by day": TaskFilter(overdue=False, sort="due"),
    "between days": TaskFilter(due_from=date(2026, 6, 3), due_to=date(2026, 7, 2)),
    "between days, by day": TaskFilter(due_from=date(2026, 6, 3), due_to=date(2026, 7, 2), sort="due"),
    "recurring": TaskFilter(recurring=True),
    "corrected": TaskFilter(status="corrected"),
    "as read": TaskFilter(status="machine"),
    "in conflict": TaskFilter(conflict=True),
    "of a body": TaskFilter(body="phong"),
    "led by a body": TaskFilter(body="Phòng Nội vụ", role="lead"),
}


def rows_of(number: int, document_id: str) -> Iterator[TaskRow]:
    for place, words in enumerate(TEXTS):
        seed = number * len(TEXTS) + place
        yield TaskRow(
            f"II/{place}",
            Kind.TASK,
            words,
            ("Phòng Nội vụ", "Phòng Tư pháp") if seed % 3 else ("Công an",),
            due=f"2026-0{6 + seed % 2}-0{1 + seed % 9}" if seed % 4 else None,
            recurrence="FREQ=MONTHLY" if seed % 5 == 0 else None,
            task_id=f"{document_id}-{place:010}",
            document_id=document_id,
        )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('kho')}/kho.db")
    for number in range(6):
        made = extraction(f"văn bản {number}", f"{number}.txt")
        source = made.raw.source
        made = replace(made, rows=tuple(rows_of(number, source.document_id)))
        commune = "Lê Chân" if number % 2 else "Đồ Sơn"
        store.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, commune))
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE tasks SET status = 'corrected' WHERE path = 'II/2'"))
        connection.execute(text("UPDATE tasks SET conflict = true WHERE path = 'II/3'"))
    return store


@pytest.mark.parametrize("few", [0, 1_000], ids=["walked", "gathered"])
@pytest.mark.parametrize("name", FILTERS)
def test_pages_are_stretches_of_the_whole_list(
    store: Store, name: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions, "FEW", few)
    wanted = FILTERS[name]
    whole = find_tasks(store, wanted, TODAY).rows
    assert count_tasks(store, wanted, TODAY) == len(whole)
    pages = [find_page(store, wanted.page(number, 7), TODAY) for number in range(1, 9)]
    assert [row for page in pages for row in page.listing.rows] == list(whole)
    assert {page.total for page in pages} == {len(whole)}
    assert find_page(store, wanted.page(1, 7), TODAY, 2).total == min(2, len(whole))


def test_who_types_marks_gets_them_first(store: Store) -> None:
    found = [row.text for row in find_page(store, TaskFilter(words="đối thoại").page(1, 50), TODAY).listing.rows]
    ranks = [TEXTS.index(one) for one in found]
    exact, typed, bare, others = ranks[:12], ranks[12:30], ranks[30:36], ranks[36:]
    assert set(exact) == {0, 4}
    assert set(typed) == {3, 5, 7}
    assert set(bare) == {2}
    assert set(others) == {1}


def test_a_list_shows_what_the_rows_say(store: Store) -> None:
    page = find_listed(store, TaskFilter(words="đối thoại").page(2, 9), TODAY)
    whole = find_page(store, TaskFilter(words="đối thoại").page(2, 9), TODAY)
    assert (page.total, page.more) == (whole.total, whole.more)
    for listed, row in zip(page.rows, whole.listing.rows, strict=True):
        told = row.to_record()
        for name in ("task_id", "document_id", "path", "kind", "text", "due", "recurrence", "needs_review"):
            assert getattr(listed, name) == told[name]
        assert list(listed.lead) == told["lead"]
    for key, document in whole.listing.by_id().items():
        assert {name: document[name] for name in page.documents[key]} == page.documents[key]


def test_words_are_found_where_a_row_now_stands(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/kho.db")
    made = extraction("văn bản", "a.txt")
    source = made.raw.source
    made = replace(made, rows=tuple(rows_of(0, source.document_id)))
    store.save(made, Seen("/vao/a.txt", "a.txt", source.sha256, source.size))
    typed = TaskFilter(words="đối thoại").page(1, 50)
    before = [row.task_id for row in find_page(store, typed).listing.rows]
    with writing(store.engine) as connection:
        last = text("UPDATE tasks SET sort_key = '9' || sort_key WHERE task_id = :key")
        connection.execute(last, {"key": before[0]})
        connection.execute(text("UPDATE tasks SET marked = ' đội thoại ' WHERE task_id = :key"), {"key": before[1]})
    assert [row.task_id for row in find_page(store, typed).listing.rows][:1] == [before[0]]
    assert before[1] not in [row.task_id for row in find_page(store, typed).listing.rows][:4]
    assert [row.task_id for row in find_tasks(store, typed).rows] == [
        row.task_id for row in find_page(store, replace(typed, limit=None)).listing.rows
    ]


def test_what_is_asked_together_speaks_of_one_moment(store: Store) -> None:
    with together(store.engine) as connection:
        with reading(store.engine) as inner:
            assert inner is connection
        with pytest.raises(AssertionError), writing(store.engine):
            pass
    with reading(store.engine) as other:
        assert other is not connection
