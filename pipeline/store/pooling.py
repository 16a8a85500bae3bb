"""Connections kept open between transactions, for the one process that serves pages.

All other programs open one for each transaction. Two things can make a kept connection wrong, and both are met
here: a child that is forked must not use, nor close, what its parent holds; and the file of the database may be put
back from a backup, whereupon an open connection would go on writing into the old one.
"""

from __future__ import annotations

import os
from typing import Any
from weakref import ref

from sqlalchemy import Engine, QueuePool, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import Pool

KEPT = 8
"""Connections kept; more are opened while more are needed."""
_INHERITED: list[Pool] = []
"""In a child the pools of its parent, held so that nothing closes what is not the child's."""


def pool_settings(backend: str) -> dict[str, Any]:
    """What `create_engine` takes for a pool; a server may have been restarted, so it is asked first."""
    return {
        "poolclass": QueuePool,
        "pool_size": KEPT,
        "max_overflow": -1,
        "pool_pre_ping": backend != "sqlite",
    }


def guard_pool(engine: Engine) -> None:
    """See to it that no kept connection outlives a fork or the file that it was opened on."""
    held = ref(engine)

    def leave_to_parent() -> None:
        if (mine := held()) is not None:
            _INHERITED.append(mine.pool)
            mine.dispose(close=False)

    os.register_at_fork(after_in_child=leave_to_parent)
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file:
        return

    def note_file(_connection: Any, record: Any) -> None:
        record.info["file"] = _identity(file)

    def same_file(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("file") != _identity(file):
            raise DisconnectionError("another file lies in the place of the database")

    event.listen(engine, "connect", note_file)
    event.listen(engine, "checkout", same_file)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
