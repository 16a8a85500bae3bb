"""What the commands print: tables for people, JSON for programs, one line for a refusal."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from schemas.errors import DONE, DONE_WITH_WARNINGS, PlanError

if TYPE_CHECKING:
    from pipeline.listing import Listing

T = TypeVar("T")
MANY_PAGES = 5
"""From how many pages on a file's pages are counted on the terminal."""
log = logging.getLogger("giaoviec")
WIDTH = 180
"""Letters a line where the output is no terminal."""


def refusal_line(file: Path | None, error: PlanError) -> str:
    """The one line that staff see.

    >>> from schemas.errors import EncryptedFile
    >>> refusal_line(Path("a/b.pdf"), EncryptedFile("Tệp có mật khẩu."))
    'giaoviec: a/b.pdf: Tệp có mật khẩu.'
    """
    named = f"{one_line(str(file))}: " if file else ""
    return f"giaoviec: {named}{error}"


def one_line(text: str) -> str:
    """The text without what would break a line or a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def say_refused(file: Path, error: PlanError) -> None:
    """Print a refusal's line and log its detail."""
    log.error("refused", extra={"file": str(file), "code": error.code, "said": str(error), "detail": error.detail})
    print(refusal_line(file, error), file=sys.stderr, flush=True)


def say_warnings(file: Path, warnings: Iterable[str]) -> None:
    """Print what staff should look at."""
    for warning in warnings:
        print(f"giaoviec: {one_line(str(file))}: Lưu ý: {warning}", file=sys.stderr)


def exit_code(errors: Sequence[PlanError | None], warned: bool) -> int:
    """The exit code of a batch: `errors` has an entry for each file, None where it was done.

    >>> from schemas.errors import EncryptedFile, NoTextFound
    >>> exit_code([EncryptedFile("")], False), exit_code([None, EncryptedFile("")], False)
    (4, 3)
    >>> exit_code([NoTextFound(""), EncryptedFile("")], False), exit_code([None, None], False)
    (6, 0)
    """
    refused = [error.exit_code for error in errors if error]
    if refused and len(refused) == len(errors):
        return max(refused)
    return DONE_WITH_WARNINGS if refused or warned else DONE


def print_json(value: Any) -> None:
    """Print a value as JSON, letters as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_table(headings: Sequence[str], lines: Iterable[Sequence[str]], wide: Sequence[int] = ()) -> None:
    """Print lines under headings; the columns `wide` take the room that the others leave."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", ratio=2 if place in wide else None)
    for line in lines:
        table.add_row(*(Text(one_line(cell) if "\n" not in cell else cell) for cell in line))
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(table)


def print_tasks(listing: Listing) -> None:
    """Print rows as a table for the screen."""
    from pipeline.exports.columns import place
    from pipeline.exports.words import KINDS, day_words, recurrence_words

    lines = [
        (
            str(number),
            place(row, {}).split("\n")[0],
            KINDS[row.kind],
            row.text,
            "; ".join(row.lead),
            "; ".join(row.coordinating),
            row.deadline_text or recurrence_words(row.recurrence),
            day_words(row.due),
            "?" if row.needs_review else "",
        )
        for number, row in enumerate(listing.rows, 1)
    ]
    headings = ("STT", "Mục", "Loại", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn", "Hạn", "Xem lại")
    print_table(headings, lines, wide=(3,))


@contextmanager
def counting(total: int, doing: str) -> Iterator[Callable[[], None]]:
    """A function to be called for each thing done, with a bar on a terminal's stderr where there are several."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def paging(files: int, doing: str) -> Iterator[Callable[[], None]]:
    """A function to be called now and then: a bar on a terminal's stderr for the pages of one long file."""
    if files > 1 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    from extractors.readers.pages_read import pages_told, tell_pages

    tell_pages(0, 0)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, visible=False)

        def show() -> None:
            done, total = pages_told()
            if total >= MANY_PAGES:
                bar.update(
                    task, completed=done, total=total, description=f"{doing}, trang {done + 1}/{total}", visible=True
                )

        yield show


@contextmanager
def progress(items: Sequence[T], doing: str) -> Iterator[Iterable[T]]:
    """The items, with a bar on a terminal's stderr where there are several."""
    if len(items) < 2 or not sys.stderr.isatty():
        yield items
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield bar.track(items, description=doing)
