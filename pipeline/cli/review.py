"""`giaoviec review`: the desk in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import Data, Database, settings_of

HOST = "127.0.0.1"
PORT = 8765


def review(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe; ngoài máy này thì phải có người dùng.")] = HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng; 0: cổng trống bất kỳ.")] = PORT,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="Tên máy mà mọi người gõ vào trình duyệt; lặp lại được.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch/--no-watch", help="Đọc ngay văn bản nộp ở trang.")] = True,
    data: Data = None,
    database: Database = None,
) -> None:
    """Mở bàn làm việc trong trình duyệt: hộp thư, duyệt, bảng nhiệm vụ, ma trận, nhật ký."""
    from pipeline.desk.serve import serve

    serve(settings_of(data, database), host, port, name or (), watch)
