"""The states that a dropped file and its bytes can be in: a closed set, each with its word for staff."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where it stands with one file: on its way (waiting, running) or at an end."""

    WAITING = "waiting"
    """Safe in the data folder, to be read."""
    RUNNING = "running"
    """Being read by somebody who holds a lease."""
    DONE = "done"
    DONE_WITH_WARNINGS = "done_with_warnings"
    REJECTED = "rejected"
    """Not readable, with a code and a sentence that says what to do."""
    RETRY = "retry"
    """Stopped by something that passes (disk, database, a missing program): tried again later by itself."""
    IGNORED = "ignored"
    """No document: a rest of Office, a link, a device; or put aside by a person."""


READ = (State.DONE, State.DONE_WITH_WARNINGS)
OPEN = (State.WAITING, State.RUNNING)
FINAL = tuple(state for state in State if state not in OPEN)
WORDS = {
    State.WAITING: "đang chờ",
    State.RUNNING: "đang đọc",
    State.DONE: "đã đọc",
    State.DONE_WITH_WARNINGS: "đã đọc, có lưu ý",
    State.REJECTED: "không đọc được",
    State.RETRY: "sẽ thử lại",
    State.IGNORED: "bỏ qua",
}
"""What staff see for each state."""
