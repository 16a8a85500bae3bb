"""One machine: Prefect's server, the watcher and the nightly run, kept alive until the system asks for the end."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Never

from pipeline.night.config import ZONE, NightConfig
from schemas.errors import PlanError

log = logging.getLogger("giaoviec.serve")
START_SECONDS = 180.0
"""Prefect's server makes its database when it starts for the first time: half a minute on a busy machine."""
LOOK_SECONDS = 2.0
AGAIN_SECONDS = 15.0
"""How long to wait before what has died is started again."""
STOP_SECONDS = 8.0
NO_SERVER = "Máy chủ Prefect không khởi động được; chi tiết trong {log}. Chạy không cần Prefect: giaoviec nightly."
PORT_TAKEN = "Cổng {port} đang có chương trình khác dùng; hãy chọn cổng khác bằng --port."


class ServeError(PlanError):
    """Prefect's server does not start."""

    exit_code = 9
    code = "serve"


class Kept:
    """A program that is started again when it dies, in a session of its own, until it is stopped."""

    def __init__(self, name: str, command: Sequence[str], log_file: Path) -> None:
        self.name, self._command, self._log_file = name, list(command), log_file
        self._ended = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._keep, name=f"keep {name}", daemon=True)
        self._thread.start()

    @property
    def process(self) -> int:
        """The number of the process of now."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the program runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it in order, with all that it started."""
        self._ended.set()
        self._thread.join()
        _signal(self._process, signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("serve.killed", extra={"program": self.name})
        _signal(self._process, signal.SIGKILL)
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        with self._log_file.open("ab") as written:
            return subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=written, stderr=written, start_new_session=True
            )

    def _keep(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            if not self.is_alive():
                log.error("serve.died", extra={"program": self.name, "exit": self._process.returncode})
                if self._ended.wait(AGAIN_SECONDS):
                    return
                self._process = self._start()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # it and all that it started are gone


def serve_all(config: NightConfig, home: Path, port: int, folder: Path) -> None:
    """Serve until the process is asked to end: the server on `port` of this machine only, `home` its folder.

    `folder` takes the logs of server and watcher. Raises `ServeError` where the server does not start.
    """
    api = f"http://127.0.0.1:{port}/api"
    if _answers(api):
        raise ServeError(PORT_TAKEN.format(port=port))
    os.environ |= {"PREFECT_API_URL": api, "PREFECT_HOME": str(home)}
    home.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _stopped)
    with ExitStack() as ending:
        serving = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        server = Kept("server", serving, folder / "prefect-server.log")
        ending.callback(server.stop)
        wait_for(api, server, folder / "prefect-server.log")
        watching = [sys.executable, "-m", "flows", "watcher", "--config", str(config.file.absolute())]
        watcher = Kept("watcher", watching, folder / "watcher.log")
        ending.callback(watcher.stop)
        print(f"giaoviec: trang theo dõi http://127.0.0.1:{port}, chạy đêm theo lịch “{config.schedule}” ({ZONE}).")
        sys.stdout.flush()
        _serve(config)


def _stopped(number: int, _frame: object) -> Never:
    raise SystemExit(128 + number)


def _answers(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_for(api: str, server: Kept, log_file: Path) -> None:
    """Wait until a server answers; raises `ServeError` where it does not."""
    until = time.monotonic() + START_SECONDS
    while not _answers(api):
        if time.monotonic() > until or not server.is_alive():
            raise ServeError(NO_SERVER.format(log=log_file))
        time.sleep(0.5)


def _serve(config: NightConfig) -> None:
    from prefect import serve

    from flows.deployments import close_ghosts, limit_ocr, made_for

    close_ghosts()
    limit_ocr(config.jobs or os.cpu_count() or 1)
    deployments: list[Any] = made_for(config)
    serve(*deployments, print_starting_message=False, pause_on_shutdown=False)
