"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.log import open_log
from pipeline.settings import Settings, load_settings

Data = Annotated[
    Path | None,
    typer.Option(help="Thư mục dữ liệu: cơ sở dữ liệu, tệp gốc, nhật ký. Biến môi trường: GIAOVIEC_DATA."),
]
Database = Annotated[
    str | None,
    typer.Option(help="Cơ sở dữ liệu: sqlite:///… hoặc postgresql://…  Biến môi trường: GIAOVIEC_DATABASE_URL."),
]
Jobs = Annotated[int, typer.Option(min=0, help="Số tiến trình đọc cùng lúc; 0 là bằng số lõi của máy.")]
AsJson = Annotated[bool, typer.Option("--json", help="In JSON để chương trình khác đọc.")]


def settings_of(data: Path | None = None, database: str | None = None) -> Settings:
    """The settings of the command, with the log opened in the data folder."""
    settings = load_settings(database=database, data=data.absolute() if data else None)
    open_log(settings.log_file)
    return settings
