"""A backup is whole while others write, comes back as it was, and is refused where it is none."""

from __future__ import annotations

import os
import signal
import tarfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline import faults
from pipeline.backup import back_up, bring_back
from pipeline.conservation import breaches
from pipeline.ingest import Found, take_in
from pipeline.settings import load_settings
from pipeline.store.engine import writing
from pipeline.store.originals import place_of
from pipeline.store.queries import count_by_state, find_tasks
from pipeline.store.store import Store
from schemas.errors import StoreError, UnreadableFile
from tests.making import extraction

from .conftest import House


def test_what_is_brought_back_is_what_was_there(house: House, tmp_path: Path) -> None:
    saved = back_up(house.settings, tmp_path / "sao lưu.tar")
    assert saved.originals == 3
    new = load_settings({}, data=tmp_path / "mới")
    assert bring_back(new, tmp_path / "sao lưu.tar").originals == 3
    store = Store.open(new.database_url)
    assert find_tasks(store) == find_tasks(house.store)
    assert count_by_state(store) == count_by_state(house.store)
    assert list(breaches(store, new)) == []
    assert store.ledger.claim()
    with pytest.raises(StoreError, match="đã có dữ liệu"):
        bring_back(new, tmp_path / "sao lưu.tar")


def test_a_backup_while_others_write_is_of_one_moment(house: House, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            path = tmp_path / f"{number}.txt"
            path.write_text(f"nội dung {number}", encoding="utf-8")
            seen, _ = take_in(Found(path), house.store, house.settings)
            house.store.save(extraction(f"nội dung {number}"), seen)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_ in range(3):
            back_up(house.settings, tmp_path / f"{round_}.tar")
    finally:
        stop.set()
        writer.join()
    for round_ in range(3):
        new = load_settings({}, data=tmp_path / f"mới {round_}")
        bring_back(new, tmp_path / f"{round_}.tar")
        assert list(breaches(Store.open(new.database_url), new)) == []


def test_a_missing_original_is_said_and_no_half_backup_is_left(house: House, tmp_path: Path) -> None:
    place_of(house.settings.originals, house.hashes["read"]).unlink()
    (tmp_path / "ra").mkdir()
    with pytest.raises(StoreError, match="conservation"):
        back_up(house.settings, tmp_path / "ra" / "x.tar")
    assert list((tmp_path / "ra").iterdir()) == []


@pytest.mark.parametrize("harm", ["no tar", "cut", "flipped", "link", "newer"])
def test_what_is_no_backup_brings_nothing_back(house: House, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "x.tar"
    if harm == "newer":
        with writing(house.store.engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreError, match="phiên bản mới hơn"):
            back_up(house.settings, path)
        return
    back_up(house.settings, path)
    content = path.read_bytes()
    if harm == "no tar":
        path.write_bytes(b"x" * 5000)
    elif harm == "cut":
        path.write_bytes(content[: len(content) - 11_000])
    elif harm == "flipped":
        at = content.rindex(b"waiting")
        path.write_bytes(content[:at] + b"W" + content[at + 1 :])
    else:
        with tarfile.open(path, "w") as archive:
            entry = tarfile.TarInfo("giaoviec.db")
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)
    new = load_settings({}, data=tmp_path / "mới")
    with pytest.raises(UnreadableFile, match="không phải bản sao lưu"):
        bring_back(new, path)
    assert not (tmp_path / "mới" / "giaoviec.db").exists()


def test_a_backup_of_a_newer_version_is_refused(house: House, tmp_path: Path) -> None:
    back_up(house.settings, tmp_path / "x.tar")
    with tarfile.open(tmp_path / "x.tar") as archive:
        archive.extractall(tmp_path / "ra", filter="data")
    store = Store.open(f"sqlite:///{tmp_path}/ra/giaoviec.db")
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.engine.dispose()
    with tarfile.open(tmp_path / "y.tar", "w") as archive:
        archive.add(tmp_path / "ra", ".")
        archive.add(tmp_path / "ra" / "giaoviec.db", "giaoviec.db")
    with pytest.raises(StoreError, match="phiên bản mới hơn"):
        bring_back(load_settings({}, data=tmp_path / "mới"), tmp_path / "y.tar")


@pytest.mark.parametrize("stage", ["backup.copied", "backup.renamed"])
def test_a_backup_that_is_killed_leaves_nothing_half(house: House, tmp_path: Path, stage: str) -> None:
    (tmp_path / "ra").mkdir()
    child = os.fork()
    if child == 0:
        faults.arm(stage)
        back_up(house.settings, tmp_path / "ra" / "x.tar")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert (tmp_path / "ra" / "x.tar").exists() == (stage == "backup.renamed")
    back_up(house.settings, tmp_path / "ra" / "x.tar")
    assert [path.name for path in (tmp_path / "ra").iterdir()] == ["x.tar"]
    new = load_settings({}, data=tmp_path / "mới")
    assert bring_back(new, tmp_path / "ra" / "x.tar").originals == 3
    assert [path.name for path in new.data.iterdir() if path.name.startswith(".")] == []
