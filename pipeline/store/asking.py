"""Answers a question in SQL and changes nothing: read-only connections, a limit of time and of lines."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, text

from pipeline.store.engine import reading
from pipeline.store.store import Store
from pipeline.store.views import VIEWS
from schemas.errors import StoreError

SECONDS, LINES = 30, 1_000
STEPS_BETWEEN_LOOKS = 20_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""
SECRET = frozenset({"users", "sessions"})
"""Tables that no question reads: passwords and sessions."""
ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
REFUSED = "Câu hỏi SQL không chạy được: {why}."
ONLY_READING = "chỉ được đọc (SELECT, WITH … SELECT), mỗi lần một câu"
TOO_SLOW = "quá {seconds} giây mà chưa xong; hãy lọc hẹp hơn hoặc tăng --seconds"


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns and lines of an answer; `more` where the limit cut it."""

    columns: tuple[str, ...]
    lines: tuple[tuple[Any, ...], ...]
    more: bool = False


def ask(store: Store, statement: str, seconds: int = SECONDS, lines: int = LINES) -> Answer:
    """The answer to one SELECT within `seconds`, at most `lines` lines; raises `StoreError` with the reason."""
    if store.engine.dialect.name == "sqlite":
        return _ask_sqlite(store.engine, statement, seconds, lines)
    return _ask_postgresql(store.engine, statement, seconds, lines)


def columns_of(store: Store) -> dict[str, tuple[str, ...]]:
    """The columns of each view, by its name."""
    with reading(store.engine) as connection:
        return {name: tuple(connection.execute(text(f"SELECT * FROM {name} LIMIT 0")).keys()) for name in VIEWS}


def _ask_sqlite(engine: Engine, statement: str, seconds: int, lines: int) -> Answer:
    from urllib.parse import quote

    end = time.monotonic() + seconds
    connection = sqlite3.connect(f"file:{quote(str(engine.url.database))}?mode=ro", uri=True, timeout=seconds)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(_may)
        connection.set_progress_handler(lambda: int(time.monotonic() > end), STEPS_BETWEEN_LOOKS)
        cursor = connection.execute(statement)
        return _answer([column[0] for column in cursor.description or ()], cursor.fetchmany(lines + 1), lines)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        raise StoreError(REFUSED.format(why=_sqlite_words(error, seconds)), repr(error)) from error
    finally:
        connection.close()


def _may(action: int, table: str | None, _column: str | None, _database: str | None, _inside: str | None) -> int:
    if action not in ALLOWED or (action == sqlite3.SQLITE_READ and table in SECRET):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _sqlite_words(error: Exception, seconds: int) -> str:
    said = str(error)
    if said == "interrupted":
        return TOO_SLOW.format(seconds=seconds)
    if "not authorized" in said or "prohibited" in said or "one statement" in said or "readonly" in said:
        return ONLY_READING
    return said.rstrip(".")


def _ask_postgresql(engine: Engine, statement: str, seconds: int, lines: int) -> Answer:
    import psycopg

    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        connection.read_only = True
        connection.execute(f"SET LOCAL statement_timeout = {int(seconds) * 1000}")
        _refuse_more_than_reading(connection, statement)
        with connection.cursor(name="answer") as cursor:  # the server keeps what is not asked for
            cursor.execute(statement)
            columns = [column.name for column in cursor.description or ()]
            return _answer(columns, cursor.fetchmany(lines + 1), lines)
    except (psycopg.Error, UnicodeError) as error:
        raise StoreError(REFUSED.format(why=_postgresql_words(error, seconds)), str(error)) from error
    finally:
        if pooled.driver_connection:
            pooled.driver_connection.rollback()
            pooled.driver_connection.read_only = None  # it may go back into a pool
        pooled.close()


def _refuse_more_than_reading(connection: Any, statement: str) -> None:
    """Raise `StoreError` where the server's plan says that this writes or looks at passwords or sessions.

    Only what reads or writes lines can be explained; prepared, it is one statement: no COMMIT gets behind it.
    """
    (plan,) = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}", prepare=True).fetchone()
    for node in _nodes(plan[0]["Plan"]):
        if node["Node Type"] == "ModifyTable" or node.get("Relation Name") in SECRET:
            raise StoreError(REFUSED.format(why=ONLY_READING))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _postgresql_words(error: Exception, seconds: int) -> str:
    import psycopg

    if isinstance(error, psycopg.errors.QueryCanceled):
        return TOO_SLOW.format(seconds=seconds)
    only_reading = (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.FeatureNotSupported)
    if isinstance(error, only_reading) or "multiple commands" in str(error):
        return ONLY_READING
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return said or type(error).__name__


def _answer(columns: Sequence[str], found: Sequence[Sequence[Any]], lines: int) -> Answer:
    if not columns:
        raise StoreError(REFUSED.format(why=ONLY_READING))
    told = tuple(tuple(_plain(value) for value in line) for line in found[:lines])
    return Answer(tuple(columns), told, len(found) > lines)


def _plain(value: Any) -> Any:
    """The value as SQLite gives it, so that both databases answer alike: days as text, truth as 1."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
