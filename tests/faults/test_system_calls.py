"""Killed, or refused by the disk, at the N-th system call of a kind, for all N; SQLite tests itself in this way.

strace counts each system call by itself and in each process, so that every call is struck by its own name.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.bad_files import GOOD_TEXT
from tests.faults.ledger_check import check, hashes_of, task_ids
from tests.faults.pass_server import PassServer, pass_server

ROOT = Path(__file__).resolve().parents[2]
CALLS = ("fsync", "fdatasync", "rename", "link", "unlink", "unlinkat", "rmdir", "ftruncate", "write", "pwrite64")
OTHER_NAMES = ("renameat", "renameat2", "linkat", "truncate", "writev", "pwritev", "sendfile", "copy_file_range")
"""Calls that do the same and that a pass does not make; one that it makes one day wants to be struck too."""
AT_ONCE = 2
MEMORY_DISK = Path("/dev/shm")
pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


def may_trace() -> bool:
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


def dropped(folder: Path) -> Path:
    inbox = folder / "vào"
    (inbox / "Lê Chân").mkdir(parents=True)
    for number in range(2):
        (inbox / "Lê Chân" / f"{number}.txt").write_text(f"{GOOD_TEXT}{number + 2}. Việc.", encoding="utf-8")
    (inbox / "trống.txt").write_bytes(b" \n ")
    return inbox


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is such a disk: a kill loses nothing that was written, synced or not."""
    if not os.access(MEMORY_DISK, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK, prefix="calls-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def servers() -> Iterator[SimpleQueue[PassServer]]:
    """Warm processes, to be taken and put back."""
    if not may_trace():
        pytest.skip("strace may not trace here")
    idle: SimpleQueue[PassServer] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(AT_ONCE):
            idle.put(stack.enter_context(pass_server()))
        yield idle


@pytest.fixture(scope="module")
def right(servers: SimpleQueue[PassServer], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The rows of a run without a fault."""
    folder, server = tmp_path_factory.mktemp("right"), servers.get()
    inbox = dropped(folder)
    run = server.run(inbox, folder / "data")
    servers.put(server)
    assert run.code == 0, run.said
    assert check(folder / "data", hashes_of(inbox)) == []
    return task_ids(folder / "data")


@pytest.fixture(scope="module")
def counts(servers: SimpleQueue[PassServer], tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How often the busiest process of a pass makes each call."""
    folder, server = tmp_path_factory.mktemp("counts"), servers.get()
    run = server.run(dropped(folder), folder / "data", "-f", "-e", f"trace={','.join(CALLS + OTHER_NAMES)}")
    servers.put(server)
    made = Counter(re.findall(r"^(\d+) +(\w+)\(", run.log, re.MULTILINE))
    return {
        call: max((n for (_, name), n in made.items() if name == call), default=0) for call in CALLS + OTHER_NAMES
    }


def let_time_pass(data: Path) -> None:
    """Have it be later: what a fault of the machine put off for some minutes is due."""
    if not (data / "giaoviec.db").exists():
        return
    with closing(sqlite3.connect(data / "giaoviec.db")) as base, base:
        if base.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").fetchone():
            base.execute("UPDATE ledger SET until = 0 WHERE state = 'retry'")


def strike(server: PassServer, folder: Path, call: str, fault: str, number: int) -> tuple[bool, list[str]]:
    """Provoke a fault at the N-th call, run again, check; return whether the fault was met, and the rows."""
    folder.mkdir()
    inbox, data, what = dropped(folder), folder / "data", f"{call} {number}: {fault}"
    all_hashes = hashes_of(inbox)
    kills = "SIGKILL" in fault
    whom = ["-f"] if kills else []  # a reader writes to a pipe alone, which no disk refuses
    struck = server.run(inbox, data, *whom, "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}")
    met = "INJECTED" in struck.log or struck.code == -signal.SIGKILL
    assert struck.code in (0, 1) or kills, f"{what}: {struck.code} {struck.said}"
    assert "Traceback" not in struck.said, f"{what}: {struck.said}"
    for _ in range(2):
        let_time_pass(data)
        again = server.run(inbox, data)
        assert again.code == 0, f"{what}: {again.said}"
    assert check(data, all_hashes) == [], what
    assert hashes_of(inbox) == all_hashes, f"{what}: a dropped file changed or is gone"
    assert list(folder.glob("giaoviec-*")) == [], f"{what}: a temporary folder is left"
    rows = task_ids(data)
    shutil.rmtree(folder)
    return met, rows


def strike_all(servers: SimpleQueue[PassServer], room: Path, call: str, fault: str, most: int) -> list[list[str]]:
    """Strike at every N from 1 to `most`, two at once; return the rows of each. One further N meets nothing."""

    def one(number: int) -> tuple[bool, list[str]]:
        server = servers.get()
        try:
            return strike(server, room / str(number), call, fault, number)
        finally:
            servers.put(server)

    assert most > 0, f"a pass makes no {call}"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one, range(1, most + 2)))
    assert [met for met, _ in found] == [True] * most + [False]
    return [rows for _, rows in found]


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_a_kill_at_every_call_loses_nothing(
    call: str, servers: SimpleQueue[PassServer], counts: dict[str, int], right: list[str], room: Path
) -> None:
    found = strike_all(servers, room, call, "signal=SIGKILL", counts[call])
    assert [number for number, rows in enumerate(found, 1) if rows != right] == []


@pytest.mark.slow
@pytest.mark.parametrize(("call", "error"), itertools.product(CALLS, ("EIO", "ENOSPC")))
def test_an_error_of_the_disk_at_every_call_loses_nothing(
    call: str, error: str, servers: SimpleQueue[PassServer], counts: dict[str, int], right: list[str], room: Path
) -> None:
    found = strike_all(servers, room, call, f"error={error}", counts[call])
    assert [number for number, rows in enumerate(found, 1) if rows != right] == []


def test_no_call_that_changes_a_disk_is_left_out(counts: dict[str, int]) -> None:
    assert [call for call in OTHER_NAMES if counts[call]] == []
    assert all(counts[call] for call in CALLS)


def test_a_kill_at_a_sync_in_the_middle_loses_nothing(
    servers: SimpleQueue[PassServer], right: list[str], room: Path
) -> None:
    server = servers.get()
    assert strike(server, room / "3", "fsync", "signal=SIGKILL", 3) == (True, right)
    servers.put(server)


def one_pass(inbox: Path, data: Path, *under: str) -> subprocess.CompletedProcess[str]:
    """Run a pass in a process of its own, `under` strace; bytecode is not written."""
    command = [*under, sys.executable, "-B", "-m", "tests.faults.one_pass", str(inbox), str(data)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(data.parent)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_what_is_moved_was_synced_before_and_its_folder_too(tmp_path: Path) -> None:
    """The order that survives a power cut: fsync of the copy, rename, fsync of the folder, commit, then the move."""
    if not may_trace():
        pytest.skip("strace may not trace here")
    inbox, data = dropped(tmp_path), tmp_path / "data"
    log = tmp_path / "log"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat"
    assert one_pass(inbox, data, "strace", "-f", "-y", "-s", "400", "-o", str(log), "-e", calls).returncode == 0
    lines = [line for line in log.read_text().splitlines() if " = 0" in line]

    def first(*words: str, after: int = -1) -> int:
        found = [at for at, line in enumerate(lines) if at > after and all(word in line for word in words)]
        assert found, (words, lines)
        return found[0]

    for sha256 in hashes_of(inbox / "da_xu_ly"):
        renamed = first("rename", sha256)
        synced = [at for at, line in enumerate(lines[:renamed]) if "fsync" in line and "originals/tmp" in line]
        folder = first("fsync", f"originals/{sha256[:2]}>", after=renamed)
        commit = first("sync", "giaoviec.db", after=folder)
        assert synced
        assert commit < first("da_xu_ly", after=commit)
