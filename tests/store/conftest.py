"""A throw-away PostgreSQL server for the tests of the store, and a store on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.store.engine import open_engine, writing
from pipeline.store.store import Store
from tests.postgres_server import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A throw-away server where its programs are installed."""
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def postgres(server: Server) -> str:
    """The address of a throw-away server."""
    return server.url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        return Store.open(f"sqlite:///{tmp_path}/a/kho.db")
    url = request.getfixturevalue("postgres")
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return Store.open(url)
