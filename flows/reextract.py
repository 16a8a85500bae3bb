"""The flows `reextract` and `read`: other rules' documents read again; what is due, by one machine more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows import artifacts
from flows.batch import WORKERS, read_until_idle
from flows.tasks import Desk
from pipeline.settings import load_settings
from pipeline.store.store import Store

REEXTRACT, READ = "giaoviec-reextract", "giaoviec-read"


@flow(
    name="reextract",
    log_prints=False,
    persist_result=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),  # type: ignore[arg-type]
)
def reextract(database: str | None = None, data: str | None = None) -> list[dict[str, Any]]:
    """Read again what other rules read or refused, and what else waits; the result has a record for each document.

    What people have corrected stays: the store puts their words over the rows that are read anew.
    """
    desk = _desk(database, data)
    desk.store.ledger.requeue()
    return _read(desk, REEXTRACT)


@flow(
    name="read",
    log_prints=False,
    persist_result=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),  # type: ignore[arg-type]
)
def read(database: str | None = None, data: str | None = None) -> list[dict[str, Any]]:
    """Read what is due until nothing is left: what a further machine does beside the one that runs the night."""
    return _read(_desk(database, data), READ)


def _desk(database: str | None, data: str | None) -> Desk:
    settings = load_settings(database=database, data=Path(data) if data else None)
    return Desk(settings, Store.open(settings.database_url))


def _read(desk: Desk, key: str) -> list[dict[str, Any]]:
    outcomes = read_until_idle(desk, f"{key}-tien-do")
    artifacts.table(outcomes, 0, key)
    return [artifacts.record(outcome) for outcome in outcomes]
