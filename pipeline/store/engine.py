"""Opens the database: its durability, its locks, and its schema brought up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError

from pipeline.store.pooling import guard_pool, pool_settings
from schemas.errors import StoreError, Unstorable

BUSY_SECONDS = 60.0
BUSY_MILLISECONDS = 500
"""How long SQLite itself waits: a signal is heard only between its waits, so the long wait is made of short ones."""
T = TypeVar("T")
WRITES = "giaoviec_writes"
REBUILDS = "giaoviec_rebuilds"
"""Option of a connection that makes tables anew: SQLite would delete what a dropped table owns."""
NETWORK_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "ceph", "lustre", "gfs2", "ocfs2", "9p", "davfs"}
    | {"glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs"}
)

UNSTORABLE = "Không ghi được văn bản này vào cơ sở dữ liệu (trùng mã hoặc giá trị lạ); chi tiết ghi trong nhật ký."
BAD_URL = "Địa chỉ cơ sở dữ liệu không đúng; dùng sqlite:///… hoặc postgresql+psycopg://…"
UNUSABLE = "Không dùng được cơ sở dữ liệu; hãy kiểm tra địa chỉ, quyền ghi và chỗ trống trên đĩa rồi thử lại."
BUSY = "Cơ sở dữ liệu đang bận vì một chương trình khác đang ghi; hãy thử lại sau ít phút."
ON_NETWORK = (
    "Tệp cơ sở dữ liệu {path} nằm trên ổ mạng, dễ hỏng dữ liệu; hãy đặt trên ổ đĩa của máy hoặc dùng PostgreSQL."
)


def open_engine(url: str, pooled: bool = False) -> Engine:
    """The engine of a SQLite or PostgreSQL address; the folder of a SQLite file is made.

    `pooled` keeps connections open between transactions, otherwise none is: no connection may be carried over a fork.

    Raises `StoreError` where the address is none of the two or its driver is missing.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            _prepare_file(parsed.database)
            engine = _made(parsed, pooled)
            event.listen(engine, "connect", _set_pragmas)
            event.listen(engine, "begin", _begin)
            return engine
        if parsed.get_backend_name() == "postgresql":
            return _made(_in_utc(parsed), pooled)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(BAD_URL, str(error)) from error
    raise StoreError(BAD_URL, parsed.drivername)


def _made(url: URL, pooled: bool) -> Engine:
    if not pooled:
        return create_engine(url, poolclass=NullPool)
    engine = create_engine(url, **pool_settings(url.get_backend_name()))
    guard_pool(engine)
    return engine


def _in_utc(url: URL) -> URL:
    """Make the server tell and take times in UTC and days as ISO writes them, whatever zone it is set to.

    Times without a zone, as SQLite keeps them, are in UTC; a server would take them for times of its own zone.
    """
    said = url.query.get("options", "")
    options = [said] if isinstance(said, str) else list(said)
    return url.update_query_dict({"options": " ".join((*filter(None, options), "-c TimeZone=UTC -c DateStyle=ISO"))})


def _prepare_file(database: str | None) -> None:
    if not database or database == ":memory:":
        raise StoreError("Cần một tệp cho cơ sở dữ liệu SQLite, ví dụ sqlite:////du-lieu/giaoviec.db.")
    path = Path(database).resolve()
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
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows no Ủ, no Đ
    connection.isolation_level = None  # the driver must not begin transactions of its own: see `_begin`
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # the dropped file may be moved once we say it is stored
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _lower(value: Any) -> str | None:
    return None if value is None else str(value).lower()


def _begin(connection: Connection) -> None:
    """A transaction that will write takes the lock at once: a read that turns into a write may not wait."""
    if not connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql("BEGIN")
        return
    if connection.get_execution_options().get(REBUILDS):
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # heard only outside of a transaction
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise


def is_busy(error: DBAPIError) -> bool:
    """Whether the database only says that another program is writing."""
    return "locked" in str(error.orig) or "busy" in str(error.orig)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the database says into one sentence for staff, its own words into the detail."""
    try:
        yield
    except DataError as error:
        raise Unstorable(UNSTORABLE, str(error.orig)) from error
    except IntegrityError:
        raise  # no fault of the database: the caller knows what was there first
    except DBAPIError as error:
        raise StoreError(BUSY if is_busy(error) else UNUSABLE, str(error.orig)) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: committed at the end, rolled back on any error."""
    assert _TOGETHER.get() is None, "nothing is written inside of together()"
    with refusing(), engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


_TOGETHER: ContextVar[tuple[Engine, Connection] | None] = ContextVar("together", default=None)
"""The transaction of `together` that is open here, and whose it is."""


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads, so that all it reads belongs together; inside of `together` that one."""
    shared = _TOGETHER.get()
    if shared is not None and shared[0] is engine:
        yield shared[1]
        return
    with refusing(), engine.begin() as connection:
        yield connection


@contextmanager
def together(engine: Engine) -> Iterator[Connection]:
    """One transaction for every `reading` inside: a page of several questions speaks of one moment.

    Nothing may be written inside: what is read behind it would not show it.
    """
    with reading(engine) as connection:
        token = _TOGETHER.set((engine, connection))
        try:
            yield connection
        finally:
            _TOGETHER.reset(token)


def transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Return `work(connection)` done in one writing transaction; once more where another process was faster.

    Raises `StoreError` where the database cannot be used, or where the same keys are there for good.
    """
    try:
        with writing(engine) as connection:
            return work(connection)
    except IntegrityError:  # another process wrote the same line between our look and our write
        return _transact_again(engine, work)


def _transact_again(engine: Engine, work: Callable[[Connection], T]) -> T:
    try:
        with writing(engine) as connection:
            return work(connection)
    except IntegrityError as error:
        raise Unstorable(UNSTORABLE, str(error.orig)) from error
