"""`giaoviec import-xlsx`: a corrected workbook, its changes shown before they are taken."""

from __future__ import annotations

import getpass
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, Data, Database, settings_of
from pipeline.cli.output import one_line, print_json, print_table
from schemas.errors import DONE_WITH_WARNINGS

if TYPE_CHECKING:
    from pipeline.records.returned import Change, Returned
    from pipeline.store.store import Store

HEADINGS = ("Dòng", "Việc", "Cột", "Đang có", "Trong bảng nộp lại", "Mã nhiệm vụ")
KINDS = {"correct": "sửa", "add": "thêm dòng", "drop": "bỏ dòng"}
ASK = "Nhận {n} thay đổi này?"
NOT_TAKEN = "Chưa nhận thay đổi nào; chạy lại với --yes để nhận."
NOTHING = "Bảng không có thay đổi nào."

Who = Annotated[str | None, typer.Option("--who", help="Người sửa bảng; mặc định là tên đăng nhập của máy.")]


def import_xlsx(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TỆP]", help="Bảng do `giaoviec export` xuất ra, đã sửa; để trống: các bảng đang chờ."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Nhận các thay đổi mà không hỏi lại.")] = False,
    drop_many: Annotated[
        bool, typer.Option("--drop-many", help="Đúng là muốn bỏ nhiều dòng đã xoá khỏi bảng.")
    ] = False,
    who: Who = None,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Nhận lại bảng Excel đã sửa: xem từng ô thay đổi rồi mới ghi vào cơ sở dữ liệu."""
    from pipeline.records.folder import TAKEN, settle_file
    from pipeline.records.returned import compare_workbook, take
    from pipeline.store.store import Store

    settings = settings_of(data, database)
    store = Store.open(settings.database_url)
    if file is None:
        _list_waiting(store)
        return
    returned = compare_workbook(store, file, _sha256(file), settings.limits)
    taken = False
    if not as_json:
        _show(returned)
    if returned.changes and (yes or _agreed(len(returned.changes), as_json)):
        take(store, returned, who or getpass.getuser(), drop_many)
        settle_file(store, returned.source.sha256 or "", TAKEN, who or getpass.getuser(), len(returned.changes))
        taken = True
    if as_json:
        print_json(_record(returned, taken))
    elif returned.changes:
        typer.echo(f"Đã nhận {len(returned.changes)} thay đổi." if taken else NOT_TAKEN)
    raise typer.Exit(DONE_WITH_WARNINGS if returned.refusals else 0)


def _list_waiting(store: Store) -> None:
    from pipeline.records.folder import waiting_files

    lines = [(one.name, f"{one.received_at:%d/%m/%Y %H:%M}", one.path) for one in waiting_files(store)]
    print_table(("Bảng gửi lại đang chờ", "Nhận lúc", "Tệp để xem bằng giaoviec import-xlsx"), lines, wide=(2,))


def _agreed(count: int, as_json: bool) -> bool:
    return not as_json and sys.stdin.isatty() and typer.confirm(ASK.format(n=count))


def _sha256(file: Path) -> str:
    from pipeline.store.originals import MISSING
    from schemas.errors import UnreadableFile

    try:
        with open(file, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise UnreadableFile(MISSING, str(error)) from error


def _show(returned: Returned) -> None:
    if not returned.changes:
        typer.echo(NOTHING)
    else:
        print_table(HEADINGS, [_line(change) for change in returned.changes], wide=(3, 4))
    for refusal in returned.refusals:
        print(f"giaoviec: {one_line(refusal.sentence())}", file=sys.stderr)


def _line(change: Change) -> tuple[str, ...]:
    return (
        str(change.row or ""), KINDS[change.kind], change.label, change.before, change.after, change.task_id or "",
    )  # fmt: skip


def _record(returned: Returned, taken: bool) -> dict[str, object]:
    return {
        "file": returned.source.name,
        "sha256": returned.source.sha256,
        "taken": taken,
        "same_rows": returned.same,
        "changes": [
            {"kind": one.kind, "row": one.row, "task_id": one.task_id, "document_id": one.document_id}
            | {"field": one.field, "before": one.before, "after": one.after}
            for one in returned.changes
        ],
        "refused": [{"row": one.row, "column": one.column, "why": one.why} for one in returned.refusals],
    }
