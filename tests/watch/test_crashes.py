"""The program killed at every named stage, then started again: nothing lost, nothing twice, nothing left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import faults
from pipeline.conservation import breaches
from pipeline.crew import Crew, work_off
from pipeline.ingest import work_one
from pipeline.processes import leftovers
from pipeline.settings import Settings
from pipeline.store.queries import count_by_state, find_tasks
from pipeline.store.states import State
from pipeline.store.store import Store
from pipeline.watch.loop import Teller, Watch, watch_once
from pipeline.watch.scan import Watched, scan_once
from tests.bad_files import GOOD_TEXT

QUICK = {
    "keep.synced",
    "keep.renamed",
    "enter.committed",
    "read.begun",
    "finish.writing",
    "finish.committed",
    "move.begun",
}
OF_A_PASS = faults.STAGES[: faults.STAGES.index("move.done") + 1]
HOW = Watch(still=0.0, jobs=2, move=True)


def fill(inbox: Path, count: int = 4) -> None:
    for number in range(count):
        (inbox / "Lê Chân" / f"{number}.txt").write_text(f"{GOOD_TEXT}{number + 2}. Việc.", encoding="utf-8")
    (inbox / "trống.txt").write_bytes(b" \n ")


def forked(work: Callable[[], Any]) -> int:
    """Return how a fork of this process ended in which `work` was done."""
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            work()
            os._exit(0)
        finally:
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def one_pass(inbox: Path, settings: Settings, kit: Any) -> None:
    watch_once([Watched(inbox)], Store.open(settings.database_url), settings, kit, HOW, Teller())


def cases() -> list[Any]:
    """Every stage at its first and its third passing; most of them are slow."""
    slow = pytest.mark.slow
    return [
        pytest.param(stage, nth, marks=[] if nth == 1 and stage in QUICK else [slow])
        for stage in OF_A_PASS
        for nth in (1, 3)
    ]


def wait_for_its_children(settings: Settings) -> None:
    """Wait till nobody lives whose temporary files lie there: a child outlives the kill of its parent by a moment."""
    folder, until = settings.originals / "tmp", time.monotonic() + 20
    while folder.is_dir() and len(leftovers(folder)) < len(list(folder.iterdir())) and time.monotonic() < until:
        time.sleep(0.05)


@pytest.mark.parametrize(("stage", "nth"), cases())
def test_a_kill_at_each_stage_loses_nothing(inbox: Path, settings: Settings, kit: Any, stage: str, nth: int) -> None:
    fill(inbox)

    def crash() -> None:
        faults.arm(f"{stage}:{nth}")
        one_pass(inbox, settings, kit)

    ended = forked(crash)
    if not (stage.startswith("fail.") and nth > 1):
        assert ended == -signal.SIGKILL, "the fault was not provoked"
    wait_for_its_children(settings)
    one_pass(inbox, settings, kit)
    store = Store.open(settings.database_url)
    assert list(breaches(store, settings)) == []
    assert count_by_state(store) == {"done": 4, "rejected": 1}
    assert len(find_tasks(store).rows) == 4 * 3
    assert sorted(path.name for path in (inbox / "da_xu_ly" / "Lê Chân").iterdir()) == [f"{n}.txt" for n in range(4)]
    assert (inbox / "trống.txt").exists()


@pytest.mark.parametrize("stage", ["claim.committed", "read.begun", "finish.writing"])
def test_a_worker_that_is_killed_is_replaced(inbox: Path, settings: Settings, kit: Any, stage: str) -> None:
    fill(inbox)

    def crash() -> None:
        faults.arm(f"{stage}:2:WORKER")
        one_pass(inbox, settings, kit)

    assert forked(crash) == 0
    store = Store.open(settings.database_url)
    assert count_by_state(store) == {"done": 4, "rejected": 1}
    assert list(breaches(store, settings)) == []


@pytest.mark.parametrize("stage", ["keep.copying", "keep.synced", "keep.renamed"])
@pytest.mark.parametrize("fault", ["EIO", "ENOSPC"])
def test_a_disk_that_refuses_leaves_the_file_for_later(
    inbox: Path, settings: Settings, kit: Any, stage: str, fault: str
) -> None:
    fill(inbox)

    def refuse() -> None:
        faults.arm(f"{stage}:2:{fault}")
        one_pass(inbox, settings, kit)

    assert forked(refuse) == 70
    one_pass(inbox, settings, kit)
    store = Store.open(settings.database_url)
    assert count_by_state(store) == {"done": 4, "rejected": 1}
    assert list(breaches(store, settings)) == []


def test_a_crashing_document_is_tried_three_times_and_the_others_go_on(
    inbox: Path, settings: Settings, kit: Any, store: Store
) -> None:
    fill(inbox)
    (inbox / "bom.txt").write_text("KẾ HOẠCH\nBOM HẸN GIỜ", encoding="utf-8")
    scan_once([Watched(inbox)], store, settings)
    outcomes = work_off(settings, kit, 2)
    assert count_by_state(store) == {"done": 4, "rejected": 2}
    states = [outcome.state for outcome in outcomes if outcome.path.name == "bom.txt"]
    assert states == [State.RETRY, State.RETRY, State.REJECTED]


def test_two_crews_on_one_ledger_read_each_document_once(inbox: Path, settings: Settings, kit: Any) -> None:
    fill(inbox, 12)
    store = Store.open(settings.database_url)
    scan_once([Watched(inbox)], store, settings)
    told: list[str] = []
    with Crew(settings, kit, 2) as one, Crew(settings, kit, 2) as two:
        for crew in (one, two):
            told += [outcome.sha256 for outcome in crew.outcomes()]
    assert len(told) == len(set(told)) == 13
    assert list(breaches(store, settings)) == []


SLEEPER = """
import signal, subprocess, sys, types, time, pathlib
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests were started in the background
module = types.ModuleType("pipeline.run")
def extract_file(path, kit):
    child = subprocess.Popen(["sleep", "300"])
    pathlib.Path({noted!r}).write_text(str(child.pid))
    time.sleep(300)
module.extract_file = extract_file
sys.modules["pipeline.run"] = module
import pipeline; pipeline.run = module
import pipeline.kit; pipeline.kit.load_kit = lambda: object()
sys.argv = ["giaoviec", {command!r}, {folder!r}, *{options!r}, "--data", {data!r}, "--jobs", "1"]
from pipeline.cli import main
main()
"""


def start(tmp_path: Path, inbox: Path, settings: Settings, command: str, *options: str) -> tuple[Any, int]:
    """Start the command on a document that never ends; return it, and the process under its reader."""
    fill(inbox, 1)
    noted = tmp_path / "noted"
    given = {"noted": str(noted), "command": command, "folder": str(inbox), "options": options}
    code = SLEEPER.format(**given, data=str(settings.data))
    run = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    for _ in range(200):
        if noted.exists() and noted.read_text():
            return run, int(noted.read_text())
        time.sleep(0.1)
    run.kill()
    raise AssertionError(run.communicate())


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize(("command", "options"), [("watch", ("--still", "0")), ("ingest", ())])
def test_a_stop_ends_soon_and_gives_the_lease_back(
    tmp_path: Path, inbox: Path, settings: Settings, number: int, code: int, command: str, options: tuple[str, ...]
) -> None:
    run, reader = start(tmp_path, inbox, settings, command, *options)
    begun = time.monotonic()
    run.send_signal(number)
    _, said = run.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    assert run.returncode == code, said
    assert "Traceback" not in said
    assert gone(reader)
    store = Store.open(settings.database_url)
    assert count_by_state(store).get("running", 0) == 0
    assert list(breaches(store, settings)) == []


def test_a_killed_program_leaves_no_process_behind(tmp_path: Path, inbox: Path, settings: Settings) -> None:
    run, reader = start(tmp_path, inbox, settings, "watch", "--still", "0")
    run.kill()
    run.communicate()
    assert gone(reader)


def test_a_second_watcher_says_so_and_stops(tmp_path: Path, inbox: Path, settings: Settings) -> None:
    run, _ = start(tmp_path, inbox, settings, "watch", "--still", "0")
    second = subprocess.run(
        [sys.executable, "-m", "pipeline", "watch", str(inbox), "--data", str(settings.data)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    run.terminate()
    run.communicate()
    assert second.returncode == 2
    assert "đang theo dõi" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_a_database_that_is_locked_is_waited_for(inbox: Path, settings: Settings, kit: Any) -> None:
    fill(inbox)
    store = Store.open(settings.database_url)
    scan_once([Watched(inbox)], store, settings)
    code = f"""
import sqlite3, sys
other = sqlite3.connect({str(settings.data / "giaoviec.db")!r}, isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout
    other.stdout.readline()
    with Crew(settings, kit, 2) as crew:
        assert list(crew.poll(2.0)) == []
        other.kill()  # the workers were forked with its pipe: closing it here would tell it nothing
        other.wait()
        assert len(list(crew.outcomes())) == 5
    assert list(breaches(store, settings)) == []


def test_a_stopped_worker_is_overtaken_and_writes_nothing_late(
    inbox: Path, settings: Settings, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.ledger.LEASE_SECONDS", 1.0)
    fill(inbox, 1)
    store = Store.open(settings.database_url)
    scan_once([Watched(inbox)], store, settings)
    stopped = os.fork()
    if stopped == 0:
        faults.arm("read.done:1:STOP")
        claim = store.ledger.claim()
        assert claim
        os._exit(0 if work_one(claim, store, settings, kit) is None else 70)
    assert os.WIFSTOPPED(os.waitpid(stopped, os.WUNTRACED)[1])
    outcomes = work_off(settings, kit, 1)
    assert len(outcomes) == 2
    os.kill(stopped, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(os.waitpid(stopped, 0)[1]) == 0
    assert count_by_state(store) == {"done": 1, "rejected": 1}
