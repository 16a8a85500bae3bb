"""Many due documents through the tasks: which are a task of their own, which go together, and what came of them."""

from __future__ import annotations

import logging
import os
import random
import socket
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.futures import PrefectFuture

from flows.tasks import Desk, Held, read_batch, read_document
from pipeline.ingest import Outcome
from pipeline.store.ledger import DueFile
from schemas.errors import Crashed

log = logging.getLogger("giaoviec.flows")
WORKERS = os.cpu_count() or 1
"""Tasks at once on a machine: the work itself is done by child processes, one a task."""
MOST_TOGETHER = 50
"""Typed plans of one task: at 12 ms a task run the engine costs little against reading them."""
PLAIN_SUFFIXES = frozenset({".txt", ".docx", ".html", ".htm", ".md"})
"""Formats that are read in a fraction of a second: never an OCR, no outside program."""
SMALL_PDF = 150_000
"""Bytes below which a PDF is taken for a typed one: hardly a scan is smaller. A wrong guess costs time, no more."""
WAIT_SECONDS = 2.0
"""How often to look whether what others hold is done."""
PATIENCE_SECONDS = 1800.0
"""Twice the time that the longest document may take."""
UNFORESEEN = "Xử lý tệp gặp lỗi ngoài dự kiến; chi tiết ghi trong nhật ký."


def is_light(due: DueFile) -> bool:
    """Whether a document goes with others into one task, by its name and size alone.

    >>> is_light(DueFile("", "ke-hoach.docx", 900_000)), is_light(DueFile("", "quet.pdf", 900_000))
    (True, False)
    """
    suffix = Path(due.name).suffix.lower()
    return suffix in PLAIN_SUFFIXES or (suffix == ".pdf" and due.size < SMALL_PDF)


def parted(due: Sequence[DueFile], workers: int = WORKERS) -> tuple[list[DueFile], list[list[DueFile]]]:
    """The documents that are a task each, and the others in even batches, at least one for each worker.

    >>> [len(batch) for batch in parted([DueFile("", "a.txt", 1)] * 60, workers=2)[1]]
    [30, 30]
    """
    heavy = [one for one in due if not is_light(one)]
    light = [one for one in due if is_light(one)]
    count = max(-(-len(light) // MOST_TOGETHER), min(workers, len(light)))
    return heavy, [light[number::count] for number in range(count)]


def run_batch(due: Iterable[DueFile], desk: Desk, key: str) -> list[Outcome]:
    """The outcomes of all due documents; a task that failed is told in the log, its documents stay in the ledger.

    `key` names the progress artifact.
    """
    heavy, light = parted(list({one.sha256: one for one in due}.values()))
    if not heavy and not light:
        return []
    _ = desk.kit
    futures: list[tuple[list[DueFile], PrefectFuture[Any]]] = [
        ([one], read_document.submit(one.name, one.sha256, desk)) for one in heavy
    ]
    for number, some in enumerate(light, 1):
        name = f"{len(some)} văn bản ({number}/{len(light)})"
        futures.append((some, read_batch.submit(name, [one.sha256 for one in some], desk)))
    return _gathered(futures, key)


def read_until_idle(desk: Desk, key: str) -> list[Outcome]:
    """The outcomes of all that is due, what other machines hold waited for; they may read the same ledger meanwhile.

    Ends, with a line in the log, where nothing has moved for `PATIENCE_SECONDS`: the ledger keeps what is left.
    """
    outcomes: list[Outcome] = []
    moved = time.monotonic()
    while True:
        due = list(desk.store.ledger.due(hasty=True))
        random.Random(f"{socket.gethostname()} {os.getpid()}").shuffle(due)  # machines do not ask for the same
        if some := run_batch(due, desk, key):
            outcomes += some
            moved = time.monotonic()
        if desk.store.ledger.idle(hasty=True):
            return outcomes
        if time.monotonic() - moved > PATIENCE_SECONDS:
            log.error("read.stuck", extra={"due": len(due)})
            return outcomes
        time.sleep(WAIT_SECONDS)


def _gathered(futures: Sequence[tuple[list[DueFile], PrefectFuture[Any]]], key: str) -> list[Outcome]:
    """Wait for each task in turn, the progress shown in Prefect's page."""
    total = sum(len(some) for some, _ in futures)
    progress = create_progress_artifact(0.0, key=key, description=f"0/{total} văn bản")
    outcomes: list[Outcome] = []
    done = shown = 0
    for some, future in futures:
        result = future.result(raise_on_failure=False)
        if isinstance(result, Held):
            outcomes += result.value
        else:
            outcomes += _unforeseen(some, result)
        done += len(some)
        if (done - shown) * 20 >= total or done == total:  # some twenty looks, however many documents
            shown = done
            update_progress_artifact(progress, 100 * done / total, description=f"{done}/{total} văn bản")  # type: ignore[arg-type]
    return outcomes


def _unforeseen(some: Sequence[DueFile], error: Any) -> list[Outcome]:
    log.error(
        "read.unforeseen",
        extra={"documents": len(some)},
        exc_info=error if isinstance(error, BaseException) else None,
    )
    return [Outcome(Path(one.name), Crashed(UNFORESEEN, repr(error)), sha256=one.sha256) for one in some]
