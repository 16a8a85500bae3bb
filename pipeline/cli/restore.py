"""`giaoviec restore`: a damaged text, readable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Data, settings_of
from pipeline.cli.output import exit_code, say_refused
from schemas.errors import PlanError

if TYPE_CHECKING:
    from normalizers.restore import Restorer, WordEvidence
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
        for word in restored.words if explain else ():
            _explain_word(word)
        return
    assert file is not None
    from pipeline.isolate import run_limited

    try:
        document = run_limited(_restore_file, file, restorer, limits=settings.limits)
    except PlanError as error:
        say_refused(file, error)
        raise typer.Exit(exit_code([error], warned=False)) from error
    for number, line in enumerate(document.lines, 1):
        typer.echo(line.text)
        for edit in line.edits if explain else ():
            _explain_edit(number, edit)


def _restore_file(file: Path, restorer: Restorer) -> RestoredDocument:
    """Read and restored in the child process."""
    from extractors.readers import open_source, read

    return restorer.restore_document(read(open_source(file)), seek_slips=True)


def _explain_word(word: WordEvidence) -> None:
    """Say what became of a word that changed, and what else it could have been."""
    if word.changed:
        rivals = ", ".join(f"{rival} {score:.2f}" for rival, score in word.rivals)
        sure = f"{word.reason}, độ tin {word.posterior:.2f}" + (f"; cũng có thể: {rivals}" if rivals else "")
        print(
            f"  dòng {word.line + 1}, chữ {word.start + 1}: {word.source} → {word.chosen} ({sure})", file=sys.stderr
        )


def _explain_edit(number: int, edit: Edit) -> None:
    before, after = edit.before or "∅", edit.after or "∅"
    sure = f"{edit.reason}, độ tin {edit.score:.2f}"
    print(f"  dòng {number}, chữ {edit.start + 1}: {before} → {after} ({sure})", file=sys.stderr)
