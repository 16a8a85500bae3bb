"""Runs a function in a child process that may die, hang or fill the memory without harm to its parent.

The parent never parses bytes of a file that somebody dropped: it forks (so that what is slow to load is loaded
once), and the child, in a session of its own and under limits, sends its result back as plain data.
"""

from __future__ import annotations

import errno
import gc
import io
import mmap
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
from contextlib import suppress
from pathlib import Path
from typing import Any, Never, TypeVar, cast

from pipeline.confine import PR_SET_PDEATHSIG, STOPS, Limits, confine, guard
from pipeline.processes import processes_holding, processor_seconds, temporary_prefix
from schemas import progress
from schemas.errors import Crashed, FileTooLarge, MachineFault, PlanError

T = TypeVar("T")

__all__ = ["PR_SET_PDEATHSIG", "Limits", "run_limited"]
HEADER = struct.Struct(">cQ")
DONE, REFUSED, OUT_OF_MEMORY = b"D", b"R", b"M"
MAX_RESULT = 1 << 29
TAIL = 4000
MACHINE_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENFILE})
"""Not the document's fault, and they pass; EFBIG and EMFILE are limits that the child itself ran into."""
TICK_SECONDS = 1.0
MOST_ROUNDS = 50
SIGNS = struct.Struct("Q")
NEARLY_ALL = 0.45
"""A library that gets no more memory ends the process itself: so much of it was then in use, for buffers double."""
PLAIN_BUILTINS = frozenset({"set", "frozenset", "bytearray", "complex", "slice", "range"})
PLAIN_PATHS = frozenset({"Path", "PosixPath", "PurePath", "PurePosixPath"})

TOO_SLOW = "Đọc tệp quá {seconds} giây mà chưa xong nên đã dừng; hãy tách tệp nhỏ hơn hoặc xuất lại tệp rồi thử lại."
STUCK = "Đọc tệp đứng yên quá {seconds} giây nên đã dừng; hãy xuất lại tệp (ví dụ in ra PDF) rồi thử lại."
TOO_BIG = "Đọc tệp cần nhiều bộ nhớ hơn mức cho phép; hãy tách tệp nhỏ hơn hoặc xuất lại tệp rồi thử lại."
MACHINE = "Máy hết chỗ trống trên đĩa hoặc ổ đĩa bị lỗi khi đọc tệp; hãy dọn bớt đĩa, chương trình sẽ tự thử lại."
DIED = "Tiến trình đọc tệp dừng đột ngột, có thể tệp bị hỏng; chi tiết ghi trong nhật ký."


class Stuck(TimeoutError):
    """The child goes on working, and nothing comes of it."""


class Pulse:
    """When a child last showed progress (`schemas.progress`), seen by its parent through memory that both share.

    A page that costs long on a busy machine is no hang: so that only what the child itself spends counts whole, its
    processor time since the last sign and, for one that waits and spends nothing, a quarter of the wall clock.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, SIGNS.size)
        self._seen, self._at, self._spent = 0, time.monotonic(), 0.0

    def beat(self) -> None:
        """Show progress; called in the child."""
        SIGNS.pack_into(self._shared, 0, SIGNS.unpack_from(self._shared)[0] + 1)

    def watched(self, child: int, still_seconds: float, tick: Callable[[], None]) -> Callable[[], bool]:
        """Return what calls `tick`, checks the child, and tells whether it is still there to be waited for."""

        def ticked() -> bool:
            tick()
            self.check(child, still_seconds)
            return not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)

        return ticked

    def check(self, child: int, still_seconds: float) -> None:
        """Raise `Stuck` where the child has worked too long since its last sign; called in the parent."""
        now, signs = time.monotonic(), SIGNS.unpack_from(self._shared)[0]
        if signs != self._seen:
            self._seen, self._at, self._spent = signs, now, processor_seconds(child)
            return
        waited = now - self._at
        if waited > still_seconds and max(processor_seconds(child) - self._spent, waited / 4) > still_seconds:
            raise Stuck


def run_limited(
    function: Callable[..., T], *args: Any, limits: Limits | None = None, tick: Callable[[], None] = lambda: None
) -> T:
    """Return `function(*args)`, computed in a child process under `limits`; its result is plain data.

    `tick` is called every `TICK_SECONDS` while the child works (to hold a lease); what it raises ends the child.

    Raises what the child refuses with (`PlanError`), `FileTooLarge` where the memory ran out, and `Crashed` where
    the child hung, died, or failed in any other way (`detail` holds what it printed).
    """
    limits = limits or Limits()
    # what was read is not lost because its folder cannot be removed: whoever starts next sweeps it
    with tempfile.TemporaryDirectory(prefix=temporary_prefix(), ignore_cleanup_errors=True) as folder:
        errors = Path(folder) / "stderr.txt"
        reader, writer = os.pipe()
        lifeline = os.pipe()
        pulse = Pulse()
        gc.freeze()
        usual = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # raised inside of fork, a stop would be lost
        child = os.fork()
        if child == 0:
            os.close(reader)
            os.close(lifeline[1])
            progress.listen(pulse.beat)
            _live(writer, lifeline[0], Path(folder), lambda: function(*args), limits)
        os.close(writer)
        os.close(lifeline[0])
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, usual)
            deadline = time.monotonic() + limits.wall_seconds
            answer = _receive(reader, deadline, pulse.watched(child, limits.still_seconds, tick))
            status = None if answer else _status(child)
        except TimeoutError as error:
            stuck = STUCK.format(seconds=limits.still_seconds) if isinstance(error, Stuck) else None
            raise Crashed(stuck or TOO_SLOW.format(seconds=limits.wall_seconds), _tail(errors)) from error
        finally:
            os.close(reader)
            peak = _end(child, errors)
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
        try:
            confine(folder, limits, kept=(writer, lifeline))
        except FileNotFoundError:
            if folder.exists():
                raise
            os._exit(code)  # the parent was stopped right after the fork, and has taken the folder away
        watchman = guard(lifeline)
        outcome = _work(work)
        os.kill(watchman, signal.SIGKILL)  # and taken note of, so that nobody has to who is no good parent
        os.waitpid(watchman, 0)
        _send(writer, *outcome)
        code = 0
    finally:
        try:
            if sys.exc_info()[0] is not None:
                traceback.print_exc()
            sys.stderr.flush()
        finally:  # even where the printing fails, because the file of errors is full
            os._exit(code)


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


def _receive(reader: int, deadline: float, tick: Callable[[], bool]) -> tuple[bytes, bytes] | None:
    """Return the child's (outcome, payload), None if it ended without a whole one; `TimeoutError` at `deadline`."""
    got = bytearray()
    wanted, lives = HEADER.size, True
    while len(got) < wanted:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if not select.select([reader], [], [], min(left, TICK_SECONDS) if lives else 0)[0]:
            if not lives:
                return None  # it ended, and what it started holds the pipe open
            lives = tick()  # meanwhile it may have answered and ended: the pipe is looked at once more
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


def _end(child: int, errors: Path) -> int:
    """Kill the child with all that it started, reap it and return the most bytes that it held beyond its parent's.

    What left the group by a session of its own is known by its standard error, which it has from the child.
    """
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue
    for _ in range(MOST_ROUNDS):
        astray = processes_holding(errors) - {child}
        if not astray:
            break
        for process in astray:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
    peak = os.wait4(child, 0)[2].ru_maxrss
    return (peak if sys.platform == "darwin" else peak << 10) - _resident_bytes()


def _resident_bytes() -> int:
    """What a child begins with: this process's own pages of now. Its peak may lie hours back, and a fork leaves the
    pages of mapped files (libraries) behind.
    """
    statm = Path("/proc/self/statm")
    if not statm.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak << 10
    resident, of_files = (int(pages) for pages in statm.read_text(encoding="ascii").split()[1:3])
    return (resident - of_files) * resource.getpagesize()


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
