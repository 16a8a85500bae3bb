"""Questions in SQL: they read, they end in time, and they change nothing."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline import records
from pipeline.analyst import GUIDE, as_written, questions, sample_store
from pipeline.exports.stored import write_stored
from pipeline.store.asking import ask, columns_of
from pipeline.store.queries import find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.store.views import VIEWS
from pipeline.task_filter import TaskFilter
from schemas.errors import StoreError
from tests.making import extraction


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path}/kho.db")
    made = extraction()
    source = made.raw.source
    store.save(made, Seen("/vao/le-chan/x.txt", "x.txt", source.sha256, source.size, "Lê Chân"))
    return store


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return sample_store(tmp_path_factory.mktemp("samples"))


def test_the_guide_has_ten_questions() -> None:
    assert len(list(questions(GUIDE.read_text(encoding="utf-8")))) == 10


def test_each_question_of_the_guide_is_one_that_the_store_understands(store: Store) -> None:
    for query, answer in questions(GUIDE.read_text(encoding="utf-8")):
        assert as_written(ask(store, query)).splitlines()[0] == answer.splitlines()[0]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(10))
def test_the_answers_of_the_guide_are_those_of_the_sample_data(samples: Store, number: int) -> None:
    """Where this fails because the rules read more: `make analyst`, then look at what changed."""
    query, answer = list(questions(GUIDE.read_text(encoding="utf-8")))[number]
    found = ask(samples, query)
    assert found.lines
    assert as_written(found) == answer


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tasks",
        "UPDATE tasks SET kind = 'x'",
        "DROP TABLE tasks",
        "INSERT INTO tasks_flat VALUES (1)",
        "CREATE TABLE x (y)",
        "PRAGMA journal_mode = DELETE",
        "ATTACH '/tmp/other.db' AS other",
        "VACUUM INTO '/tmp/copy.db'",
        "SELECT 1; DELETE FROM tasks",
        "SELECT * FROM users",
        "SELECT * FROM sessions",
        "BEGIN",
        "WITH x AS (SELECT 1) DELETE FROM tasks",
        "SELECT load_extension('x')",
        "",
        "không phải SQL",
    ],
)
def test_what_is_no_question_is_refused_in_one_sentence(store: Store, statement: str) -> None:
    before = find_tasks(store).rows
    with pytest.raises(StoreError) as caught:
        ask(store, statement)
    assert "\n" not in str(caught.value)
    assert find_tasks(store).rows == before
    assert not Path("/tmp/copy.db").exists()


def test_a_question_without_end_is_stopped(store: Store) -> None:
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"
    with pytest.raises(StoreError, match="quá 1 giây"):
        ask(store, endless, seconds=1)


def test_an_answer_is_cut_at_its_limit_and_says_so(store: Store) -> None:
    answer = ask(store, "SELECT task_id FROM tasks_flat", lines=2)
    assert (len(answer.lines), answer.more) == (2, True)
    assert not ask(store, "SELECT task_id FROM tasks_flat", lines=3).more


def test_every_view_says_what_a_line_of_it_is(store: Store) -> None:
    columns = columns_of(store)
    assert list(columns) == list(VIEWS)
    guide = GUIDE.read_text(encoding="utf-8")
    assert all(f"`{name}`" in guide for name in VIEWS)
    assert {"status", "conflict", "folded", "communes"} <= set(columns["tasks_flat"])


def test_views_show_what_people_decided(store: Store) -> None:
    first, second, _ = find_tasks(store).rows
    row = records.decide(
        store, first.task_id, "lead", ["Sở Y tế"], "Lan", records.merged_row(store, first.task_id).version
    )
    records.drop(store, second.task_id, "Lan", records.merged_row(store, second.task_id).version)
    assert row.status == "corrected"
    lead = "SELECT body FROM bodies_flat WHERE role = 'lead' ORDER BY body"
    assert ask(store, lead).lines == (("sở y tế",),)
    logged = ask(store, "SELECT who, action, field, after FROM decisions_flat ORDER BY at").lines
    assert logged[0] == ("Lan", "correct", "lead", '["Sở Y tế"]')


def test_duckdb_and_pandas_read_the_snapshot(store: Store, tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_stored(store, TaskFilter(), "parquet", stream)
    path = tmp_path / "nhiem_vu.parquet"
    path.write_bytes(stream.getvalue())
    bodies = duckdb.sql(
        f"SELECT body, count(*) FROM (SELECT unnest(lead) AS body FROM '{path}') GROUP BY body ORDER BY body"
    ).fetchall()
    assert bodies == [("-Sở Nội vụ", 1), ("Phòng Văn hoá - Xã hội", 1), ("UBND phường", 1)]
    (quarter,) = duckdb.sql(
        f"SELECT count(*) FROM '{path}' WHERE due BETWEEN '2026-04-01' AND '2026-06-30'"
    ).fetchall()
    assert quarter == (1,)
    table = pd.read_parquet(path)
    assert table.explode("lead").groupby("lead").size().to_dict() == dict(bodies)
    assert str(pd.to_datetime(table["due"]).max().date()) == "2026-12-31"
