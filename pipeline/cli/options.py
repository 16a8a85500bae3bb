"""Options that several commands share."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path
from typing import Annotated

import typer

from pipeline.settings import Settings, load_settings

Data = Annotated[
    Path | None,
    typer.Option(help="Thư mục dữ liệu: cơ sở dữ liệu, tệp gốc, nhật ký. Biến môi trường: GIAOVIEC_DATA."),
]
Database = Annotated[
    str | None,
    typer.Option(help="Cơ sở dữ liệu: sqlite:///… hoặc postgresql://…  Biến môi trường: GIAOVIEC_DATABASE_URL."),
]
AsJson = Annotated[bool, typer.Option("--json", help="In JSON để chương trình khác đọc.")]
LOG_BYTES = 5_000_000


def settings_of(data: Path | None = None, database: str | None = None) -> Settings:
    """The settings of the command, with the log opened in the data folder."""
    settings = load_settings(database=database, data=data.absolute() if data else None)
    _open_log(settings.log_file)
    return settings


def _open_log(path: Path) -> None:
    """Without a place for the log the work goes on: the line on the screen says what matters."""
    logger = logging.getLogger("giaoviec")
    logger.propagate = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8")
    except OSError:
        logger.addHandler(logging.NullHandler())
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.handlers = [handler]
