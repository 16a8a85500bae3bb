"""`giaoviec ingest`: files and folders into the database."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, Data, Database, Jobs, settings_of
from pipeline.cli.output import counting, exit_code, print_json, print_table, say_refused, say_warnings

if TYPE_CHECKING:
    from pipeline.ingest import Outcome

NOTHING = "giaoviec: không có tệp văn bản nào trong nơi đã chỉ."


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="TỆP|THƯ_MỤC…", help="Tệp, hoặc thư mục (kể cả thư mục con).")
    ],
    commune: Annotated[str | None, typer.Option(help="Xã, phường, đặc khu; mặc định là tên thư mục con.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Đọc lại cả những tệp đã có.")] = False,
    jobs: Jobs = 0,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Đọc tệp và lưu nhiệm vụ vào cơ sở dữ liệu; tệp đã đọc thì bỏ qua, tệp không đọc được thì ghi lý do."""
    from pipeline.batch import ingest_all
    from pipeline.ingest import find_files
    from pipeline.kit import load_kit
    from pipeline.store.store import Store

    settings = settings_of(data, database)
    found, passed = find_files(paths, commune)
    store = Store.open(settings.database_url)
    kit = load_kit()
    with counting(len(found), "Đang đọc") as count:
        outcomes = ingest_all(
            found, store, settings, kit, jobs=jobs, again=again, tell=functools.partial(_tell, count)
        )
    _summarise(outcomes, passed, as_json)
    errors = [outcome.error for outcome in outcomes]
    raise typer.Exit(exit_code(errors, any(outcome.warnings for outcome in outcomes)))


def _tell(count: Callable[[], None], outcome: Outcome) -> None:
    count()
    if outcome.error:
        say_refused(outcome.path, outcome.error)
    say_warnings(outcome.path, outcome.warnings)


def _summarise(outcomes: list[Outcome], passed: list[Path], as_json: bool) -> None:
    if as_json:
        print_json(
            {"files": [_record(outcome) for outcome in outcomes], "passed_over": [str(path) for path in passed]}
        )
        return
    if not outcomes:
        typer.echo(NOTHING, err=True)
    states = Counter(_state(outcome) for outcome in outcomes)
    if passed:
        states["bỏ qua (không phải văn bản)"] = len(passed)
    print_table(("Kết quả", "Số tệp"), [(state, str(count)) for state, count in states.items()])
    rows, review = sum(outcome.rows for outcome in outcomes), sum(outcome.review for outcome in outcomes)
    if rows:
        typer.echo(f"{rows} dòng mới đọc, {review} dòng cần xem lại.")


def _state(outcome: Outcome) -> str:
    if outcome.error:
        return "không đọc được"
    if outcome.state not in ("done", "done_with_warnings"):
        from pipeline.store.states import WORDS

        return WORDS[outcome.state]
    if not outcome.rows and not outcome.new:
        return "đã có từ trước"
    return "đã lưu, có lưu ý" if outcome.warnings else "đã lưu"


def _record(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": str(outcome.path),
        "state": "refused" if outcome.error else "done",
        "new": outcome.new,
        "document_id": outcome.document_id,
        "n_rows": outcome.rows,
        "n_review": outcome.review,
        "warnings": list(outcome.warnings),
        "code": outcome.error.code if outcome.error else None,
        "message": str(outcome.error) if outcome.error else None,
        "exit_code": outcome.error.exit_code if outcome.error else 0,
        "seconds": round(outcome.seconds, 2),
    }
