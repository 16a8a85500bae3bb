"""The dropped files' own bytes, each once under its sha256, safe on the disk before the database speaks of them."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.faults import crash_point
from pipeline.processes import temporary_prefix
from schemas.errors import FileTooLarge, MachineFault, NoTextFound, StillWritten, StoreError, UnreadableFile

CHUNK = 1 << 20
NOT_A_FILE = "Đây không phải là một tệp thông thường nên không đọc."
MISSING = "Không mở được tệp; hãy kiểm tra tệp còn đó và có quyền đọc."
CHANGED = "Tệp đang được ghi dở; hãy chờ chép xong rồi thử lại."
EMPTY = "Tệp rỗng (0 byte); hãy lấy lại bản đầy đủ."
BAD_DISK = "Không đọc được tệp vì ổ đĩa hoặc đường mạng bị lỗi; chương trình sẽ tự thử lại."
NO_ROOM = "Không ghi được vào thư mục dữ liệu; hãy kiểm tra quyền ghi và chỗ trống trên đĩa."


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy of a file: `path` in the data folder, `sha256` and `size` (bytes) of its content."""

    path: Path
    sha256: str
    size: int


def keep(source: Path, folder: Path, most_bytes: int, follow: bool = True) -> Kept:
    """Copy `source` into `folder` under the sha256 of its bytes (its first two digits as sub-folder).

    The copy is whole or not there: written aside, fsynced, renamed, its folder fsynced.
    A link is not followed unless `follow`. Raises `UnreadableFile` (missing, no regular file), `StillWritten`
    (changed meanwhile), `NoTextFound` (0 bytes), `FileTooLarge`,
    `StoreError` (the data folder cannot be written).
    """
    descriptor = open_regular(source, follow)
    try:
        crash_point("keep.opened")
        before = os.fstat(descriptor)
        refuse_size(before.st_size, most_bytes)
        with _writable(folder) as aside:
            sha256, size = _copy(descriptor, aside, most_bytes)
            after = os.fstat(descriptor)
            if (size, after.st_mtime_ns, after.st_size) != (before.st_size, before.st_mtime_ns, before.st_size):
                raise StillWritten(CHANGED)
            kept = Kept(_settle(aside, place_of(folder, sha256)), sha256, size)
            crash_point("keep.settled")
            return kept
    finally:
        os.close(descriptor)


def place_of(folder: Path, sha256: str) -> Path:
    """Where the bytes of that hash are kept."""
    return folder / sha256[:2] / sha256


def open_regular(source: Path, follow: bool = True) -> int:
    """The descriptor of a regular file; a pipe or device is not waited for."""
    links = 0 if follow else os.O_NOFOLLOW
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | links)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UnreadableFile(MISSING, str(error)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableFile(NOT_A_FILE)
    return descriptor


def refuse_size(size: int, most_bytes: int) -> None:
    """Raise `NoTextFound` for 0 bytes and `FileTooLarge` above `most_bytes`."""
    if size == 0:
        raise NoTextFound(EMPTY)
    if size > most_bytes:
        raise FileTooLarge(f"Tệp lớn {_mb(size)} MB, quá mức {_mb(most_bytes)} MB; hãy tách tệp nhỏ hơn.")


def _mb(size: int) -> str:
    return f"{size / (1 << 20):.1f}".removesuffix(".0").replace(".", ",")


def _prepare(folder: Path) -> None:
    """Make the sub-folders once, safe on the disk, so that each copy needs only its own folder to be synced.

    "tmp" comes last: where it is, all are.
    """
    if (folder / "tmp").is_dir():
        return
    for number in range(256):
        (folder / f"{number:02x}").mkdir(parents=True, exist_ok=True)
    sync_folder(folder)
    (folder / "tmp").mkdir(exist_ok=True)


@contextmanager
def _writable(folder: Path) -> Iterator[Path]:
    """A new file beside the originals, which is gone at the end unless it was renamed."""
    try:
        _prepare(folder)
        number, name = tempfile.mkstemp(dir=folder / "tmp", prefix=temporary_prefix())
        os.close(number)
    except OSError as error:
        raise StoreError(NO_ROOM, str(error)) from error
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _copy(descriptor: int, aside: Path, most_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with aside.open("wb") as copy:
            while chunk := _read(descriptor):
                digest.update(chunk)
                size += len(chunk)
                refuse_size(size, most_bytes)
                copy.write(chunk)
                crash_point("keep.copying")
            copy.flush()
            crash_point("keep.copied")
            os.fsync(copy.fileno())
            crash_point("keep.synced")
    except OSError as error:
        raise StoreError(NO_ROOM, str(error)) from error
    return digest.hexdigest(), size


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, CHUNK)
    except OSError as error:
        if error.errno == errno.EIO:
            raise MachineFault(BAD_DISK, str(error)) from error
        raise UnreadableFile(MISSING, str(error)) from error


def _settle(aside: Path, place: Path) -> Path:
    try:
        if is_whole(place):
            return place
        aside.chmod(0o440)
        aside.replace(place)
        crash_point("keep.renamed")
        sync_folder(place.parent)
    except OSError as error:
        raise StoreError(NO_ROOM, str(error)) from error
    return place


def is_whole(place: Path) -> bool:
    """Whether a kept file is there and its bytes still give the hash that it is named by."""
    digest = hashlib.sha256()
    try:
        with place.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == place.name


def sync_folder(folder: Path) -> None:
    """Make sure of the names in a folder: without this a rename itself may be lost with the power."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
