"""`giaoviec nightly`: all communes' folders read, compared, exported, and told in a digest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, Data, Database, settings_of
from pipeline.cli.output import print_json, say_refused
from schemas.errors import DONE, DONE_WITH_WARNINGS

if TYPE_CHECKING:
    from pipeline.ingest import Outcome
    from pipeline.night.run import Done

ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", metavar="TỆP", help="Tệp cấu hình (YAML): thư mục các xã, nơi ghi, thư.")
]


def nightly(
    config: ConfigFile,
    check: Annotated[bool, typer.Option("--check", help="Chỉ kiểm tra tệp cấu hình.")] = False,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Chạy đêm: đọc thư mục của mọi xã (chỉ tệp mới hoặc đổi), đối chiếu tiêu chí, ghi bảng, lập và gửi bản tin."""
    from pipeline.night.config import load_night

    wanted = load_night(config)
    if check:
        typer.echo(f"{config}: đúng, {len(wanted.folders)} thư mục.")
        raise typer.Exit(DONE)
    from pipeline.night.run import run_night

    settings = settings_of(data or wanted.data, database or wanted.database)
    done = run_night(wanted, settings, tell=_tell)
    if as_json:
        print_json(done.to_record())
    else:
        _print(done)
    raise typer.Exit(DONE_WITH_WARNINGS if done.refused or done.night.faults else DONE)


def _tell(outcome: Outcome) -> None:
    if outcome.error:
        say_refused(outcome.path, outcome.error)


def _print(done: Done) -> None:
    record = done.to_record()
    typer.echo(
        f"{record['read']} tệp đã xử lý, {record['unchanged']} tệp không đổi, {record['refused']} tệp không đọc được."
    )
    typer.echo(f"{done.told.digest.headline()}.")
    for fault in done.night.faults:
        typer.echo(f"giaoviec: {fault}", err=True)
    typer.echo(f"Bản tin: {done.told.page}")
