"""`giaoviec restore`: a damaged text, readable."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Data, settings_of
from pipeline.cli.output import exit_code, say_refused
from schemas.errors import PlanError

if TYPE_CHECKING:
    from normalizers.restore import Restorer
    from schemas.restored import RestoredDocument
    from schemas.source import Edit

ONE_OF_BOTH = "Cần một TỆP hoặc --text, và chỉ một trong hai."


def restore(
    file: Annotated[Path | None, typer.Argument(metavar="[TỆP]", help="Tệp mất dấu hoặc lỗi nhận dạng.")] = None,
    text: Annotated[str | None, typer.Option(help="Lời cần khôi phục, thay cho tệp.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="In từng chỗ đã sửa, lý do và độ tin.")] = False,
    data: Data = None,
) -> None:
    """Khôi phục dấu tiếng Việt và lỗi nhận dạng; chữ số, ngày, số hiệu giữ nguyên."""
    from normalizers.restore import Restorer

    settings = settings_of(data)
    if (file is None) == (text is None):
        raise typer.BadParameter(ONE_OF_BOTH)
    restorer = Restorer.load()
    if text is not None:
        restored = restorer.restore(text)
        typer.echo(restored.text)
        _explain(restored.edits, explain)
        return
    assert file is not None
    from pipeline.isolate import run_limited

    try:
        document = run_limited(_restore_file, file, restorer, limits=settings.limits)
    except PlanError as error:
        say_refused(file, error)
        raise typer.Exit(exit_code([error], warned=False)) from error
    for line in document.lines:
        typer.echo(line.text)
        _explain(line.edits, explain)


def _restore_file(file: Path, restorer: Restorer) -> RestoredDocument:
    """Read and restored in the child process."""
    from extractors.readers import open_source, read

    return restorer.restore_document(read(open_source(file)))


def _explain(edits: Iterable[Edit], wanted: bool) -> None:
    for edit in edits if wanted else ():
        before, after = edit.before or "∅", edit.after or "∅"
        print(f"  {edit.start}–{edit.end}: {before} → {after}  ({edit.reason}, {edit.score:.2f})", file=sys.stderr)
