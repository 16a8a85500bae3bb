"""Prefect's server is not there, or dies amid a run: one sentence says so, the night goes on, nothing is lost."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.ledger_check import FINAL, check, hashes_of, task_ids

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "http://127.0.0.1:9/api"
SETTINGS = "folders: vao\nout: ra\nyear: 2026\ndata: data\nformats: [parquet]\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "vao" / "Lê Chân"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "sample_docs/text/000_le_chan.txt", folder)
    (tmp_path / "dem.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def environment(place: Path, api: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GIAOVIEC_"))}
    quiet = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    return kept | quiet | {"PYTHONPATH": str(ROOT), "PREFECT_API_URL": api, "PREFECT_HOME": str(place / "prefect")}


def start(place: Path, module: str, api: str = NOBODY) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, "nightly", "--config", "dem.yaml"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=place, env=environment(place, api), text=True, **pipes)  # type: ignore[call-overload, no-any-return]


def run(place: Path, module: str) -> tuple[int, str]:
    process = start(place, module)
    said = process.communicate(timeout=400)[1]
    return process.returncode, said


def wait_for(seconds: float, is_so: Callable[[], object]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_so():
        time.sleep(0.2)
    return bool(is_so())


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def read_ones(place: Path) -> int:
    """How many contents the ledger knows to be read."""
    base = place / "data" / "giaoviec.db"
    if not base.exists():
        return 0
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as opened:
        try:
            return int(opened.execute("SELECT count(*) FROM ledger WHERE state LIKE 'done%'").fetchone()[0])
        except sqlite3.OperationalError:  # the tables are being made
            return 0


@pytest.mark.slow
def test_a_night_without_prefect_works_though_a_server_is_named(place: Path) -> None:
    code, said = run(place, "pipeline")
    assert code in (0, 3), said
    assert check(place / "data", hashes_of(place / "vao")) == []
    assert task_ids(place / "data")


@pytest.mark.slow
def test_a_flow_whose_server_is_gone_says_so_in_one_line_and_nothing_is_half_done(place: Path) -> None:
    code, said = run(place, "flows")
    assert code == 2
    assert [line for line in said.splitlines() if "giaoviec nightly" in line] == said.splitlines()
    assert run(place, "pipeline")[0] in (0, 3)
    assert check(place / "data", hashes_of(place / "vao")) == []


@pytest.fixture
def prefect_server(place: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port of a Prefect server that answers, and the process."""
    port = free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with open(place / "server.log", "wb") as log:
        server = subprocess.Popen(command, env=environment(place, NOBODY), stdout=log, stderr=log)
    try:
        assert wait_for(120, lambda: answers(port)), (place / "server.log").read_text()
        yield port, server
    finally:
        server.kill()
        server.wait()


@pytest.mark.slow
def test_a_server_that_dies_amid_a_run_stops_nothing_that_was_read(
    place: Path, prefect_server: tuple[int, subprocess.Popen[bytes]]
) -> None:
    """The flow ends by itself, rightly or in one line; the ledger knows what is read; the next run does the rest."""
    port, server = prefect_server
    text = (ROOT / "sample_docs/text/000_le_chan.txt").read_text(encoding="utf-8")
    for number in range(30):
        (place / "vao" / "Lê Chân" / f"{number}.txt").write_text(f"{text}\n{number}\n", encoding="utf-8")
    flow = start(place, "flows", f"http://127.0.0.1:{port}/api")
    assert wait_for(180, lambda: read_ones(place)), "nothing was read"
    server.kill()
    server.wait()
    begun = read_ones(place)
    said = flow.communicate(timeout=400)[1]
    assert flow.returncode in (0, 2, 3, 9), said
    # what Prefect's own log says is its own; the program's word is one line, or it ended well
    assert flow.returncode in (0, 3) or said.count("giaoviec: Máy chủ Prefect") == 1, said
    read = read_ones(place)
    assert read >= begun
    assert check(place / "data", hashes_of(place / "vao"), final={"waiting", "running", "retry", *FINAL}) == []
    assert run(place, "pipeline")[0] in (0, 3)
    assert check(place / "data", hashes_of(place / "vao")) == []
    assert read_ones(place) == 31
