"""The seconds by which leases are counted: no change of the wall clock may end a lease early or hold it for a day."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, text

LEASE_SECONDS = 90.0
"""A reader says at least every third of it that it is alive."""
BACKOFF_SECONDS = (30.0, 120.0, 600.0, 1800.0)
"""How long to wait before the first, second … try after a passing fault; the last holds for all further ones."""
LONGEST_SECONDS = max(LEASE_SECONDS, *BACKOFF_SECONDS)
"""What lies further ahead was written before the clock was set back: it counts as over."""
DATABASE_CLOCK = "database"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NAMESPACE = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment: the name of the clock that counted it, and its seconds."""

    clock: str
    seconds: float


def instant(connection: Connection) -> Instant:
    """Now, by the clock that all who share the database have in common.

    SQLite is used on one machine: its monotonic clock since the last start, which no setting of the time moves.
    PostgreSQL is shared by machines: the server's own time; where that is set, a lease ends early or is cut at
    `LONGEST_SECONDS`, and the fence still keeps the late worker from writing.
    """
    if connection.dialect.name == "postgresql":
        seconds = connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
        return Instant(DATABASE_CLOCK, float(seconds))
    return Instant(machine(), time.monotonic())


@lru_cache(maxsize=1)
def machine() -> str:
    """This machine since its last start, and the room of process numbers in it (containers share a machine)."""
    try:
        return f"{socket.gethostname()}/{BOOT_ID.read_text(encoding='ascii').strip()}/{os.readlink(NAMESPACE)}"
    except OSError:  # a system without /proc
        return socket.gethostname()


def owner() -> str:
    """This process, told apart from a later one with the same number."""
    return f"{machine()}/{os.getpid()}/{_begun(os.getpid())}"


def is_dead(written: str) -> bool:
    """Whether `written` (an `owner`) is a process of this machine that is no more; False where nobody can say."""
    place, _, rest = written.rpartition("/")
    place, _, number = place.rpartition("/")
    if place != machine():
        return False
    begun = _begun(int(number))
    return begun is None or begun != rest


def _begun(process: int) -> str | None:
    """Return when a process began, in ticks since the start of the machine; None where there is none."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None if NAMESPACE.exists() else ""
    fields = told.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]
