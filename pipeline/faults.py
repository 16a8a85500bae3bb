"""Named points at which a test may kill the program, so that what must survive can be shown; free when unused.

`GIAOVIEC_CRASH_AT=stage[:n[:kind]]` acts when a process passes `stage` for the n-th time (first if not given):
`KILL` (the default) and `STOP` send that signal to the process itself, the name of an errno (`EIO`, `ENOSPC`)
raises it. Each process counts for itself.
"""

from __future__ import annotations

import errno
import os
import signal
from dataclasses import dataclass, field
from itertools import count

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
    "fail.committed",
    "move.begun",
    "move.done",
    "receive.copied",
    "receive.renamed",
    "migrate.writing",
    "backup.copied",
    "backup.renamed",
)
"""Every point, in the order in which a document passes them; those of upgrade and backup at the end."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is to happen: at the `nth` passing of `stage`, by `kind`."""

    stage: str
    nth: int = 1
    kind: str = "KILL"
    passed: count[int] = field(default_factory=lambda: count(1))

    def strike(self) -> None:
        """Count a passing, and at the right one do harm."""
        if next(self.passed) != self.nth:
            return
        if self.kind in ("KILL", "STOP"):
            os.kill(os.getpid(), getattr(signal, f"SIG{self.kind}"))
        else:
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


def crash_point(stage: str) -> None:
    """Do nothing, unless a test asked for a fault at this stage."""
    if _armed is not None and _armed.stage == stage:
        _armed.strike()
