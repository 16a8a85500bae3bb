"""The store's promises: rows in, rows out; the same bytes once; one state a file; SQL that groups by body."""

from __future__ import annotations

import runpy
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from pipeline.store.derived import create_derived, drop_derived
from pipeline.store.engine import writing
from pipeline.store.migrate import FOLDER, upgrade
from pipeline.store.queries import TaskFilter, count_by_state, find_documents, find_refused, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.store.tables import metadata
from pipeline.store.views import VIEW
from schemas.errors import Crashed, EncryptedFile, StoreError
from schemas.extraction import Extraction
from tests.making import extraction, warned


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def seen_of(made: Extraction, path: str = "/vao/le-chan/ke-hoach.txt", commune: str | None = "Lê Chân") -> Seen:
    source = made.raw.source
    return Seen(path, Path(path).name, source.sha256, source.size, commune)


def test_rows_and_documents_come_back_as_they_went_in(store: Store) -> None:
    made = warned(extraction())
    assert store.save(made, seen_of(made))
    found = find_tasks(store)
    assert found.rows == made.rows
    (document,) = found.documents
    expected = made.to_record()["document"]
    assert {name: document[name] for name in expected} == expected
    assert document["communes"] == ["Lê Chân"]


def test_the_same_bytes_change_nothing(store: Store) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    before = _dump(store)
    assert not store.save(made, seen_of(made))
    assert _dump(store) == before


def test_the_same_bytes_under_another_name_are_another_sighting(store: Store) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    store.see_again(seen_of(made, "/vao/hong-chau/ban-sao.txt", "Hồng Châu"))
    (document,) = find_documents(store)
    assert document["communes"] == ["Hồng Châu", "Lê Chân"]
    assert document["paths"] == ["/vao/hong-chau/ban-sao.txt", "/vao/le-chan/ke-hoach.txt"]
    assert len(find_tasks(store).rows) == len(made.rows)


def test_new_rules_replace_the_rows_and_keep_the_sightings(store: Store) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    fewer = replace(made, rows=made.rows[:1])
    assert store.save(fewer, seen_of(made))
    assert find_tasks(store).rows == made.rows[:1]
    assert count_by_state(store) == {"done": 1}


def test_a_failing_write_leaves_the_old_rows(store: Store) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    twice = replace(made, rows=(made.rows[0], made.rows[0]))
    with pytest.raises(StoreError, match="trùng mã"):
        store.save(twice, seen_of(made))
    assert find_tasks(store).rows == made.rows


def test_a_refusal_is_kept_with_its_reason_until_the_file_is_read(store: Store) -> None:
    made = extraction()
    store.refuse(Seen("/vao/x.pdf", "x.pdf", "", None), EncryptedFile("Tệp có mật khẩu."))
    store.refuse(seen_of(made), Crashed("Dừng đột ngột."))
    assert [(line["code"], line["message"]) for line in find_refused(store)] == [
        ("crashed", "Dừng đột ngột."),
        ("encrypted", "Tệp có mật khẩu."),
    ]
    store.save(made, seen_of(made))
    assert [line["path"] for line in find_refused(store)] == ["/vao/x.pdf"]
    assert count_by_state(store) == {"done": 1, "rejected": 1}


def test_a_file_that_crashed_three_times_is_given_up(store: Store) -> None:
    made = extraction()
    for tries in range(3):
        assert store.gave_up(made.raw.source.sha256) is None, tries
        store.refuse(seen_of(made), Crashed("Dừng đột ngột."))
    assert str(store.gave_up(made.raw.source.sha256)) == "Dừng đột ngột."


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (TaskFilter(), [0, 1, 2]),
        (TaskFilter(commune="le chan"), [0, 1, 2]),
        (TaskFilter(commune="Hồng Châu"), []),
        (TaskFilter(body="van hoa xa hoi"), [0]),
        (TaskFilter(body="UBND"), [0]),
        (TaskFilter(body="công an", role="lead"), []),
        (TaskFilter(body="công an", role="coordinating"), [0]),
        (TaskFilter(kind="request"), [1]),
        (TaskFilter(due_from=date(2026, 6, 30), due_to=date(2026, 6, 30)), [0]),
        (TaskFilter(due_from=date(2026, 7, 1)), [2]),
        (TaskFilter(needs_review=True), [0]),
        (TaskFilter(needs_review=False), [1, 2]),
        (TaskFilter(words="doi thoai duong day"), [0]),
        (TaskFilter(words="đối thoại"), [0]),
        (TaskFilter(words="dương"), [2, 0]),
        (TaskFilter(words="đường"), [0, 2]),
        (TaskFilter(words="duong"), [0, 2]),
        (TaskFilter(words="%"), [0, 1, 2]),
        (TaskFilter(words="uon"), []),
        (TaskFilter(limit=1), [0]),
    ],
)
def test_filters(store: Store, wanted: TaskFilter, places: list[int]) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    assert find_tasks(store, wanted).rows == tuple(made.rows[place] for place in places)


def test_sql_can_group_by_body_over_the_spellings_of_its_name(store: Store) -> None:
    one, two = extraction("một"), extraction("hai", issuer="Ủy ban nhân dân xã Hồng Châu")
    other = replace(two, rows=(replace(two.rows[0], lead=("Phòng Văn hóa – Xã hội xã",)), *two.rows[1:]))
    for made in (one, other):
        store.save(made, seen_of(made))
    with writing(store.engine) as connection:
        statement = "SELECT body_key, count(*) FROM task_bodies WHERE role = 'lead' GROUP BY body_key"
        groups = dict(connection.execute(text(statement)).tuples().all())
    assert groups["phòng văn hóa xã hội"] == 2


def test_the_flat_view_is_one_line_a_task_with_its_lists_in_order(store: Store) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    with writing(store.engine) as connection:
        lines = connection.execute(text(f"SELECT * FROM {VIEW} ORDER BY ordinal")).mappings().all()
    assert [line["task_id"] for line in lines] == [row.task_id for row in made.rows]
    assert lines[0]["lead"] == "Phòng Văn hoá - Xã hội; UBND phường"
    assert lines[0]["review_reasons"] == "Hai thời hạn khác nhau.; Tên cơ quan lạ."
    assert (lines[0]["doc_number"], lines[0]["communes"]) == ("12/KH-UBND", "Lê Chân")
    assert str(lines[0]["due_date"]) == "2026-06-30"


def test_two_writers_of_the_same_file_store_it_once(store: Store) -> None:
    made = extraction()
    results: list[bool] = []
    writers = [threading.Thread(target=lambda: results.append(store.save(made, seen_of(made)))) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(results) == [False, False, False, True]
    assert find_tasks(store).rows == made.rows


def test_the_migrations_lead_to_the_tables_of_today(store: Store) -> None:
    """Where this fails: `python -m pipeline.store.migrate "What changed"`, then read what it wrote."""
    with writing(store.engine) as connection:
        drop_derived(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        create_derived(connection)
    assert not upgrade(store.engine)


def test_rows_of_the_first_schema_get_the_order_of_today(store: Store) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    keys = "SELECT task_id, sort_key, lead_key FROM tasks ORDER BY sort_key"
    with writing(store.engine) as connection:
        before = connection.execute(text(keys)).all()
        connection.execute(text("UPDATE tasks SET sort_key = '', lead_key = ''"))
        (path,) = (FOLDER / "versions").glob("*what_people_decide*.py")
        script = runpy.run_path(str(path))
        for statement in (script["SORT_KEY"], script["LEAD_KEY"]):
            connection.execute(text(statement))
        assert connection.execute(text(keys)).all() == before


def test_a_newer_database_is_refused_in_one_sentence(store: Store) -> None:
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="phiên bản mới hơn"):
        upgrade(store.engine)


def test_sqlite_waits_for_a_writer_and_loses_nothing_with_the_power(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/kho.db")
    with writing(store.engine) as connection:
        read = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
    assert read == {"journal_mode": "wal", "synchronous": 2}


@pytest.mark.parametrize("url", ["mysql://x/y", "không phải địa chỉ", "sqlite://", "duckdb:///x"])
def test_an_address_that_is_none_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "kho.db").write_bytes(b"x" * 5000)
    with pytest.raises(StoreError, match="Không dùng được cơ sở dữ liệu"):
        Store.open(f"sqlite:///{tmp_path}/kho.db")


def _dump(store: Store) -> list[object]:
    with writing(store.engine) as connection:
        return [
            [tuple(line) for line in connection.execute(table.select().order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table.name not in ("sightings", "ledger")
        ]


def test_letters_that_no_database_takes_do_not_stop_a_document(store: Store) -> None:
    made = extraction("a\x00b")
    odd = replace(made, rows=(replace(made.rows[0], text="một\x00hai \ud800", lead=("Sở\x00",)),))
    store.save(odd, seen_of(odd, "/vào/t\udcean.txt"))
    (row,) = find_tasks(store).rows
    assert (row.text, row.lead) == ("một\ufffdhai \ufffd", ("Sở\ufffd",))
    assert find_documents(store)[0]["paths"] == ["/vào/t\\udcean.txt"]


@pytest.mark.parametrize("system", ["cifs", "nfs4", "fuse.sshfs", "9p"])
def test_a_file_on_a_network_share_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr("pipeline.store.engine.file_system", lambda _path: system)
    with pytest.raises(StoreError, match="nằm trên ổ mạng"):
        Store.open(f"sqlite:///{tmp_path}/kho.db")
