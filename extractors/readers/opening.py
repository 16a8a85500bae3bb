"""A path → the file that stands there, with the hash of its own bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from schemas.errors import FileTooLarge, NoTextFound, UnreadableFile
from schemas.source import SourceFile

MOST_BYTES = 100 * 1024 * 1024
BLOCK = 1024 * 1024
MISSING = "Không tìm thấy tệp “{name}”; đề nghị kiểm tra lại tên và thư mục."
NOT_A_FILE = "“{name}” không phải là một tệp; đề nghị chọn tệp văn bản cần đọc."
DENIED = "Không mở được tệp “{name}”; đề nghị kiểm tra quyền đọc tệp hoặc đóng chương trình đang giữ tệp."
EMPTY = "Tệp “{name}” rỗng (0 byte); đề nghị gửi lại tệp đầy đủ."
TOO_LARGE = "Tệp “{name}” lớn hơn {limit} MB; đề nghị tách nhỏ hoặc giảm dung lượng rồi gửi lại."


def open_source(path: Path | str) -> SourceFile:
    """The file with its SHA-256 and size.

    Raises UnreadableFile (missing, a folder, no permission), NoTextFound (0 bytes) or FileTooLarge.
    """
    path = Path(path)
    try:
        if not path.exists():
            raise UnreadableFile(MISSING.format(name=path.name))
        if not path.is_file():
            raise UnreadableFile(NOT_A_FILE.format(name=path.name))
        size, digest = _digest(path)
    except OSError as error:
        raise UnreadableFile(DENIED.format(name=path.name), detail=str(error)) from error
    if size == 0:
        raise NoTextFound(EMPTY.format(name=path.name))
    return SourceFile(path=path, name=path.name, sha256=digest, size=size)


def _digest(path: Path) -> tuple[int, str]:
    if path.stat().st_size > MOST_BYTES:
        raise FileTooLarge(TOO_LARGE.format(name=path.name, limit=MOST_BYTES // 1024 // 1024))
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()
