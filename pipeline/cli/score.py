"""`giaoviec score`: a table against one made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson
from pipeline.cli.output import print_json, print_table
from schemas.errors import UnreadableFile

LABELS = {
    "rows": "Dòng (F1)",
    "path": "Mục",
    "kind": "Loại",
    "lead": "Cơ quan chủ trì (F1)",
    "coordinating": "Cơ quan phối hợp (F1)",
    "time": "Thời hạn (F1)",
    "fields": "Siêu dữ liệu văn bản",
    "legal_bases": "Căn cứ (F1)",
    "text": "Lời văn",
}
UNREADABLE = "Không đọc được bảng; cần tệp JSON có “rows” hoặc JSON Lines, mỗi dòng một nhiệm vụ."


def score(
    gold: Annotated[Path, typer.Argument(metavar="ĐÁP_ÁN", help="Đáp án làm tay (.json).")],
    table: Annotated[Path, typer.Argument(metavar="BẢNG", help="Bảng cần chấm (.json hoặc .jsonl).")],
    as_json: AsJson = False,
) -> None:
    """Chấm một bảng nhiệm vụ theo đáp án làm tay."""
    from pipeline.score import score_table

    try:
        measured = score_table(gold, table).figures()
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableFile(UNREADABLE, repr(error)) from error
    if as_json:
        print_json(measured)
        return
    lines = [(LABELS.get(name, name), f"{value:.4f}") for name, value in measured.items()]
    print_table(("Chỉ số", "Giá trị"), lines)
