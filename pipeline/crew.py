"""Several processes that claim bytes from the ledger and read them, until nothing is left or until they are stopped.

`work_off` is the whole: "claim and read until idle". A `Crew` is what a watcher keeps running beside its scans. Each
worker is a fork of the caller (what is slow to load is shared), opens connections of its own, and reads every
document in a limited child. Start a crew from a process whose other threads, if any, do not use the store: SQLite
does not bear a fork amid a transaction. A worker that dies is replaced; what it had claimed is due again at once.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import TracebackType
from typing import Never

from pipeline.ingest import Outcome, tidy, work_one
from pipeline.isolate import PR_SET_PDEATHSIG
from pipeline.kit import Kit
from pipeline.settings import Settings
from pipeline.store.engine import open_engine
from pipeline.store.store import Store
from schemas.errors import Crashed, StoreError

log = logging.getLogger("giaoviec.crew")
IDLE_SECONDS = 0.5
"""How often a worker without work looks again."""
TROUBLE_SECONDS = 5.0
"""How long a worker waits where the database or the disk refuses."""
PATIENCE_SECONDS = 45.0
"""For so long a worker of `work_off` waits for a database that refuses, before it ends with what it says."""
STOP_SECONDS = 6.0
"""For so long workers may give back what they claimed; then they are killed."""
MOST_DEATHS = 30
"""So many workers in a row may die without a document read: what kills them then is no document."""
DYING = "Các tiến trình đọc liên tục dừng đột ngột; chi tiết ghi trong nhật ký."
TERMINATED = 128 + signal.SIGTERM
_FORK = multiprocessing.get_context("fork")


class Crew:
    """Workers: a context manager that starts them and at its end stops them, their leases given back.

    `forever` keeps them waiting for new work; else they end when nothing is in line, `hasty` trying crashed documents
    again without delay. `jobs` is their number, that of the cores if 0.
    """

    def __init__(
        self, settings: Settings, kit: Kit, jobs: int = 0, *, forever: bool = False, hasty: bool = False
    ) -> None:
        self._settings, self._kit, self._forever, self._hasty = settings, kit, forever, hasty
        self._jobs = jobs or os.cpu_count() or 1
        self._workers: dict[Connection, ForkProcess] = {}
        self._refused: StoreError | None = None
        self._deaths = 0

    def __enter__(self) -> Crew:
        tidy(self._settings)
        for _ in range(self._jobs):
            self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def poll(self, seconds: float = 0.0) -> Iterator[Outcome]:
        """What became of documents since the last call, waiting for the first of it up to `seconds`."""
        for pipe in wait(list(self._workers), seconds):
            assert isinstance(pipe, Connection)
            yield from self._hear(pipe)

    def outcomes(self) -> Iterator[Outcome]:
        """What becomes of documents until every worker has ended; raises `StoreError` where the database refuses."""
        while self._workers:
            yield from self.poll(IDLE_SECONDS)
        if self._refused:
            raise self._refused

    def stop(self) -> None:
        """End the workers in order, within `STOP_SECONDS`."""
        for worker in self._workers.values():
            worker.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for pipe, worker in self._workers.items():
            worker.join(max(0.0, deadline - time.monotonic()))
            if worker.is_alive():
                log.warning("crew.killed", extra={"worker": worker.pid})
                worker.kill()
                worker.join()
            pipe.close()
        self._workers.clear()

    def _start(self) -> None:
        ours, theirs = _FORK.Pipe(duplex=False)
        given = (self._settings, self._kit, theirs, self._forever, self._hasty, os.getpid())
        worker = _FORK.Process(target=_live, args=given)
        worker.start()
        theirs.close()
        self._workers[ours] = worker

    def _hear(self, pipe: Connection) -> Iterator[Outcome]:
        try:
            while pipe.poll():
                told = pipe.recv()
                if isinstance(told, Outcome):
                    self._deaths = 0
                    yield told
                else:
                    self._refused = told
        except (EOFError, ConnectionResetError):
            self._replace(pipe)

    def _replace(self, pipe: Connection) -> None:
        """Take note of a worker's end: in order, or a death after which another one takes its place."""
        worker = self._workers.pop(pipe)
        worker.join()
        pipe.close()
        if worker.exitcode == 0:
            return
        log.error("crew.died", extra={"worker": worker.pid, "exit": worker.exitcode})
        tidy(self._settings)
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            raise Crashed(DYING, f"exit status {worker.exitcode}")
        time.sleep(IDLE_SECONDS)
        self._start()


def work_off(
    settings: Settings,
    kit: Kit,
    jobs: int = 0,
    *,
    hasty: bool = True,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Claim and read until the ledger is idle; return what became of each document that this call read.

    Others may work on the same ledger meanwhile; what they hold is waited for. `hasty` tries crashed documents again
    at once, up to their three tries, so that afterwards everything is in a final state.
    Raises `StoreError` where the database refuses for longer than `PATIENCE_SECONDS`.
    """
    outcomes = []
    with Crew(settings, kit, jobs, hasty=hasty) as crew:
        for outcome in crew.outcomes():
            outcomes.append(outcome)
            tell(outcome)
    return outcomes


# --- in the worker ------------------------------------------------------------------------------------------------


def _live(settings: Settings, kit: Kit, pipe: Connection, forever: bool, hasty: bool, parent: int) -> None:
    """Work, and end without the exit handlers of the parent: they wait for threads that were not forked."""
    code = 1
    try:
        _serve(settings, kit, pipe, forever, hasty, parent)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        if sys.exc_info()[0] is not None:
            log.critical("crew.unforeseen", exc_info=True)
        pipe.close()
        os._exit(code)


def _serve(settings: Settings, kit: Kit, pipe: Connection, forever: bool, hasty: bool, parent: int) -> None:
    _end_with_parent(parent)
    store = Store(open_engine(settings.database_url))
    try:
        _work(store, settings, kit, pipe, forever, hasty)
    except StoreError as error:
        with suppress(BrokenPipeError):
            pipe.send(error)
    except BrokenPipeError:
        log.warning("crew.alone")


def _end_with_parent(parent: int) -> None:
    """Hear the parent's stop, and end when it dies; a ctrl-C is left to the parent, which passes it on."""
    signal.signal(signal.SIGTERM, _stopped)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(TERMINATED)


def _stopped(_number: int, _frame: object) -> Never:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # one is enough: what follows gives the lease back
    raise SystemExit(TERMINATED)


def _work(store: Store, settings: Settings, kit: Kit, pipe: Connection, forever: bool, hasty: bool) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            claim = store.ledger.claim(hasty=hasty)
            if claim is None and not forever and store.ledger.idle(hasty):
                return
            if claim is None:
                time.sleep(IDLE_SECONDS)
            elif outcome := work_one(claim, store, settings, kit):
                pipe.send(outcome)
            patience = time.monotonic() + PATIENCE_SECONDS
        except StoreError as error:
            log.error("crew.store", extra={"said": str(error), "detail": error.detail})
            if not forever and time.monotonic() > patience:
                raise
            time.sleep(TROUBLE_SECONDS)
