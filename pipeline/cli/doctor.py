"""`giaoviec doctor`: what is there and what is missing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Data, Database, settings_of
from pipeline.cli.output import one_line, print_json, print_table
from pipeline.settings import Settings
from schemas.errors import DONE, DONE_WITH_WARNINGS, MissingProgram, StoreError

SOUND = "Bảo toàn: {count} nội dung đã thấy, mỗi nội dung ở đúng một trạng thái, không mất, không trùng."
BROKEN = "Có {count} chỗ sai."
UNSETTLED = "giaoviec: {count} tệp còn chờ hoặc đang đọc."
SIGNS = {"good": "tốt", "lacking": "thiếu", "broken": "HỎNG"}


def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Đọc lại mọi tệp gốc và so mã kiểm tra.")] = False,
    conservation: Annotated[
        bool, typer.Option("--conservation", help="Chứng minh không tệp nào mất, không dòng nào có hai lần.")
    ] = False,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Kiểm tra những gì đã cài, những gì còn thiếu và cách có được; kiểm tra cơ sở dữ liệu."""
    from pipeline.doctor import Health, examine

    settings = settings_of(data, database)
    if conservation:
        raise typer.Exit(_prove(settings, as_json))
    findings = examine(settings, deep)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        lines = [(each.name, SIGNS[each.health], each.found, each.remedy) for each in findings]
        print_table(("Mục", "Tình trạng", "Chi tiết", "Cách xử lý"), lines, wide=(2,))
    healths = {finding.health for finding in findings}
    broken, lacking = Health.BROKEN in healths, Health.LACKING in healths
    raise typer.Exit(MissingProgram.exit_code if broken else DONE_WITH_WARNINGS if lacking else DONE)


def _prove(settings: Settings, as_json: bool) -> int:
    """Print a line for each breach of conservation; return the exit code."""
    from pipeline.conservation import breaches
    from pipeline.store.standing import overview
    from pipeline.store.states import OPEN
    from pipeline.store.store import Store

    store = Store.open(settings.database_url)
    found, states = list(breaches(store, settings)), overview(store)
    unsettled = states.count(*OPEN)
    if as_json:
        print_json({"breaches": found, "hashes": states.hashes, "unsettled": unsettled})
    else:
        for breach in found:
            typer.echo(f"giaoviec: {one_line(breach)}", err=True)
        print(BROKEN.format(count=len(found)) if found else SOUND.format(count=sum(states.hashes.values())))
        if unsettled:
            typer.echo(UNSETTLED.format(count=unsettled), err=True)
    return StoreError.exit_code if found else DONE_WITH_WARNINGS if unsettled else DONE
