"""Who a process is: told apart from all others of its machine, also from a later one with the same number.

Leases in the ledger and temporary files bear it, so that what a killed process left is known to be nobody's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
from functools import lru_cache
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NAMESPACE = Path("/proc/self/ns/pid")
OURS = "giaoviec-"
"""How the names of temporary files and folders begin."""


@lru_cache(maxsize=1)
def machine() -> str:
    """This machine since its last start, and the room of process numbers in it (containers share a machine)."""
    try:
        return f"{socket.gethostname()}/{BOOT_ID.read_text(encoding='ascii').strip()}/{os.readlink(NAMESPACE)}"
    except OSError:  # a system without /proc
        return socket.gethostname()


def owner() -> str:
    """This process, in words that no other one has."""
    return f"{machine()}/{os.getpid()}/{_begun(os.getpid())}"


def is_dead(written: str) -> bool:
    """Whether `written` (an `owner`) is a process of this machine that is no more; False where nobody can say."""
    place, _, begun = written.rpartition("/")
    place, _, number = place.rpartition("/")
    return place == machine() and _is_gone(int(number), begun)


def temporary_prefix() -> str:
    """How a temporary file of this process is named: its end can be told when it is gone."""
    return f"{OURS}{_place()}-{os.getpid()}-{_begun(os.getpid())}-"


def sweep(folder: Path) -> int:
    """Remove from a folder what dead processes of this machine left there; return how many things."""
    swept = 0
    for path in folder.glob(f"*{OURS}{_place()}-*-*-*"):
        if not is_orphan(path.name):
            continue
        swept += 1
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return swept


def leftovers(folder: Path) -> list[Path]:
    """What lies in a folder of temporary files though nobody who lives made it, in order."""
    return [path for path in (sorted(folder.iterdir()) if folder.is_dir() else ()) if is_orphan(path.name)]


def is_orphan(name: str) -> bool:
    """Whether a temporary name is no living process's; a strange name is nobody's."""
    _, ours, rest = name.partition(f"{OURS}{_place()}-")
    if not ours:
        return OURS not in name  # another machine's that shares the folder
    number, begun = rest.split("-")[:2]
    return not number.isdecimal() or _is_gone(int(number), begun)


def processor_seconds(group: int) -> float:
    """Return the processor time of a group of processes so far, those included that they waited for; 0.0 if gone.

    A process that is ended leaves its share to whoever waited for it, so that the sum hardly ever falls.
    """
    spent = 0
    for place in Path("/proc").glob("[0-9]*"):
        fields = _told(int(place.name))
        if fields and int(fields[2]) == group:
            spent += sum(map(int, fields[11:15]))
    return spent / os.sysconf("SC_CLK_TCK")


def processes_holding(path: Path) -> set[int]:
    """Return the processes whose standard error goes to this file: all that came out of the one it was made for."""
    held = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(place / "fd" / "2").removesuffix(" (deleted)") == str(path):
                held.add(int(place.name))
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return held


@lru_cache(maxsize=1)
def _place() -> str:
    """Return a short word for the room of process numbers: several machines may share a data folder."""
    name, _, namespace = machine().partition("/")
    return hashlib.sha256(f"{name}/{namespace.rpartition('/')[2]}".encode()).hexdigest()[:8]


def _is_gone(number: int, begun: str) -> bool:
    now = _begun(number)
    return now is None or now != begun


def _begun(process: int) -> str | None:
    """Return when a process began, in ticks since the start of the machine; None where there is none."""
    fields = _told(process)
    if fields is None:
        return None if NAMESPACE.exists() else ""
    return None if fields[0] == "Z" else fields[19]


def _told(process: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat behind the name: state, parent, group …; None where there is no process."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return told.rpartition(")")[2].split()
