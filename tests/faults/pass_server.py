"""Passes over folders in forks of one warm process, each struck at the N-th call of a kind, if asked.

`python -B -m tests.faults.pass_server` answers orders, a line of JSON each on standard input, with a line that tells
how the pass ended. Imports are paid once; a pass costs its own work alone. `strike.c` must be preloaded.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from pipeline.settings import load_settings
from schemas.errors import StoreError
from tests.bad_files import GOOD_TEXT
from tests.faults.one_pass import pass_over, use_cheap_reader

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 180
NEVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Passed:
    """How a pass ended: `code` as of a child process (minus the signal), `said` on standard error.

    `made` calls of the kind in question were made, and `struck` tells whether one of them was.
    """

    code: int
    said: str
    made: int = 0
    struck: bool = False


class PassServer:
    """A warm process that makes passes, one at a time."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server

    def run(self, inbox: Path, data: Path, call: str = "", nth: int = NEVER, error: int = 0) -> Passed:
        """Make a pass over `inbox`; its `nth` call is answered by this error number, or by a kill."""
        assert self._server.stdin
        assert self._server.stdout
        said = data.parent / "said"
        order = {"inbox": str(inbox), "data": str(data), "said": str(said), "call": call, "nth": nth, "error": error}
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        assert answer, "the server of passes is gone"
        code, made = json.loads(answer)
        return Passed(code, said.read_text("utf-8"), made if made >= 0 else -1 - made, made < 0)


def build(folder: Path) -> Path:
    """Compile `strike.c` into this folder."""
    library = folder / "strike.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(ROOT / "tests/faults/strike.c"), "-ldl"]
    subprocess.run(command, check=True)
    return library


@contextmanager
def pass_server(library: Path) -> Iterator[PassServer]:
    """A warm process for the time of the block."""
    command = [sys.executable, "-B", "-m", "tests.faults.pass_server"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LD_PRELOAD": str(library)}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as server:
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
    preloaded = ctypes.CDLL(None)
    preloaded.arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int]
    preloaded.disarm.restype = ctypes.c_long
    use_cheap_reader()
    _warm()
    while line := sys.stdin.readline():
        order = json.loads(line)
        errors = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        assert preloaded.arm(order["call"].encode(), order["nth"], order["error"]) == 0
        pid = os.fork()
        if pid == 0:
            _pass(order, errors)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        made = preloaded.disarm()
        os.close(errors)
        print(json.dumps([ended, made]), flush=True)


def _pass(order: dict[str, str], errors: int) -> Never:
    code = 70
    try:
        signal.alarm(MOST_SECONDS)
        os.dup2(errors, 1)
        os.dup2(errors, 2)
        os.environ["TMPDIR"] = str(Path(order["data"]).parent)
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
