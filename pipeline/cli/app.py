"""The commands, and the one door at which a refusal becomes a line and an exit code."""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

import typer

from pipeline.cli import doctor as doctor_command
from pipeline.cli import export, extract, ingest, listing, restore, score
from pipeline.cli.output import refusal_line
from pipeline.compare import command as comparing
from schemas.errors import Crashed, PlanError

log = logging.getLogger("giaoviec")
UNFORESEEN = "Chương trình gặp lỗi ngoài dự kiến; chi tiết ghi trong nhật ký."
INTERRUPTED = 130

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
    "documents": listing.documents,
    "tasks": listing.tasks,
    "show": listing.show,
    "export": export.export,
    "score": score.score,
    "compare": comparing.compare,
    "diff": comparing.diff,
    "doctor": doctor_command.doctor,
}
for name, function in COMMANDS.items():
    app.command(name)(function)
app.add_typer(comparing.criteria_app, name="criteria")


def main() -> None:
    """Run the command of `sys.argv` and exit: 0 done, 3 with warnings, 2 and 4–9 refused; never a traceback."""
    sys.excepthook = _last_words
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        typer.main.get_command(app)(prog_name="giaoviec")
    except PlanError as error:
        log.error("%s %s", error, error.detail)
        print(refusal_line(None, error), file=sys.stderr)
        sys.exit(error.exit_code)


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody foresaw and say one line of it; the interpreter's own exit code would be 1."""
    log.critical("".join(traceback.format_exception(kind, error, trace)))
    if not issubclass(kind, KeyboardInterrupt):
        print(f"giaoviec: {UNFORESEEN}", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED if issubclass(kind, KeyboardInterrupt) else Crashed.exit_code)
