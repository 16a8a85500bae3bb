"""The seconds by which leases are counted: no change of the wall clock may end a lease early or hold it for a day."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from sqlalchemy import Connection, text

from pipeline.processes import machine

LEASE_SECONDS = float(os.environ.get("GIAOVIEC_LEASE_SECONDS") or 90)
"""A reader says every third of it that it is alive; all machines of a database should have the same."""
LONGEST_SECONDS = max(1800.0, LEASE_SECONDS)
"""What lies further ahead was written before the clock was set back: it counts as over."""
DATABASE_CLOCK = "database"


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
