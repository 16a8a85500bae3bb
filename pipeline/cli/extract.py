"""`giaoviec extract`: files into rows, without a database."""

from __future__ import annotations

import enum
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Data, settings_of
from pipeline.cli.output import exit_code, paging, print_tasks, progress, say_refused, say_warnings
from pipeline.exports import EXPORTS, table
from schemas.errors import PlanError

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from schemas.extraction import Extraction


class Format(enum.StrEnum):
    """What `extract` writes."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


BINARY = frozenset({Format.XLSX, Format.PARQUET})
ACCOUNT = "{name}: {rows} dòng nhiệm vụ, {review} cần xem lại; {lines} dòng văn bản, {unplaced} dòng chưa xếp."
NO_FORMAT = "Không rõ ghi {out} dạng gì: thêm --format json, jsonl, csv, xlsx hoặc parquet, hoặc đặt đuôi như thế."
ONTO_ITSELF = "{out} là tệp cần đọc, không ghi đè lên; hãy chọn tên khác cho kết quả."
NEEDS_FILE = "Định dạng {name} cần nơi ghi: thêm -o TỆP."


def extract(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP…", help="Tệp kế hoạch: PDF, DOCX, ảnh, HTML, văn bản.")],
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="Dạng kết quả; mặc định theo đuôi của -o.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Tệp hoặc thư mục để ghi; bỏ trống thì in ra.")
    ] = None,
    data: Data = None,
) -> None:
    """Đọc tệp và in bảng nhiệm vụ; không cần cơ sở dữ liệu."""
    settings = settings_of(data)
    chosen = form or _by_suffix(out)
    _check_place(files, chosen, out)
    done, errors = _read_all(files, settings)
    warned = False
    for file, extraction in done:
        say_warnings(file, extraction.warnings)
        warned |= bool(extraction.warnings)
    if done:
        _write([extraction for _, extraction in done], chosen, out, alone=len(files) == 1)
    raise typer.Exit(exit_code(errors, warned))


def _check_place(files: Sequence[Path], form: Format, out: Path | None) -> None:
    """Raise before anything is read where the result could not go, or would fall on a file that is to be read."""
    if out is None:
        if form in BINARY:
            raise typer.BadParameter(NEEDS_FILE.format(name=form), param_hint="-o")
        return
    if form is Format.TABLE:
        raise typer.BadParameter(NO_FORMAT.format(out=out), param_hint="-o")
    if os.path.exists(out) and any(os.path.exists(file) and os.path.samefile(file, out) for file in files):
        raise typer.BadParameter(ONTO_ITSELF.format(out=out), param_hint="-o")


def _by_suffix(out: Path | None) -> Format:
    suffix = out.suffix.lower().removeprefix(".") if out else ""
    return Format(suffix) if suffix in list(Format) else Format.TABLE


def _read_all(
    files: Sequence[Path], settings: Settings
) -> tuple[list[tuple[Path, Extraction]], list[PlanError | None]]:
    from pipeline.ingest import read_file
    from pipeline.kit import load_kit

    kit = load_kit()
    done: list[tuple[Path, Extraction]] = []
    errors: list[PlanError | None] = []
    with progress(files, "Đang đọc") as each, paging(len(files), "Đang đọc") as tick:
        for file in each:
            try:
                done.append((file, read_file(file, kit, settings.limits, tick)))
                errors.append(None)
            except PlanError as error:
                say_refused(file, error)
                errors.append(error)
    return done, errors


def _write(extractions: Sequence[Extraction], form: Format, out: Path | None, alone: bool) -> None:
    from pipeline.listing import Listing

    listing = Listing.of(extractions)
    if form is Format.TABLE:
        print_tasks(listing)
        for extraction in extractions:
            typer.echo(_account(extraction))
        return
    if out is None:
        with open(sys.stdout.fileno(), "wb", closefd=False) as stream:  # whole or an error, buffered or not
            _write_to(stream, extractions, form, alone)
    elif os.path.isdir(out) or (not out.suffix and not alone):
        for extraction in extractions:
            name = Path(extraction.raw.source.name).name
            _to_file(out / f"{name}.{form}", [extraction], form, alone=True)
    else:
        _to_file(out, extractions, form, alone)


def _account(extraction: Extraction) -> str:
    """One line that says what became of the document: rows, those to look at, and that no line was lost."""
    counts = extraction.accounting
    return ACCOUNT.format(
        name=Path(extraction.raw.source.name).name,
        rows=len(extraction.rows),
        review=sum(row.needs_review for row in extraction.rows),
        lines=counts.get("lines", len(extraction.restored.lines)),
        unplaced=counts.get("unplaced", 0),
    )


def _to_file(path: Path, extractions: Sequence[Extraction], form: Format, alone: bool) -> None:
    table.write_file(path, lambda stream: _write_to(stream, extractions, form, alone))


def _write_to(stream: IO[bytes], extractions: Sequence[Extraction], form: Format, alone: bool) -> None:
    from pipeline.listing import Listing

    if form is not Format.JSON:
        EXPORTS[form].write(Listing.of(extractions), stream)
        return
    records = [extraction.to_record() for extraction in extractions]
    text = json.dumps(records[0] if alone else records, ensure_ascii=False, indent=1)
    stream.write(text.encode("utf-8", "replace") + b"\n")
