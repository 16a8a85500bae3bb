"""`giaoviec-flows ingest FOLDER…`: the batch under Prefect, on its own throw-away server or on the one configured."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.settings import load_settings
from schemas.errors import DONE, DONE_WITH_WARNINGS, PlanError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _commands() -> None:
    """Chạy giaoviec theo lô dưới Prefect."""


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="TỆP|THƯ_MỤC…", help="Tệp, thư mục (cả thư mục con).")],
    commune: Annotated[str | None, typer.Option(help="Xã, phường, đặc khu; mặc định là tên thư mục con.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Đọc lại cả những tệp đã có.")] = False,
    data: Annotated[Path | None, typer.Option(help="Thư mục dữ liệu.")] = None,
    database: Annotated[str | None, typer.Option(help="Cơ sở dữ liệu.")] = None,
) -> None:
    """Đọc tệp vào cơ sở dữ liệu; tệp không đọc được thì ghi lý do và đi tiếp."""
    settings = load_settings(database=database, data=data.absolute() if data else None)
    home = settings.data / "prefect"
    if os.environ.setdefault("PREFECT_HOME", str(home)) == str(home):
        home.mkdir(parents=True, exist_ok=True)  # the throw-away server does not make it
    from flows.ingest import ingest as run

    given = [str(path) for path in paths]
    records = run(given, commune, settings.database_url, str(settings.data), again)
    refused = [record for record in records if record["code"]]
    for record in refused:
        typer.echo(f"giaoviec: {record['file']}: {record['message']}", err=True)
    typer.echo(f"{len(records) - len(refused)} tệp đã lưu, {len(refused)} tệp không đọc được.")
    raise typer.Exit(DONE_WITH_WARNINGS if refused else DONE)


def main() -> None:
    """Run the command of `sys.argv`; a refusal is one line and its exit code."""
    try:
        typer.main.get_command(app)(prog_name="giaoviec-flows")
    except PlanError as error:
        typer.echo(f"giaoviec: {error}", err=True)
        raise SystemExit(error.exit_code) from error


if __name__ == "__main__":
    main()
