"""The watcher: scans, workers beside it, moves if asked; the scan is the truth, events only call for one."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from sqlalchemy import make_url

from pipeline.crew import Crew, work_off
from pipeline.ingest import Outcome
from pipeline.kit import Kit
from pipeline.log import turn_over
from pipeline.settings import Settings
from pipeline.store.originals import NO_ROOM
from pipeline.store.store import Store
from pipeline.watch.moving import move_read
from pipeline.watch.scan import STALE_SECONDS, STILL_SECONDS, Look, ScanReport, Watched, scan_once, scan_until_still
from schemas.errors import StoreError

log = logging.getLogger("giaoviec.watch")
EVERY_SECONDS = 10.0
RESCAN_SECONDS = 60.0
"""Between scans where events wake the watcher: some get lost."""
SECOND = "Đã có một chương trình khác đang theo dõi với cùng cơ sở dữ liệu này (tiến trình {process}); chỉ chạy một."
POLLING = "quét định kỳ {every} giây một lần (dùng được cả với ổ mạng)"
EVENTS = "theo sự kiện của hệ thống tệp, và quét lại {every} giây một lần (không dùng cho ổ mạng)"


@dataclass(frozen=True, slots=True)
class Watch:
    """How to watch: seconds between scans, until a file counts as still and until a half one is read as it is.

    `jobs` workers (that of the cores if 0); `move` what was read; `events` of the system wake the watcher.
    """

    every: float = EVERY_SECONDS
    still: float = STILL_SECONDS
    stale: float = STALE_SECONDS
    jobs: int = 0
    move: bool = False
    events: bool = False

    @property
    def mode(self) -> str:
        """How the folders are watched, in words for staff."""
        return (EVENTS if self.events else POLLING).format(every=f"{self.pause:g}")

    @property
    def pause(self) -> float:
        """Seconds between two scans."""
        return max(self.every, RESCAN_SECONDS) if self.events else self.every


@dataclass(frozen=True, slots=True)
class Teller:
    """Who hears what happens: each scan's report, each document's outcome, each moved file."""

    report: Callable[[ScanReport], None] = lambda _: None
    outcome: Callable[[Outcome], None] = lambda _: None
    moved: Callable[[Path], None] = lambda _: None


@contextmanager
def only_watcher(settings: Settings) -> Iterator[None]:
    """Be the only watcher on a SQLite database; on PostgreSQL there may be several.

    Raises `StoreError` where another one is at work or the data folder cannot be written. The lock is the process's
    own and ends with it.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        yield
        return
    with _opened(Path(f"{url.database}.watch")) as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(SECOND.format(process=lock.read().decode() or "?"), str(error)) from error
        _sign(lock)
        yield


def _opened(place: Path) -> FileIO:
    try:
        return FileIO(os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+")
    except OSError as error:
        raise StoreError(NO_ROOM, str(error)) from error


def _sign(lock: FileIO) -> None:
    """Leave word who holds the lock, for the sentence of whoever comes second; it holds without the word, too."""
    try:
        os.ftruncate(lock.fileno(), 0)
        os.pwrite(lock.fileno(), str(os.getpid()).encode(), 0)
    except OSError as error:
        log.warning("watch.unsigned", extra={"detail": str(error)})


def watch_once(
    folders: Sequence[Watched], store: Store, settings: Settings, kit: Kit, how: Watch, tell: Teller
) -> list[Outcome]:
    """One pass: look (again, where files are not still yet), read until idle, move; return what became of all.

    Raises `StoreError` where the store cannot be used, or is watched already.
    """
    with only_watcher(settings):
        report = scan_until_still(folders, store, settings, Look(how.still, how.stale))
        tell.report(report)
        outcomes = report.settled() + work_off(settings, kit, how.jobs, tell=tell.outcome)
        _move(folders, store, how, tell)
    return outcomes


def watch(folders: Sequence[Watched], store: Store, settings: Settings, kit: Kit, how: Watch, tell: Teller) -> None:
    """Scan and read until stopped from outside; a full disk or a busy database is waited out.

    Raises `StoreError` only where another watcher is at work or a folder cannot be watched at all.
    """
    look = Look(how.still, how.stale)
    with only_watcher(settings), Crew(settings, kit, how.jobs, forever=True) as crew:
        waiter = _events(folders) if how.events else None
        tell.report(scan_once(folders, store, settings, look))
        while True:
            _wait(crew, how, look, waiter, tell)
            try:
                tell.report(scan_once(folders, store, settings, look))
                _move(folders, store, how, tell)
                turn_over(settings.log_file)
            except (StoreError, OSError) as error:  # told in the log; it may be over at the next scan
                log.error("watch.store", extra={"said": str(error), "detail": getattr(error, "detail", "")})


def _move(folders: Sequence[Watched], store: Store, how: Watch, tell: Teller) -> None:
    for place in move_read(folders, store) if how.move else ():
        tell.moved(place)


def _wait(crew: Crew, how: Watch, look: Look, waiter: Generator[object] | None, tell: Teller) -> None:
    """Hear the workers until the next scan is due: by time, by an event, or since a file may be still by now."""
    pause = min(how.pause, how.still) if look.since else how.pause
    until = time.monotonic() + pause
    while (left := until - time.monotonic()) > 0:
        for outcome in crew.poll(0.0 if waiter else min(left, 1.0)):
            tell.outcome(outcome)
        if waiter and next(waiter):
            return


def _events(folders: Sequence[Watched]) -> Generator[object]:
    """Yield what changed, or nothing after half a second without a change.

    The library answers every signal with KeyboardInterrupt: what was asked for is remembered here.
    """
    from watchfiles import watch as changes

    asked: list[int] = []
    usual = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    try:
        there = [watched.folder for watched in folders if watched.folder.is_dir()]
        for some in changes(*there, yield_on_timeout=True, rust_timeout=500, debounce=400, raise_interrupt=True):
            if asked:
                raise SystemExit(128 + asked[0])
            yield some
    finally:
        signal.signal(signal.SIGTERM, usual)
