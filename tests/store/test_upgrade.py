"""A database of before the ledger: what it had seen stands in the ledger after the upgrade, in one transaction."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from pipeline import faults
from pipeline.conservation import breaches
from pipeline.ingest import Found, take_in
from pipeline.settings import Settings, load_settings
from pipeline.store import migrate
from pipeline.store.derived import drop_derived
from pipeline.store.engine import open_engine, reading, writing
from pipeline.store.queries import count_by_state
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.errors import EncryptedFile, UnreadableFile
from tests.making import extraction, warned

OLD_SIGHTINGS = """
UPDATE sightings SET
  state = CASE WHEN document_id IS NOT NULL THEN 'done' ELSE 'refused' END,
  tries = 2, code = 'encrypted', message = 'Tệp có mật khẩu.'
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder as the version before the ledger left it."""
    settings = load_settings({}, data=tmp_path / "data")
    store = Store.open(settings.database_url)
    for name in ("một", "hai", "ba"):
        path = tmp_path / f"{name}.txt"
        path.write_text(name, encoding="utf-8")
        seen, _ = take_in(Found(path), store, settings)
        if name != "ba":
            made = extraction(name)
            store.save(made if name == "một" else warned(made), seen)
        else:
            store.refuse(seen, EncryptedFile("Tệp có mật khẩu."))
    store.refuse(Seen("/vao/x.pdf", "x.pdf"), UnreadableFile("Không mở được tệp."))
    config = migrate._config()
    with writing(store.engine) as connection:
        config.attributes["connection"] = connection
        drop_derived(connection)
        command.downgrade(config, "0003")
        connection.execute(text(OLD_SIGHTINGS))
    return settings


def test_what_was_seen_stands_in_the_ledger(settings: Settings) -> None:
    store = Store.open(settings.database_url)
    assert count_by_state(store) == {"done": 1, "done_with_warnings": 1, "rejected": 2}
    assert list(breaches(store, settings)) == []


def test_an_upgrade_that_is_killed_leaves_the_old_schema(settings: Settings) -> None:
    child = os.fork()
    if child == 0:
        faults.arm("migrate.writing")
        Store.open(settings.database_url)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with reading(open_engine(settings.database_url)) as connection:
        assert migrate.revision(connection) == "0003"
    test_what_was_seen_stands_in_the_ledger(settings)
