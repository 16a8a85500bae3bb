"""The flow `ingest`: many files into the store; a failing document is one result with its reason."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows.tasks import Desk, Held, extract_document, read_document, store_document
from pipeline.ingest import Found, Outcome, find_files, outcome_of, settle, take_in
from pipeline.kit import load_kit
from pipeline.settings import load_settings
from pipeline.store.ledger import Claim
from pipeline.store.store import Store
from schemas.errors import Crashed, PlanError

log = logging.getLogger("giaoviec.flows")
WORKERS = 3 * (os.cpu_count() or 1)
"""Threads: of a document's three stages two only wait, and the work itself is done by child processes."""
STRETCH = 50
"""Documents whose lines and rows are in memory at once."""
ARTIFACT = "giaoviec-ingest"
UNFORESEEN = "Xử lý tệp gặp lỗi ngoài dự kiến; chi tiết ghi trong nhật ký."

Stages = tuple[PrefectFuture[Any], ...]


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
    desk = Desk(settings, store, load_kit())  # before the threads: each child inherits what is loaded here
    found, passed = find_files([Path(path) for path in paths], commune)
    stretches = (found[first : first + STRETCH] for first in range(0, len(found), STRETCH))
    outcomes = [outcome for some in stretches for outcome in _walk(some, desk, again)]
    records = [_record(outcome) for outcome in outcomes]
    create_table_artifact(records or [{"file": ""}], key=ARTIFACT, description=_summary(outcomes, passed))
    return records


def _walk(found: Sequence[Found], desk: Desk, again: bool) -> list[Outcome]:
    """Submit every document's stages, then wait for each in turn."""
    submitted = [(file, *_submit(file, desk, again)) for file in found]
    return [
        stages if isinstance(stages, Outcome) else _outcome(file, claim, stages, desk)
        for file, claim, stages in submitted
    ]


def _submit(found: Found, desk: Desk, again: bool) -> tuple[Claim | None, Stages | Outcome]:
    seen, entry = take_in(found, desk.store, desk.settings, again)
    claim = None if isinstance(entry, PlanError) else desk.store.ledger.claim(entry.sha256, hasty=True)
    if claim is None:
        return None, outcome_of(seen, entry, found.path)
    held, name = Held(claim), found.path.name
    raw: Any = read_document.submit(name, held, desk)
    extraction: Any = extract_document.submit(name, held, raw, desk)
    return claim, (raw, extraction, store_document.submit(name, held, extraction, desk))


def _outcome(found: Found, claim: Claim | None, stages: Stages, desk: Desk) -> Outcome:
    """Wait for a document; the first stage that failed says why."""
    assert claim is not None
    for stage in stages:
        result = stage.result(raise_on_failure=False)
        if isinstance(result, BaseException):
            return replace(settle(claim, desk.store, _as_refusal(result, found)), path=found.path)
    stored: Outcome = result.value
    return replace(stored, path=found.path)


def _as_refusal(error: BaseException, found: Found) -> PlanError:
    if isinstance(error, PlanError):
        log.error("%s: %s %s", found.path, error, error.detail)
        return error
    log.error("%s: unforeseen", found.path, exc_info=error)
    return Crashed(UNFORESEEN, repr(error))


def _summary(outcomes: Sequence[Outcome], passed: Sequence[Path]) -> str:
    counted = Counter("refused" if outcome.error else "done" for outcome in outcomes)
    return f"{counted['done']} tệp đã lưu, {counted['refused']} tệp không đọc được, {len(passed)} tệp bỏ qua"


def _record(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": str(outcome.path),
        "document_id": outcome.document_id,
        "n_rows": outcome.rows,
        "n_review": outcome.review,
        "code": outcome.error.code if outcome.error else None,
        "message": str(outcome.error) if outcome.error else None,
    }
