"""`giaoviec communes`: which communes of a province have sent no plan, a draft, or an old one."""

from __future__ import annotations

import enum
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Data, Database, settings_of
from pipeline.cli.output import print_json, print_table

if TYPE_CHECKING:
    from pipeline.communes.report import Report

NEEDS_FILE = "Bảng tính cần nơi ghi: thêm -o TỆP."


class Form(enum.StrEnum):
    """The forms of the report."""

    TABLE = "table"
    JSON = "json"
    XLSX = "xlsx"


def communes(
    province: Annotated[str, typer.Option(help="Tỉnh, thành phố.")] = "Hải Phòng",
    year: Annotated[int | None, typer.Option(min=1990, max=2100, help="Năm kế hoạch; mặc định là năm nay.")] = None,
    every: Annotated[bool, typer.Option("--all", help="In cả những xã đã gửi kế hoạch.")] = False,
    form: Annotated[Form, typer.Option("--format", "-f", help="Dạng kết quả.")] = Form.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="TỆP", help="Tệp Excel để ghi.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Liệt kê xã, phường, đặc khu chưa gửi kế hoạch, mới có dự thảo hoặc chỉ có kế hoạch cũ."""
    from pipeline.communes.report import commune_report
    from pipeline.communes.workbook import write_communes_xlsx
    from pipeline.exports.table import write_file
    from pipeline.store.store import Store

    store = Store.open(settings_of(data, database).database_url)
    report = commune_report(store, province, year or date.today().year)
    if form is Form.JSON:
        print_json(report.to_record())
    elif form is Form.TABLE and out is None:
        _print(report, every)
    elif out is None:
        raise typer.BadParameter(NEEDS_FILE, param_hint="-o")
    else:
        write_file(out, lambda stream: write_communes_xlsx(report, stream))
        typer.echo(f"Đã ghi {len(report.lines)} xã, phường, đặc khu vào {out}.")


def _print(report: Report, every: bool) -> None:
    from pipeline.communes.report import WORDS
    from pipeline.communes.workbook import commune_cells

    lines = [commune_cells(one) for one in (report.lines if every else report.missing())]
    print_table(("Xã, phường, đặc khu", "Tình trạng", "Văn bản", "Ghi chú"), lines, wide=(2, 3))
    counts = "; ".join(f"{WORDS[sent]}: {count}" for sent, count in report.counts().items())
    typer.echo(f"{report.province}, kế hoạch năm {report.year}, {len(report.lines)} đơn vị. {counts}.")
    for name, why, _ in report.astray:
        typer.echo(f"Chưa xếp được vào xã nào: {name} ({why})")
