"""`tasks_flat`: one line a task for people, with its document and its lists joined by "; "."""

from __future__ import annotations

from sqlalchemy import Connection, text

from pipeline.store.tables import BBOX_COLUMNS, BODY_FIELDS, SCALAR_FIELDS, TEXT_FIELDS

VIEW = "tasks_flat"
DOCUMENT_COLUMNS = ("file", "issuer", "issuer_level", "doc_type", "doc_number", "issued_date", "title", "damage")
ALIASES = {"start": "start_date", "due": "due_date"}
"""Names of the view for columns that some databases reserve or that say too little beside a document's."""

# The order within a joined list: SQLite before 3.44 knows it only from an ordered subquery.
JOINED = {
    "sqlite": "(SELECT group_concat({value}, '; ') FROM ({rows}))",
    "postgresql": "(SELECT string_agg({value}, '; ' ORDER BY {order}) FROM ({rows}) AS part)",
}


def drop_views(connection: Connection) -> None:
    """Take the views away: columns under a view cannot be changed."""
    connection.execute(text(f"DROP VIEW IF EXISTS {VIEW}"))


def create_views(connection: Connection) -> None:
    """Make the views anew from the columns of today."""
    drop_views(connection)
    connection.execute(text(view_sql(connection.dialect.name)))


def view_sql(dialect: str) -> str:
    """The statement that makes the view on a dialect of `JOINED`."""
    columns = [
        *(f"t.{name}{f' AS {ALIASES[name]}' if name in ALIASES else ''}" for name in SCALAR_FIELDS),
        *(f"t.{name}" for name in BBOX_COLUMNS),
        *(f"{_bodies(dialect, role)} AS {role}" for role in BODY_FIELDS),
        *(f"{_texts(dialect, role)} AS {role}" for role in TEXT_FIELDS),
        *(f"d.{name}" for name in DOCUMENT_COLUMNS),
        f"{_communes(dialect)} AS communes",
        "t.status",
        "t.conflict",
        "t.ordinal",
        "t.marked",
        "t.folded",
    ]
    inside = ",\n  ".join(columns)
    return f"CREATE VIEW {VIEW} AS SELECT\n  {inside}\nFROM tasks t JOIN documents d ON d.document_id = t.document_id"


def _bodies(dialect: str, role: str) -> str:
    rows = f"SELECT name, ordinal FROM task_bodies WHERE task_id = t.task_id AND role = '{role}' ORDER BY ordinal"
    return JOINED[dialect].format(value="name", order="ordinal", rows=rows)


def _texts(dialect: str, role: str) -> str:
    rows = f"SELECT value, ordinal FROM task_texts WHERE task_id = t.task_id AND role = '{role}' ORDER BY ordinal"
    return JOINED[dialect].format(value="value", order="ordinal", rows=rows)


def _communes(dialect: str) -> str:
    rows = (
        "SELECT DISTINCT commune FROM sightings "
        "WHERE document_id = t.document_id AND commune IS NOT NULL ORDER BY commune"
    )
    return JOINED[dialect].format(value="commune", order="commune", rows=rows)
