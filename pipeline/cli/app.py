"""The commands, and the one door at which a refusal becomes a line and an exit code."""

from __future__ import annotations

import errno
import io
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Never

import typer
from typer._click.exceptions import ClickException

from pipeline.cli import (
    annexes,
    asking,
    comparing,
    criteria,
    export,
    extract,
    ingest,
    listing,
    restore,
    returned,
    review,
    score,
    upkeep,
    users,
    versions,
    watch,
)
from pipeline.cli import communes as communes_command
from pipeline.cli import doctor as doctor_command
from pipeline.cli import nightly as nightly_command
from pipeline.cli.misuse import say_misused
from pipeline.cli.output import refusal_line
from schemas.errors import Crashed, PlanError, StoreError

log = logging.getLogger("giaoviec")
UNFORESEEN = "Chương trình gặp lỗi ngoài dự kiến; chi tiết ghi trong nhật ký."
NOWHERE = "Thư mục hiện thời không còn nữa; hãy chuyển sang thư mục khác rồi chạy lại."
FULL = "Không ghi được kết quả vì hết chỗ trống trên đĩa hoặc đĩa bị lỗi."
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
INTERRUPTED = 130
UNREAD = 141
"""What a shell shows of a program whose reader went away (128 and the number of the signal)."""

app = typer.Typer(
    help="Đọc kế hoạch hành chính thành bảng nhiệm vụ: việc gì, ai chủ trì, ai phối hợp, bao giờ xong, ở mục nào.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS: dict[str, Callable[..., None]] = {
    "extract": extract.extract,
    "restore": restore.restore,
    "ingest": ingest.ingest,
    "watch": watch.watch,
    "documents": listing.documents,
    "tasks": listing.tasks,
    "show": listing.show,
    "export": export.export,
    "import-xlsx": returned.import_xlsx,
    "sql": asking.sql,
    "score": score.score,
    "compare": comparing.compare,
    "diff": comparing.diff,
    "nightly": nightly_command.nightly,
    "communes": communes_command.communes,
    "status": upkeep.status,
    "backup": upkeep.backup,
    "restore-backup": upkeep.restore_backup,
    "doctor": doctor_command.doctor,
    "review": review.review,
}
for name, function in COMMANDS.items():
    app.command(name)(function)
app.add_typer(criteria.criteria_app, name="criteria")
app.add_typer(versions.versions_app, name="versions")
app.add_typer(annexes.annexes_app, name="annexes")
app.add_typer(users.users_app, name="users")


def main() -> None:
    """Run the command of `sys.argv` and exit: 0 done, 3 with warnings, 2 and 4–9 refused; never a traceback."""
    sys.excepthook = _last_words
    for quiet in (logging.getLogger(), log):  # where no log is open, neither we nor a library speak on stderr instead
        quiet.addHandler(logging.NullHandler())
    _prepare_streams()
    signal.signal(signal.SIGTERM, _stopped)
    sys.exit(_run())


def _stopped(number: int, _frame: object) -> Never:
    """End in order when the system asks for it: the reading process ended, its folder removed."""
    raise SystemExit(128 + number)


def _prepare_streams() -> None:
    """Any letter can be written, and there is somewhere to write where the caller closed what he does not want."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - lives as long as the process
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _run() -> int:
    try:
        os.getcwd()
    except FileNotFoundError:
        print(f"giaoviec: {NOWHERE}", file=sys.stderr)
        return StoreError.exit_code
    try:
        code = typer.main.get_command(app)(prog_name="giaoviec", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except PlanError as error:
        log.error("refused", extra={"code": error.code, "said": str(error), "detail": error.detail})
        print(refusal_line(None, error), file=sys.stderr)
        return error.exit_code
    except ClickException as error:
        return say_misused(error)
    except SystemExit as ended:  # typer's own answer to a closed pipe is 1
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        return _unread(UNREAD)
    except BrokenPipeError:
        return _unread(UNREAD)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        log.error("disk", extra={"said": str(error)})
        print(f"giaoviec: {FULL}", file=sys.stderr)
        return _unread(StoreError.exit_code)


def _unread(code: int) -> int:
    """Return `code`, what is still to be printed thrown away: nobody takes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return code


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody foresaw and say one line of it; the interpreter's own exit code would be 1."""
    log.critical("unforeseen", extra={"trace": "".join(traceback.format_exception(kind, error, trace))})
    with suppress(OSError):
        if not issubclass(kind, KeyboardInterrupt):
            print(f"giaoviec: {UNFORESEEN}", file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(INTERRUPTED if issubclass(kind, KeyboardInterrupt) else Crashed.exit_code)
