"""`make bench-flows`: what the flow `ingest` costs over the plain functions, on typed plans and on scans.

    python -m flows.bench [--typed 200] [--scans 9] [--rounds 4]

Both ways read the same files with as many workers, in one run and by turns: the plain functions in a process of their
own, the flow on a Prefect server that runs already. CPU seconds of the process, its children and the server: the
machine may be busy with other things. What else it does adds to a way's CPU seconds and never takes any off, so that
the least of several rounds is what counts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

from pipeline.night.bench import ROOT, cpu_seconds
from pipeline.settings import load_settings

TYPED_LIMIT, SCANS_LIMIT = 0.10, 0.02
PORT = 4299
TICK = os.sysconf("SC_CLK_TCK")


def variants(files: list[Path], number: int, place: Path) -> list[Path]:
    """So many files made of `files`, each of other bytes with the same content: a remark behind its end."""
    place.mkdir(parents=True)
    made = []
    for turn, file in islice(((turn, file) for turn in count() for file in files), number):
        made.append(place / f"{turn:03}-{file.name}")
        body = file.read_bytes()
        made[-1].write_bytes(body + f"\n%{turn}\n".encode() if file.suffix == ".pdf" else _with_remark(body, turn))
    return made


def _with_remark(body: bytes, number: int) -> bytes:
    """A zip with a comment: its directory's end says how long that is."""
    remark = f"{number:08}".encode()
    return body[:-2] + len(remark).to_bytes(2, "little") + remark


@contextmanager
def server(home: Path) -> Iterator[int]:
    """A Prefect server on this machine; gives its process."""
    from flows.serve import Kept, wait_for

    os.environ |= {"PREFECT_API_URL": f"http://127.0.0.1:{PORT}/api", "PREFECT_HOME": str(home)}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(PORT)]
    running = Kept("server", command, home / "server.log")
    try:
        wait_for(os.environ["PREFECT_API_URL"], running, home / "server.log")
        yield running.process
    finally:
        running.stop()


def family_cpu(process: int) -> float:
    """The CPU seconds of a process and of all that it started and that still runs."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(ppid) for pid, ppid in (line.split() for line in listed.splitlines())}
    family = {process}
    while more := {pid for pid, ppid in parents.items() if ppid in family and pid not in family}:
        family |= more
    total = 0.0
    for one in family:
        try:
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += sum(int(ticks) for ticks in fields[11:15]) / TICK
    return total


def cost(work: Callable[[], object], process: int) -> tuple[float, float]:
    """The CPU and clock seconds of `work`, the server's CPU included."""
    begun, used, served = time.perf_counter(), cpu_seconds(), family_cpu(process)
    work()
    return cpu_seconds() - used + family_cpu(process) - served, time.perf_counter() - begun


def plain(folder: Path, place: Path) -> tuple[float, float]:
    """The CPU and clock seconds of the plain functions, in a process that knows nothing of Prefect."""
    command = [sys.executable, "-m", "pipeline.night.bench_reading", str(folder), "--data", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    used, clock = done.stdout.split()
    return float(used), float(clock)


def flow(files: list[Path], place: Path) -> Callable[[], object]:
    """The flow `ingest` over the files."""
    from flows.ingest import ingest

    settings = load_settings({}, data=place)
    return lambda: ingest([str(file) for file in files], None, settings.database_url, str(settings.data))


def compare(name: str, files: list[Path], place: Path, process: int, limit: float, rounds: int) -> bool:
    """Print what both ways cost; return whether the flow stays below the limit."""
    ours, theirs = [], []
    for number in range(rounds):
        here = place / f"{name}-{number}"
        ours.append(plain(files[0].parent, here / "plain"))
        theirs.append(cost(flow(files, here / "flow"), process))
        _show(f"{name} {number + 1}/{rounds}", len(files), ours[-1], theirs[-1])
    least = min(ours), min(theirs)
    _show(f"{name}, least", len(files), *least)
    return least[1][0] / least[0][0] - 1 <= limit


def _show(name: str, files: int, ours: tuple[float, float], theirs: tuple[float, float]) -> None:
    over, over_clock = theirs[0] / ours[0] - 1, theirs[1] / ours[1] - 1
    print(
        f"{name:13} {files:4} files   plain {ours[0]:7.1f} s CPU {ours[1]:7.1f} s   "
        f"flow {theirs[0]:7.1f} s CPU {theirs[1]:7.1f} s   over {over:+.1%} CPU {over_clock:+.1%} clock",
        flush=True,
    )


def main(arguments: list[str] | None = None) -> int:
    """0 where both limits hold, else 1; prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--typed", type=int, default=200)
    parser.add_argument("--scans", type=int, default=9)
    parser.add_argument("--rounds", type=int, default=4)
    asked = parser.parse_args(arguments)
    samples = ROOT / "sample_docs"
    with tempfile.TemporaryDirectory(prefix="giaoviec-bench-") as folder, server(Path(folder) / "prefect") as process:
        place = Path(folder)
        typed = variants(sorted((samples / "typed").iterdir()), asked.typed, place / "typed-in")
        scans = variants(sorted((samples / "scans").glob("*.pdf")), asked.scans, place / "scans-in")
        warm = variants(sorted((samples / "typed").iterdir())[:2], 2, place / "warm-in")
        flow(warm, place / "warm")()  # what is imported and asked for once
        wanted = [("typed", typed, TYPED_LIMIT), ("scans", scans, SCANS_LIMIT)]
        good = [compare(name, files, place, process, most, asked.rounds) for name, files, most in wanted if files]
        return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
