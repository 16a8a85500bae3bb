"""Folders that may only be read, and a database that is alone on a full disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.settings import Settings, load_settings
from pipeline.store.store import Store
from schemas.errors import StoreError
from tests.faults.ledger_check import check, hashes_of
from tests.faults.one_pass import pass_over
from tests.faults.test_disk_and_files import fill, small_disk

ROOT = Path(__file__).resolve().parents[2]
# Root may write anywhere; without these rights the permissions of a folder hold for root as for anybody.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
assert small_disk  # a fixture


@pytest.fixture
def as_anybody(tmp_path: Path) -> tuple[str, ...]:
    """What stands before a command so that permissions hold for it."""
    command: tuple[str, ...] = AS_ANYBODY if os.geteuid() == 0 else ()
    if command and not shutil.which(command[0]):
        pytest.skip("no setpriv")
    closed = tmp_path / "đóng"
    closed.mkdir(mode=0o555)
    tried = subprocess.run([*command, "touch", str(closed / "x")], capture_output=True, check=False)
    if not tried.returncode:
        pytest.skip("permissions do not hold here")
    return command


def ingest(inbox: Path, data: Path, *before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-m", "pipeline", "ingest", str(inbox), "--data", str(data)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_folder_that_may_only_be_read_is_read(inbox: Path, settings: Settings, as_anybody: tuple[str, ...]) -> None:
    dropped = fill(inbox, 2)
    before = sorted(path.name for path in inbox.rglob("*"))
    for folder in (inbox / "Lê Chân", inbox):
        folder.chmod(0o555)
    try:
        done = ingest(inbox, settings.data, *as_anybody)
    finally:
        for folder in (inbox, inbox / "Lê Chân"):
            folder.chmod(0o755)
    assert done.returncode in (0, 3), done.stderr
    assert sorted(path.name for path in inbox.rglob("*")) == before
    assert check(settings.data, dropped) == []


def test_a_data_folder_that_may_only_be_read_is_said_in_one_sentence(
    inbox: Path, settings: Settings, as_anybody: tuple[str, ...]
) -> None:
    dropped = fill(inbox, 1)
    assert ingest(inbox, settings.data).returncode in (0, 3)
    fill(inbox, 2)
    folders = [settings.data, *(path for path in settings.data.rglob("*") if path.is_dir())]
    files = [path for path in settings.data.rglob("*") if path.is_file()]
    for path in (*files, *reversed(folders)):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        refused = ingest(inbox, settings.data, *as_anybody)
    finally:
        for path in (*folders, *files):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert refused.returncode not in (0, 1, 3)
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "Traceback" not in refused.stderr
    assert ingest(inbox, settings.data).returncode in (0, 3)
    assert check(settings.data, dropped | hashes_of(inbox)) == []


def test_a_database_alone_on_a_full_disk_loses_nothing(
    small_disk: Path, inbox: Path, tmp_path: Path, kit: Any
) -> None:
    del kit
    settings = load_settings({}, data=tmp_path / "data", database=f"sqlite:///{small_disk / 'giaoviec.db'}")
    Store.open(settings.database_url)
    ballast = small_disk / "đầy"
    ballast.write_bytes(b"x" * max(0, shutil.disk_usage(small_disk).free - 60_000))
    dropped = fill(inbox, 12)
    with pytest.raises(StoreError) as refused:
        pass_over(inbox, settings, move=False)
    assert "\n" not in str(refused.value)
    assert hashes_of(inbox) == dropped
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    pass_over(inbox, settings)
    shutil.copyfile(small_disk / "giaoviec.db", settings.data / "giaoviec.db")
    assert check(settings.data, dropped) == []
