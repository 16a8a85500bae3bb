"""Killed, or refused by the disk, at the N-th system call of a kind, for all N; SQLite tests itself in this way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bad_files import GOOD_TEXT
from tests.faults.ledger_check import check, hashes_of, task_ids

ROOT = Path(__file__).resolve().parents[2]
CALLS = {
    "sync": "fsync,fdatasync",
    "rename": "rename,renameat,renameat2",
    "unlink": "unlink,unlinkat",
    "write": "pwrite64",
    "link": "link,linkat",
}
MOST = 400
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


def one_pass(inbox: Path, data: Path, *under: str) -> subprocess.CompletedProcess[str]:
    """Run a pass, `under` strace if asked; bytecode is not written, so that only the product's own calls count."""
    command = [*under, sys.executable, "-B", "-m", "tests.faults.one_pass", str(inbox), str(data)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(data.parent)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def expected(folder: Path) -> list[str]:
    """Return the rows of a run without a fault."""
    inbox = dropped(folder)
    run = one_pass(inbox, folder / "data")
    assert run.returncode == 0, run.stderr
    assert check(folder / "data", hashes_of(inbox)) == []
    return task_ids(folder / "data")


def strike(folder: Path, call: str, fault: str, number: int) -> bool:
    """Provoke a fault at the N-th call, run again, check; return whether the fault was met."""
    inbox, data = dropped(folder), folder / "data"
    all_hashes = hashes_of(inbox)
    inject = f"inject={CALLS[call]}:{fault}:when={number}"
    struck = one_pass(
        inbox, data, "strace", "-f", "-qq", "-o", str(folder / "log"), "-e", f"trace={CALLS[call]}", "-e", inject
    )
    met = "INJECTED" in (folder / "log").read_text() or struck.returncode == -signal.SIGKILL
    assert "Traceback" not in struck.stderr or "signal" in fault or "OSError" in struck.stderr, struck.stderr
    for _ in range(2):
        again = one_pass(inbox, data)
        assert again.returncode == 0, again.stderr
    assert check(data, all_hashes) == [], f"{call} {number}: {fault}"
    assert hashes_of(inbox) == all_hashes, "a dropped file changed or is gone"
    return met


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    if not may_trace():
        pytest.skip("strace may not trace here")
    return expected(tmp_path_factory.mktemp("right"))


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_a_kill_at_every_call_loses_nothing(call: str, right: list[str], tmp_path: Path) -> None:
    """Every N from 1 until the program ends by itself."""
    for number in range(1, MOST):
        folder = tmp_path / str(number)
        folder.mkdir()
        met = strike(folder, call, "signal=SIGKILL", number)
        assert task_ids(folder / "data") == right, f"{call} {number}"
        shutil.rmtree(folder)
        if not met:
            break
    assert 2 < number < MOST - 1, "the fault was not provoked, or always"


@pytest.mark.slow
@pytest.mark.parametrize("call", ["sync", "rename", "write", "link"])
@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC"])
def test_an_error_of_the_disk_at_every_call_loses_nothing(
    call: str, fault: str, right: list[str], tmp_path: Path
) -> None:
    for number in range(1, MOST):
        folder = tmp_path / str(number)
        folder.mkdir()
        met = strike(folder, call, fault, number)
        assert task_ids(folder / "data") == right, f"{call} {number}"
        shutil.rmtree(folder)
        if not met:
            break
    assert 2 < number < MOST - 1, "the fault was not provoked, or always"


def test_a_kill_at_a_sync_in_the_middle_loses_nothing(right: list[str], tmp_path: Path) -> None:
    assert strike(tmp_path, "sync", "signal=SIGKILL", 3)
    assert task_ids(tmp_path / "data") == right


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
