"""One story told to SQLite and to PostgreSQL: what either answers to every question must be the same.

The server sorts letters by Vietnamese rules and lives in another time zone, so that whatever leans on the server's
own settings shows.
"""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pipeline import records
from pipeline.analyst import GUIDE, as_written, questions
from pipeline.backup import back_up, bring_back
from pipeline.compare.match import Matcher
from pipeline.compare.sets import load_set
from pipeline.compare.stored import columns, update_stored
from pipeline.conservation import breaches
from pipeline.doctor import examine
from pipeline.exports.events import Holidays
from pipeline.exports.stored import write_stored
from pipeline.ingest import find_files, ingest
from pipeline.kit import load_kit
from pipeline.settings import Settings, load_settings
from pipeline.store import desk_queries as desk
from pipeline.store import people
from pipeline.store.annexes import find_alone, find_annexes
from pipeline.store.asking import ask, columns_of
from pipeline.store.cell_decisions import decide_cell, decision_history
from pipeline.store.comparisons import changes_since, held_plans
from pipeline.store.engine import open_engine, writing
from pipeline.store.files import known_files
from pipeline.store.news import holdings, new_documents
from pipeline.store.queries import (
    GROUPS,
    count_by,
    count_by_state,
    find_documents,
    find_faults,
    find_files_by_state,
    find_page,
    find_refused,
    find_tasks,
)
from pipeline.store.standing import overview
from pipeline.store.store import Store
from pipeline.store.tables import BODY_FIELDS
from pipeline.store.versions import decide, find_versions
from pipeline.store.views import VIEWS
from pipeline.task_filter import TaskFilter
from schemas.criteria import Status
from schemas.errors import PlanError, StoreError

pytestmark = pytest.mark.slow
SAMPLES = Path(__file__).resolve().parents[2] / "sample_docs" / "text"
COMMUNES = ("An Biên", "Ân Thi", "Đông Hải", "Ủy Ban", "Lê Chân", "đông hải", "Zét", "an biên 2")
TODAY = date(2026, 7, 1)
LONG = "a" * 3000


@dataclass(frozen=True)
class Told:
    """A store after the story, and its settings."""

    store: Store
    settings: Settings


def tell(folder: Path, settings: Settings, inbox: Path) -> Told:
    """Files in folders of many names, a new version, decisions, a comparison with a decided cell, users."""
    store = Store.open(settings.database_url)
    kit = load_kit()
    for commune in COMMUNES:
        found, _ = find_files([inbox / commune], commune)
        ingest(found, store, settings, kit)
    rows = find_tasks(store, TaskFilter(document=number_of(store, "002"))).rows
    first, second, third, fourth = (row.task_id for row in rows[:4])
    records.decide(store, first, "text", "Đối thoại với nhân dân về “đường dây nóng”.", "Ủy", seen(store, first))
    records.decide(store, first, "due", "2026-03-31", "An", seen(store, first))
    records.decide(store, first, "lead", ["Công an phường", "Ủy ban MTTQ"], "An", seen(store, first))
    records.approve_many(store, [(one, seen(store, one)) for one in (second, third)], "Đức")
    records.drop(store, fourth, "Đức", seen(store, fourth))
    records.add(store, rows[0].document_id, {"text": "Việc mới", "due": "2026-05-01"}, "Ân", after=second)
    records.decide_document(
        store,
        rows[0].document_id,
        "signer",
        "Ông Ẩn",
        "Ân",
        records.merged_document(store, rows[0].document_id).version,
    )
    later, _ = find_files([folder_of_second_version(inbox)], "Lê Chân")
    ingest(later, store, settings, kit)
    (version,) = find_versions(store)
    decide(store, version.version_id, True, "Đức")
    matcher = Matcher(load_set("hai_phong_49"))
    update_stored(store, matcher)
    for status, who in ((Status.COVERED, "An"), (Status.MISSING, "Bình")):
        cell = (matcher.criteria.id, columns(store, matcher.criteria.id)[0].comparison.cells[0].criterion)
        decide_cell(store, held_plans(store)[0], cell, status, who, "đã xem")
    for name in ("đức", "ân", "an", "zung", "ủy"):
        people.save_user(store, people.User(name, people.Role.VIEW, "x"))
        people.note(store, name, "đăng nhập")
    return Told(store, settings)


def seen(store: Store, task_id: str) -> int:
    return records.merged_row(store, task_id).version


def number_of(store: Store, begins: str) -> str:
    return next(one["document_id"] for one in find_documents(store) if one["file"].startswith(begins))


def folder_of_second_version(inbox: Path) -> Path:
    return inbox / "sau" / "002_sau.txt"


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vào")
    for place, commune in enumerate(COMMUNES):
        (folder / commune).mkdir()
        samples = sorted(SAMPLES.glob("00[0-3]*.txt"))
        sample = samples[place % len(samples)]
        shutil.copyfile(sample, folder / commune / f"{sample.stem}.txt")
    (folder / "Zét" / "ảnh.pdf").write_bytes(b"%PDF-1.4 broken")
    second = folder_of_second_version(folder)
    second.parent.mkdir()
    second.write_text(
        (SAMPLES / "002_hai_phong_49.txt").read_text(encoding="utf-8") + "\nThêm một dòng.", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, postgres: str, inbox: Path) -> tuple[Told, Told]:
    with writing(open_engine(postgres)) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    folder = tmp_path_factory.mktemp("kho")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.records.changes.secrets.token_hex", lambda _n: "0123456789")
        light = tell(folder, load_settings({}, data=folder / "một"), inbox)
        heavy = tell(folder, load_settings({}, data=folder / "hai", database=postgres), inbox)
    return light, heavy


def timeless(value: Any) -> Any:
    """The value with every moment replaced by its kind: the two stories were not told at the same time."""
    if isinstance(value, datetime):
        return "time"
    if is_dataclass(value) and not isinstance(value, type):
        return timeless(asdict(value))
    if isinstance(value, dict):
        return {key: timeless(part) for key, part in value.items() if key not in ("at", "changed_at")}
    return [timeless(part) for part in value] if isinstance(value, (list, tuple)) else value


FILTERS = {
    "all": TaskFilter(superseded=True),
    "current": TaskFilter(),
    "commune": TaskFilter(commune="dong hai"),
    "body": TaskFilter(body="cong an"),
    "led": TaskFilter(body="Công an phường", role="lead"),
    "role": TaskFilter(role="monitoring"),
    "due": TaskFilter(due_from=date(2026, 1, 1), due_to=date(2026, 6, 30), sort="due"),
    "overdue": TaskFilter(overdue=True, sort="due", descending=True),
    "not overdue": TaskFilter(overdue=False, limit=9),
    "recurring": TaskFilter(recurring=True, superseded=True),
    "doubtful": TaskFilter(needs_review=True),
    "corrected": TaskFilter(status="corrected", superseded=True),
    "added": TaskFilter(status="added", superseded=True),
    "conflict": TaskFilter(conflict=True),
    "words": TaskFilter(words="dan van"),
    "marked": TaskFilter(words="đối thoại"),
    "marked, a page": TaskFilter(words="đối thoại", limit=5, offset=2),
    "marked, the last first": TaskFilter(words="công tác dân vận", descending=True, limit=40),
    "bare, a page": TaskFilter(words="to chuc", limit=20, offset=3),
    "overdue, a page": TaskFilter(overdue=True, limit=9, offset=1),
    "overdue by day, a page": TaskFilter(overdue=True, sort="due", descending=True, limit=9),
    "led, a page": TaskFilter(body="ubnd", role="lead", limit=9),
    "capitals": TaskFilter(words="ĐỐI THOẠI"),
    "numbers": TaskFilter(words="2026 3177 1e5"),
    "begun": TaskFilter(words="tuy", limit=7, offset=2),
    "signs": TaskFilter(words="' & | ! :* % _ \\ \" - ( )"),
    "no such": TaskFilter(words="khongcotrongvanban"),
    "long": TaskFilter(words=LONG),
    "long body": TaskFilter(body="% _ ' so noi vu"),
    "by body": TaskFilter(sort="body", limit=20, offset=3),
    "by body, down": TaskFilter(sort="body", descending=True),
    "by kind": TaskFilter(sort="kind"),
    "by commune": TaskFilter(sort="commune", superseded=True),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_finds_the_same(told: tuple[Told, Told], name: str) -> None:
    light, heavy = (find_page(one.store, FILTERS[name], TODAY) for one in told)
    assert [row.to_record() for row in light.listing.rows] == [row.to_record() for row in heavy.listing.rows]
    assert light == heavy
    for by in GROUPS:
        counted = [count_by(one.store, FILTERS[name], by, TODAY) for one in told]
        assert counted[0] == counted[1], by


def around(store: Store) -> list[Any]:
    rows = find_tasks(store).rows
    return [desk.rows_around(store, row.task_id, 3) for row in (*rows[:3], rows[-1])]


def documents_by_words(store: Store) -> list[Any]:
    asked = (None, "KẾ HOẠCH", "kế hoạch", "ủy BAN", "đ", "%", "_", "không có", "kh-ubnd")
    return [desk.find_document_page(store, None, words, 3, 0) for words in asked]


QUESTIONS: dict[str, Callable[[Store], Any]] = {
    "documents": lambda store: find_documents(store),
    "documents of a commune": lambda store: find_documents(store, "Đông Hải"),
    "documents by words": documents_by_words,
    "documents of a commune's page": lambda store: desk.find_document_page(store, "dong hai", None, 9, 0),
    "communes": lambda store: desk.known_communes(store),
    "counts": lambda store: desk.find_counts(store),
    "around": around,
    "first to review": lambda store: desk.first_to_review(store),
    "text": lambda store: desk.document_text(store, find_documents(store)[0]["document_id"]),
    "file": lambda store: desk.document_file(store, find_documents(store)[0]["document_id"]),
    "warnings": lambda store: desk.warnings_of(store, [one["document_id"] for one in find_documents(store)]),
    "states of rows": lambda store: desk.row_states(store, [row.task_id for row in find_tasks(store).rows]),
    "numbers": lambda store: desk.documents_with_numbers(store, ["49/KH-UBND", "12/KH-UBND"]),
    "bases": lambda store: sorted(desk.bases_with_number(store, "3177/QĐ-UBND")),
    "bodies": lambda store: desk.find_bodies(store, None, 1000, 0),
    "bodies by words": lambda store: desk.find_bodies(store, "ỦY ban %", 50, 1),
    "states": count_by_state,
    "files by state": lambda store: find_files_by_state(store),
    "refused": lambda store: find_refused(store),
    "faults": find_faults,
    "overview": overview,
    "holdings": lambda store: [(one.document_id, one.n_rows, one.communes) for one in holdings(store)],
    "new documents": lambda store: new_documents(store),
    "new since": lambda store: new_documents(store, datetime(2100, 1, 1, tzinfo=UTC)),
    "history": lambda store: records.history(store),
    "dropped": lambda store: records.dropped_rows(store),
    "merged": lambda store: records.merged_rows(store, [row.task_id for row in find_tasks(store).rows]),
    "versions": lambda store: find_versions(store, None),
    "annexes": lambda store: (find_annexes(store, None), find_alone(store)),
    "plans": lambda store: held_plans(store),
    "matrix": lambda store: columns(store, "hai_phong_49"),
    "changes": lambda store: changes_since(store, datetime(2020, 1, 1, tzinfo=UTC)),
    "cells": lambda store: decision_history(
        store, held_plans(store)[0], "hai_phong_49", columns(store, "hai_phong_49")[0].comparison.cells[0].criterion
    ),
    "users": people.find_users,
    "log of acts": lambda store: people.find_entries(store, 50),
    "views": columns_of,
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_alike(told: tuple[Told, Told], name: str) -> None:
    light, heavy = (timeless(QUESTIONS[name](one.store)) for one in told)
    assert light == heavy


@pytest.mark.parametrize("group", ["", "doubt", "bad", "open", "ignored"])
def test_the_inbox_shows_the_same(told: tuple[Told, Told], group: str) -> None:
    light, heavy = (desk.find_files(one.store, group, 50, 0) for one in told)
    assert light[1] == heavy[1]
    shown = [sorted((one.name, one.commune or "", one.state, one.message or "") for one in files) for files, _ in
             (light, heavy)]  # fmt: skip
    assert shown[0] == shown[1]
    for file in heavy[0]:  # a page shows it in the office's zone: only UTC may come out of the store
        assert file.at.utcoffset() is None or not file.at.utcoffset()


def test_the_story_has_something_to_compare(told: tuple[Told, Told]) -> None:
    store = told[1].store
    assert store.engine.dialect.name == "postgresql"
    for name in ("current", "led", "due", "overdue", "recurring", "words", "marked", "corrected", "added", "begun"):
        assert find_page(store, FILTERS[name], TODAY).total, name
    carried = {one.action for one in records.history(store)[0]}
    assert {"correct", "approve", "drop", "add", "carry"} <= carried
    assert (
        desk.find_document_page(store, None, "ỦY BAN", 3, 0)[1] == desk.find_document_page(store, None, None, 3, 0)[1]
    )
    assert columns(store, "hai_phong_49")
    assert sum(getattr(one, BODY_FIELDS[0]) for one in desk.find_bodies(store, None, 99, 0))


def test_questions_in_sql_are_answered_alike(told: tuple[Told, Told]) -> None:
    for query, _ in questions(GUIDE.read_text(encoding="utf-8")):
        light, heavy = (as_written(ask(one.store, query)) for one in told)
        assert light == heavy, query


@pytest.mark.parametrize("view", VIEWS)
def test_the_views_show_the_same(told: tuple[Told, Told], view: str) -> None:
    names = [name for name in columns_of(told[0].store)[view] if name != "at"]
    query = f"SELECT {', '.join(names)} FROM {view} ORDER BY {', '.join(str(n + 1) for n in range(len(names)))}"
    found = [ask(one.store, query, lines=100_000) for one in told]
    assert found[0].columns == found[1].columns
    assert sorted(found[0].lines, key=repr) == sorted(found[1].lines, key=repr)
    assert found[1].lines


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tasks",
        "UPDATE tasks SET kind = 'x'",
        "DROP TABLE tasks",
        "CREATE TABLE x (y int)",
        "SELECT 1; DELETE FROM tasks",
        "SELECT 1; COMMIT; DELETE FROM tasks",
        "SELECT * FROM users",
        "SELECT count(*) FROM tasks WHERE EXISTS (SELECT 1 FROM sessions)",
        "WITH x AS (DELETE FROM tasks RETURNING 1) SELECT * FROM x",
        "SELECT * INTO y FROM tasks",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "BEGIN",
        "SET timezone = 'UTC'",
        "không phải SQL",
        "SELECT '\udcff'",
        "",
    ],
)
def test_postgresql_refuses_what_is_no_question(told: tuple[Told, Told], statement: str) -> None:
    store = told[1].store
    before = find_tasks(store)
    with pytest.raises(StoreError) as refused:
        ask(store, statement)
    assert str(refused.value).startswith("Câu hỏi SQL không chạy được: ")
    assert find_tasks(store) == before


def test_a_slow_question_ends_and_a_long_answer_is_cut(told: tuple[Told, Told]) -> None:
    store = told[1].store
    with pytest.raises(StoreError, match="quá 1 giây"):
        ask(store, "SELECT pg_sleep(30)", seconds=1)
    answer = ask(store, "SELECT n, n % 2 = 0 AS even FROM generate_series(1, 3000000) AS n", lines=3)
    assert (answer.lines, answer.more) == (((1, 0), (2, 1), (3, 0)), True)


def test_calendars_remember_the_same(told: tuple[Told, Told]) -> None:
    files: list[list[bytes]] = []
    for one in told:
        made = []
        for wanted in (TaskFilter(), TaskFilter(body="cong an"), TaskFilter()):
            stream = io.BytesIO()
            write_stored(one.store, wanted, "ics", stream, Holidays.KEEP, TODAY)
            made.append(b"\n".join(line for line in stream.getvalue().splitlines() if not stamped(line)))
        files.append(made)
    assert files[0] == files[1]
    assert files[1][0] == files[1][2]
    assert b"BEGIN:VEVENT" in files[1][0]


def stamped(line: bytes) -> bool:
    return line.startswith((b"DTSTAMP", b"LAST-MODIFIED"))


def test_nothing_is_lost_on_either(told: tuple[Told, Told]) -> None:
    for one in told:
        assert list(breaches(one.store, one.settings)) == []
        found = {each.name: each.health for each in examine(one.settings, deep=True)}
        assert (found["cơ sở dữ liệu"], found["tệp gốc"]) == ("good", "good")


def test_files_below_a_folder_are_found_alike(told: tuple[Told, Told], inbox: Path) -> None:
    for root in (inbox, inbox / "Đông Hải", inbox / "an biên"):
        assert set(known_files(told[0].store, str(root))) == set(known_files(told[1].store, str(root)))


def test_a_backup_keeps_every_moment(told: tuple[Told, Told], tmp_path: Path) -> None:
    """The server's own zone must not move the times of what SQLite keeps without one."""
    heavy = told[1]
    back_up(heavy.settings, tmp_path / "x.tar")
    light = load_settings({}, data=tmp_path / "data")
    bring_back(light, tmp_path / "x.tar")
    there = Store.open(light.database_url)
    question = "SELECT at, who, action FROM decisions_flat ORDER BY at, who, action, field"
    assert ask(there, question).lines == ask(heavy.store, question).lines
    assert records.history(there) == records.history(heavy.store)
    assert find_page(there, TaskFilter(), TODAY) == find_page(heavy.store, TaskFilter(), TODAY)


def test_every_text_sorts_by_its_bytes(told: tuple[Told, Told]) -> None:
    with told[1].store.engine.connect() as connection:
        others = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
                "AND collation_name IS DISTINCT FROM 'C' AND data_type IN ('text', 'character varying') "
                "AND table_name <> 'alembic_version' AND table_name NOT LIKE '%\\_flat'"
            )
        ).all()
    assert others == []


def test_two_people_at_once_are_not_both_taken_at_their_word(told: tuple[Told, Told]) -> None:
    store = told[1].store
    row = find_tasks(store).rows[-1].task_id
    outcomes: list[str] = []
    ready = threading.Barrier(6)
    version = seen(store, row)

    def say(number: int) -> None:
        ready.wait()
        try:
            records.decide(store, row, "text", f"Lời {number}", f"Người {number}", version)
            outcomes.append("taken")
        except PlanError as error:
            outcomes.append(type(error).__name__)

    everybody = [threading.Thread(target=say, args=(number,)) for number in range(6)]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join()
    assert sorted(outcomes) == ["Conflict"] * 5 + ["taken"]
    assert len(records.history(store, task_id=row)[0]) == 1


def test_moments_of_changes_have_their_zone(told: tuple[Told, Told]) -> None:
    for one in told:
        changes = changes_since(one.store, datetime(2020, 1, 1, tzinfo=UTC))
        assert changes
        assert all(change.found_at and change.found_at.tzinfo for change in changes)
