"""`giaoviec watch`: folders into which staff drop files, read as they come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Data, Database, Jobs, settings_of
from pipeline.cli.output import exit_code, one_line, say_refused, say_warnings

if TYPE_CHECKING:
    from pipeline.ingest import Outcome
    from pipeline.watch.scan import ScanReport

WATCHING = "Theo dõi {count} thư mục: {mode}. Dừng bằng Ctrl+C."
READ = "{path}: đã đọc {rows} dòng, {review} dòng cần xem lại."
KNOWN = "{path}: đã có từ trước."
MOVED = "Đã chuyển vào {path}."
UNFINISHED = "giaoviec: {path}: tệp chưa đầy đủ đến cuối, có thể đang chép dở; chương trình chờ."
IGNORED = "giaoviec: {path}: bỏ qua. {why}"


def watch(
    folders: Annotated[
        list[Path], typer.Argument(metavar="THƯ_MỤC…", help="Thư mục theo dõi; thư mục con là tên xã, phường.")
    ],
    commune: Annotated[str | None, typer.Option(help="Xã, phường, đặc khu của mọi tệp.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Xem một lượt, đọc hết rồi kết thúc.")] = False,
    move: Annotated[bool, typer.Option("--move", help="Chuyển tệp đã đọc vào thư mục con da_xu_ly.")] = False,
    events: Annotated[bool, typer.Option("--events", help="Nghe hệ thống tệp báo (không dùng cho ổ mạng).")] = False,
    every: Annotated[float, typer.Option(min=0.2, help="Số giây giữa hai lần quét.")] = 10.0,
    still: Annotated[float, typer.Option(min=0, help="Tệp phải đứng yên bao nhiêu giây mới đọc.")] = 5.0,
    stale: Annotated[float, typer.Option(min=1, help="Sau bao nhiêu giây thì tệp dở dang vẫn đọc.")] = 600.0,
    jobs: Jobs = 0,
    data: Data = None,
    database: Database = None,
) -> None:
    """Theo dõi thư mục: tệp thả vào được lưu bản gốc rồi đọc; tệp gốc trong thư mục không bị sửa, xóa."""
    from pipeline.kit import load_kit
    from pipeline.store.store import Store
    from pipeline.watch import loop
    from pipeline.watch.scan import Watched

    settings = settings_of(data, database)
    store = Store.open(settings.database_url)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    watched = [*(Watched(folder, commune) for folder in folders), Watched(settings.inbox)]
    how = loop.Watch(every, still, stale, jobs, move, events)
    print(WATCHING.format(count=len(folders), mode=how.mode), flush=True)
    screen = _Screen()
    tell = loop.Teller(screen.report, _tell, _tell_moved)
    kit = load_kit()
    if not once:
        loop.watch(watched, store, settings, kit, how, tell)
    outcomes = loop.watch_once(watched, store, settings, kit, how, tell)
    errors = [outcome.error for outcome in outcomes]
    raise typer.Exit(exit_code(errors, screen.warned or any(outcome.warnings for outcome in outcomes)))


class _Screen:
    """Says of each scan what the one before it did not say."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self.warned = False
        """Whether a file waits that only a person can complete, or a folder is not there."""

    def report(self, report: ScanReport) -> None:
        from pipeline.watch.places import IGNORED as WHY

        lines = [f"giaoviec: {note}" for note in report.notes]
        lines += [UNFINISHED.format(path=one_line(str(path))) for path in report.unfinished]
        lines += [IGNORED.format(path=one_line(str(path)), why=WHY[code]) for path, code in report.ignored]
        for line in lines:
            if line not in self._said:
                typer.echo(line, err=True)
        self._said = set(lines)
        self.warned = bool(report.notes or report.unfinished or report.waiting)
        for outcome in report.settled():
            _tell(outcome)


def _tell_moved(path: Path) -> None:
    print(MOVED.format(path=one_line(str(path))), flush=True)


def _tell(outcome: Outcome) -> None:
    path = one_line(str(outcome.path))
    if outcome.error:
        say_refused(outcome.path, outcome.error)
    elif outcome.rows or outcome.new:
        print(READ.format(path=path, rows=outcome.rows, review=outcome.review), flush=True)
    else:
        print(KNOWN.format(path=path), flush=True)
    say_warnings(outcome.path, outcome.warnings)
