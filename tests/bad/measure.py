"""What each bad file costs, as the command line reads it: outcome, seconds, processor seconds, most memory.

`python -m tests.bad.measure [NAME…]` prints a line a file and ends with 1 where one passed the bounds (60 s of wall
clock, 2 GB of memory in any process), left a file or a process behind, or ended with another code than it should.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest import read_file
from pipeline.kit import Kit, load_kit
from pipeline.settings import load_settings
from schemas.errors import PlanError
from tests.bad.everything import EVERY

MOST_SECONDS = 60.0
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What one file took: `code` its exit code, `peak` the most bytes of any process under it, `left` what stayed."""

    code: int
    said: str
    seconds: float
    cpu: float
    peak: int
    left: tuple[str, ...] = ()

    @property
    def in_bounds(self) -> bool:
        """Whether it kept to the bounds of any file."""
        return self.seconds <= MOST_SECONDS and self.peak <= MOST_BYTES and not self.left


def cost_of(path: Path, kit: Kit) -> Cost:
    """Read the file in a fork of its own, so that what it and all below it used can be told apart."""
    with tempfile.TemporaryDirectory(prefix="bad-") as folder:
        told = Path(folder) / "told.json"
        temporary = Path(folder) / "tmp"
        temporary.mkdir()
        child = os.fork()
        if child == 0:
            os.setsid()
            try:
                tempfile.tempdir = str(temporary)
                told.write_text(json.dumps(_measured(path, kit)), encoding="utf-8")
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        code, said, seconds, cpu, peak = json.loads(told.read_text(encoding="utf-8"))
        left = [str(each.relative_to(folder)) for each in temporary.rglob("*")]
    return Cost(code, said, seconds, cpu, peak, tuple(left))


def _measured(path: Path, kit: Kit) -> tuple[int, str, float, float, int]:
    begun, code, said = time.monotonic(), 0, ""
    try:
        warnings = read_file(path, kit, load_settings().limits).warnings
        code, said = (3 if warnings else 0), " ".join(warnings)
    except PlanError as error:
        code, said = error.exit_code, str(error)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return code, said, time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss << 10


def measure(names: list[str], show: Callable[[str], object] = print) -> int:
    """Measure these files (all, if none is named); return how many were out of bounds or ended otherwise."""
    kit = load_kit()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="bad-") as folder:
        for name in names or list(EVERY):
            maker, codes = EVERY[name]
            path = Path(folder) / name
            path.write_bytes(maker())
            cost = cost_of(path, kit)
            path.unlink()
            good = cost.in_bounds and cost.code in codes
            wrong += not good
            mark = "  " if good else "!!"
            figures = f"{cost.seconds:6.1f} s {cost.cpu:6.1f} cpu {cost.peak >> 20:5d} MB"
            show(f"{mark} {name:26} {cost.code} {figures} {cost.said[:110]} {' '.join(cost.left)}")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if measure(sys.argv[1:], lambda line: print(line, flush=True)) else 0)
