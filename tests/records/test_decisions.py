"""What people decide holds: against other people, against new readings of the file, against new rules."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import records
from pipeline.records import FIELDS, BadValue, Conflict, NoSuchRow
from pipeline.store.engine import open_engine
from pipeline.store.queries import count_tasks, find_documents, find_faults, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.store.versions import decide as accept_version
from pipeline.store.versions import find_versions
from pipeline.task_filter import TaskFilter
from schemas.extraction import Extraction
from schemas.task import Kind, TaskRow
from tests.making import extraction

LAN, MINH = "Nguyễn Thị Lan", "Trần Văn Minh"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(tmp_path)


def opened(folder: Path) -> Store:
    store = Store.open(f"sqlite:///{folder}/kho.db")
    read(store, extraction())
    return store


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one document, to be copied: making one costs more than what is done in it."""
    store = opened(tmp_path_factory.mktemp("template"))
    return Path(str(store.engine.url.database))


def read(store: Store, made: Extraction) -> None:
    source = made.raw.source
    store.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, "Lê Chân"))


def again(store: Store, *rows: TaskRow) -> None:
    """Read the same bytes by rules that find other rows."""
    read(store, replace(extraction(), rows=rows))


def ids() -> list[str]:
    return [row.task_id for row in extraction().rows]


def decided(store: Store, task_id: str, field: str, value: Any, who: str = LAN) -> records.MergedRow:
    return records.decide(store, task_id, field, value, who, records.merged_row(store, task_id).version)


def approved(store: Store, task_id: str, who: str = LAN) -> records.MergedRow:
    return records.approve(store, task_id, who, records.merged_row(store, task_id).version)


def dropped(store: Store, task_id: str) -> records.MergedRow:
    return records.drop(store, task_id, LAN, records.merged_row(store, task_id).version)


def shown(store: Store) -> tuple[TaskRow, ...]:
    return find_tasks(store).rows


def test_a_correction_shows_everywhere_and_keeps_the_machine_beside_it(store: Store) -> None:
    first = ids()[0]
    row = decided(store, first, "lead", ["Công an phường", "Trạm Y tế"])
    assert row.status == "corrected"
    lead = row.fields["lead"]
    assert (lead.value, lead.machine) == (["Công an phường", "Trạm Y tế"], ["Phòng Văn hoá - Xã hội", "UBND phường"])
    assert (lead.human, lead.who, lead.conflict) == (True, LAN, False)
    assert (row.row.lead_basis, row.machine and row.machine.lead_basis) == (None, "assignment")
    assert not row.fields["due"].human
    assert shown(store)[0].lead == ("Công an phường", "Trạm Y tế")
    assert count_tasks(store, TaskFilter(body="tram y te", role="lead")) == 1
    assert count_tasks(store, TaskFilter(words="tram y te")) == 1
    assert count_tasks(store, TaskFilter(status="corrected")) == 1


def test_the_second_of_two_reviewers_gets_a_conflict_with_both_values(store: Store) -> None:
    first = ids()[0]
    seen = records.merged_row(store, first).version
    records.decide(store, first, "due", "2026-05-31", LAN, seen)
    with pytest.raises(Conflict) as caught:
        records.decide(store, first, "due", "15/05/2026", MINH, seen)
    conflict = caught.value
    assert (conflict.field, conflict.current, conflict.wanted, conflict.who) == (
        "due",
        "2026-05-31",
        "2026-05-15",
        LAN,
    )
    assert LAN in str(conflict)
    assert shown(store)[0].due == "2026-05-31"
    for change in (records.approve, records.drop):
        with pytest.raises(Conflict):
            change(store, first, MINH, seen)
    assert records.decide(store, first, "due", "15/05/2026", MINH, conflict.version).row.due == "2026-05-15"


def test_nobody_approves_what_a_new_reading_has_changed_under_his_eyes(store: Store) -> None:
    first, *others = extraction().rows
    seen = records.merged_row(store, first.task_id).version
    again(store, replace(first, due="2026-03-31"), *others)
    with pytest.raises(Conflict) as caught:
        records.approve(store, first.task_id, LAN, seen)
    assert caught.value.who is None


def test_an_approved_row_never_changes_and_a_new_value_shows_as_a_conflict(store: Store) -> None:
    first, *others = extraction().rows
    row = approved(store, first.task_id)
    assert (row.status, row.row.needs_review, row.row.review_reasons) == ("approved", False, ())
    again(store, replace(first, lead=("Sở Y tế",), due="2026-07-31", kind=Kind.REQUEST), *others)
    row = records.merged_row(store, first.task_id)
    assert (row.row.lead, row.row.due, row.row.kind) == (first.lead, first.due, first.kind)
    assert {field.name: field.machine for field in row.conflicts} == {
        "lead": ["Sở Y tế"],
        "due": "2026-07-31",
        "kind": "request",
    }
    assert row.row.needs_review
    assert "chủ trì" in row.row.review_reasons[0]
    assert [found.task_id for found in find_tasks(store, TaskFilter(conflict=True)).rows] == [first.task_id]
    kept = approved(store, first.task_id, MINH)
    assert (kept.conflicts, kept.row.lead, kept.row.needs_review) == ((), first.lead, False)


def test_the_machine_may_be_right_after_all(store: Store) -> None:
    first, *others = extraction().rows
    decided(store, first.task_id, "due", "2026-05-31")
    again(store, replace(first, due="2026-07-31"), *others)
    row = records.merged_row(store, first.task_id)
    assert [field.name for field in row.conflicts] == ["due"]
    row = records.revert(store, first.task_id, "due", MINH, row.version)
    assert (row.row.due, row.conflicts, row.status) == ("2026-07-31", (), "machine")


def test_a_machine_that_comes_to_agree_is_no_conflict(store: Store) -> None:
    first, *others = extraction().rows
    decided(store, first.task_id, "due", "2026-05-31")
    again(store, replace(first, due="2026-05-31"), *others)
    row = records.merged_row(store, first.task_id)
    assert (row.row.due, row.conflicts, row.row.needs_review) == ("2026-05-31", (), True)


def test_what_is_not_held_follows_the_machine(store: Store) -> None:
    first, *others = extraction().rows
    decided(store, first.task_id, "due", "2026-05-31")
    again(store, replace(first, lead=("Sở Y tế",)), *others)
    assert (shown(store)[0].lead, shown(store)[0].due) == (("Sở Y tế",), "2026-05-31")


def test_a_dropped_row_stays_out_and_can_come_back(store: Store) -> None:
    first, second, third = extraction().rows
    dropped(store, second.task_id)
    assert [row.task_id for row in shown(store)] == [first.task_id, third.task_id]
    assert find_documents(store)[0]["n_rows"] == 2
    again(store, first, replace(second, due="2026-12-31"), third)
    assert [row.task_id for row in shown(store)] == [first.task_id, third.task_id]
    (out,) = records.dropped_rows(store)
    back = records.undrop(store, out.row.task_id, MINH, out.version)
    assert back.row.due == "2026-12-31"
    assert [row.task_id for row in shown(store)] == ids()
    assert records.dropped_rows(store) == ()
    assert find_faults(store) == ()


def test_a_row_that_the_machine_missed_stands_where_it_was_put(store: Store) -> None:
    first, second, third = extraction().rows
    document = first.document_id
    row = records.add(
        store, document, {"text": "Lập  sổ theo dõi", "lead": "Văn phòng\nVăn phòng"}, LAN, second.task_id
    )
    assert (row.row.text, row.row.lead, row.status, row.machine) == ("Lập sổ theo dõi", ("Văn phòng",), "added", None)
    assert (row.row.kind, row.row.needs_review) == (Kind.TASK, False)
    wanted = [first.task_id, second.task_id, row.row.task_id, third.task_id]
    assert [one.task_id for one in shown(store)] == wanted
    new = TaskRow("I/1", Kind.TASK, "Một dòng mới ở đầu.", task_id=f"{document}-new", document_id=document)
    again(store, new, first, second, third)
    assert [one.task_id for one in shown(store)] == [new.task_id, *wanted]
    assert find_faults(store) == ()
    at_top = records.add(store, document, {"text": "Đầu tiên"}, LAN)
    assert shown(store)[0].task_id == at_top.row.task_id
    dropped(store, row.row.task_id)
    again(store, first, second)
    assert [one.task_id for one in shown(store)] == [at_top.row.task_id, first.task_id, second.task_id]


def test_a_row_is_found_again_when_its_text_and_place_shift(store: Store) -> None:
    first, second, third = extraction().rows
    approved(store, first.task_id)
    decided(store, third.task_id, "lead", ["Phòng Kinh tế"])
    shifted = replace(first, path="III/2/b", text="Tổ chức đối thoại với nhân dân về đường dây nóng", task_id="x-1")
    moved = replace(third, path="IV/-1", text="Dương đạt chuẩn", task_id="x-3")
    again(store, moved, second, shifted)
    rows = {row.task_id: row for row in shown(store)}
    assert list(rows) == [third.task_id, second.task_id, first.task_id]
    assert rows[first.task_id].path == first.path
    assert {field.name for field in records.merged_row(store, first.task_id).conflicts} == {"path", "text"}
    assert (rows[third.task_id].lead, rows[third.task_id].path) == (("Phòng Kinh tế",), "IV/-1")


def test_a_touched_row_that_the_machine_no_longer_finds_stays_and_says_so(store: Store) -> None:
    first, second, third = extraction().rows
    decided(store, second.task_id, "due", "2026-05-31")
    again(store, first, third)
    row = records.merged_row(store, second.task_id)
    assert (row.gone, row.in_doubt, row.row.due) == (True, True, "2026-05-31")
    assert [one.task_id for one in shown(store)] == ids()
    kept = approved(store, second.task_id)
    assert (kept.in_doubt, kept.row.needs_review) == (False, False)
    again(store, *extraction().rows)
    assert not records.merged_row(store, second.task_id).gone
    assert [one.task_id for one in shown(store)] == ids()


def test_a_correction_on_a_text_that_has_become_another_asks_to_be_looked_at(store: Store) -> None:
    first, second, third = extraction().rows
    decided(store, third.task_id, "due", "2026-05-31")
    other = replace(third, text="Dương đạt chuẩn năm nay.", task_id="x-9")
    again(store, first, second, other)
    row = records.merged_row(store, third.task_id)
    assert (row.row.text, row.row.due) == (other.text, "2026-05-31")
    assert row.row.needs_review
    assert "Lời của dòng đã đổi" in row.row.review_reasons[-1]


def test_what_a_document_says_of_itself_is_corrected_and_held(store: Store) -> None:
    document = extraction().rows[0].document_id
    seen = records.merged_document(store, document)
    changed = records.decide_document(store, document, "issuer", "UBND phường Hồng Bàng", LAN, seen.version)
    assert (changed.fields["issuer"].value, changed.fields["issuer"].machine) == (
        "UBND phường Hồng Bàng",
        "Ủy ban nhân dân phường Lê Chân",
    )
    with pytest.raises(Conflict):
        records.decide_document(store, document, "doc_number", "13/KH-UBND", MINH, seen.version)
    records.decide_document(store, document, "issued_date", "16/01/2026", MINH, changed.version)
    read(store, extraction(number="99/KH-UBND", issued_date="2026-02-01"))
    (found,) = find_documents(store)
    assert (found["issuer"], found["issued_date"], found["doc_number"]) == (
        "UBND phường Hồng Bàng",
        "2026-01-16",
        "99/KH-UBND",
    )
    merged = records.merged_document(store, document)
    assert [name for name, field in merged.fields.items() if field.conflict] == ["issued_date"]
    assert len(shown(store)) == 3


def test_what_the_machine_read_of_a_document_can_be_taken_back(store: Store) -> None:
    document = extraction().rows[0].document_id
    seen = records.merged_document(store, document)
    seen = records.decide_document(store, document, "issuer", "UBND phường Hồng Bàng", LAN, seen.version)
    seen = records.decide_document(store, document, "issued_date", "16/01/2026", LAN, seen.version)
    read(store, extraction(issued_date="2026-02-01"))
    now = records.merged_document(store, document)
    assert now.fields["issued_date"].conflict
    with pytest.raises(Conflict):
        records.revert_document(store, document, "issued_date", MINH, seen.version)
    back = records.revert_document(store, document, "issued_date", MINH, now.version)
    assert (back.fields["issued_date"].value, back.fields["issued_date"].human) == ("2026-02-01", False)
    assert back.fields["issuer"].value == "UBND phường Hồng Bàng"
    back = records.revert_document(store, document, "issuer", MINH, back.version)
    (found,) = find_documents(store)
    assert (found["issuer"], found["issued_date"]) == ("Ủy ban nhân dân phường Lê Chân", "2026-02-01")
    assert records.revert_document(store, document, "issuer", MINH, back.version) == back, "nothing is held any more"
    (last, first, *_), _ = records.history(store, document_id=document)
    assert (first.action, first.field, first.before, first.after) == (
        "revert",
        "issued_date",
        "2026-01-16",
        "2026-02-01",
    )
    assert (last.action, last.who, last.after) == ("revert", MINH, "Ủy ban nhân dân phường Lê Chân")
    read(store, extraction(issuer="UBND xã Khác"))
    assert find_documents(store)[0]["issuer"] == "UBND xã Khác", "what nobody holds follows the machine"
    with pytest.raises(BadValue):
        records.revert_document(store, document, "issuer", "  ", records.merged_document(store, document).version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due", "31/02/2026"),
        ("due", "2/30/2026"),
        ("due", "01/01/1900"),
        ("kind", "việc"),
        ("text", "  "),
        ("recurrence", "thỉnh thoảng"),
        ("recurrence", "0 tháng/lần"),
        ("text", "x" * 20_001),
        ("task_id", "xyz"),
        ("nonsense", "xyz"),
    ],
)
def test_what_a_field_does_not_take_is_refused_without_repeating_it(store: Store, field: str, value: str) -> None:
    with pytest.raises(BadValue) as caught:
        decided(store, ids()[0], field, value)
    assert (caught.value.field, value.strip() and value in str(caught.value)) in ((field, False), (field, ""))
    assert shown(store) == extraction().rows


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        ("due", "5/6/2026", "2026-06-05"),
        ("due", "", None),
        ("kind", "Đề nghị", "request"),
        ("recurrence", "6 tháng/lần, hằng năm", "FREQ=MONTHLY;INTERVAL=6 FREQ=YEARLY"),
        ("recurrence", "hàng quý", "FREQ=MONTHLY;INTERVAL=3"),
        ("lead", "Sở A\n\n Sở  B", ["Sở A", "Sở B"]),
        ("text", "=1+1", "=1+1"),
    ],
)
def test_a_value_is_stored_as_the_contract_has_it(store: Store, field: str, given: str, stored: Any) -> None:
    row = decided(store, ids()[1], field, given)
    assert row.fields[field].value == stored
    assert FIELDS[field].read(FIELDS[field].show(stored)) == stored


def test_every_change_is_logged_with_who_before_and_after(store: Store) -> None:
    first = ids()[0]
    decided(store, first, "due", "2026-05-31")
    approved(store, first, MINH)
    found, total = records.history(store, task_id=first)
    assert total == 2
    assert [(one.action, one.who, one.field, one.before, one.after) for one in found] == [
        ("approve", MINH, None, "corrected", "approved"),
        ("correct", LAN, "due", "2026-06-30", "2026-05-31"),
    ]
    assert found[1].machine == "2026-06-30"
    assert (found[1].source.kind, found[1].version) == ("page", 1)
    assert records.history(store, who=MINH)[1] == 1


def test_several_are_approved_together_or_not_at_all(store: Store) -> None:
    versions = {one: records.merged_row(store, one).version for one in ids()}
    decided(store, ids()[2], "due", None, MINH)
    with pytest.raises(Conflict):
        records.approve_many(store, versions.items(), LAN)
    assert count_tasks(store, TaskFilter(status="approved")) == 0
    rows = records.merged_rows(store, ids())
    records.approve_many(store, [(key, row.version) for key, row in rows.items()], LAN)
    assert count_tasks(store, TaskFilter(status="approved")) == 3
    assert find_documents(store)[0]["n_review"] == 0


def test_an_approval_is_taken_back(store: Store) -> None:
    first = ids()[0]
    decided(store, first, "due", "2026-05-31")
    row = approved(store, first)
    row = records.reopen(store, first, MINH, row.version)
    assert (row.status, row.row.due, row.row.needs_review) == ("corrected", "2026-05-31", True)
    assert [name for name, field in row.fields.items() if field.human] == ["due"]


def test_unknown_rows_and_nameless_people_are_refused(store: Store) -> None:
    with pytest.raises(NoSuchRow):
        records.merged_row(store, "x")
    with pytest.raises(NoSuchRow):
        records.add(store, "x", {"text": "y"}, LAN)
    with pytest.raises(BadValue):
        decided(store, ids()[0], "due", None, who=" ")


# --- every correction is still there, whatever the next rules read ---

WORDS = ["đối thoại", "nhân dân", "báo cáo", "kiểm tra", "cải cách", "hành chính", "chuyển đổi số", "đường dây nóng"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=3, max_size=8).map(lambda words: " ".join(words).capitalize())
NAMES = st.lists(st.sampled_from(["Sở Nội vụ", "Công an xã", "Văn phòng", "Trạm Y tế"]), max_size=3, unique=True)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(date.isoformat)
EDITS = st.one_of(
    st.tuples(st.just("lead"), NAMES),
    st.tuples(st.just("coordinating"), NAMES),
    st.tuples(st.just("due"), DAYS),
    st.tuples(st.just("text"), TEXTS),
    st.tuples(st.just("kind"), st.sampled_from([str(kind) for kind in Kind])),
    st.tuples(st.just("recurrence"), st.sampled_from([None, "FREQ=WEEKLY", "FREQ=MONTHLY;INTERVAL=3"])),
)
ACTS = st.lists(
    st.tuples(st.integers(0, 7), st.one_of(EDITS, st.sampled_from(["approve", "drop", "add"]))), max_size=12
)


@st.composite
def readings(draw: st.DrawFn) -> tuple[tuple[TaskRow, ...], list[tuple[TaskRow, ...]]]:
    """Rows as they are first read, and as later rules read them: shifted, reworded, missing, new."""
    first = tuple(
        TaskRow(
            f"I/{place}", Kind.TASK, draw(TEXTS), task_id=f"d-{place}", document_id=extraction().rows[0].document_id
        )
        for place in range(draw(st.integers(1, 8)))
    )
    later = []
    for number in range(draw(st.integers(1, 2))):
        rows = []
        for row in first:
            fate = draw(st.sampled_from(["same", "same", "word", "path", "field", "gone", "new"]))
            key = f"n{number}-{row.task_id}"
            if fate == "new":
                rows.append(replace(row, text=draw(TEXTS), task_id=f"new-{key}"))
            rows += {
                "word": [replace(row, text=row.text + " năm 2026", task_id=key)],
                "path": [replace(row, path="V/" + row.path, task_id=key)],
                "field": [replace(row, lead=tuple(draw(NAMES)), due=draw(DAYS))],
                "gone": [],
            }.get(fate, [row])
        later.append(tuple(draw(st.permutations(rows)) if draw(st.booleans()) else rows))
    return first, later


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings(), ACTS)
def test_every_decision_is_still_there_after_any_new_reading(
    template: Path, read_as: tuple[tuple[TaskRow, ...], list[tuple[TaskRow, ...]]], acts: list[tuple[int, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        decide_and_read_again(template, Path(folder), *read_as, acts)


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings(), ACTS)
def test_every_decision_is_still_there_after_many_new_readings(
    template: Path, read_as: tuple[tuple[TaskRow, ...], list[tuple[TaskRow, ...]]], acts: list[tuple[int, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        decide_and_read_again(template, Path(folder), *read_as, acts)


def decide_and_read_again(
    template: Path,
    folder: Path,
    first: tuple[TaskRow, ...],
    later: list[tuple[TaskRow, ...]],
    acts: list[tuple[int, Any]],
) -> None:
    shutil.copy(template, folder / "kho.db")
    store = Store(open_engine(f"sqlite:///{folder}/kho.db"))
    again(store, *first)
    held: dict[str, dict[str, Any]] = {}
    out: set[str] = set()
    for place, act in acts:
        keys = [row.task_id for row in shown(store)]
        if not keys:
            break
        key = keys[place % len(keys)]
        match act:
            case "approve":
                approved(store, key)
                held[key] = {name: field.value for name, field in records.merged_row(store, key).fields.items()}
            case "drop":
                dropped(store, key)
                held.pop(key, None)
                out.add(key)
            case "add":
                made = records.add(store, first[0].document_id, {"text": f"Dòng thêm {place}"}, LAN, key)
                held[made.row.task_id] = {"text": f"Dòng thêm {place}"}
            case field, value:
                decided(store, key, field, value)
                held.setdefault(key, {})[field] = value
    for rows in later:
        again(store, *rows)
        now = {row.task_id: row.to_record() for row in shown(store)}
        assert {key: {name: now[key][name] for name in values} for key, values in held.items()} == held
        exact = out & {row.task_id for row in rows}
        assert not exact & set(now)
        assert len(now) == count_tasks(store)
        assert find_faults(store) == ()
        read_rows = {row.task_id for row in rows}
        records_of = {
            one.machine.task_id for one in records.merged_rows(store, now).values() if one.machine and not one.gone
        }
        dropped_of = {one.machine.task_id for one in records.dropped_rows(store) if one.machine and not one.gone}
        assert records_of | dropped_of == read_rows  # no row of the machine is lost either


def test_decisions_go_along_to_a_new_version_only_after_a_yes(store: Store) -> None:
    first, second, third = extraction().rows
    approved(store, first.task_id)
    dropped(store, second.task_id)
    decided(store, third.task_id, "due", "2026-05-31")
    other = extraction("Kế hoạch, bản sửa", "moi.txt")
    newer = other.rows[0].document_id
    read(store, replace(other, rows=(replace(other.rows[0], due="2026-08-31"), *other.rows[1:])))
    (proposal,) = find_versions(store)
    mine = TaskFilter(document=newer)
    assert count_tasks(store, mine) == 3
    accept_version(store, proposal.version_id, True, LAN)
    rows = find_tasks(store, mine).rows
    assert [row.path for row in rows] == [first.path, third.path]
    assert (rows[0].due, rows[1].due) == (first.due, "2026-05-31")
    assert [field.name for field in records.merged_row(store, rows[0].task_id).conflicts] == ["due"]
    assert {one.action for one in records.history(store, document_id=newer)[0]} == {"carry"}
    accept_version(store, proposal.version_id, True, LAN)
    assert find_tasks(store, mine).rows == rows
    assert find_faults(store) == ()
