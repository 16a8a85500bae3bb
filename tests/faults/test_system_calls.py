"""Killed, or refused by the disk, at the N-th system call of a kind, for all N; SQLite tests itself in this way.

The calls are struck by a small preloaded library (`strike.c`), each by its own name: nearly all are SQLite's, and in
a common count the few of the originals would never be met.
"""

from __future__ import annotations

import errno
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
from tests.faults.pass_server import PassServer, build, pass_server

ROOT = Path(__file__).resolve().parents[2]
CALLS = ("fsync", "fdatasync", "rename", "link", "unlink", "unlinkat", "rmdir", "ftruncate", "write", "pwrite64")
FAILING = (*CALLS, "mkdir")
OTHER_NAMES = ("renameat", "renameat2", "linkat", "truncate", "writev", "pwritev", "sendfile", "copy_file_range")
"""Calls that do the same and that a pass does not make; one that it makes one day wants to be struck too."""
AT_ONCE = 2
MEMORY_DISK = Path("/dev/shm")
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


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
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleQueue[PassServer]]:
    """Warm processes, to be taken and put back."""
    if not shutil.which("cc"):
        pytest.skip("no C compiler is installed")
    library = build(tmp_path_factory.mktemp("strike"))
    idle: SimpleQueue[PassServer] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(AT_ONCE):
            idle.put(stack.enter_context(pass_server(library)))
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


def count(servers: SimpleQueue[PassServer], folder: Path, call: str, error: int) -> int:
    """Return how many calls of a pass can be met by a kill, or by an error of the disk."""
    server = servers.get()
    run = server.run(dropped(folder), folder / "data", call, error=error)
    servers.put(server)
    assert (run.code, run.struck) == (0, False), run.said
    return run.made


def let_time_pass(data: Path) -> None:
    """Have it be later: what a fault of the machine put off for some minutes is due."""
    if not (data / "giaoviec.db").exists():
        return
    with closing(sqlite3.connect(data / "giaoviec.db")) as base, base:
        if base.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").fetchone():
            base.execute("UPDATE ledger SET until = 0 WHERE state = 'retry'")


def strike(server: PassServer, folder: Path, call: str, number: int, error: int) -> tuple[bool, list[str]]:
    """Provoke a fault at the N-th call, run again, check; return whether the fault was met, and the rows."""
    folder.mkdir()
    inbox, data, what = dropped(folder), folder / "data", f"{call} {number}: {errno.errorcode.get(error, 'kill')}"
    all_hashes = hashes_of(inbox)
    struck = server.run(inbox, data, call, number, error)
    assert struck.code in (0, 1) or (not error and struck.code == -signal.SIGKILL), f"{what}: {struck}"
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
    return struck.struck, rows


def strike_all(servers: SimpleQueue[PassServer], room: Path, right: list[str], call: str, error: int = 0) -> None:
    """Strike at every N, two at once; the rows must be right after each. One further N meets nothing."""

    def one(number: int) -> tuple[bool, list[str]]:
        server = servers.get()
        try:
            return strike(server, room / str(number), call, number, error)
        finally:
            servers.put(server)

    most = count(servers, room, call, error)
    assert most > 0, f"a pass makes no {call}"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one, range(1, most + 2)))
    assert [met for met, _ in found] == [True] * most + [False]
    assert [number for number, (_, rows) in enumerate(found, 1) if rows != right] == []


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_a_kill_at_every_call_loses_nothing(
    call: str, servers: SimpleQueue[PassServer], right: list[str], room: Path
) -> None:
    strike_all(servers, room, right, call)


@pytest.mark.slow
@pytest.mark.parametrize(("call", "error"), itertools.product(FAILING, ("EIO", "ENOSPC")))
def test_an_error_of_the_disk_at_every_call_loses_nothing(
    call: str, error: str, servers: SimpleQueue[PassServer], right: list[str], room: Path
) -> None:
    strike_all(servers, room, right, call, getattr(errno, error))


@needs_strace
def test_the_library_meets_every_call_that_strace_sees(servers: SimpleQueue[PassServer], tmp_path: Path) -> None:
    """And no call that changes a disk goes by another name."""
    if not may_trace():
        pytest.skip("strace may not trace here")
    inbox, log = dropped(tmp_path), tmp_path / "log"
    traced = f"trace={','.join(CALLS + OTHER_NAMES)}"
    assert one_pass(inbox, tmp_path / "data", "strace", "-f", "-y", "-o", str(log), "-e", traced).returncode == 0
    begun = re.findall(r"^\d+ +(\w+)\((?!.*/dev/shm/)", log.read_text("utf-8", "replace"), re.MULTILINE)
    for call in CALLS:
        (tmp_path / call).mkdir()
        assert count(servers, tmp_path / call, call, 0) == begun.count(call), Counter(begun)
    assert [call for call in OTHER_NAMES if call in begun] == []


def test_a_kill_at_a_sync_in_the_middle_loses_nothing(
    servers: SimpleQueue[PassServer], right: list[str], room: Path
) -> None:
    server = servers.get()
    assert strike(server, room / "3", "fsync", 3, 0) == (True, right)
    servers.put(server)


def one_pass(inbox: Path, data: Path, *under: str) -> subprocess.CompletedProcess[str]:
    """Run a pass in a process of its own, `under` strace; bytecode is not written."""
    command = [*under, sys.executable, "-B", "-m", "tests.faults.one_pass", str(inbox), str(data)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(data.parent)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@needs_strace
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
