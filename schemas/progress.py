"""A sign of life from whoever reads a document, for whoever waits for it to be read.

A loop over pages, lines or items calls `advance` once a round; nobody listens unless a reading process was started
for the document, and then its parent ends it where no sign came for too long.
"""

from __future__ import annotations

from collections.abc import Callable


def _nobody() -> None:
    """Nobody listens."""


_listener: Callable[[], None] = _nobody


def advance() -> None:
    """Say that another page, line or item was done; costs a call, some tens of nanoseconds."""
    _listener()


def listen(listener: Callable[[], None]) -> None:
    """Have `listener` called at every sign in this process from now on."""
    global _listener
    _listener = listener
