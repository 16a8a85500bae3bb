"""The flow `ingest`: many files into the store; a failing document is one result with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows import artifacts
from flows.batch import WORKERS, run_batch
from flows.tasks import Desk
from pipeline.ingest import Found, Outcome, find_files, outcome_of, take_in
from pipeline.settings import load_settings
from pipeline.store.ledger import DueFile, Entry
from pipeline.store.sightings import Seen
from pipeline.store.states import OPEN, State
from pipeline.store.store import Store
from schemas.errors import PlanError

ARTIFACT = "giaoviec-ingest"
Taken = tuple[Found, Seen, Entry | PlanError]


@flow(
    name="ingest",
    log_prints=False,
    persist_result=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),  # type: ignore[arg-type]
)
def ingest(
    paths: list[str],
    commune: str | None = None,
    database: str | None = None,
    data: str | None = None,
    again: bool = False,
) -> list[dict[str, Any]]:
    """Read the files of `paths` into the store; the result has a record for each file, refused ones too."""
    settings = load_settings(database=database, data=Path(data) if data else None)
    store = Store.open(settings.database_url)
    found, passed = find_files([Path(path) for path in paths], commune)
    taken = [(one, *take_in(one, store, settings, again)) for one in found]
    due = sorted(_due(taken), key=lambda one: one.size, reverse=True)  # no long scan is left for the end, alone
    outcomes = run_batch(due, Desk(settings, store), f"{ARTIFACT}-tien-do")
    read = {outcome.sha256: outcome for outcome in outcomes}
    outcomes = [_outcome(one, read, store) for one in taken]
    artifacts.table(outcomes, len(passed), ARTIFACT)
    return [artifacts.record(outcome) for outcome in outcomes]


def _due(taken: Sequence[Taken]) -> Iterator[DueFile]:
    for _, seen, entry in taken:
        if isinstance(entry, Entry) and entry.state in (*OPEN, State.RETRY):
            yield DueFile(seen.sha256, seen.name, seen.size or 0)


def _outcome(taken: Taken, read: Mapping[str, Outcome], store: Store) -> Outcome:
    found, seen, entry = taken
    if seen.sha256 in read:
        return replace(read[seen.sha256], path=found.path)
    latest = entry if isinstance(entry, PlanError) else store.ledger.look_up(seen.sha256) or entry
    return outcome_of(seen, latest, found.path)
