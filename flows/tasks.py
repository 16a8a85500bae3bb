"""The stages of a document as Prefect tasks: read (retried, limited as "ocr"), extract, store.

What is done and what is left stands in the ledger: a task claims its bytes, and the last one closes the claim.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Failed

from pipeline.ingest import Outcome, extract_raw, kept_of, read_raw, settle
from pipeline.kit import Kit
from pipeline.settings import Settings
from pipeline.store.ledger import Claim
from pipeline.store.store import Store
from schemas.errors import Crashed, MissingProgram, PlanError, ReadError, StoreError
from schemas.extraction import Extraction
from schemas.source import RawDocument

T = TypeVar("T")
OCR_TAG = "ocr"
"""`prefect concurrency-limit create ocr 2` bounds how many documents are read at once on all machines."""


class Held(Generic[T]):
    """A value on its way between tasks, shut: Prefect looks into each collection and dataclass for futures."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value


class Desk:
    """What all documents of a batch share: settings, store, tools; opaque to Prefect like `Held`."""

    __slots__ = ("kit", "settings", "store")

    def __init__(self, settings: Settings, store: Store, kit: Kit) -> None:
        self.settings, self.store, self.kit = settings, store, kit


def may_pass(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether trying again may help: a child that was killed, a database that was busy; never a refused file."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, (Crashed, StoreError, OSError))


def refused(error: PlanError) -> State[Any]:
    """The failed state of a file that is refused: one line in the log of the run, not a traceback."""
    return Failed(message=str(error), data=error)


@task(
    name="read",
    tags=[OCR_TAG],
    retries=1,
    retry_delay_seconds=2,
    retry_condition_fn=may_pass,
    cache_policy=NO_CACHE,
    persist_result=False,
    task_run_name="read {name}",
)
def read_document(name: str, claim: Held[Claim], desk: Desk) -> Held[RawDocument] | State[Any]:
    """The lines of a claimed file, by text layer or OCR, read in a child process."""
    with kept_of(claim.value, desk.settings) as path:
        try:
            tick = _holding(claim.value, desk)
            return Held(read_raw(path, claim.value.size, desk.settings.limits, tick))
        except (ReadError, MissingProgram) as error:
            return refused(error)


@task(name="extract", cache_policy=NO_CACHE, persist_result=False, task_run_name="extract {name}")
def extract_document(
    name: str, claim: Held[Claim], raw: Held[RawDocument], desk: Desk
) -> Held[Extraction] | State[Any]:
    """The rows of the lines; the same lines give the same rows, so it is not tried again."""
    try:
        return Held(extract_raw(raw.value, desk.kit, desk.settings.limits, _holding(claim.value, desk)))
    except PlanError as error:
        return refused(error)


def _holding(claim: Claim, desk: Desk) -> Any:
    desk.store.ledger.renew(claim)
    return lambda: desk.store.ledger.renew(claim)


@task(
    name="store",
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=may_pass,
    cache_policy=NO_CACHE,
    persist_result=False,
    task_run_name="store {name}",
)
def store_document(name: str, claim: Held[Claim], extraction: Held[Extraction], desk: Desk) -> Held[Outcome]:
    """The document stored in one transaction."""
    return Held(settle(claim.value, desk.store, extraction.value))
