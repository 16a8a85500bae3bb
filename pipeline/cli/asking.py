"""`giaoviec sql`: a question of an analyst, answered without changing anything."""

from __future__ import annotations

import csv
import io
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import Data, Database, settings_of
from pipeline.cli.output import print_json, print_table

if TYPE_CHECKING:
    from pipeline.store.asking import Answer

CUT = "giaoviec: chỉ hiện {lines} dòng đầu; thêm --limit để lấy nhiều hơn."


class Shape(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def sql(
    statement: Annotated[
        str | None, typer.Argument(metavar="[CÂU_HỎI]", help="Một câu SELECT; để trống thì liệt kê các bảng nhìn.")
    ] = None,
    form: Annotated[Shape, typer.Option("--format", "-f", help="Dạng in ra.", show_choices=True)] = Shape.TABLE,
    limit: Annotated[int, typer.Option(min=1, help="Nhiều nhất bấy nhiêu dòng.")] = 1000,
    seconds: Annotated[int, typer.Option(min=1, max=3600, help="Dừng sau bấy nhiêu giây.")] = 30,
    data: Data = None,
    database: Database = None,
) -> None:
    """Hỏi cơ sở dữ liệu bằng SQL, chỉ đọc."""
    from pipeline.store.asking import ask, columns_of
    from pipeline.store.store import Store
    from pipeline.store.views import VIEWS

    store = Store.open(settings_of(data, database).database_url)
    if statement is None:
        columns = columns_of(store)
        lines = [(name, meaning, ", ".join(columns[name])) for name, (meaning, _) in VIEWS.items()]
        print_table(("Bảng nhìn", "Mỗi dòng là", "Các cột"), lines, wide=(2,))
        return
    answer = ask(store, statement, seconds, limit)
    SHAPES[form](answer)
    if answer.more:
        print(CUT.format(lines=limit), file=sys.stderr)


def _print_table(answer: Answer) -> None:
    lines = [["" if value is None else str(value) for value in line] for line in answer.lines]
    print_table(answer.columns, lines)


def _print_csv(answer: Answer) -> None:
    from pipeline.exports.cells import guard, printable

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.columns)
    for line in answer.lines:
        writer.writerow(guard(printable(value)) if isinstance(value, str) else value for value in line)
    sys.stdout.write(text.getvalue())


def _print_json(answer: Answer) -> None:
    print_json([dict(zip(answer.columns, map(_plain, line), strict=True)) for line in answer.lines])


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


SHAPES = {Shape.TABLE: _print_table, Shape.CSV: _print_csv, Shape.JSON: _print_json}
