"""Runs a function in a child process that may die, hang or fill the memory without harm to its parent.

The parent never parses bytes of a file that somebody dropped: it forks (so that what is slow to load is loaded
once), and the child, in a session of its own and under limits, sends its result back as plain data.
"""

from __future__ import annotations

import ctypes
import errno
import faulthandler
import gc
import io
import logging
import os
import pickle
import resource
import select
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never, TypeVar, cast

from pipeline.processes import temporary_prefix
from schemas.errors import Crashed, FileTooLarge, MachineFault, PlanError

T = TypeVar("T")

SECRETS = ("GIAOVIEC_DATABASE_URL", "PREFECT_API_KEY", "PREFECT_API_URL", "PGPASSWORD")
HEADER = struct.Struct(">cQ")
DONE, REFUSED, OUT_OF_MEMORY = b"D", b"R", b"M"
MAX_RESULT = 1 << 29
PR_SET_PDEATHSIG = 1
STOPS = (signal.SIGINT, signal.SIGTERM)
GUARD = "read never; kill -9 0"
TAIL = 4000
MACHINE_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENFILE})
"""Not the document's fault, and they pass; EFBIG and EMFILE are limits that the child itself ran into."""
CPU_GRACE = 5
TICK_SECONDS = 1.0
NEARLY_ALL = 0.8
"""A library that gets no more memory ends the process itself: so much of it must then have been in use."""
PLAIN_BUILTINS = frozenset({"set", "frozenset", "bytearray", "complex", "slice", "range"})
PLAIN_PATHS = frozenset({"Path", "PosixPath", "PurePath", "PurePosixPath"})

TOO_SLOW = "Đọc tệp quá {seconds} giây mà chưa xong nên đã dừng; hãy tách tệp nhỏ hơn hoặc xuất lại tệp rồi thử lại."
TOO_BIG = "Đọc tệp cần nhiều bộ nhớ hơn mức cho phép; hãy tách tệp nhỏ hơn hoặc xuất lại tệp rồi thử lại."
MACHINE = "Máy hết chỗ trống trên đĩa hoặc ổ đĩa bị lỗi khi đọc tệp; hãy dọn bớt đĩa, chương trình sẽ tự thử lại."
DIED = "Tiến trình đọc tệp dừng đột ngột, có thể tệp bị hỏng; chi tiết ghi trong nhật ký."


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: seconds of wall clock and CPU, bytes of memory beyond the parent's, of a file written.

    `source_bytes` is the size above which a dropped file is refused before anything is started.
    """

    wall_seconds: int = 900
    cpu_seconds: int = 900
    memory_bytes: int = 3 << 29
    written_bytes: int = 200 << 20
    source_bytes: int = 100 << 20
    open_files: int = 256


def run_limited(
    function: Callable[..., T], *args: Any, limits: Limits | None = None, tick: Callable[[], None] = lambda: None
) -> T:
    """Return `function(*args)`, computed in a child process under `limits`; its result is plain data.

    `tick` is called every `TICK_SECONDS` while the child works (to hold a lease); what it raises ends the child.

    Raises what the child refuses with (`PlanError`), `FileTooLarge` where the memory ran out, and `Crashed` where
    the child hung, died, or failed in any other way (`detail` holds what it printed).
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix=temporary_prefix()) as folder:
        errors = Path(folder) / "stderr.txt"
        reader, writer = os.pipe()
        lifeline = os.pipe()
        gc.freeze()
        usual = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # raised inside of fork, a stop would be lost
        child = os.fork()
        if child == 0:
            os.close(reader)
            os.close(lifeline[1])
            _live(writer, lifeline[0], Path(folder), lambda: function(*args), limits)
        os.close(writer)
        os.close(lifeline[0])
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, usual)
            answer = _receive(reader, time.monotonic() + limits.wall_seconds, tick)
            status = None if answer else _status(child)
        except TimeoutError as error:
            raise Crashed(TOO_SLOW.format(seconds=limits.wall_seconds), _tail(errors)) from error
        finally:
            os.close(reader)
            peak = _end(child)
            os.close(lifeline[1])
            gc.unfreeze()
        if not answer:
            raise _death(status, peak, limits, _tail(errors))
        return cast(T, _open(*answer, _tail(errors)))


# --- in the child -------------------------------------------------------------------------------------------------


def _live(writer: int, lifeline: int, folder: Path, work: Callable[[], Any], limits: Limits) -> Never:
    """Work, answer, and end: the child never runs on in the code of its parent, whatever happens."""
    code = 70
    try:
        _confine(folder, limits)
        guard = _guard(lifeline)
        outcome = _work(work)
        os.kill(guard, signal.SIGKILL)  # and taken note of, so that nobody has to who is no good parent
        os.waitpid(guard, 0)
        _send(writer, *outcome)
        code = 0
    finally:
        try:
            if sys.exc_info()[0] is not None:
                traceback.print_exc()
            sys.stderr.flush()
        finally:  # even where the printing fails, because the file of errors is full
            os._exit(code)


def _confine(folder: Path, limits: Limits) -> None:
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    _redirect(folder)
    for name in SECRETS:
        os.environ.pop(name, None)
    os.environ.update(OMP_THREAD_LIMIT="1", TMPDIR=str(folder))
    tempfile.tempdir = str(folder)
    for kind, most in (
        (resource.RLIMIT_AS, _mapped_bytes() + limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.written_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # at the soft CPU limit comes SIGXCPU, which says what happened; at the hard one only SIGKILL
        top = allowed + CPU_GRACE if kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else allowed
        resource.setrlimit(kind, (allowed, top))


def _guard(lifeline: int) -> int:
    """Start the guard of the group; return its number.

    When the parent is no more, the guard kills the child and all that the child started.
    The child itself dies with its parent by PR_SET_PDEATHSIG; OCR and LibreOffice under it would run on.
    """
    actions = [(os.POSIX_SPAWN_DUP2, lifeline, 0), (os.POSIX_SPAWN_CLOSE, lifeline)]
    guard = os.posix_spawn("/bin/sh", ["sh", "-c", GUARD], {}, file_actions=actions)
    os.close(lifeline)
    return guard


def _redirect(folder: Path) -> None:
    """Take the child off the parent's terminal and off its log handlers (whose threads were not forked)."""
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(folder / "stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(errors, 2)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    faulthandler.enable(sys.stderr)  # a native crash leaves its stack for the log
    for logger in (logging.root, *logging.Logger.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)


def _mapped_bytes() -> int:
    """What is mapped already: it counts against the limit though the child did not ask for it."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:
        return 0
    return pages * resource.getpagesize()


def _work(work: Callable[[], Any]) -> tuple[bytes, bytes]:
    try:
        return DONE, pickle.dumps(work(), protocol=5)
    except PlanError as error:
        return REFUSED, pickle.dumps(error, protocol=5)
    except MemoryError:
        traceback.print_exc()
        return OUT_OF_MEMORY, b""
    except OSError as error:
        if error.errno not in MACHINE_FAULTS:
            raise
        return REFUSED, pickle.dumps(MachineFault(MACHINE, str(error)), protocol=5)


def _send(writer: int, outcome: bytes, payload: bytes) -> None:
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(HEADER.pack(outcome, len(payload)))
        pipe.write(payload)


# --- in the parent ------------------------------------------------------------------------------------------------


def _receive(reader: int, deadline: float, tick: Callable[[], None]) -> tuple[bytes, bytes] | None:
    """Return the child's (outcome, payload), None if it ended without a whole one; `TimeoutError` at `deadline`."""
    got = bytearray()
    wanted = HEADER.size
    while len(got) < wanted:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if not select.select([reader], [], [], min(left, TICK_SECONDS))[0]:
            tick()
            continue
        chunk = os.read(reader, 1 << 20)
        if not chunk:
            return None
        got += chunk
        if len(got) >= HEADER.size:
            wanted = HEADER.size + HEADER.unpack_from(got)[1]
            if wanted > MAX_RESULT:
                return None
    return HEADER.unpack_from(got)[0], bytes(got[HEADER.size : wanted])


def _status(child: int) -> int | None:
    """Return how the child ended, without reaping it twice; None where it closed its pipe and lives on."""
    for _ in range(20):
        seen = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if seen:
            return -seen.si_status if seen.si_code != os.CLD_EXITED else seen.si_status
        time.sleep(0.05)
    return None


def _end(child: int) -> int:
    """Kill the child's whole group, reap the child and return the most bytes that it held beyond its parent's."""
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue
    used = os.wait4(child, 0)[2].ru_maxrss - resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used << 10


def _death(status: int | None, peak: int, limits: Limits, printed: str) -> PlanError:
    if status == -signal.SIGXCPU:
        return Crashed(TOO_SLOW.format(seconds=limits.cpu_seconds), printed)
    full = status is not None and status < 0 and peak > NEARLY_ALL * limits.memory_bytes
    if full or "MemoryError" in printed or "bad_alloc" in printed:
        return FileTooLarge(TOO_BIG, printed)
    return Crashed(DIED, f"exit status {status}\n{printed}")


def _open(outcome: bytes, payload: bytes, printed: str) -> Any:
    if outcome == OUT_OF_MEMORY:
        raise FileTooLarge(TOO_BIG, printed)
    try:
        value = _PlainUnpickler(io.BytesIO(payload)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, ImportError) as error:
        raise Crashed(DIED, f"the child's answer is not plain data: {error}\n{printed}") from error
    if outcome == REFUSED:
        raise value if isinstance(value, PlanError) else Crashed(DIED, printed)
    return value


def _tail(errors: Path) -> str:
    try:
        said = errors.read_text(encoding="utf-8", errors="replace")
        return said if len(said) <= 2 * TAIL else f"{said[:TAIL]}\n…\n{said[-TAIL:]}"
    except FileNotFoundError:
        return ""


class _PlainUnpickler(pickle.Unpickler):
    """Builds only types of `schemas`, paths and plain containers: no child that was taken over runs code here."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "builtins" and name in PLAIN_BUILTINS:
            return super().find_class(module, name)
        if module.startswith("pathlib") and name in PLAIN_PATHS:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module.startswith("schemas.") and "." not in name else None
        if isinstance(found, type) and found.__module__.startswith("schemas."):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")
