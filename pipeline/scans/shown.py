"""A long file read as a person reads it at a terminal: what the bar says meanwhile, what memory the reader holds."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COUNTED = re.compile(r"trang (\d+)/(\d+)")
WIDE = {"COLUMNS": "160"}
LOOKED = 0.5
# Without and with remarks.
DONE = (0, 3)


@dataclass(frozen=True, slots=True)
class Shown:
    """When the bar first named a page, what the reading process held: `mebibytes`; `pages` is the bar's whole."""

    page: int
    pages: int
    mebibytes: float


def shown_reading(path: Path) -> list[Shown]:
    """What was seen while `giaoviec extract` read the file at a terminal of its own, page by page as the bar told.

    Raises CalledProcessError where the command fails.
    """
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "extract", str(path), "-o", str(path.with_suffix(".json"))]
    child = subprocess.Popen(command, stderr=terminal, stdout=terminal, env=os.environ | WIDE)
    os.close(terminal)
    seen: list[Shown] = []
    while child.poll() is None:
        counted = COUNTED.findall(_said(main))
        if counted and (not seen or seen[-1].page != int(counted[-1][0])):
            seen.append(Shown(int(counted[-1][0]), int(counted[-1][1]), _held(child.pid)))
    os.close(main)
    if child.returncode not in DONE:
        raise subprocess.CalledProcessError(child.returncode, command)
    return seen


def _said(terminal: int) -> str:
    """What the terminal was told since last asked, waiting a moment for it."""
    if not select.select([terminal], [], [], LOOKED)[0]:
        return ""
    try:
        return os.read(terminal, 1 << 16).decode(errors="replace")
    except OSError:  # the other end is closed
        return ""


def _held(process: int) -> float:
    """The memory of the largest process below this one, in MiB."""
    return max(map(_resident, _below(process)), default=0.0)


def _below(process: int) -> list[int]:
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return []
    children = [int(number) for number in told.split()]
    return children + [one for child in children for one in _below(child)]


def _resident(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
