"""Comparisons, decisions on cells and changes of the matrix in each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.store.cell_decisions import decide_cell, decision_history, decisions_on
from pipeline.store.comparisons import (
    Change,
    Compared,
    cell_statuses,
    cells_of_task,
    changes_since,
    fingerprints,
    held_plans,
    load_comparisons,
    record_changes,
    save_comparisons,
    status_counts,
)
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.criteria import Cell, Comparison, Evidence, Status
from tests.making import extraction


def put(store: Store, content: str) -> str:
    made = extraction(content)
    source = made.raw.source
    store.save(made, Seen(f"/vao/{content}", source.name, source.sha256, source.size, "Lê Chân"))
    return source.document_id


def made_comparison(document: str, status: Status = Status.PARTIAL) -> Compared:
    row = Evidence("II/1/a", f"{document}-1", "Dòng có ký tự lạ \x00", 0.75, {"subject": 1.0})
    support = Evidence("I/2", f"{document}-3", "Yêu cầu.", 0.5, {}, support=True)
    near = Evidence("II/2", f"{document}-2", "Gần đúng.", 0.25, {"act": 0.5})
    cells = (
        Cell("10", status, (row, support), ("content missing: phí",), ("thiếu nội dung: phí",), 0.75),
        Cell("2", Status.MISSING, (), (), (), 0.7, True, "khả năng 30%", candidates=(near,)),
    )
    done = Comparison(document, "Ủy ban nhân dân phường Lê Chân", "bo", "1", cells, ("II/2",), ("Lưu ý",))
    return Compared(done, "f" * 64, ({"where": "II/1", "words": "UBND quận", "successor": "x", "reason": "y"},))


def test_comparisons_come_back_as_they_went_in(any_store: Store) -> None:
    first, second = put(any_store, "một"), put(any_store, "hai")
    save_comparisons(any_store, [made_comparison(first), made_comparison(second)])
    save_comparisons(any_store, [made_comparison(first, Status.COVERED)])
    found = load_comparisons(any_store, "bo", [first, second, "không có"])
    assert set(found) == {first, second}
    cell, near = found[first].comparison.cells
    assert (cell.criterion, cell.status, near.candidates[0].features) == ("10", Status.COVERED, {"act": 0.5})
    assert cell.rows[0].text == "Dòng có ký tự lạ \N{REPLACEMENT CHARACTER}"
    assert [row.support for row in cell.rows] == [False, True]
    assert found[second].flags == made_comparison(second).flags
    assert found[second].comparison.orphans == ("II/2",)
    assert fingerprints(any_store, "bo") == {first: "f" * 64, second: "f" * 64}
    assert cell_statuses(any_store, "bo", [second]) == {second: {"10": Status.PARTIAL, "2": Status.MISSING}}
    assert status_counts(any_store, "bo")[second] == {Status.PARTIAL: 1, Status.MISSING: 1}
    assert cells_of_task(any_store, f"{first}-1") == (
        {"criteria_set": "bo", "criterion": "10", "status": "covered", "role": "row"},
    )


def test_a_decision_is_added_to_and_the_latest_counts(any_store: Store) -> None:
    put(any_store, "một")
    (plan,) = held_plans(any_store)
    assert (plan.commune, plan.year, plan.is_draft) == ("Lê Chân", 2026, False)
    decide_cell(any_store, plan, ("bo", "10"), Status.COVERED, "An", proposed=Status.PARTIAL)
    decide_cell(any_store, plan, ("bo", "10"), Status.MISSING, "Bình", "đã xem")
    decide_cell(any_store, plan, ("bo", "2"), Status.COVERED, "An")
    decide_cell(any_store, plan, ("bo", "2"), None, "An")
    found = decisions_on(any_store, "bo")[plan.plan_key]
    assert {name: (one.status, one.decided_by, one.note) for name, one in found.items()} == {
        "10": (Status.MISSING, "Bình", "đã xem")
    }
    history = decision_history(any_store, plan, "bo", "10")
    assert [(one.status, one.proposed) for one in history] == [
        (Status.COVERED, Status.PARTIAL),
        (Status.MISSING, None),
    ]
    assert decisions_on(any_store, "bo khác") == {}


def test_changes_are_told_since_a_moment(any_store: Store) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    change = Change("bo", "lê chân", "phường Lê Chân", "10", "missing", "covered")
    record_changes(any_store, [change, Change("bo khác", "x", "x", None, None, "d" * 16)])
    record_changes(any_store, [])
    (found,) = changes_since(any_store, before, "bo")
    assert (found.criterion, found.before, found.after) == ("10", "missing", "covered")
    assert len(changes_since(any_store, before)) == 2
    assert changes_since(any_store, datetime.now(UTC) + timedelta(hours=1)) == ()
