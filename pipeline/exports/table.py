"""`EXPORTS`: every format in which rows leave; an entry here is all that a new one needs."""

from __future__ import annotations

import importlib
import io
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pipeline.exports.kept import NOTHING, Kept
from pipeline.listing import Listing
from schemas.errors import StoreError

Writer = Callable[[Listing, IO[bytes]], None]
Renewer = Callable[[Listing, IO[bytes], Kept], None]
CANNOT_WRITE = "Không ghi được tệp {path}; hãy đóng tệp nếu đang mở, kiểm tra quyền ghi và chỗ trống trên đĩa."


@dataclass(frozen=True, slots=True)
class Export:
    """A format: its suffix, what it is for, and the function that writes it (imported when it is used).

    `keeps`: the function takes rows over from the file that is replaced (`Kept`).
    """

    suffix: str
    use: str
    module: str
    function: str
    keeps: bool = False

    def write(self, listing: Listing, stream: IO[bytes], kept: Kept = NOTHING) -> None:
        """Write the listing to a binary stream, with the rows that are kept of another file."""
        function = getattr(importlib.import_module(self.module), self.function)
        if self.keeps:
            cast(Renewer, function)(listing, stream, kept)
        else:
            cast(Writer, function)(listing, stream)


EXPORTS = {
    "jsonl": Export(".jsonl", "mỗi dòng một nhiệm vụ, cho chương trình", "pipeline.exports.lines", "write_jsonl"),
    "csv": Export(".csv", "bảng phẳng UTF-8", "pipeline.exports.frame", "write_csv"),
    "xlsx": Export(".xlsx", "sổ theo dõi để in và lọc", "pipeline.exports.workbook", "write_xlsx", True),
    "docx": Export(".docx", "sổ theo dõi nhiệm vụ dạng Word, khổ A4 ngang", "pipeline.exports.word", "write_docx"),
    "html": Export(".html", "sổ theo dõi để xem và in", "pipeline.exports.printed", "write_html"),
    "ics": Export(".ics", "lịch có nhắc hạn cho Outlook, Google, điện thoại", "pipeline.exports.ics", "write_ics"),
    "parquet": Export(".parquet", "bảng có kiểu, cho phân tích", "pipeline.exports.parquet", "write_parquet", True),
}


def export(listing: Listing, name: str, path: Path, kept: Kept = NOTHING) -> None:
    """Write the listing to `path` in the format `name`; the file is whole or as it was.

    With `kept` the listing holds the rows of the other documents only. Raises `StoreError` where the file cannot
    be written.
    """
    write_file(path, lambda stream: EXPORTS[name].write(listing, stream, kept))


def write_file(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write `path` by `write`, aside and then renamed; raises `StoreError` where it cannot be written.

    What is no plain file (a device, a pipe, a link) is written into and stays what it is.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            whole = io.BytesIO()
            write(whole)
            with path.open("wb", buffering=0) as device:
                device.write(whole.getbuffer())
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".giaoviec-", delete=False) as stream:
            aside = Path(stream.name)
            try:
                write(cast(IO[bytes], stream))
                stream.flush()
                os.fchmod(stream.fileno(), 0o644)
                aside.replace(path)
            finally:
                aside.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(CANNOT_WRITE.format(path=path), str(error)) from error


def write_text(path: Path, text: str) -> None:
    """Write `path` as UTF-8 text, whole or as it was; raises `StoreError` where it cannot be written."""

    def write(stream: IO[bytes]) -> None:
        stream.write(text.encode("utf-8", "replace"))

    write_file(path, write)
