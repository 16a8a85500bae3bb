"""The ledger on PostgreSQL: several crews at once, the server restarted beneath them, a backup of it."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.backup import back_up, bring_back
from pipeline.conservation import breaches
from pipeline.crew import Crew
from pipeline.settings import Settings, load_settings
from pipeline.store.engine import open_engine, writing
from pipeline.store.queries import count_by_state, find_tasks
from pipeline.store.store import Store
from pipeline.watch.scan import Watched, scan_once
from tests.making import extraction, rows

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path, postgres: str) -> Settings:
    empty(postgres)
    return load_settings({}, data=tmp_path / "data", database=postgres)


def empty(url: str) -> None:
    with writing(open_engine(url)) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> Any:
    from extractors.readers import open_source, read

    def extract_file(path: Path, _kit: object) -> Any:
        raw = read(open_source(path))
        return replace(extraction(), raw=raw, rows=rows(raw.source.document_id), warnings=raw.warnings)

    module = types.ModuleType("pipeline.run")
    module.__dict__["extract_file"] = extract_file
    monkeypatch.setitem(sys.modules, "pipeline.run", module)
    monkeypatch.setattr("pipeline.run", module, raising=False)
    return object()


def drop(tmp_path: Path, settings: Settings, count: int) -> Store:
    folder = tmp_path / "vào" / "Lê Chân"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.txt").write_text(f"KẾ HOẠCH {number}\nI. NỘI DUNG\n1. Việc.", encoding="utf-8")
    store = Store.open(settings.database_url)
    scan_once([Watched(tmp_path / "vào")], store, settings)
    return store


def test_two_crews_share_the_work(tmp_path: Path, settings: Settings, kit: Any) -> None:
    store = drop(tmp_path, settings, 40)
    with Crew(settings, kit, 2) as one, Crew(settings, kit, 2) as two:
        told = [outcome.sha256 for crew in (one, two) for outcome in crew.outcomes()]
    assert len(told) == len(set(told)) == 40
    assert list(breaches(store, settings)) == []


def test_a_restart_of_the_server_loses_nothing(tmp_path: Path, settings: Settings, kit: Any, server: Any) -> None:
    store = drop(tmp_path, settings, 40)
    with Crew(settings, kit, 2) as crew:
        told = list(crew.poll(20.0))
        server.restart()
        told += list(crew.outcomes())
    assert count_by_state(store) == {"done": 40}
    assert len(find_tasks(store).rows) == 40 * 3
    assert list(breaches(store, settings)) == []


def test_a_backup_goes_from_one_kind_of_database_to_the_other(
    tmp_path: Path, settings: Settings, kit: Any, postgres: str
) -> None:
    store = drop(tmp_path, settings, 5)
    with Crew(settings, kit, 1) as crew:
        assert len(list(crew.outcomes())) == 5
    before = find_tasks(store)
    back_up(settings, tmp_path / "một.tar")
    light = load_settings({}, data=tmp_path / "sqlite")
    bring_back(light, tmp_path / "một.tar")
    there = Store.open(light.database_url)
    assert find_tasks(there) == before
    assert list(breaches(there, light)) == []
    back_up(light, tmp_path / "hai.tar")
    empty(postgres)
    back = load_settings({}, data=tmp_path / "pg", database=postgres)
    bring_back(back, tmp_path / "hai.tar")
    assert find_tasks(store) == before
    assert list(breaches(store, back)) == []
    (tmp_path / "vào" / "mới.txt").write_text("KẾ HOẠCH mới\n1. Việc.", encoding="utf-8")
    scan_once([Watched(tmp_path / "vào")], store, back)
    with Crew(back, kit, 1) as crew:
        assert len(list(crew.outcomes())) == 1
