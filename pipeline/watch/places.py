"""What a scan may take of a folder: which names are no documents, and whether a file is there to its end.

Only names, sizes and a few bytes at both ends are looked at: the content of a dropped file is parsed in a child.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest import TEMPORARY_NAMES, TEMPORARY_SUFFIXES, known_suffixes

DONE_FOLDER = "da_xu_ly"
"""Where `--move` puts what was read; a scan does not go in."""
PASSED_FOLDERS = frozenset({"$recycle.bin", "system volume information", "@eadir", "lost+found", "__macosx"})
HEAD, TAIL = 1024, 65_600
"""Bytes looked at: the end of a zip may lie behind a comment of 65,535 bytes."""
END_OF_PDF = 2048
ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22
IGNORED = {
    "temporary": "Tệp tạm của Office hoặc tệp ẩn, không phải văn bản.",
    "link": "Đây là liên kết, không phải tệp; hãy thả chính tệp văn bản.",
    "device": "Đây không phải là một tệp thông thường.",
    "no_document": "Không phải loại tệp văn bản mà chương trình đọc.",
}
"""Code → sentence for staff, of what a scan passes over."""
UNFINISHED = "Tệp chưa đầy đủ đến cuối (có thể đang chép dở); chương trình chờ, hãy chép lại nếu đã chép xong."


@dataclass(frozen=True, slots=True)
class Place:
    """A file in a watched folder: where, its fingerprint, and the code of why it is passed over, if it is."""

    path: Path
    fingerprint: str
    size: int
    ignored: str | None = None


def fingerprint(status: os.stat_result) -> str:
    """What tells without reading that a file is as it was: size, times of content and of entry, inode.

    The time of the entry (ctime) is there because copying programs set the other one back.
    """
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def places(root: Path, note: Callable[[OSError], None]) -> Iterator[Place]:
    """The files below a folder, in order; links are not followed, and what cannot be listed goes to `note`.

    Raises `OSError` where the folder itself cannot be listed: a share that is gone is not an empty one.
    """
    suffixes = known_suffixes()
    yield from _below(root, suffixes, note, root)


def _below(folder: Path, suffixes: set[str], note: Callable[[OSError], None], root: Path) -> Iterator[Place]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        try:
            status = entry.stat(follow_symlinks=False)
            if not stat.S_ISDIR(status.st_mode):
                ignored = _why_ignored(entry.name, status.st_mode, suffixes)
                yield Place(Path(entry.path), fingerprint(status), status.st_size, ignored)
            elif not _is_passed(entry.name, folder == root):
                yield from _below(Path(entry.path), suffixes, note, root)
        except FileNotFoundError:
            continue  # taken away between the listing and the look: the next scan shows what is there
        except OSError as error:
            note(error)


def _is_passed(name: str, at_top: bool) -> bool:
    return name.startswith((".", "__")) or name.lower() in PASSED_FOLDERS or (at_top and name == DONE_FOLDER)


def _why_ignored(name: str, mode: int, suffixes: set[str]) -> str | None:
    suffix = os.path.splitext(name)[1].lower()
    if stat.S_ISLNK(mode):
        return "link"
    if not stat.S_ISREG(mode):
        return "device"
    if name.startswith(TEMPORARY_NAMES) or suffix in TEMPORARY_SUFFIXES:
        return "temporary"
    return None if suffix in suffixes else "no_document"


def is_whole(path: Path) -> bool:
    """Whether a file seems to be there to its end, by the marks that its kind has; True for kinds without any.

    A preallocated file that is only filled in front ends in NUL bytes. Raises `OSError` where it cannot be read.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as stream:
        head = stream.read(HEAD)
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - TAIL))
        tail = stream.read(TAIL)
    if not tail.rstrip(b"\0"):
        return False
    for mark, ends_well in ENDS:
        if mark in (head if mark == b"%PDF-" else head[: len(mark)]):
            return ends_well(tail, size)
    return tail[-64:] != b"\0" * 64 or head[:8] == OLE


def _pdf_ends(tail: bytes, _size: int) -> bool:
    return b"%%EOF" in tail[-END_OF_PDF:].rstrip(b"\0") and tail[-16:] != b"\0" * 16


def _zip_ends(tail: bytes, size: int) -> bool:
    """Return whether the directory at the end is there, and lies within the file."""
    at = tail.rfind(ZIP_END)
    if at < 0 or len(tail) - at < ZIP_END_BYTES:
        return False
    length, offset = (int.from_bytes(tail[at + first : at + first + 4], "little") for first in (12, 16))
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return offset + length <= size and len(tail) - at >= ZIP_END_BYTES + comment


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENDS: tuple[tuple[bytes, Callable[[bytes, int], bool]], ...] = (
    (b"%PDF-", _pdf_ends),
    (b"PK\x03\x04", _zip_ends),
    (b"\x89PNG", lambda tail, _: b"IEND" in tail[-64:]),
    (b"\xff\xd8\xff", lambda tail, _: b"\xff\xd9" in tail[-4096:]),
    (b"{\\rtf", lambda tail, _: tail.rstrip(b"\0 \r\n\t").endswith(b"}")),
)
"""First bytes of a kind → whether its last bytes end it."""
