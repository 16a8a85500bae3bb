"""The flows `nightly` and `watch`: the folders of a file of settings, read by tasks, and the rest of a night."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from flows import artifacts
from flows.batch import WORKERS, read_until_idle
from flows.tasks import Desk, Held, may_pass
from pipeline.ingest import Outcome
from pipeline.night import run, steps
from pipeline.night.config import NightConfig, load_night
from pipeline.night.digest import digest_text
from pipeline.night.steps import Night
from pipeline.settings import Settings, load_settings
from pipeline.watch.scan import ScanReport

NIGHTLY, WATCH = "giaoviec-nightly", "giaoviec-watch"
LOOK, TELL = "Xem các thư mục", "Bản tin"


@task(
    name="step",
    retries=1,
    retry_delay_seconds=10,
    retry_condition_fn=may_pass,
    cache_policy=NO_CACHE,
    persist_result=False,
    task_run_name="{name}",
)
def step(name: str, work: Held[Callable[[], Any]]) -> Held[Any]:
    """What `work` gives: one step of a night that is no document."""
    return Held(work.value())


def settings_for(config: NightConfig) -> Settings:
    """Where things lie: as the file of settings says, else as the environment does."""
    return load_settings(database=config.database, data=config.data)


def _done(name: str, work: Callable[[], Any]) -> Any:
    return step(name, Held(work)).value


def _read(night: Night, key: str) -> tuple[ScanReport, list[Outcome]]:
    """Look at the folders and read all that is due, this run's and what another one left."""
    report: ScanReport = _done(LOOK, lambda: run.look(night))
    desk = Desk(night.settings, night.store)
    outcomes = report.settled() + read_until_idle(desk, f"{key}-tien-do")
    artifacts.table(outcomes, sum(report.passed.values()), f"{key}-van-ban")
    return report, outcomes


@flow(
    name="nightly",
    log_prints=False,
    persist_result=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),  # type: ignore[arg-type]
)
def nightly(config: str) -> dict[str, Any]:
    """Run the night of a file of settings; the result has its counts, its faults and the path of the digest."""
    wanted = load_night(Path(config))
    night = steps.begin(wanted, settings_for(wanted))
    report, outcomes = _read(night, NIGHTLY)
    changes = night.attempt(run.COMPARE, lambda: _done(run.COMPARE, lambda: steps.compare(night)), run.NO_CHANGES)
    written = night.attempt(run.WRITE, lambda: _done(run.WRITE, lambda: steps.write(night)), run.NOTHING)
    communes = _done(run.REPORT, lambda: steps.report(night))
    told = _done(TELL, lambda: steps.tell(night, changes, communes))
    done = run.Done(night, report, tuple(outcomes), written, told)
    artifacts.page(told.page, NIGHTLY, f"Bản tin {night.now:%d/%m/%Y}", digest_text(told.digest))
    return done.to_record()


@flow(
    name="watch",
    log_prints=False,
    persist_result=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),  # type: ignore[arg-type]
)
def watch(config: str) -> list[dict[str, Any]]:
    """One pass over the folders of a file of settings: look, and read what is new; a record for each document."""
    wanted = load_night(Path(config))
    night = steps.begin(wanted, settings_for(wanted))
    _, outcomes = _read(night, WATCH)
    return [artifacts.record(outcome) for outcome in outcomes]
