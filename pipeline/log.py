"""The log: a line of JSON for each event, in the data folder; no text of a document below the level "error".

A line is {"time", "level", "logger", "event", "process"} and what the event tells of itself (`extra=`): hashes,
paths, states, codes, seconds. Staff see sentences on the screen; the log is for whoever looks after the machine.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

LOG_BYTES = 5_000_000
OLD_LOGS = 2
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON, letters as they are."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            "process": record.process,
        }
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode("utf-8")


class QuietFile(logging.handlers.WatchedFileHandler):
    """A log that loses lines rather than disturb the work: on a full disk staff see one sentence, not its traces."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, if that is possible."""
        with suppress(OSError):  # the file is gone and its folder too
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Say nothing of a line that could not be written."""


def open_log(path: Path) -> None:
    """Write the product's log to `path`; without a place for it the work goes on."""
    logger = logging.getLogger("giaoviec")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        turn_over(path)
        # a file that another process turns over is opened anew
        handler = QuietFile(path, encoding="utf-8")
    except OSError:
        logger.addHandler(logging.NullHandler())
        return
    handler.setFormatter(JsonLines())
    logger.handlers = [handler]


def turn_over(path: Path) -> None:
    """Put a log that has grown beyond `LOG_BYTES` aside, the oldest one away."""
    if not path.exists() or path.stat().st_size < LOG_BYTES:
        return
    for number in range(OLD_LOGS, 0, -1):
        younger = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if younger.exists():
            os.replace(younger, path.with_name(f"{path.name}.{number}"))
