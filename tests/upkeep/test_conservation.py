"""The proof finds each kind of loss, and nothing where nothing is lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.conservation import breaches
from pipeline.ingest import tidy
from pipeline.processes import temporary_prefix
from pipeline.store.engine import writing
from pipeline.store.originals import place_of
from pipeline.store.standing import overview
from pipeline.store.states import State

from .conftest import House


def said(house: House) -> list[str]:
    return list(breaches(house.store, house.settings))


def execute(house: House, statement: str, **values: str) -> None:
    with writing(house.store.engine) as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text(statement), values)


def test_all_is_well(house: House) -> None:
    assert said(house) == []
    found = overview(house.store)
    assert found.hashes == {"done": 1, "rejected": 1, "waiting": 1}
    assert found.count(State.DONE) == 1
    assert found.oldest
    assert found.oldest[0].endswith("waiting.txt")
    assert [line["code"] for line in found.unread] == ["encrypted"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM documents", "không có văn bản"),
        ("DELETE FROM tasks WHERE ordinal = 0", "số dòng"),
        ("UPDATE tasks SET ordinal = 1", "hai dòng"),
        ("UPDATE ledger SET state = 'rejected' WHERE state = 'done'", "sổ ghi là không đọc được"),
        ("DELETE FROM ledger WHERE state = 'waiting'", "không có trong sổ"),
        ("DELETE FROM sightings", "không rõ tệp nào"),
    ],
)
def test_what_contradicts_itself_is_said(house: House, statement: str, words: str) -> None:
    execute(house, statement)
    assert any(words in line for line in said(house)), said(house)


@pytest.mark.parametrize("name", ["read", "refused", "waiting"])
def test_a_lost_or_changed_original_is_said(house: House, name: str) -> None:
    place = place_of(house.settings.originals, house.hashes[name])
    place.chmod(0o640)
    place.write_bytes(b"khac")
    (line,) = said(house)
    assert "không còn nguyên vẹn" in line
    place.unlink()
    (line,) = said(house)
    assert "không còn tệp gốc" in line


def test_an_unknown_original_is_said(house: House) -> None:
    (house.settings.originals / "ab").mkdir(exist_ok=True)
    (house.settings.originals / "ab" / ("ab" * 32)).write_bytes(b"x")
    (line,) = said(house)
    assert "không có trong sổ" in line


def test_what_a_killed_process_left_is_said_and_tidied(house: House) -> None:
    folder = house.settings.originals / "tmp"
    code = f"""
import os, pathlib, tempfile
from pipeline.processes import temporary_prefix
folder = pathlib.Path({str(folder)!r})
(folder / (temporary_prefix() + "x")).write_text("x")
(pathlib.Path(tempfile.mkdtemp(dir=folder, prefix=temporary_prefix())) / "y").write_text("y")
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], check=False, env=os.environ | {"PYTHONPATH": os.getcwd()})
    mine = folder / f"{temporary_prefix()}z"
    mine.write_text("z")
    assert len(said(house)) == 2
    tidy(house.settings)
    assert said(house) == []
    assert list(folder.iterdir()) == [mine]


def test_a_claim_of_a_dead_process_is_said(house: House) -> None:
    code = f"""
import os
from pipeline.store.store import Store
assert Store.open({house.settings.database_url!r}).ledger.claim()
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], check=False, env=os.environ | {"PYTHONPATH": os.getcwd()})
    (line,) = said(house)
    assert "chưa trả lại" in line
    assert house.store.ledger.claim()
    assert said(house) == []


def test_a_damaged_database_is_said(house: House, tmp_path: Path) -> None:
    path = tmp_path / "data" / "giaoviec.db"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 2, len(content) // 2 + 4096):
        content[at] = 255
    path.write_bytes(content)
    assert said(house)
