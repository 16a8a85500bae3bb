"""`giaoviec-flows serve`: page, watcher and schedule on one machine; the next start closes a killed run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.queries import find_documents
from pipeline.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "sample_docs" / "text" / "000_le_chan.txt"


def wait_until(holds: Callable[[], Any], what: str, seconds: float = 150.0) -> Any:
    until = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < until, what
        time.sleep(0.5)
    return found


def ask(port: int, path: str, body: dict[str, Any]) -> Any:
    """What Prefect's server answers, None while it does not."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError):
        return None


def start(place: Path, port: int) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GIAOVIEC_"))}
    command = [sys.executable, "-m", "flows", "serve", "--config", str(place / "dem.yaml"), "--port", str(port)]
    return subprocess.Popen(command, env=kept | {"PYTHONPATH": str(ROOT)}, cwd=place, start_new_session=True)


def processes(place: Path) -> list[int]:
    """The processes whose command line names the folder of the test."""
    found = []
    for one in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(place).encode() in one.read_bytes():
                found.append(int(one.parent.name))
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue
    return found


@pytest.mark.slow
def test_serve_watches_schedules_and_ends_in_order(tmp_path: Path) -> None:
    (tmp_path / "vao" / "Lê Chân").mkdir(parents=True)
    (tmp_path / "dem.yaml").write_text("folders: vao\nout: ra\ndata: data\nyear: 2026\njobs: 1\n", encoding="utf-8")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    running = start(tmp_path, port)
    try:
        made = wait_until(
            lambda: [one for one in ask(port, "deployments/filter", {}) or () if one["schedules"]], "no deployment"
        )
        assert [one["schedules"][0]["schedule"]["timezone"] for one in made] == ["Asia/Ho_Chi_Minh"]
        (tmp_path / "vao" / "Lê Chân" / "ke-hoach.txt").write_bytes(PLAN.read_bytes())
        store = Store.open(f"sqlite:///{tmp_path}/data/giaoviec.db")
        wait_until(lambda: find_documents(store), "the watcher has not read the file")
        ghost = ask(port, f"deployments/{made[0]['id']}/create_flow_run", {"state": {"type": "PENDING"}})
        ask(port, f"flow_runs/{ghost['id']}/set_state", {"state": {"type": "RUNNING"}, "force": True})
        for process in processes(tmp_path):
            os.kill(process, signal.SIGKILL)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        wait_until(lambda: ask(port, "deployments/filter", {}) is None, "the server outlives a kill")

        running = start(tmp_path, port)
        wanted = {"flow_runs": {"id": {"any_": [ghost["id"]]}}, "sort": "ID_DESC", "limit": 5}

        def closed() -> bool:
            return any(one["state_type"] == "CRASHED" for one in ask(port, "flow_runs/filter", wanted) or ())

        wait_until(closed, "the ghost is still running")
        begun = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) in (0, 143)
        assert time.monotonic() - begun < 15
        assert processes(tmp_path) == []
    finally:
        for process in processes(tmp_path):
            os.kill(process, signal.SIGKILL)
        running.kill()
        running.wait()
