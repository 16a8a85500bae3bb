"""A copy of everything in one file, made while the product runs, and everything back from it.

The file is a tar archive: `manifest.json`, `giaoviec.db` (a whole SQLite database, also where the store is
PostgreSQL) and `originals/<hash>`. The database is copied first, as of one moment; originals are only ever added, so
those that it speaks of are there.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, Integer, func, insert, make_url, select, text

from pipeline.faults import crash_point
from pipeline.processes import sweep, temporary_prefix
from pipeline.settings import Settings
from pipeline.store.engine import open_engine, reading, writing
from pipeline.store.migrate import revision, upgrade
from pipeline.store.originals import NO_ROOM, is_whole, keep, place_of, sync_folder
from pipeline.store.standing import all_hashes
from pipeline.store.store import Store
from pipeline.store.tables import metadata
from schemas.errors import StoreError, UnreadableFile

DATABASE, MANIFEST, ORIGINALS = "giaoviec.db", "manifest.json", "originals/"
FORMAT = 1
LINES = 500
LOST = "Bản gốc {sha256} không còn nên không sao lưu được; hãy chạy giaoviec doctor --conservation."
NOT_OURS = "Tệp {path} không phải bản sao lưu của giaoviec hoặc đã hỏng; hãy lấy bản sao lưu khác."
NOT_EMPTY = (
    "Nơi khôi phục đã có dữ liệu; hãy chỉ một thư mục dữ liệu (và cơ sở dữ liệu) trống bằng --data, --database."
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: how many originals, and how many bytes the file has."""

    originals: int
    size: int


def back_up(settings: Settings, target: Path) -> Saved:
    """Write everything into `target`; it is whole or not there. Others may read and write meanwhile.

    Raises `StoreError` where the database or the target cannot be used, or where an original is missing.
    """
    store = Store.open(settings.database_url)
    sweep(target.absolute().parent)
    aside = target.with_name(f".{temporary_prefix()}{target.name}")
    try:
        with tempfile.TemporaryDirectory(prefix=temporary_prefix(), dir=target.absolute().parent) as folder:
            database = Path(folder) / DATABASE
            _copy_database(store.engine, database)
            copied = Store(open_engine(f"sqlite:///{database}"))
            hashes = all_hashes(copied)
            with aside.open("wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
                _pack(archive, copied, database, hashes, settings.originals)
            _sync(aside)
            crash_point("backup.copied")
            aside.replace(target)
            crash_point("backup.renamed")
            sync_folder(target.absolute().parent)
    except OSError as error:
        raise StoreError(NO_ROOM, str(error)) from error
    finally:
        aside.unlink(missing_ok=True)
    return Saved(len(hashes), target.stat().st_size)


def _copy_database(engine: Engine, target: Path) -> None:
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            connection.exec_driver_sql("COMMIT")  # VACUUM begins a transaction of its own
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
            connection.exec_driver_sql("BEGIN")
        return
    copy = open_engine(f"sqlite:///{target}")
    upgrade(copy)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source, writing(copy) as goal:
        _copy_tables(source, goal)
    with closing(sqlite3.connect(target)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.execute("PRAGMA journal_mode = DELETE")


def _copy_tables(source: Connection, goal: Connection) -> None:
    """Copy every line of every table, a stretch at a time, owners before what they own."""
    for table in metadata.sorted_tables:
        lines = source.execute(select(table)).mappings()
        while some := lines.fetchmany(LINES):
            goal.execute(insert(table), [dict(line) for line in some])


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _pack(archive: tarfile.TarFile, store: Store, database: Path, hashes: tuple[str, ...], folder: Path) -> None:
    with reading(store.engine) as connection:
        version = revision(connection)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = {"format": FORMAT, "revision": version, "made": made, "originals": len(hashes)}
    told = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    head = tarfile.TarInfo(MANIFEST)
    head.size = len(told)
    archive.addfile(head, io.BytesIO(told))
    archive.add(database, DATABASE)
    for sha256 in hashes:
        place = place_of(folder, sha256)
        if not place.is_file():
            raise StoreError(LOST.format(sha256=sha256), str(place))
        archive.add(place, f"{ORIGINALS}{sha256}", filter=_nobodys)


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owns the file on this machine."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def bring_back(settings: Settings, source: Path) -> Saved:
    """Put everything of a backup where `settings` say, which must hold nothing yet; each original is checked.

    The database comes last: what is interrupted before has brought nothing back, and may be begun again.
    Raises `StoreError` for a place that holds data and for a backup of a newer version, `UnreadableFile` for a
    file that is no whole backup.
    """
    _refuse_full(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    sweep(settings.data)
    aside = tempfile.TemporaryDirectory(prefix=temporary_prefix(), dir=settings.data)
    with _opened(source) as archive, aside as folder:
        names = {entry.name: entry for entry in archive if entry.isfile()}
        database = Path(folder) / DATABASE
        _extract(archive, names.get(DATABASE), database, source)
        copied = Store(open_engine(f"sqlite:///{database}"))
        _refuse_unsound(copied, source)
        upgrade(copied.engine)
        hashes = all_hashes(copied)
        for sha256 in hashes:
            copy = Path(folder) / sha256
            _extract(archive, names.get(f"{ORIGINALS}{sha256}"), copy, source)
            if not is_whole(copy):
                raise UnreadableFile(NOT_OURS.format(path=source), f"original {sha256}")
            keep(copy, settings.originals, copy.stat().st_size)
            copy.unlink()
        _place_database(copied, database, settings)
    return Saved(len(hashes), source.stat().st_size)


def _refuse_full(settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return
    store = Store.open(settings.database_url)
    with reading(store.engine) as connection:
        for table in metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise StoreError(NOT_EMPTY)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UnreadableFile(NOT_OURS.format(path=source), str(error)) from error


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo | None, target: Path, source: Path) -> None:
    stream = archive.extractfile(entry) if entry else None
    if stream is None:
        raise UnreadableFile(NOT_OURS.format(path=source), f"no {target.name}")
    with stream, target.open("wb") as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        os.fsync(file.fileno())


def _refuse_unsound(store: Store, source: Path) -> None:
    with reading(store.engine) as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    if said != "ok":
        raise UnreadableFile(NOT_OURS.format(path=source), said)


def _place_database(copied: Store, database: Path, settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        goal = Store.open(settings.database_url)
        with reading(copied.engine) as source, writing(goal.engine) as connection:
            _copy_tables(source, connection)
            _count_on(connection)
        return
    target = Path(str(url.database)).absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database)) as plain:
        plain.execute("PRAGMA journal_mode = DELETE")
    aside = target.with_name(f".{temporary_prefix()}{target.name}")
    for rest in ("", "-wal", "-shm"):
        target.with_name(target.name + rest).unlink(missing_ok=True)
    shutil.copyfile(database, aside)
    _sync(aside)
    aside.replace(target)
    sync_folder(target.parent)


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new lines behind those that were brought back."""
    for table in metadata.sorted_tables:
        (key, *more) = table.primary_key.columns
        if more or not isinstance(key.type, Integer) or key.foreign_keys:
            continue
        sequence = f"pg_get_serial_sequence('{table.name}', '{key.name}')"
        newest = f"(SELECT coalesce(max({key.name}), 1) FROM {table.name})"
        connection.execute(text(f"SELECT setval({sequence}, {newest}) WHERE {sequence} IS NOT NULL"))
