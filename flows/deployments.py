"""What Prefect is told of the flows: their schedules, the limit on OCR, and runs that died with their machine."""

from __future__ import annotations

from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.client.schemas.schedules import CronSchedule
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from flows.ingest import ingest
from flows.nightly import nightly, watch
from flows.reextract import read, reextract
from flows.tasks import OCR_TAG
from pipeline.night.config import ZONE, NightConfig

GHOST = "Máy dừng khi đang chạy; sổ của kho dữ liệu biết việc nào đã xong, lần chạy sau làm tiếp."


MOST_GHOSTS = 200
"""Prefect gives no more at once; one machine has never so many."""


def made_for(config: NightConfig, helpers: int = 0) -> list[Any]:
    """The deployments of a file of settings: the night by its schedule, the others to be started by hand.

    `helpers` machines beside the one that runs the night read with it: `read` is due so many times, a minute later.
    A night that is due while another one runs is left out: it would find nothing to do.
    """
    file = {"config": str(config.file.absolute())}
    store = {"database": config.database, "data": str(config.data) if config.data else None}
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    by = EntrypointType.MODULE_PATH
    night = CronSchedule(cron=config.schedule, timezone=ZONE)
    late = CronSchedule(cron=_a_minute_later(config.schedule), timezone=ZONE)
    helping = [DeploymentScheduleCreate(schedule=late, slug=f"may-{number + 2}") for number in range(helpers)]
    return [
        nightly.to_deployment(
            "nightly", parameters=file, schedules=[night], concurrency_limit=one, entrypoint_type=by
        ),
        read.to_deployment("read", parameters=store, schedules=helping or None, entrypoint_type=by),
        watch.to_deployment("watch", parameters=file, entrypoint_type=by),
        reextract.to_deployment("reextract", parameters=store, entrypoint_type=by),
        ingest.to_deployment("ingest", entrypoint_type=by),
    ]


def _a_minute_later(cron: str) -> str:
    """The schedule a minute on, where its minute is a number.

    >>> _a_minute_later("0 1 * * *"), _a_minute_later("*/5 * * * *")
    ('1 1 * * *', '*/5 * * * *')
    """
    minute, rest = cron.split(" ", 1)
    return f"{int(minute) + 1} {rest}" if minute.isdecimal() and int(minute) < 59 else cron


def deploy(config: NightConfig, pool: str, helpers: int = 0) -> list[str]:
    """Tell the configured Prefect server of the flows, to be run by the workers of a pool; the deployments' names.

    What `prefect deploy --all` does with flows/deploy/prefect.yaml, by way of the same server.
    """
    made = made_for(config, helpers)
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process"), overwrite=True)
    for one in made:
        one.apply(work_pool_name=pool)
    return [f"{one.flow_name}/{one.name}" for one in made]


def limit_ocr(most: int) -> None:
    """Bound how many documents that may need OCR are read at once on all machines."""
    with get_client(sync_client=True) as client:
        client.create_concurrency_limit(tag=OCR_TAG, concurrency_limit=most)


def close_ghosts() -> int:
    """Close the runs that Prefect still calls running though this machine has just begun; return how many.

    Only for one machine alone: where several work, another one's runs are alive.
    """
    running = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])))
    with get_client(sync_client=True) as client:
        ghosts = client.read_flow_runs(flow_run_filter=running, sort=FlowRunSort.ID_DESC, limit=MOST_GHOSTS)
        for ghost in ghosts:
            client.set_flow_run_state(ghost.id, Crashed(message=GHOST), force=True)
    return len(ghosts)
