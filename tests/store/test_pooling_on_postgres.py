"""Connections that the desk keeps open on PostgreSQL: one after another, over a fork, over a server that restarts."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import text

from pipeline.store.engine import open_engine, reading, together, writing
from pipeline.store.listed import find_listed
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from tests.making import extraction
from tests.postgres_server import Server

pytestmark = pytest.mark.slow
WHO = text("SELECT pg_backend_pid()")


@pytest.fixture
def store(postgres: str) -> Store:
    with writing(open_engine(postgres)) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    store = Store.open(postgres, pooled=True)
    made = extraction("văn bản", "a.txt")
    source = made.raw.source
    store.save(made, Seen("/vao/a.txt", "a.txt", source.sha256, source.size, "Lê Chân"))
    return store


def backend(store: Store) -> int:
    with reading(store.engine) as connection:
        return int(connection.execute(WHO).scalar_one())


def test_one_connection_serves_transaction_after_transaction(store: Store) -> None:
    first = backend(store)
    assert {backend(store) for _ in range(5)} == {first}
    with together(store.engine):
        assert backend(store) == first
    with writing(store.engine) as connection:
        assert connection.execute(WHO).scalar_one() == first


def test_a_child_neither_uses_nor_closes_what_its_parent_holds(store: Store) -> None:
    with reading(store.engine) as connection:
        held = connection.execute(WHO).scalar_one()
        child = os.fork()
        if child == 0:
            os._exit(3 if backend(store) != held else 4)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        assert connection.execute(WHO).scalar_one() == held
    assert backend(store) == held


def test_a_server_that_restarted_is_asked_anew(store: Store, server: Server) -> None:
    wanted = TaskFilter(words="đối thoại").page(1, 50)
    before = find_listed(store, wanted)
    assert before.rows
    server.restart()
    assert find_listed(store, wanted) == before


def test_connections_that_the_server_ended_are_opened_anew(store: Store, postgres: str) -> None:
    held = backend(store)
    with reading(open_engine(postgres)) as other:
        other.execute(text("SELECT pg_terminate_backend(:held)"), {"held": held})
    assert backend(store) != held
