"""A night with and without kills: `python -m tests.faults.night [--good 1000] [--bad 100] [--every 60]`.

Good plans (passages of the sample documents, each with a number of its own) and bad files are read twice by the
command line into two data folders: once in peace, once killed (SIGKILL to the whole group) every so many seconds and
started again. The rows must be the same, nothing lost, nothing twice; ends with 1 where they are not.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.bad.everything import QUICK
from tests.faults.ledger_check import check, hashes_of

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("tall", "lines-60k", "boxes", "glyphs", "paragraphs-200k", "cells-60k", "bomb", "entries", "one-paragraph")
"""Bad files that cost seconds: a night of a thousand does not need each of them."""
COMMUNES = ("Lê Chân", "Hồng Châu", "Bắc Sơn", "Nam Triệu")
LINES = 60


@dataclass(frozen=True, slots=True)
class Night:
    """What a night came to: `seconds` of wall clock, `kills`, and what its checker said."""

    seconds: float
    kills: int
    breaches: list[str]
    rows: list[tuple[object, ...]]
    states: dict[str, int]


def good_files(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of plans that differ: passages of the samples under a head with a number of its own."""
    texts = [path.read_text(encoding="utf-8").splitlines() for path in sorted((ROOT / "sample_docs/text").glob("*"))]
    for number in range(count):
        lines = texts[number % len(texts)]
        start = random.Random(number).randrange(max(1, len(lines) - LINES))
        body = "\n".join(lines[:12] + lines[start : start + LINES])
        yield f"{number:04}.txt", f"Số: {number + 1}/KH-UBND\n{body}\n".encode()


def bad_files(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of bad files, from the start again where more are asked for than there are."""
    names = [name for name in QUICK if not name.startswith(HEAVY)]
    for number in range(count):
        name = names[number % len(names)]
        tail = b"" if number < len(names) else b"\n%%%d" % number
        yield f"xau-{number:03}-{name}", QUICK[name][0]() + tail


def drop(inbox: Path, good: int, bad: int) -> set[str]:
    """Write all files, the bad ones among the good ones; return the hashes."""
    files = [*good_files(good), *bad_files(bad)]
    random.Random(1).shuffle(files)
    for number, (name, data) in enumerate(files):
        place = inbox / COMMUNES[number % len(COMMUNES)]
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return hashes_of(inbox)


def run_night(inbox: Path, data: Path, every: float | None) -> Night:
    """Read the folder, killed `every` so many seconds (never, if None), until it is done."""
    command = [sys.executable, "-m", "pipeline", "watch", str(inbox), "--once", "--data", str(data), "--still", "0"]
    (data.parent / "tmp").mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(data.parent / "tmp")}
    begun, kills = time.monotonic(), 0
    while True:
        with open(data.parent / "said.txt", "ab") as said:
            run = subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)
        try:
            code = run.wait(every)
        except subprocess.TimeoutExpired:
            kills += 1
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            continue
        if code not in (0, 3):
            told = (data.parent / "said.txt").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"exit code {code}: {told[-2000:]}")
        return Night(time.monotonic() - begun, kills, check(data, hashes_of(inbox)), rows_of(data), states_of(data))


def rows_of(data: Path) -> list[tuple[object, ...]]:
    """Return all rows with what staff see of them, in order."""
    with closing(sqlite3.connect(f"file:{data / 'giaoviec.db'}?mode=ro", uri=True)) as base:
        wanted = "SELECT document_id, task_id, path, kind, text, due, needs_review FROM tasks ORDER BY 1, 2"
        return list(base.execute(wanted))


def states_of(data: Path) -> dict[str, int]:
    """Return how many contents are in each state."""
    with closing(sqlite3.connect(f"file:{data / 'giaoviec.db'}?mode=ro", uri=True)) as base:
        return dict(base.execute("SELECT state, count(*) FROM ledger GROUP BY state"))


def compare(folder: Path, good: int, bad: int, every: float | None = None) -> tuple[Night, Night]:
    """Return the night in peace and the night with kills, both over the same files.

    Kills come `every` so many seconds, or, where it is None, whenever a third of the night in peace has gone by.
    """
    inbox = folder / "vào"
    drop(inbox, good, bad)
    for name in ("yên", "giết"):
        (folder / name).mkdir()
    peace = run_night(inbox, folder / "yên" / "data", None)
    return peace, run_night(inbox, folder / "giết" / "data", every or peace.seconds / 3)


def main() -> int:
    """Run both nights and print what they came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--good", type=int, default=1000)
    parser.add_argument("--bad", type=int, default=100)
    parser.add_argument("--every", type=float, default=60.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="night-") as folder:
        peace, war = compare(Path(folder), given.good, given.bad, given.every)
    for name, night in (("in peace", peace), ("with kills", war)):
        print(f"{name}: {night.seconds:.0f} s, {night.kills} kills, {len(night.rows)} rows, {night.states}")
        print("\n".join(night.breaches[:20]))
    same = peace.rows == war.rows and peace.states == war.states
    print("the same rows" if same else "OTHER ROWS")
    return 0 if same and not peace.breaches and not war.breaches else 1


if __name__ == "__main__":
    sys.exit(main())
