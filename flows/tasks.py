"""The work as Prefect tasks: a document that may need OCR is a task, typed plans are some dozens a task.

Prefect starts the work and shows it; what is done and what is left stands in the ledger. A task claims a document
when its turn comes, so that no lease runs out while it waits, and `work_one` closes the claim.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Completed

from pipeline.ingest import Outcome, work_one
from pipeline.kit import Kit, load_kit
from pipeline.settings import Settings
from pipeline.store.states import State as Standing
from pipeline.store.store import Store
from schemas.errors import Crashed, StoreError

T = TypeVar("T")
log = logging.getLogger("giaoviec.flows")
OCR_TAG = "ocr"
"""`prefect concurrency-limit create ocr 2` bounds how many such documents are read at once on all machines."""
REFUSED = "Refused"
"""The name, in Prefect's page, of the state of a document that is refused: the run goes on."""


class Held(Generic[T]):
    """A value on its way between tasks, shut: Prefect looks into each collection and dataclass for futures."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value


class Desk:
    """What all documents of a batch share: settings, store, tools; opaque to Prefect like `Held`."""

    __slots__ = ("_kit", "settings", "store")

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self._kit: Kit | None = None

    @property
    def kit(self) -> Kit:
        """The tools; asked for before the threads begin, so that each child inherits what is loaded."""
        self._kit = self._kit or load_kit()
        return self._kit


def may_pass(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether trying again may help: a database or disk that was busy; a refused file is in the ledger already."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, (StoreError, OSError))


def work(sha256: str, desk: Desk) -> Outcome | None:
    """The outcome of a document that is due; None where it is not, or somebody else took it over.

    One whose reader dies is tried again at once, until the ledger rejects it.
    """
    outcome = None
    while claim := desk.store.ledger.claim(sha256, hasty=True):
        outcome = work_one(claim, desk.store, desk.settings, desk.kit)
        if outcome is None or outcome.state is not Standing.RETRY or outcome.error is None:
            return outcome
        if outcome.error.code != Crashed.code:
            return outcome
    return outcome


@task(
    name="read",
    tags=[OCR_TAG],
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=may_pass,
    cache_policy=NO_CACHE,
    persist_result=False,
    task_run_name="read {name}",
)
def read_document(name: str, sha256: str, desk: Desk) -> Held[list[Outcome]] | State[Any]:
    """The outcome of one document, by text layer or OCR, read in a child process and stored."""
    outcome = work(sha256, desk)
    if outcome is None:
        return Held([])
    if outcome.error:
        return Completed(name=REFUSED, message=str(outcome.error), data=Held([outcome]))
    return Held([outcome])


@task(
    name="read batch",
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=may_pass,
    cache_policy=NO_CACHE,
    persist_result=False,
    task_run_name="read {name}",
)
def read_batch(name: str, hashes: Sequence[str], desk: Desk) -> Held[list[Outcome]]:
    """The outcomes of some dozens of typed plans, one after the other; tried again, it goes on where it stopped."""
    outcomes = [outcome for sha256 in hashes if (outcome := work(sha256, desk))]
    log.info("batch.read", extra={"read": len(outcomes), "refused": sum(1 for one in outcomes if one.error)})
    return Held(outcomes)
