"""Opens the database: its durability, its locks, and its schema brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from schemas.errors import StoreError

BUSY_MILLISECONDS = 30_000
WRITES = "giaoviec_writes"
NETWORK_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs"})

BAD_URL = "Địa chỉ cơ sở dữ liệu không đúng; dùng sqlite:///… hoặc postgresql+psycopg://…"
UNUSABLE = "Không dùng được cơ sở dữ liệu; hãy kiểm tra địa chỉ, quyền ghi và chỗ trống trên đĩa rồi thử lại."
BUSY = "Cơ sở dữ liệu đang bận vì một chương trình khác đang ghi; hãy thử lại sau ít phút."
ON_NETWORK = (
    "Tệp cơ sở dữ liệu {path} nằm trên ổ mạng, dễ hỏng dữ liệu; hãy đặt trên ổ đĩa của máy hoặc dùng PostgreSQL."
)


def open_engine(url: str) -> Engine:
    """The engine of a SQLite or PostgreSQL address; the folder of a SQLite file is made.

    Raises `StoreError` where the address is none of the two or its driver is missing.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            _prepare_file(parsed.database)
            engine = create_engine(parsed, poolclass=NullPool)  # no connection may be carried over a fork
            event.listen(engine, "connect", _set_pragmas)
            event.listen(engine, "begin", _begin)
            return engine
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed, poolclass=NullPool)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(BAD_URL, str(error)) from error
    raise StoreError(BAD_URL, parsed.drivername)


def _prepare_file(database: str | None) -> None:
    if not database or database == ":memory:":
        raise StoreError("Cần một tệp cho cơ sở dữ liệu SQLite, ví dụ sqlite:////du-lieu/giaoviec.db.")
    path = Path(database).absolute()
    if file_system(path) in NETWORK_SYSTEMS:
        raise StoreError(ON_NETWORK.format(path=path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Không tạo được thư mục {path.parent} cho cơ sở dữ liệu.", str(error)) from error


def file_system(path: Path) -> str:
    """The kind of file system that `path` lies on ("ext4", "cifs"), "" where the system does not say."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, system = line.split(" ")[:3]
        point = point.replace("\\040", " ")
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, system
    return kind


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: see `_begin`
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # the dropped file may be moved once we say it is stored
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """A transaction that will write takes the lock at once: a read that turns into a write may not wait."""
    immediate = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the database says into one sentence for staff, its own words into the detail."""
    try:
        yield
    except IntegrityError:
        raise  # no fault of the database: the caller knows what was there first
    except DBAPIError as error:
        busy = "locked" in str(error.orig) or "busy" in str(error.orig)
        raise StoreError(BUSY if busy else UNUSABLE, str(error.orig)) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: committed at the end, rolled back on any error."""
    with refusing(), engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads, so that all it reads belongs together."""
    with refusing(), engine.begin() as connection:
        yield connection
