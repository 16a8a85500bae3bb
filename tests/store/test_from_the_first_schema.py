"""A database of the very first schema comes to that of today on both databases, in one transaction, with its data."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import MetaData, func, insert, select, text

from pipeline import faults
from pipeline.store import migrate
from pipeline.store.engine import open_engine, reading, writing
from pipeline.store.queries import count_by_state, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.standing import disagreements
from pipeline.store.store import Store
from pipeline.store.tables import metadata
from pipeline.task_filter import TaskFilter
from schemas.errors import StoreError
from tests.making import extraction

TODAY_ONLY = {"state": "done", "tries": 1}


@pytest.fixture
def source(tmp_path: Path) -> Store:
    """A store of today with two documents, to take the lines from."""
    store = Store.open(f"sqlite:///{tmp_path}/source.db")
    for name in ("một", "hai"):
        made = extraction(name)
        store.save(made, Seen(f"/vao/{name}.txt", f"{name}.txt", made.raw.source.sha256, 4, "Đông Hải"))
    return store


@pytest.fixture
def first(any_store: Store, source: Store) -> str:
    """The address of a database as the first version left it, with the documents of `source`."""
    address = any_store.engine.url.render_as_string(hide_password=False)
    engine = open_engine(address)
    config = migrate._config()
    with writing(engine) as connection:
        migrate.drop_derived(connection)
        everything = MetaData()
        everything.reflect(connection)
        everything.drop_all(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        old = MetaData()
        old.reflect(connection)
        with reading(source.engine) as there:
            for table in (one for one in metadata.sorted_tables if one.name in old.tables):
                names = [column.name for column in old.tables[table.name].columns]
                lines = [dict(line) for line in there.execute(select(table)).mappings()]
                known = [TODAY_ONLY | {name: value for name, value in line.items() if value is not None}
                         for line in lines]  # fmt: skip
                for line in known:
                    fitting = {name: line[name] for name in names if name in line and name != "sighting_id"}
                    connection.execute(insert(old.tables[table.name]).values(fitting))
    return address


def schema(address: str) -> str | None:
    with reading(open_engine(address)) as connection:
        return migrate.revision(connection)


def test_the_first_schema_comes_to_today_with_its_data(first: str, source: Store) -> None:
    assert schema(first) == "0001"
    store = Store.open(first)
    assert schema(first) == migrate.head_revision()
    assert find_tasks(store) == find_tasks(source)
    assert find_tasks(store, TaskFilter(words="đối thoại")).rows
    assert find_tasks(store, TaskFilter(sort="body")) == find_tasks(source, TaskFilter(sort="body"))
    assert count_by_state(store) == {"done": 2}
    assert list(disagreements(store)) == []
    made = extraction("ba")
    assert store.save(made, Seen("/vao/ba.txt", "ba.txt", made.raw.source.sha256, 2))
    assert len(find_tasks(store).rows) == 9


def test_an_upgrade_that_dies_on_its_way_leaves_the_first_schema(first: str, source: Store) -> None:
    child = os.fork()
    if child == 0:
        faults.arm("migrate.writing")
        Store.open(first)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert schema(first) == "0001"
    test_the_first_schema_comes_to_today_with_its_data(first, source)


def test_an_upgrade_that_fails_leaves_the_first_schema(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: object) -> None:
        raise KeyError("unforeseen")

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "create_derived", fail)
        with pytest.raises(KeyError):
            Store.open(first)
    assert schema(first) == "0001"
    with reading(open_engine(first)) as connection:
        assert connection.execute(select(func.count()).select_from(text("documents"))).scalar_one() == 2


def test_a_newer_schema_is_refused_in_one_sentence(
    any_store: Store, command_line: Callable[..., tuple[int, str]]
) -> None:
    with writing(any_store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    address = any_store.engine.url.render_as_string(hide_password=False)
    with pytest.raises(StoreError, match="phiên bản mới hơn của giaoviec"):
        Store.open(address)
    assert schema(address) == "9999"
    for words in (("status",), ("doctor", "--conservation"), ("sql", "SELECT 1")):
        code, said = command_line(*words, "--database", address)
        assert code not in (0, 1)
        assert said.strip().endswith("hãy cập nhật giaoviec rồi thử lại.")
        assert len(said.strip().splitlines()) == 1


@pytest.fixture
def command_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    """Runs the command line in this process: its exit code and what it said on stderr."""
    from pipeline.cli import main

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["giaoviec", *words, "--data", str(tmp_path / "data")])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capfd.readouterr().err

    return run
