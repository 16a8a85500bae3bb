"""A filter lives in an address: what is written reads back, and nonsense is refused in a sentence."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.queries import count_by, count_tasks, find_page, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.task_filter import TYPES, BadFilter, TaskFilter, read_day
from schemas.task import Kind
from tests.making import extraction

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).map(str.strip).filter(bool)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    bool: st.booleans(),
    int: st.integers(0, 10_000),
    date: st.dates(),
    Kind: st.sampled_from(Kind),
}


def _values(name: str, usual: Any) -> st.SearchStrategy[Any]:
    kind = TYPES[name]
    return st.one_of(st.just(usual), VALUES[kind] if kind in VALUES else st.sampled_from(get_args(kind)))


FILTERS = st.builds(TaskFilter, **{field.name: _values(field.name, field.default) for field in fields(TaskFilter)})


@given(FILTERS)
def test_an_address_gives_the_filter_again(wanted: TaskFilter) -> None:
    assert TaskFilter.from_query(dict(parse_qsl(urlencode(wanted.to_query())))) == wanted


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("due_to", "31/02/2026"),
        ("due_to", "tomorrow"),
        ("kind", "nhiem-vu"),
        ("overdue", "maybe"),
        ("limit", "-1"),
        ("limit", "1e9"),
        ("offset", "99999999999999999999"),
        ("role", "boss"),
        ("sort", "text"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_field(name: str, written: str) -> None:
    with pytest.raises(BadFilter, match=name) as refused:
        TaskFilter.from_query({name: written})
    assert written not in str(refused.value)


def test_empty_and_unknown_parameters_are_left_out() -> None:
    assert TaskFilter.from_query({"body": " ", "utm_source": "x"}) == TaskFilter()


def test_a_day_is_read_with_the_day_first() -> None:
    assert read_day("01/02/2026") == read_day("2026-02-01") == date(2026, 2, 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path}/kho.db")
    for number in range(5):
        made = extraction(f"văn bản {number}", f"{number}.txt")
        source = made.raw.source
        store.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, "Lê Chân"))
    return store


def test_overdue_counts_from_the_day_that_is_given(store: Store) -> None:
    late = TaskFilter(overdue=True)
    assert count_tasks(store, late, date(2026, 6, 30)) == 0
    assert count_tasks(store, late, date(2026, 7, 1)) == 5
    assert count_tasks(store, TaskFilter(overdue=False), date(2026, 7, 1)) == 10


def test_recurring_tasks(store: Store) -> None:
    assert {row.path for row in find_tasks(store, TaskFilter(recurring=True)).rows} == {"II/1/a"}
    assert count_tasks(store, TaskFilter(recurring=False)) == 10


def test_pages_follow_each_other_and_know_the_total(store: Store) -> None:
    everything = find_tasks(store).rows
    pages = [find_page(store, TaskFilter().page(number, 4)) for number in (1, 2, 3, 4, 5)]
    assert [len(page.listing.rows) for page in pages] == [4, 4, 4, 3, 0]
    assert tuple(row for page in pages for row in page.listing.rows) == everything
    assert {(page.total, page.more) for page in pages} == {(15, False)}
    assert (find_page(store, TaskFilter(), most_counted=10).total, True) == (10, True)


def test_rows_without_a_day_come_last_by_due_day(store: Store) -> None:
    days = [row.due for row in find_tasks(store, TaskFilter(sort="due")).rows]
    assert days == sorted(days, key=lambda day: day or "9999")
    assert [row.due for row in find_tasks(store, TaskFilter(sort="due", descending=True)).rows] == days[::-1]


def test_rows_by_their_lead(store: Store) -> None:
    leads = [row.lead[:1] for row in find_tasks(store, TaskFilter(sort="body")).rows]
    assert leads == [()] * 5 + [("Phòng Văn hoá - Xã hội",)] * 5 + [("-Sở Nội vụ",)] * 5


def test_counts_by_body_month_and_kind(store: Store) -> None:
    assert dict(count_by(store, TaskFilter(), "month")) == {"": 5, "2026-06": 5, "2026-12": 5}
    assert dict(count_by(store, TaskFilter(kind=Kind.TASK), "body"))["phòng văn hóa xã hội"] == 5
    assert dict(count_by(store, TaskFilter(words="duong"), "kind")) == {"objective": 5, "task": 5}


def test_words_follow_what_is_stored(store: Store) -> None:
    made = extraction("văn bản 0", "0.txt")
    other = replace(made, rows=(replace(made.rows[0], text="Chuyển đổi số."), *made.rows[1:]))
    source = made.raw.source
    assert count_tasks(store, TaskFilter(words="chuyen doi")) == 0
    assert count_tasks(store, TaskFilter(words="doi thoai")) == 5
    store.save(other, Seen("/vao/0.txt", "0.txt", source.sha256, source.size))
    assert count_tasks(store, TaskFilter(words="chuyen doi")) == 1
    assert count_tasks(store, TaskFilter(words="doi thoai")) == 4
