"""Full disks, files that change while read, slow and stopped copiers, locks, floods of files, a stop amid OCR."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.crew import work_off
from pipeline.settings import Settings, load_settings
from pipeline.store.store import Store
from pipeline.watch.scan import Look, Watched, scan_once
from schemas.errors import StoreError
from tests.bad_files import GOOD_TEXT
from tests.faults.ledger_check import check, hashes_of, task_ids
from tests.faults.one_pass import pass_over

ROOT = Path(__file__).resolve().parents[2]


def fill(inbox: Path, count: int) -> set[str]:
    for number in range(count):
        (inbox / "Lê Chân" / f"{number}.txt").write_text(f"{GOOD_TEXT}{number + 2}. Việc.", encoding="utf-8")
    return hashes_of(inbox)


def started(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(seconds: float, is_so: Any) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.3)
    return bool(is_so())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1.5 MB; needs the right to mount."""
    place = tmp_path / "đĩa"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_data_folder_loses_nothing_and_goes_on(small_disk: Path, inbox: Path, kit: Any) -> None:
    del kit
    settings = load_settings({}, data=small_disk / "data")
    Store.open(settings.database_url)
    ballast = small_disk / "đầy"
    ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 120_000))
    for number in range(40):
        text = f"{GOOD_TEXT}{number}. Việc. " * 60
        (inbox / "Lê Chân" / f"{number}.txt").write_text(text, encoding="utf-8")
    dropped = hashes_of(inbox)
    with pytest.raises(StoreError) as refused:
        pass_over(inbox, settings, move=False)
    assert "\n" not in str(refused.value)
    assert hashes_of(inbox) == dropped
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    pass_over(inbox, settings)
    assert check(settings.data, dropped) == []
    assert hashes_of(inbox) == dropped


@pytest.mark.slow
def test_a_full_folder_for_temporary_files_is_waited_out(
    small_disk: Path, inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(inbox, 2)
    ballast = small_disk / "đầy"
    ballast.write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    run = started("ingest", inbox, "--data", settings.data, TMPDIR=str(small_disk))
    said = run.communicate(timeout=300)[1]
    assert run.returncode not in (0, 1)
    assert "Traceback" not in said
    ballast.unlink()
    again = started("ingest", inbox, "--data", settings.data, TMPDIR=str(small_disk))
    said = again.communicate(timeout=300)[1]
    assert again.returncode in (0, 3), said
    assert check(settings.data, hashes_of(inbox)) == []


@pytest.mark.slow
def test_a_database_that_is_locked_for_40_seconds_is_waited_for(inbox: Path, settings: Settings, kit: Any) -> None:
    dropped = fill(inbox, 8)
    store = Store.open(settings.database_url)
    scan_once([Watched(inbox)], store, settings, Look(0.0, 0.0))
    code = f"""
import sqlite3, time
other = sqlite3.connect({str(settings.data / "giaoviec.db")!r}, isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(40)
"""
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert other.stdout
    other.stdout.readline()
    work_off(settings, kit, 2)  # type: ignore[arg-type]
    other.wait()
    assert check(settings.data, dropped) == []
    assert len(task_ids(settings.data)) == 8 * 3


@pytest.mark.slow
def test_5000_files_dropped_while_nobody_watched_are_all_taken_in(inbox: Path, settings: Settings) -> None:
    dropped = fill(inbox, 5000)
    store = Store.open(settings.database_url)
    scan_once([Watched(inbox)], store, settings, Look(0.0, 0.0))
    assert check(settings.data, dropped, final={"waiting"}) == []
    begun = time.monotonic()
    scan_once([Watched(inbox)], store, settings, Look(0.0, 0.0))
    assert time.monotonic() - begun < 60
    assert check(settings.data, dropped, final={"waiting"}) == []


def test_a_file_that_is_rewritten_while_it_is_read_is_never_mixed(inbox: Path, settings: Settings, kit: Any) -> None:
    del kit
    place = inbox / "Lê Chân" / "đổi.txt"
    versions = [f"{GOOD_TEXT}{letter * 400_000}\n".encode() for letter in "ab"]
    over = threading.Event()

    def rewrite() -> None:
        turn = 0
        while not over.is_set():
            with open(place, "r+b") as stream:
                stream.write(versions[turn % 2])
            turn += 1

    place.write_bytes(versions[0])
    writer = threading.Thread(target=rewrite)
    writer.start()
    store = Store.open(settings.database_url)
    try:
        for _ in range(10):
            scan_once([Watched(inbox)], store, settings, Look(0.0, 0.0))
    finally:
        over.set()
        writer.join()
    place.write_bytes(versions[1])
    pass_over(inbox, settings, move=False)
    last = hashes_of(inbox)
    kept = {path.name for path in settings.originals.glob("??/*")}
    assert last <= kept
    assert check(settings.data, kept) == []


@pytest.mark.slow
def test_a_copier_that_is_slow_or_stands_still_is_waited_for(inbox: Path, settings: Settings) -> None:
    """4 kB every 0.1 s, standing still in the middle for three times as long as a file must stand still."""
    whole = (ROOT / "sample_docs/typed/000_le_chan.docx").read_bytes()
    watcher = started("watch", inbox, "--data", settings.data, "--still", "1", "--every", "0.5")
    try:
        with open(inbox / "Lê Chân" / "chậm.docx", "wb", buffering=0) as stream:
            for at in range(0, len(whole), 4096):
                stream.write(whole[at : at + 4096])
                time.sleep(3.0 if at == 4096 * 5 else 0.1)
        assert wait_for(600, lambda: (settings.data / "giaoviec.db").exists() and task_ids(settings.data))
    finally:
        watcher.terminate()
        said = watcher.communicate(timeout=120)[1]
    assert watcher.returncode == 143, said
    assert "Traceback" not in said
    assert check(settings.data, hashes_of(inbox)) == []


@pytest.mark.slow
def test_a_stop_amid_ocr_ends_soon_and_the_scan_is_read_the_next_time(inbox: Path, settings: Settings) -> None:
    shutil.copy(ROOT / "sample_docs/scans/000_le_chan.pages.tiff", inbox / "Lê Chân")
    temporary = settings.data.parent / "tmp"
    temporary.mkdir()
    run = started("ingest", inbox, "--data", settings.data, TMPDIR=str(temporary))
    assert wait_for(120, lambda: any(temporary.glob("giaoviec-*/stderr.txt")))
    time.sleep(1.0)
    begun = time.monotonic()
    run.send_signal(signal.SIGTERM)
    said = run.communicate(timeout=30)[1]
    assert time.monotonic() - begun < 10
    assert (run.returncode, "Traceback" in said) == (143, False)
    assert not list(temporary.glob("giaoviec-*"))
    assert check(settings.data, hashes_of(inbox), final={"waiting"}) == []
    again = started("ingest", inbox, "--data", settings.data, TMPDIR=str(temporary))
    said = again.communicate(timeout=300)[1]
    assert again.returncode in (0, 3), said
    assert check(settings.data, hashes_of(inbox)) == []


@pytest.mark.slow
@pytest.mark.parametrize("jump", [-86_400.0, 31_536_000.0])
def test_files_whose_time_is_set_back_or_ahead_are_read(
    inbox: Path, settings: Settings, kit: Any, jump: float
) -> None:
    del kit
    dropped = fill(inbox, 3)
    for path in (inbox / "Lê Chân").iterdir():
        os.utime(path, (time.time() + jump, time.time() + jump))
    pass_over(inbox, settings)
    assert check(settings.data, dropped) == []
