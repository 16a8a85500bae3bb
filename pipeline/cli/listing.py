"""`giaoviec documents`, `tasks` and `show`: what the database holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import filters
from pipeline.cli.options import AsJson, Data, Database, settings_of
from pipeline.cli.output import print_json, print_table, print_tasks
from pipeline.task_filter import TaskFilter
from schemas.errors import DONE_WITH_WARNINGS

if TYPE_CHECKING:
    from pipeline.store.store import Store

SUPERSEDED = " (đã bị thay thế)"
NO_SUCH_TASK = "Không có nhiệm vụ mang mã “{task_id}”."
REFUSED_HEADINGS = ("Tệp", "Xã/phường", "Lý do", "Số lần thử")
DOCUMENT_HEADINGS = ("Mã văn bản", "Xã/phường", "Văn bản", "Trích yếu", "Dòng", "Cần xem lại", "Tệp")
SHOW = {
    "task_id": "Mã nhiệm vụ",
    "text": "Nhiệm vụ",
    "lead": "Cơ quan chủ trì",
    "coordinating": "Cơ quan phối hợp",
    "monitoring": "Cơ quan theo dõi",
    "deadline_text": "Thời hạn",
    "start": "Ngày bắt đầu",
    "due": "Hạn hoàn thành",
    "recurrence": "Định kỳ",
    "deliverable": "Sản phẩm",
    "target_text": "Chỉ tiêu",
    "kind": "Loại",
    "path": "Mục",
    "heading_path": "Đề mục",
    "page": "Trang",
    "source_text": "Nguyên văn trong tệp",
    "review_reasons": "Cần xem lại",
}


def _store(data: Any, database: str | None) -> Store:
    from pipeline.store.store import Store

    return Store.open(settings_of(data, database).database_url)


def documents(
    commune: filters.Commune = None,
    refused: Annotated[bool, typer.Option("--refused", help="Những tệp không đọc được và lý do.")] = False,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê văn bản đã đọc, hoặc những tệp không đọc được."""
    from pipeline.exports.columns import document_name
    from pipeline.store.queries import find_documents, find_refused

    store = _store(data, database)
    found = find_refused(store) if refused else find_documents(store, commune)
    if as_json:
        print_json(list(found))
    elif refused:
        lines = [(line["path"], line["commune"] or "", line["message"], str(line["tries"])) for line in found]
        print_table(REFUSED_HEADINGS, lines, wide=(2,))
    else:
        print_table(
            DOCUMENT_HEADINGS,
            [
                (
                    line["document_id"],
                    "; ".join(line["communes"]),
                    document_name(line) + (SUPERSEDED if line["superseded_by"] else ""),
                    line["title"] or "",
                    str(line["n_rows"]),
                    str(line["n_review"]),
                    line["file"],
                )
                for line in found
            ],
            wide=(3,),
        )


@filters.filtered
def tasks(
    wanted: TaskFilter,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Tìm và lọc nhiệm vụ trong cơ sở dữ liệu."""
    from pipeline.store.queries import find_tasks

    found = find_tasks(_store(data, database), wanted)
    if as_json:
        print_json([row.to_record() for row in found.rows])
        return
    print_tasks(found)
    typer.echo(f"{len(found.rows)} dòng của {len(found.documents)} văn bản.")


def show(
    task_id: Annotated[str, typer.Argument(metavar="MÃ", help="Mã nhiệm vụ.")],
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Xem một nhiệm vụ với mọi chi tiết và nguyên văn."""
    from pipeline.store.queries import find_tasks

    found = find_tasks(_store(data, database), TaskFilter(task=task_id))
    if not found.rows:
        typer.echo(f"giaoviec: {NO_SUCH_TASK.format(task_id=task_id)}", err=True)
        raise typer.Exit(DONE_WITH_WARNINGS)
    (row,), (document,) = found.rows, found.documents
    if as_json:
        print_json({"row": row.to_record(), "document": document})
        return
    print_table(("Trường", "Nội dung"), list(_shown(row.to_record(), document)), wide=(1,))


def _shown(record: dict[str, Any], document: dict[str, Any]) -> list[tuple[str, str]]:
    from pipeline.exports.columns import document_name
    from pipeline.exports.words import KINDS, day_words, recurrence_words

    words: dict[str, Any] = record | {
        "kind": KINDS[record["kind"]],
        "recurrence": recurrence_words(record["recurrence"]),
        "start": day_words(record["start"]),
        "due": day_words(record["due"]),
    }
    lines = [(label, words[name]) for name, label in SHOW.items() if words[name]]
    lines += [
        ("Văn bản", document_name(document)),
        ("Cơ quan ban hành", document["issuer"]),
        ("Tệp", document["file"]),
    ]
    return [(label, "\n".join(value) if isinstance(value, list) else str(value or "")) for label, value in lines]
