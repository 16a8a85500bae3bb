"""What the power may take: the order in which bytes, names and the database reach the disk, as the system sees it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.conservation import breaches
from pipeline.settings import Settings
from pipeline.store.store import Store
from tests.bad_files import GOOD_TEXT

MOST_KILLS = 10
CALLS = "fsync,fdatasync,rename,renameat,renameat2"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
]


def traced(inbox: Path, settings: Settings, log: Path, *inject: str) -> int:
    """Run one pass of the watcher under strace; return how it ended."""
    command = ["strace", "-f", "-y", "-o", str(log), "-e", f"trace={CALLS}", *inject]
    watch = [sys.executable, "-m", "pipeline", "watch", str(inbox), "--once", "--still", "0", "--move", "--jobs", "1"]
    done = subprocess.run(
        [*command, *watch, "--data", str(settings.data)],
        capture_output=True,
        check=False,
        timeout=300,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    return done.returncode


def first(lines: list[str], after: int, pattern: str) -> int:
    """Return the place of the first line behind `after` that matches."""
    for number in range(after + 1, len(lines)):
        if re.search(pattern, lines[number]):
            return number
    raise AssertionError(f"nothing like {pattern} behind line {after} of\n" + "\n".join(lines))


def test_each_step_is_on_the_disk_before_the_next(inbox: Path, settings: Settings, tmp_path: Path) -> None:
    (inbox / "a.txt").write_text(GOOD_TEXT, encoding="utf-8")
    Store.open(settings.database_url)
    assert traced(inbox, settings, tmp_path / "log") in (0, 3)
    lines = (tmp_path / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    copied = first(lines, -1, r"fsync\(\d+<\S*originals/tmp/")
    renamed = first(lines, copied, r"rename\S*\(.*originals/tmp/.*originals/[0-9a-f]{2}/[0-9a-f]{64}")
    named = first(lines, renamed, r"fsync\(\d+<\S*originals/[0-9a-f]{2}>")
    entered = first(lines, named, r"f(data)?sync\(\d+<\S*giaoviec\.db-wal>")
    moved = first(lines, entered, r"rename\S*\(.*da_xu_ly")
    assert sum(bool(re.search(r"sync\(\d+<\S*giaoviec\.db-wal>", line)) for line in lines[entered:moved]) >= 3
    assert not any("da_xu_ly" in line for line in lines[:entered])


@pytest.mark.parametrize("call", ["fsync", "rename,renameat,renameat2"])
def test_a_kill_at_any_call_loses_nothing(inbox: Path, settings: Settings, tmp_path: Path, call: str) -> None:
    """The program dies at its N-th call, for N = 1, 2 …; each time it goes on from there, with a file more."""
    for number in range(1, MOST_KILLS + 1):
        (inbox / f"{number}.txt").write_text(f"{GOOD_TEXT}{number + 2}. Việc.", encoding="utf-8")
        code = traced(inbox, settings, tmp_path / "log", "-e", f"inject={call}:signal=SIGKILL:when={number}")
        if code in (0, 3):
            break
    assert traced(inbox, settings, tmp_path / "log") in (0, 3)
    store = Store.open(settings.database_url)
    assert list(breaches(store, settings)) == []
    assert store.ledger.idle()
    assert sorted(path.name for path in inbox.iterdir() if path.is_file()) == []
    assert len(list((inbox / "da_xu_ly").iterdir())) == number
