"""Named points at which a test may kill the program, so that what must survive can be shown; free when unused.

`GIAOVIEC_CRASH_AT=stage[:n[:kind]]` acts when `stage` is passed for the n-th time (first if not given), counted over
all processes of the run: `KILL` (the default) kills the whole program, `WORKER` only the process that passes, `STOP`
stops that process, the name of an errno (`EIO`, `ENOSPC`) raises it there.
"""

from __future__ import annotations

import errno
import mmap
import os
import signal
import struct
from dataclasses import dataclass, field

VARIABLE = "GIAOVIEC_CRASH_AT"
STAGES = (
    "keep.opened",
    "keep.copying",
    "keep.copied",
    "keep.synced",
    "keep.renamed",
    "keep.settled",
    "enter.writing",
    "enter.committed",
    "claim.writing",
    "claim.committed",
    "read.begun",
    "read.done",
    "finish.writing",
    "finish.committed",
    "fail.writing",
    "fail.committed",
    "move.begun",
    "move.done",
    "receive.copied",
    "receive.renamed",
    "migrate.writing",
    "backup.copied",
    "backup.renamed",
)
"""Every point, in the order in which a document passes them; those of upload, upgrade and backup at the end."""
COUNT = struct.Struct("Q")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is to happen: at the `nth` passing of `stage`, by `kind`; `program` is the process to which all belong."""

    stage: str
    nth: int = 1
    kind: str = "KILL"
    program: int = field(default_factory=os.getpid)
    passed: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, COUNT.size), repr=False, compare=False)

    def strike(self) -> None:
        """Count a passing, and at the right one do harm."""
        (before,) = COUNT.unpack_from(self.passed)
        COUNT.pack_into(self.passed, 0, before + 1)
        if before + 1 != self.nth:
            return
        if self.kind == "KILL" and self.program != os.getpid():
            os.kill(self.program, signal.SIGKILL)
        if self.kind in ("KILL", "WORKER"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "STOP":
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        number = getattr(errno, self.kind)
        raise OSError(number, os.strerror(number))


def read_fault(written: str | None) -> Fault | None:
    """The fault that a setting asks for, None where it asks for none.

    >>> fault = read_fault("keep.synced:3")
    >>> fault.stage, fault.nth, fault.kind
    ('keep.synced', 3, 'KILL')

    Raises ValueError for a stage that does not exist: a test that provokes nothing would pass.
    """
    if not written:
        return None
    stage, _, rest = written.partition(":")
    nth, _, kind = rest.partition(":")
    if stage not in STAGES:
        raise ValueError(f"{VARIABLE}: no stage {stage!r}; there are {', '.join(STAGES)}")
    return Fault(stage, int(nth or 1), kind or "KILL")


_armed = read_fault(os.environ.get(VARIABLE))


def arm(written: str | None) -> None:
    """Ask for a fault in this process and those that it starts, as the variable does; None asks for none."""
    global _armed
    _armed = read_fault(written)


def crash_point(stage: str) -> None:
    """Do nothing, unless a test asked for a fault at this stage."""
    if _armed is not None and _armed.stage == stage:
        _armed.strike()
