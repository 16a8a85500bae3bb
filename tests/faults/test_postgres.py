"""The database server is killed and comes back, and its connections are ended, while several workers read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.conservation import breaches
from pipeline.crew import Crew
from pipeline.settings import load_settings
from pipeline.store.engine import open_engine, writing
from pipeline.store.queries import count_by_state, find_tasks
from pipeline.store.store import Store
from pipeline.watch.scan import Look, Watched, scan_once
from tests.bad_files import GOOD_TEXT
from tests.store.conftest import Server
from tests.store.conftest import server as server  # the fixture

END_ALL = """
import sys
from sqlalchemy import create_engine, text

sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'u'"
create_engine(sys.argv[1]).connect().execute(text(sql))
"""


def end_connections(server: Server) -> None:
    """From a process of its own: this one has connections that must feel it."""
    subprocess.run([sys.executable, "-c", END_ALL, server.url], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("harm", [lambda server: server.restart(), end_connections], ids=["restart", "ended"])
def test_a_server_that_restarts_loses_and_repeats_nothing(
    server: Server, inbox: Path, tmp_path: Path, kit: Any, harm: Callable[[Server], None]
) -> None:
    with writing(open_engine(server.url)) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    settings = load_settings({}, data=tmp_path / "data", database=server.url)
    for number in range(40):
        (inbox / "Lê Chân" / f"{number}.txt").write_text(f"{GOOD_TEXT}{number + 2}. Việc.", encoding="utf-8")
    store = Store.open(settings.database_url)
    scan_once([Watched(inbox)], store, settings, Look(0.0, 0.0))
    with Crew(settings, kit, 3, hasty=True) as crew:
        read = 0
        while read < 5:
            read += len(list(crew.poll(5.0)))
        harm(server)
        list(crew.outcomes())
    assert count_by_state(store) == {"done": 40}
    assert len(find_tasks(store).rows) == 40 * 3
    assert list(breaches(store, settings)) == []
