"""`giaoviec status`, `backup` and `restore-backup`: how it stands, and a copy of everything."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import Data, Database, settings_of
from pipeline.cli.output import one_line, print_json, print_table

if TYPE_CHECKING:
    from pipeline.store.standing import Overview

OLDEST = "Chờ lâu nhất: {path}, từ {day}."
PROPOSALS = "{count} văn bản có thể là phiên bản mới, cần người quyết định: giaoviec versions."
UNREAD_HEADINGS = ("Tệp", "Xã/phường", "Tình trạng", "Lý do")
SAVED = "Đã sao lưu {count} tệp gốc và cơ sở dữ liệu vào {path} ({size} MB)."
BACK = "Đã khôi phục {count} tệp gốc và cơ sở dữ liệu từ {path}."
SHOWN = 50


class Form(StrEnum):
    """How the status is printed."""

    TABLE = "table"
    JSON = "json"


def status(
    form: Annotated[
        Form, typer.Option("--format", "-f", help="table: bảng để xem; json: cho chương trình.")
    ] = Form.TABLE,
    data: Data = None,
    database: Database = None,
) -> None:
    """Cho biết bao nhiêu tệp đang chờ, đang đọc, đã đọc, không đọc được, và tệp nào chờ lâu nhất."""
    from pipeline.store.standing import overview
    from pipeline.store.store import Store

    found = overview(Store.open(settings_of(data, database).database_url))
    if form == Form.JSON:
        print_json(_record(found))
        return
    _print(found)


def _record(found: Overview) -> dict[str, Any]:
    from pipeline.store.states import State

    oldest = {"path": found.oldest[0], "since": found.oldest[1].isoformat()} if found.oldest else None
    return {
        "states": {str(state): found.count(state) for state in State},
        "hashes": found.hashes,
        "files_without_hash": found.files,
        "oldest": oldest,
        "waiting_seconds": (datetime.now(UTC) - found.oldest[1]).total_seconds() if found.oldest else 0,
        "unread": list(found.unread),
        "proposed_versions": found.proposals,
    }


def _print(found: Overview) -> None:
    from pipeline.store.states import WORDS, State

    print_table(("Tình trạng", "Số lượng"), [(WORDS[state], str(found.count(state))) for state in State])
    if found.oldest:
        path, since = found.oldest
        print(OLDEST.format(path=one_line(path), day=since.astimezone().strftime("%H:%M ngày %d/%m/%Y")))
    if found.proposals:
        print(PROPOSALS.format(count=found.proposals))
    if found.unread:
        lines = [
            (each["path"], each["commune"] or "", WORDS[State(each["state"])], each["message"] or "")
            for each in found.unread[:SHOWN]
        ]
        print_table(UNREAD_HEADINGS, lines, wide=(3,))


def backup(
    target: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp sao lưu, ví dụ giaoviec-2026-11-21.tar.")],
    data: Data = None,
    database: Database = None,
) -> None:
    """Sao lưu cơ sở dữ liệu và mọi tệp gốc vào một tệp; chương trình khác vẫn chạy được trong lúc đó."""
    from pipeline.backup import back_up

    saved = back_up(settings_of(data, database), target)
    print(SAVED.format(count=saved.originals, path=target, size=f"{saved.size / (1 << 20):.1f}".replace(".", ",")))


def restore_backup(
    source: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp do lệnh backup tạo ra.")],
    data: Data = None,
    database: Database = None,
) -> None:
    """Khôi phục từ bản sao lưu vào một thư mục dữ liệu trống."""
    from pipeline.backup import bring_back

    saved = bring_back(settings_of(data, database), source)
    print(BACK.format(count=saved.originals, path=source))
