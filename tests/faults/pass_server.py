"""Passes over folders in forks of one warm process, each held until strace has hold of it, if asked.

`python -B -m tests.faults.pass_server` answers orders, a line of JSON each on standard input: first with the number
of the process that it forked, then with how that ended. Imports are paid once; a pass costs its own work alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Never

from pipeline.settings import load_settings
from schemas.errors import StoreError
from tests.bad_files import GOOD_TEXT
from tests.faults.one_pass import pass_over, use_cheap_reader

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Passed:
    """How a pass ended: `code` as of a child process (minus the signal), `said` on standard error, strace's `log`."""

    code: int
    said: str
    log: str = ""


class PassServer:
    """A warm process that makes passes, one at a time."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server

    def run(self, inbox: Path, data: Path, *strace: str) -> Passed:
        """Make a pass over `inbox`, under strace with these options if any; kills it after two minutes."""
        said, log = data.parent / "said", data.parent / "log"
        order = {"inbox": str(inbox), "data": str(data), "said": str(said), "traced": bool(strace)}
        pid = int(self._ask(json.dumps(order)))
        late = threading.Timer(MOST_SECONDS, os.kill, (pid, 9))
        late.start()
        options = ["strace", "-qq", "-o", str(log), *strace, "-p", str(pid)]
        tracer = subprocess.Popen(options, stderr=subprocess.DEVNULL) if strace else None
        code = int(self._answer())
        late.cancel()
        if tracer:
            tracer.wait(MOST_SECONDS)
        return Passed(code, said.read_text("utf-8"), log.read_text("utf-8", "replace") if strace else "")

    def _ask(self, line: str) -> str:
        assert self._server.stdin
        self._server.stdin.write(line + "\n")
        self._server.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._server.stdout
        line = self._server.stdout.readline()
        assert line, "the server of passes is gone"
        return line


@contextmanager
def pass_server() -> Iterator[PassServer]:
    """A warm process for the time of the block."""
    command = [sys.executable, "-B", "-m", "tests.faults.pass_server"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as server:  # type: ignore[call-overload]
        yield PassServer(server)
        server.stdin.close()


def _warm() -> None:
    """Make one pass here, so that whatever is loaded late is loaded."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        (Path(folder) / "vào").mkdir()
        (Path(folder) / "vào" / "a.txt").write_text(GOOD_TEXT, encoding="utf-8")
        pass_over(Path(folder) / "vào", load_settings({}, data=Path(folder) / "data"))
    tempfile.tempdir = None


def _serve() -> None:
    use_cheap_reader()
    _warm()
    while line := sys.stdin.readline():
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _pass(order)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _pass(order: dict[str, str]) -> Never:
    code = 70
    try:
        errors = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(errors, 2)
        os.dup2(errors, 1)
        os.close(errors)
        os.environ["TMPDIR"] = str(Path(order["data"]).parent)
        while order["traced"] and "TracerPid:\t0\n" in Path("/proc/self/status").read_text("ascii"):
            time.sleep(0.002)
        code = _told(Path(order["inbox"]), Path(order["data"]))
    finally:
        if sys.exc_info()[0] is not None:
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        sys.stderr.flush()
        os._exit(code)


def _told(inbox: Path, data: Path) -> int:
    try:
        pass_over(inbox, load_settings({}, data=data))
    except StoreError as error:
        print(f"{error} ({error.detail})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    _serve()
