"""What comes in by the web page: written whole or not at all into a folder that is watched like any other."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

from pipeline.faults import crash_point
from pipeline.processes import temporary_prefix
from pipeline.settings import Settings
from pipeline.store.originals import CHUNK, NO_ROOM, refuse_size, sync_folder
from schemas.errors import StoreError

UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
"""No file system of an office takes them, or they hide what a name says."""
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
MOST_BYTES = 180
"""Of a name in UTF-8; file systems take 255, and "(2)" may come behind it."""
NAMELESS = "tai-lieu"
MOST_NAMESAKES = 10_000


def receive(settings: Settings, name: str, stream: BinaryIO, commune: str | None = None) -> Path:
    """Write what `stream` gives into the inbox (of the commune, if given) and return where; nothing is overwritten.

    The file appears under its name only when it is whole and safe on the disk. Raises `NoTextFound` (0 bytes),
    `FileTooLarge`, `StoreError` (the folder cannot be written).
    """
    folder = settings.inbox / safe_name(commune) if commune else settings.inbox
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number, aside = tempfile.mkstemp(dir=folder, prefix=f".{temporary_prefix()}", suffix=".part")
    except OSError as error:
        raise StoreError(NO_ROOM, str(error)) from error
    try:
        with open(number, "wb") as file:
            _fill(file, stream, settings.limits.source_bytes)
        crash_point("receive.copied")
        path = _name_it(Path(aside), folder, safe_name(name))
        crash_point("receive.renamed")
        sync_folder(folder)
        return path
    except OSError as error:
        raise StoreError(NO_ROOM, str(error)) from error
    finally:
        Path(aside).unlink(missing_ok=True)


def safe_name(written: str) -> str:
    """The name without what a path, a terminal or another file system would take for something else.

    >>> safe_name("../../etc/Kế hoạch: số 12?.pdf"), safe_name("~$x.docx"), safe_name("..")
    ('Kế hoạch_ số 12_.pdf', 'x.docx', 'tai-lieu')
    """
    name = unicodedata.normalize("NFC", written).replace("\\", "/").rpartition("/")[2]
    name = UNSAFE.sub("_", name).strip(" .").removeprefix("~$").lstrip(" .")
    if RESERVED.match(name):
        name = f"_{name}"
    stem, suffix = os.path.splitext(name)
    while len((stem + suffix).encode()) > MOST_BYTES and stem:
        stem = stem[:-1]
    return (stem + suffix)[:MOST_BYTES] or NAMELESS


def _fill(file: BinaryIO, stream: BinaryIO, most_bytes: int) -> None:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        refuse_size(size, most_bytes)
        file.write(chunk)
    refuse_size(size, most_bytes)
    file.flush()
    os.fsync(file.fileno())


def _name_it(aside: Path, folder: Path, name: str) -> Path:
    """Give the file its name, or the name with a number where others have it."""
    stem, suffix = os.path.splitext(name)
    for number in range(1, MOST_NAMESAKES):
        path = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        try:
            _give(aside, path)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(errno.EEXIST, name)


def _give(aside: Path, path: Path) -> None:
    """Make the name, which nobody else may have: a link never overwrites; without links the name is taken first."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))
        os.replace(aside, path)
