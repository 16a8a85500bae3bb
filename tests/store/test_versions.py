"""New versions are proposed by number or path; only a person's yes takes the older one off the lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.store.queries import TaskFilter, find_documents, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.store.versions import decide, find_versions
from schemas.errors import StoreError
from schemas.extraction import Extraction
from tests.making import extraction


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path}/kho.db")


def put(store: Store, content: str, path: str | None = None, **header: object) -> Extraction:
    made = extraction(content, **header)
    source = made.raw.source
    store.save(made, Seen(path or f"/vao/{content}.txt", "x.txt", source.sha256, source.size, None))
    return made


def pairs(store: Store) -> list[tuple[str, str, str]]:
    return [(each.older, each.newer, each.reason) for each in find_versions(store)]


def key(made: Extraction) -> str:
    return made.raw.source.document_id


def test_the_same_number_of_the_same_issuer_is_proposed_once(store: Store) -> None:
    one, two = put(store, "một"), put(store, "hai")
    put(store, "hai")
    assert pairs(store) == [(key(one), key(two), "same_number")]


@pytest.mark.parametrize(
    "header",
    [
        {"number": "13/KH-UBND"},
        {"issuer": "Ủy ban nhân dân xã Hồng Châu"},
        {"issued_date": "2025-01-15"},
        {"number": None},
        {"number": "/KH-UBND"},
        {"issuer": None},
    ],
)
def test_another_number_issuer_or_year_is_another_document(store: Store, header: dict[str, object]) -> None:
    put(store, "một")
    put(store, "hai", **header)
    assert pairs(store) == []


def test_two_drafts_without_a_number_are_not_the_same(store: Store) -> None:
    put(store, "một", number="/KH-UBND")
    put(store, "hai", number="/KH-UBND")
    assert pairs(store) == []


def test_a_file_put_in_the_place_of_another_is_proposed(store: Store) -> None:
    one = put(store, "một", "/vao/a.txt")
    two = put(store, "hai", "/vao/a.txt", number="14/KH-UBND")
    assert pairs(store) == [(key(one), key(two), "same_path")]


def test_both_are_listed_until_a_person_says_yes(store: Store) -> None:
    one, two = put(store, "một"), put(store, "hai")
    (proposal,) = find_versions(store)
    assert len(find_tasks(store).rows) == 6
    decided = decide(store, proposal.version_id, True, "Lan")
    assert (decided.state, decided.decided_by) == ("accepted", "Lan")
    assert {row.document_id for row in find_tasks(store).rows} == {key(two)}
    assert len(find_tasks(store, TaskFilter(superseded=True)).rows) == 6
    assert len(find_tasks(store, TaskFilter(document=key(one))).rows) == 3
    marked = {document["document_id"]: document["superseded_by"] for document in find_documents(store)}
    assert marked == {key(one): key(two), key(two): None}
    decide(store, proposal.version_id, False, "Lan")
    assert len(find_tasks(store).rows) == 6
    assert find_versions(store) == ()
    assert len(find_versions(store, None)) == 1


def test_two_documents_cannot_replace_each_other(store: Store) -> None:
    for content in ("một", "hai", "ba"):
        put(store, content)
    by_pair = {(each.older, each.newer): each.version_id for each in find_versions(store)}
    assert len(by_pair) == 3
    for number in by_pair.values():
        decide(store, number, True, "Lan")
    assert {row.document_id for row in find_tasks(store).rows} == {key(extraction("ba"))}
    with pytest.raises(StoreError, match="Không có đề nghị"):
        decide(store, 99, True, "Lan")
