"""`giaoviec doctor`: what is there and what is missing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Data, Database, settings_of
from pipeline.cli.output import print_json, print_table
from schemas.errors import DONE, DONE_WITH_WARNINGS, MissingProgram

SIGNS = {"good": "tốt", "lacking": "thiếu", "broken": "HỎNG"}


def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Đọc lại mọi tệp gốc và so mã kiểm tra.")] = False,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Kiểm tra những gì đã cài, những gì còn thiếu và cách có được; kiểm tra cơ sở dữ liệu."""
    from pipeline.doctor import Health, examine

    findings = examine(settings_of(data, database), deep)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        lines = [(each.name, SIGNS[each.health], each.found, each.remedy) for each in findings]
        print_table(("Mục", "Tình trạng", "Chi tiết", "Cách xử lý"), lines, wide=(2,))
    healths = {finding.health for finding in findings}
    broken, lacking = Health.BROKEN in healths, Health.LACKING in healths
    raise typer.Exit(MissingProgram.exit_code if broken else DONE_WITH_WARNINGS if lacking else DONE)
