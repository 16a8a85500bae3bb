"""`giaoviec-flows`: the flows by hand, on a throw-away or a configured server; `serve` for one machine."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Never

import typer
from httpx import TransportError

from pipeline.night.config import load_night
from pipeline.settings import Settings, load_settings
from schemas.errors import DONE, DONE_WITH_WARNINGS, ConfigError, MachineFault, PlanError

SERVER_TRIES, SERVER_PAUSE = 3, 3.0
NO_SERVER = (
    "Máy chủ Prefect {url} không trả lời; hãy khởi động lại máy chủ đó, hoặc chạy không cần Prefect bằng lệnh "
    "“giaoviec nightly” hay “giaoviec ingest”, hoặc bỏ biến môi trường PREFECT_API_URL."
)
SERVER_GONE = (
    "Máy chủ Prefect đã ngừng trả lời giữa chừng; những tệp đã đọc đều được lưu. Hãy chạy tiếp bằng lệnh "
    "“giaoviec nightly” hay “giaoviec ingest”, hoặc chạy lại khi máy chủ hoạt động."
)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True)
ConfigFile = Annotated[Path, typer.Option("--config", "-c", metavar="TỆP", help="Tệp cấu hình của phần chạy đêm.")]


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
    _at_home(settings)
    from flows.ingest import ingest as run

    given = [str(path) for path in paths]
    _tell(run(given, commune, settings.database_url, str(settings.data), again))


@app.command()
def nightly(config: ConfigFile) -> None:
    """Chạy đêm dưới Prefect: đọc thư mục các xã, đối chiếu, ghi bảng, lập bản tin."""
    _at_home(_settings_of(config))
    from flows.nightly import nightly as run

    record = run(str(config.absolute()))
    typer.echo(f"{record['read']} tệp đã xử lý, {record['refused']} tệp không đọc được. Bản tin: {record['digest']}")
    for fault in record["faults"]:
        typer.echo(f"giaoviec: {fault}", err=True)
    raise typer.Exit(DONE_WITH_WARNINGS if record["refused"] or record["faults"] else DONE)


@app.command()
def watch(config: ConfigFile) -> None:
    """Xem các thư mục một lượt và đọc tệp mới, dưới Prefect."""
    _at_home(_settings_of(config))
    from flows.nightly import watch as run

    _tell(run(str(config.absolute())))


@app.command()
def reextract(
    data: Annotated[Path | None, typer.Option(help="Thư mục dữ liệu.")] = None,
    database: Annotated[str | None, typer.Option(help="Cơ sở dữ liệu.")] = None,
) -> None:
    """Đọc lại từ bản gốc những văn bản mà quy tắc cũ đã đọc; phần người đã sửa giữ nguyên."""
    settings = load_settings(database=database, data=data.absolute() if data else None)
    _at_home(settings)
    from flows.reextract import reextract as run

    _tell(run(settings.database_url, str(settings.data)))


@app.command()
def serve(
    config: ConfigFile,
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Cổng của trang Prefect trên máy này.")] = 4200,
) -> None:
    """Theo dõi thư mục và chạy đêm theo lịch trên một máy, kèm trang theo dõi của Prefect; dừng bằng Ctrl-C."""
    from flows.serve import serve_all

    settings = _settings_of(config)
    serve_all(load_night(config), _home(settings), port, settings.data / "prefect")


@app.command()
def deploy(
    config: ConfigFile,
    pool: Annotated[str, typer.Option(help="Nhóm máy (work pool) của Prefect.")] = "giaoviec",
    machines: Annotated[int, typer.Option(min=1, max=100, help="Số máy cùng đọc.")] = 1,
) -> None:
    """Đăng ký các việc với máy chủ Prefect (PREFECT_API_URL) để nhiều máy cùng chạy; xem docs/SCALE.md."""
    from flows.deployments import deploy as register

    for name in register(load_night(config), pool, machines - 1):
        typer.echo(f"Đã đăng ký {name}.")
    typer.echo(f"Trên mỗi máy: prefect worker start --pool {pool} --limit 1")


@app.command(hidden=True)
def watcher(config: ConfigFile) -> None:
    """Theo dõi thư mục của tệp cấu hình, không có Prefect; `serve` tự chạy lệnh này."""
    from pipeline.kit import load_kit
    from pipeline.store.store import Store
    from pipeline.watch.loop import Teller, Watch
    from pipeline.watch.loop import watch as run
    from pipeline.watch.scan import Watched

    wanted, settings = load_night(config), _settings_of(config)
    folders = [Watched(folder.path, folder.commune) for folder in wanted.folders]
    signal.signal(signal.SIGTERM, _stopped)
    run(folders, Store.open(settings.database_url), settings, load_kit(), Watch(jobs=wanted.jobs or 0), Teller())


def _stopped(number: int, _frame: object) -> Never:
    raise SystemExit(128 + number)


def _settings_of(config: Path) -> Settings:
    wanted = load_night(config)
    return load_settings(database=wanted.database, data=wanted.data)


def _home(settings: Settings) -> Path:
    return Path(os.environ.get("PREFECT_HOME") or settings.data / "prefect")


def _at_home(settings: Settings) -> None:
    """Prefect's own files lie in the data folder, unless somebody said otherwise."""
    home = settings.data / "prefect"
    if os.environ.setdefault("PREFECT_HOME", str(home)) == str(home):
        home.mkdir(parents=True, exist_ok=True)  # the throw-away server does not make it
    _reach_server()


def _reach_server() -> None:
    """Raise `ConfigError` where a server is named that nobody answers for; the work itself needs none."""
    from prefect.client.orchestration import get_client
    from prefect.settings import get_current_settings

    named = get_current_settings().api.url
    if named is None:
        return
    with get_client(sync_client=True) as client:
        for tried in range(SERVER_TRIES):
            failed = client.api_healthcheck()
            if failed is None:
                return
            time.sleep(SERVER_PAUSE if tried + 1 < SERVER_TRIES else 0)
    raise ConfigError(NO_SERVER.format(url=named), repr(failed))


def _tell(records: Sequence[dict[str, Any]]) -> Never:
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
    except TransportError as error:  # from Prefect's client: the work itself asks nobody on a network
        typer.echo(f"giaoviec: {SERVER_GONE}", err=True)
        raise SystemExit(MachineFault.exit_code) from error


if __name__ == "__main__":
    main()
