"""The flow `reextract`: all that other rules than today's have read, read again from the originals in the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows import artifacts
from flows.batch import WORKERS, run_batch
from flows.tasks import Desk
from pipeline.settings import load_settings
from pipeline.store.store import Store

ARTIFACT = "giaoviec-reextract"


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
    settings = load_settings(database=database, data=Path(data) if data else None)
    store = Store.open(settings.database_url)
    store.ledger.requeue()
    outcomes = run_batch(store.ledger.due(hasty=True), Desk(settings, store), f"{ARTIFACT}-tien-do")
    artifacts.table(outcomes, 0, ARTIFACT)
    return [artifacts.record(outcome) for outcome in outcomes]
