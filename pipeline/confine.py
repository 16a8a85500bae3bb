"""What a reading process may use, and how it is shut in: limits, a session of its own, no secrets, no terminal.

Called in the child right after the fork; `pipeline.isolate` is the parent's side.
"""

from __future__ import annotations

import ctypes
import faulthandler
import logging
import os
import re
import resource
import signal
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOPS = (signal.SIGINT, signal.SIGTERM)
GUARD = "read never; kill -9 0"
CPU_GRACE = 5
MOST_TASKS = 64
"""Processes and threads beyond those that the user has; the system grants root any number."""
_SECRET = re.compile(r"URL|PASS|SECRET|TOKEN|CREDENTIAL|AUTH|KEY|SMTP|^PG")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: seconds of wall clock and CPU, bytes of memory beyond the parent's, of a file written.

    `still_seconds` is how long it may work without a sign of progress (see `pipeline.isolate.Pulse`).
    `source_bytes` is the size above which a dropped file is refused before anything is started.
    """

    wall_seconds: int = 900
    cpu_seconds: int = 900
    still_seconds: int = 40
    memory_bytes: int = 3 << 29
    written_bytes: int = 200 << 20
    source_bytes: int = 100 << 20
    open_files: int = 256


def confine(folder: Path, limits: Limits, kept: Collection[int] = ()) -> None:
    """Shut this process in: it prints into `folder`, has its temporary files there, and no more than `limits`.

    Of the files that its parent had open (a database, a log) only the descriptors `kept` stay.
    """
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    _redirect(folder, kept)
    for name in secrets_of(os.environ):
        os.environ.pop(name)
    os.environ.update(OMP_THREAD_LIMIT="1", TMPDIR=str(folder))
    tempfile.tempdir = str(folder)
    for kind, most in _resources(limits).items():
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # at the soft CPU limit comes SIGXCPU, which says what happened; at the hard one only SIGKILL
        top = allowed + CPU_GRACE if kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else allowed
        resource.setrlimit(kind, (allowed, top))


def guard(lifeline: int) -> int:
    """Start the guard of the group; return its number.

    When the parent is no more, the guard kills the child and all that the child started.
    The child itself dies with its parent by PR_SET_PDEATHSIG; OCR and LibreOffice under it would run on.
    """
    actions = [(os.POSIX_SPAWN_DUP2, lifeline, 0), (os.POSIX_SPAWN_CLOSE, lifeline)]
    started = os.posix_spawn("/bin/sh", ["sh", "-c", GUARD], {}, file_actions=actions)
    os.close(lifeline)
    return started


def secrets_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The names of variables that may hold an address with a password, or a key: no document needs one.

    >>> secrets_of({"GIAOVIEC_DATABASE_URL": "", "PGPASSWORD": "", "PATH": "", "TESSDATA_PREFIX": ""})
    ('GIAOVIEC_DATABASE_URL', 'PGPASSWORD')
    """
    return tuple(name for name in environ if _SECRET.search(name.upper()))


def _resources(limits: Limits) -> dict[int, int]:
    most = {
        resource.RLIMIT_AS: _mapped_bytes() + limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.written_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    if os.geteuid() and Path("/proc/self").exists():
        most[resource.RLIMIT_NPROC] = _tasks_of_user() + MOST_TASKS
    return most


def _tasks_of_user() -> int:
    """How many processes and threads the user has: the limit counts them all, of whatever program."""
    count, user = 0, os.geteuid()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if place.stat().st_uid == user:
                count += len(os.listdir(place / "task"))
        except (FileNotFoundError, ProcessLookupError, PermissionError):  # it ended meanwhile, or hides
            continue
    return count


def _redirect(folder: Path, kept: Collection[int]) -> None:
    """Take the child off the parent's terminal and off its log handlers (whose threads were not forked)."""
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(folder / "stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(errors, 2)
    for number in _open_files():
        # overwritten, not closed: whoever holds the number may close it later
        if number > 2 and number != nothing and number not in kept:
            os.dup2(nothing, number, inheritable=False)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    faulthandler.enable(sys.stderr)  # a native crash leaves its stack for the log
    for logger in (logging.root, *logging.Logger.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)


def _open_files() -> list[int]:
    try:
        return [number for number in map(int, os.listdir("/proc/self/fd")) if _is_open(number)]
    except FileNotFoundError:
        return []


def _is_open(number: int) -> bool:
    """Whether the number is a file's still: that of the listing itself is closed by now."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _mapped_bytes() -> int:
    """What is mapped already: it counts against the limit though the child did not ask for it."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:
        return 0
    return pages * resource.getpagesize()
