"""A reader that does what it should not, in every way: each ends in its own code and leaves nothing behind."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Never

import pytest

from pipeline.isolate import Limits, run_limited
from pipeline.processes import processes_holding
from schemas import progress
from schemas.errors import Crashed, FileTooLarge, MachineFault, PlanError

MEMORY_DISK = Path("/dev/shm")
LIMITS = Limits(wall_seconds=15, cpu_seconds=10, still_seconds=1, memory_bytes=300 << 20, written_bytes=1 << 20)
# A busy machine may hold up a fake for a second that does not stand still, and give it a processor for half the time.
BUSY = replace(LIMITS, still_seconds=12, wall_seconds=40)


def hang() -> None:
    time.sleep(100)


def spin() -> Never:
    while True:
        pass


def spin_at_the_processor_limit() -> Never:
    while True:
        progress.advance()


def eat() -> list[bytes]:
    eaten = []
    while True:
        eaten.append(b"x" * (1 << 20))


def die_for_want_of_memory() -> None:
    """As a library in C does that got no more memory."""
    ctypes.memset(ctypes.create_string_buffer(260 << 20), 1, 260 << 20)
    os.abort()


def fault() -> None:
    ctypes.string_at(0)


def flood(stream: int) -> Callable[[], None]:
    def flooding() -> None:
        for _ in range(300):
            os.write(stream, b"x" * 10_000)

    return flooding


def fork() -> None:
    for _ in range(20):
        if os.fork() == 0:
            time.sleep(100)
    time.sleep(100)


def fork_away() -> None:
    """Processes that leave the group and the parent."""
    for _ in range(5):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(100)
            os._exit(0)
    os._exit(0)


def stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def answer_garbage() -> None:
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"not a result " * 100)
        except OSError:
            continue
    os._exit(0)


def fill_the_disk() -> None:
    raise OSError(28, "No space left on device")


def write_too_much() -> None:
    (MEMORY_DISK / f"giaoviec-test-{os.getpid()}").write_bytes(b"x" * (2 << 20))


def open_too_many() -> list[object]:
    return [open(os.devnull) for _ in range(500)]


def answer_too_much() -> bytes:
    return b"x" * (200 << 20)


def recurse() -> None:
    recurse()


FAKES: dict[str, tuple[Callable[[], object], type[PlanError], str]] = {
    "hangs": (hang, Crashed, "đứng yên quá 1 giây"),
    "spins": (spin, Crashed, "đứng yên quá 1 giây"),
    "spins with signs of life": (spin_at_the_processor_limit, Crashed, "quá 10 giây"),
    "eats memory": (eat, FileTooLarge, "bộ nhớ"),
    "dies for want of memory": (die_for_want_of_memory, FileTooLarge, "bộ nhớ"),
    "segfaults": (fault, Crashed, "dừng đột ngột"),
    "floods stderr": (flood(2), Crashed, "dừng đột ngột"),
    "forks": (fork, Crashed, "đứng yên"),
    "forks away": (fork_away, Crashed, "dừng đột ngột"),
    "stops itself": (stop, Crashed, "đứng yên"),
    "ends without a result": (lambda: os._exit(0), Crashed, "dừng đột ngột"),
    "exits": (lambda: sys.exit(0), Crashed, "dừng đột ngột"),
    "answers garbage": (answer_garbage, Crashed, "dừng đột ngột"),
    "kills itself": (lambda: os.kill(os.getpid(), signal.SIGKILL), Crashed, "dừng đột ngột"),
    "meets a full disk": (fill_the_disk, MachineFault, "hết chỗ trống"),
    "writes too much": (write_too_much, Crashed, "dừng đột ngột"),
    "opens too many files": (open_too_many, Crashed, "dừng đột ngột"),
    "answers too much": (answer_too_much, FileTooLarge, "bộ nhớ"),
    "recurses": (recurse, Crashed, "dừng đột ngột"),
}
SLOW = ("spins with signs of life",)


@pytest.mark.parametrize(
    "fake", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in FAKES]
)
def test_a_fake_reader_ends_in_its_own_code(
    fake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    act, refusal, said = FAKES[fake]
    files = set(os.listdir("/proc/self/fd"))
    before = children()
    begun = time.monotonic()
    with pytest.raises(refusal, match=said) as caught:
        run_limited(act, limits=LIMITS if "đứng yên" in said else BUSY)
    assert type(caught.value) is refusal
    assert time.monotonic() - begun < 50
    assert list(tmp_path.iterdir()) == []
    assert set(os.listdir("/proc/self/fd")) == files
    assert children() == before
    assert capfd.readouterr() == ("", "")
    for path in MEMORY_DISK.glob("giaoviec-test-*"):
        assert path.stat().st_size <= LIMITS.written_bytes
        path.unlink()


def test_a_flood_of_stdout_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    run_limited(flood(1), limits=LIMITS)
    assert capfd.readouterr() == ("", "")


def test_what_left_the_group_is_killed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[int] = []

    def note(path: Path) -> set[int]:
        held = processes_holding(path)
        seen.extend(held)
        return held

    monkeypatch.setattr("pipeline.isolate.processes_holding", note)
    with pytest.raises(Crashed):
        run_limited(fork_away, limits=LIMITS)
    assert len(set(seen)) >= 5
    time.sleep(0.2)
    assert not [process for process in set(seen) if alive(process)]


def test_who_goes_on_with_signs_of_life_is_not_stopped() -> None:
    def slowly() -> int:
        for _ in range(60):
            time.sleep(0.05)
            progress.advance()
        return 7

    assert run_limited(slowly, limits=LIMITS) == 7


def test_who_waits_for_a_busy_program_that_it_started_is_stopped_with_it() -> None:
    def busy() -> None:
        subprocess.run([sys.executable, "-c", "while True: pass"], check=False)

    with pytest.raises(Crashed, match="đứng yên"):
        run_limited(busy, limits=LIMITS)


def children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_parent_with_many_mapped_files_still_tells_want_of_memory(tmp_path: Path) -> None:
    """A fork leaves the pages of mapped files behind: they are no memory that the child began with."""
    file = tmp_path / "library.so"
    with file.open("wb") as made:
        made.truncate(400 << 20)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert not any(mapped[at] for at in range(0, len(mapped), mmap.PAGESIZE))
        with pytest.raises(FileTooLarge):
            run_limited(die_for_want_of_memory, limits=BUSY)
