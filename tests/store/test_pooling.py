"""A process that serves pages keeps its connections; neither a fork nor a file put back may meet them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import Connection, text

from pipeline.store.engine import reading, writing
from pipeline.store.store import Store


def raw(connection: Connection) -> int:
    """Which connection of the driver it is."""
    return id(connection.connection.dbapi_connection)


def test_one_connection_serves_transaction_after_transaction(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a.db", pooled=True)
    with reading(store.engine) as connection:
        first = raw(connection)
    with writing(store.engine) as connection:
        assert raw(connection) == first
        connection.execute(text("CREATE TABLE kept (n INTEGER)"))
    with reading(Store.open(f"sqlite:///{tmp_path}/a.db").engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0


def test_a_child_neither_uses_nor_closes_what_its_parent_holds(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a.db", pooled=True)
    with reading(store.engine) as connection:
        held = raw(connection)
        child = os.fork()
        if child == 0:
            with reading(store.engine) as own:
                os._exit(3 if raw(own) != held and own.execute(text("SELECT 1")).scalar_one() == 1 else 4)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    with reading(store.engine) as connection:
        assert raw(connection) == held


def test_a_file_put_back_is_opened_anew(tmp_path: Path) -> None:
    place, copy = tmp_path / "a.db", tmp_path / "copy.db"
    store = Store.open(f"sqlite:///{place}", pooled=True)
    with writing(store.engine) as connection:
        connection.execute(text("CREATE TABLE old (n INTEGER)"))
    other = Store.open(f"sqlite:///{copy}")
    with writing(other.engine) as connection:
        connection.execute(text("CREATE TABLE new (n INTEGER)"))
    shutil.move(copy, place)
    for name in ("-wal", "-shm"):
        (tmp_path / f"a.db{name}").unlink(missing_ok=True)
    with writing(store.engine) as connection:
        connection.execute(text("INSERT INTO new VALUES (1)"))
    with reading(Store.open(f"sqlite:///{place}").engine) as connection:
        assert connection.execute(text("SELECT n FROM new")).scalar_one() == 1
