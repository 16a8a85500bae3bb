"""`giaoviec export`: rows of the database as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import filters
from pipeline.cli.options import Data, Database, settings_of
from pipeline.exports import EXPORTS
from pipeline.exports.events import Holidays
from pipeline.exports.table import write_file
from pipeline.listing import Listing
from pipeline.task_filter import TaskFilter

FORMATS = ", ".join(f"{name} ({form.use})" for name, form in EXPORTS.items())
UNKNOWN = "Dạng tệp phải là một trong: {names}."


@filters.filtered
def export(
    wanted: TaskFilter,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="TỆP", help="Tệp để ghi.")],
    form: Annotated[str | None, typer.Option("--format", "-f", help=f"{FORMATS}; mặc định theo đuôi tệp.")] = None,
    holidays: Annotated[
        Holidays | None,
        typer.Option(
            help="Lịch .ics: hạn rơi vào ngày nghỉ thì giữ, chuyển lên trước hay ra sau.", show_choices=True
        ),
    ] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Xuất nhiệm vụ (tất cả hoặc đã lọc) ra tệp Excel, Word, lịch, CSV, JSON Lines hoặc Parquet."""
    from pipeline.exports.stored import write_stored
    from pipeline.store.store import Store

    name = form or out.suffix.lower().removeprefix(".")
    if name not in EXPORTS:
        raise typer.BadParameter(UNKNOWN.format(names=", ".join(EXPORTS)), param_hint="--format")
    store = Store.open(settings_of(data, database).database_url)
    written: list[Listing] = []
    chosen = Holidays(holidays) if holidays else None
    write_file(out, lambda stream: written.append(write_stored(store, wanted, name, stream, chosen)))
    found = written[0]
    typer.echo(f"Đã ghi {len(found.rows)} dòng của {len(found.documents)} văn bản vào {out}.")
