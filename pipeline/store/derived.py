"""What the database derives from its tables: views for people, an index of words, orders.

They stand outside the migrations because they hold nothing of their own: `drop_derived` before the tables change,
`create_derived` behind. The databases keep them up to date by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, literal_column, select, table, text

from pipeline.store.tables import metadata, task_bodies, tasks
from pipeline.store.views import create_views, drop_views

NO_DUE = "coalesce(tasks.due, '9999-12-31')"
"""The order by day in which rows without one come last, on both databases."""
MOST_LETTERS = 200_000
"""Of a row's words, so many are indexed: PostgreSQL refuses a longer list."""
WORDS = f"to_tsvector('simple', left(tasks.folded, {MOST_LETTERS}))"

ORDER_INDEXES = {
    "ix_derived_due": "(coalesce(due, '9999-12-31'), sort_key)",
    "ix_derived_recurrence": "(sort_key) WHERE recurrence IS NOT NULL",
    "ix_derived_status": "(status, sort_key) WHERE status <> 'machine'",
    "ix_derived_conflict": "(sort_key) WHERE conflict = {true}",
}
"""The rows of a filter in the order of a list, where only some rows are meant."""


def _order_indexes(true: str) -> tuple[str, ...]:
    return tuple(f"CREATE INDEX {name} ON tasks {of.format(true=true)}" for name, of in ORDER_INDEXES.items())


# FTS5 keeps no text of its own here; `search_rows` gives it row numbers that outlast VACUUM. The keys are split at
# spaces already: the tokenizer "ascii" leaves every other letter alone. Words with their marks are a column of their
# own, and places are kept (detail=full): what was typed as it stands is found without a look at the rows.
SQLITE = (
    "CREATE TABLE search_rows (number INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE, sort_key TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE search_words USING fts5(words, marked, content='', tokenize=\"ascii tokenchars '_'\")",
    "INSERT INTO search_rows (task_id, sort_key) SELECT task_id, sort_key FROM tasks ORDER BY sort_key",
    "INSERT INTO search_words (rowid, words, marked) "
    "SELECT number, folded, marked FROM search_rows JOIN tasks USING (task_id) ORDER BY number",
    "CREATE TRIGGER search_insert AFTER INSERT ON tasks BEGIN "
    "INSERT INTO search_rows (task_id, sort_key) VALUES (new.task_id, new.sort_key); "
    "INSERT INTO search_words (rowid, words, marked) "
    "SELECT number, new.folded, new.marked FROM search_rows WHERE task_id = new.task_id; END",
    "CREATE TRIGGER search_delete AFTER DELETE ON tasks BEGIN "
    "INSERT INTO search_words (search_words, rowid, words, marked) "
    "SELECT 'delete', number, old.folded, old.marked FROM search_rows WHERE task_id = old.task_id; "
    "DELETE FROM search_rows WHERE task_id = old.task_id; END",
    "CREATE TRIGGER search_update AFTER UPDATE OF folded, marked, task_id, sort_key ON tasks BEGIN "
    "INSERT INTO search_words (search_words, rowid, words, marked) "
    "SELECT 'delete', number, old.folded, old.marked FROM search_rows WHERE task_id = old.task_id; "
    "UPDATE search_rows SET task_id = new.task_id, sort_key = new.sort_key WHERE task_id = old.task_id; "
    "INSERT INTO search_words (rowid, words, marked) "
    "SELECT number, new.folded, new.marked FROM search_rows WHERE task_id = new.task_id; END",
    # The bodies' names, each once, to find those that hold some words without a walk over all rows; a name that no
    # row bears any longer does no harm.
    "CREATE TABLE search_bodies (body_key TEXT PRIMARY KEY, folded TEXT NOT NULL) WITHOUT ROWID",
    "INSERT OR IGNORE INTO search_bodies SELECT body_key, folded FROM task_bodies",
    "CREATE TRIGGER search_body AFTER INSERT ON task_bodies BEGIN "
    "INSERT OR IGNORE INTO search_bodies VALUES (new.body_key, new.folded); END",
    *_order_indexes("1"),
)
# A server orders letters by the language that it was set up for, SQLite by their bytes: a list, a page of it or a
# file must be the same on both. The collation of a column changes its indexes, not its lines.
UNORDERED = text(
    "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying') "
    "AND collation_name IS DISTINCT FROM 'C'"
)
POSTGRESQL = (
    f"CREATE INDEX ix_derived_words ON tasks USING gin ({WORDS.replace('tasks.', '')})",
    *_order_indexes("true"),
)
_ROWS = table("search_rows", column("number"), column("task_id"), column("sort_key"))
_BODIES = table("search_bodies", column("body_key"), column("folded"))
_WORDS = table("search_words", column("rowid"), column("search_words"))
MAKE = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
TAKE_AWAY = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS search_insert",
        "DROP TRIGGER IF EXISTS search_delete",
        "DROP TRIGGER IF EXISTS search_update",
        "DROP TRIGGER IF EXISTS search_body",
        "DROP TABLE IF EXISTS search_bodies",
        "DROP TABLE IF EXISTS search_words",
        "DROP TABLE IF EXISTS search_rows",
        *(f"DROP INDEX IF EXISTS {name}" for name in ORDER_INDEXES),
    ),
    "postgresql": tuple(f"DROP INDEX IF EXISTS {name}" for name in ("ix_derived_words", *ORDER_INDEXES)),
}


def drop_derived(connection: Connection) -> None:
    """Take away what stands on the tables: what a view or trigger names cannot be changed."""
    drop_views(connection)
    for statement in TAKE_AWAY[connection.dialect.name]:
        connection.execute(text(statement))


def create_derived(connection: Connection) -> None:
    """Make all of it from the tables of today."""
    drop_derived(connection)
    if connection.dialect.name == "postgresql":
        _order_by_bytes(connection)
    for statement in MAKE[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    create_views(connection)


def _order_by_bytes(connection: Connection) -> None:
    """Give every text column of ours the order of bytes."""
    for name, own in connection.execute(UNORDERED).tuples().all():
        if (ours := metadata.tables.get(name)) is not None and own in ours.columns:
            kind = ours.columns[own].type.compile(connection.dialect).partition(" COLLATE")[0]
            connection.execute(text(f'ALTER TABLE {name} ALTER COLUMN "{own}" TYPE {kind} COLLATE "C"'))


def words_match(words: Sequence[str], dialect: str) -> ColumnElement[bool]:
    """Whether a row of `tasks` has a word that begins with each of `words` (as `search_key` gives them)."""
    if dialect == "sqlite":
        return numbered(all_begun("words", words))
    asked = " & ".join(f"{word}:*" for word in words)
    return literal_column(WORDS).bool_op("@@")(func.to_tsquery(literal_column("'simple'"), asked))


def all_begun(column: str, words: Sequence[str]) -> str:
    """What SQLite's index of words is asked for rows that have a word that begins with each of `words`."""
    begun = " AND ".join(f'"{word}"*' for word in words)
    return f"({column} : ({begun}))"


def all_whole(column: str, words: Sequence[str]) -> str:
    """What SQLite's index of words is asked for rows that have each of `words`."""
    whole = " AND ".join(f'"{word}"' for word in words)
    return f"({column} : ({whole}))"


def side_by_side(column: str, phrase: str) -> str:
    """What SQLite's index of words is asked for rows that have the words of `phrase` side by side."""
    return f'({column} : "{phrase}")'


def numbered(asked: str) -> ColumnElement[bool]:
    """Whether a row of `tasks` is among those that SQLite's index of words finds."""
    return tasks.c.task_id.in_(select(_ROWS.c.task_id).where(_ROWS.c.number.in_(in_index(asked))))


def in_order(asked: str, descending: bool) -> Select[Any]:
    """The ids of the rows that SQLite's index of words finds, in the order of lists, without a look at `tasks`."""
    order = _ROWS.c.sort_key.desc() if descending else _ROWS.c.sort_key
    return select(_ROWS.c.task_id).where(_ROWS.c.number.in_(in_index(asked))).order_by(order)


def in_index(asked: str) -> Select[Any]:
    """The numbers of the rows that SQLite's index of words finds."""
    return select(_WORDS.c.rowid).where(_WORDS.c.search_words.op("MATCH")(asked))


def body_named(words: Sequence[str], dialect: str) -> list[ColumnElement[bool]]:
    """Whether a line of `task_bodies` names a body with a word that begins with each of `words`."""
    if dialect == "sqlite":
        holding = [func.instr(_BODIES.c.folded, f" {word}") > 0 for word in words]
        return [task_bodies.c.body_key.in_(select(_BODIES.c.body_key).where(*holding))]
    return [func.strpos(task_bodies.c.folded, f" {word}") > 0 for word in words]


def holds(text: ColumnElement[str], part: str, dialect: str) -> ColumnElement[bool]:
    """Whether a text holds a part, letter for letter."""
    found = func.instr(text, part) if dialect == "sqlite" else func.strpos(text, part)
    return found > 0
