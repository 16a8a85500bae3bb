"""A throw-away PostgreSQL server that is a child of the tests and dies with them.

It is started without pg_ctl: that waits for a file to vanish, not for the process, and gives up after a minute on a
machine under load, with the server still there. Here the process itself is waited for, killed if it must be, and
told by the kernel to stop when the tests are killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

NOBODY = "nobody"
SECONDS_TO_START, SECONDS_TO_STOP = 120.0, 20.0
LOCALE = ("--locale-provider=icu", "--icu-locale=vi", "--locale=C.UTF-8")
"""An order of letters that is not that of their bytes, as servers are set up for people."""
ZONE = "Asia/Ho_Chi_Minh"


def programs() -> Path:
    """The folder of the server's programs; skips the test where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "-")]
    if not found[-1].is_file() or not shutil.which("setpriv"):
        pytest.skip("PostgreSQL is not installed")
    return found[-1].parent


@dataclass
class Server:
    """A running server: its folder, its options, its process."""

    folder: Path
    options: tuple[str, ...]
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def url(self) -> str:
        """The address of its first database, through a socket in its folder."""
        return f"postgresql+psycopg://u@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = [part for option in ("listen_addresses=", f"timezone={ZONE}", *self.options)
                    for part in ("-c", option)]  # fmt: skip
        server = [str(programs() / "postgres"), "-D", f"{self.folder}/d", "-k", str(self.folder), *settings]
        with (self.folder / "log").open("ab") as log:
            command = ["setpriv", *_unprivileged(), "--pdeathsig=QUIT", "--", *server]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            said = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
            assert self.process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.1)

    def _answers(self) -> bool:
        port = next((one.removeprefix("port=") for one in self.options if one.startswith("port=")), "5432")
        try:
            psycopg.connect(host=str(self.folder), port=port, user="u", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop it as a crash would; its children die with it. It is gone when this returns."""
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        """Kill every connection and come back, as after a crash."""
        self.stop()
        self.start()


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return [f"--reuid={NOBODY}", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []


@contextmanager
def running(*options: str) -> Iterator[Server]:
    """A server with these settings ("port=5433"), stopped and its folder removed at the end.

    Its folder lies outside of pytest's: another run of pytest would shut that to all but its owner.
    """
    tools = programs()
    with tempfile.TemporaryDirectory(prefix="giaoviec-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, NOBODY)
        init = [str(tools / "initdb"), "-D", f"{folder}/d", "-A", "trust", "-E", "UTF8", "-U", "u", "-N", *LOCALE]
        made = subprocess.run(["setpriv", *_unprivileged(), "--", *init], capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout + made.stderr
        server = Server(folder, ("fsync=off", *options))
        try:
            server.start()
            yield server
        finally:
            server.stop()
