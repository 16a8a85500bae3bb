"""Views for people who ask in SQL: tasks, their bodies, documents, decisions; lists joined by "; "."""

from __future__ import annotations

from collections.abc import Callable

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
    for name in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create_views(connection: Connection) -> None:
    """Make the views anew from the columns of today."""
    drop_views(connection)
    for name, (_, made_by) in VIEWS.items():
        connection.execute(text(f"CREATE VIEW {name} AS {made_by(connection.dialect.name)}"))


def _tasks(dialect: str) -> str:
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
    return f"SELECT\n  {inside}\nFROM tasks t JOIN documents d ON d.document_id = t.document_id"


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


def _bodies_of_tasks(_dialect: str) -> str:
    return (
        "SELECT b.body_key AS body, b.role, b.name AS as_written, t.task_id, t.document_id, t.kind, t.text, "
        "t.start AS start_date, t.due AS due_date, t.recurrence, t.needs_review, d.issuer, d.doc_number "
        "FROM task_bodies b JOIN tasks t ON t.task_id = b.task_id JOIN documents d ON d.document_id = t.document_id"
    )


def _documents(dialect: str) -> str:
    columns = ", ".join(f"t.{name}" for name in ("document_id", *DOCUMENT_COLUMNS, "signer", "n_pages", "is_draft"))
    due = "(SELECT count(*) FROM tasks x WHERE x.document_id = t.document_id AND x.due IS NOT NULL)"
    return (
        f"SELECT {columns}, t.n_rows, t.n_review, {due} AS n_due, {_communes(dialect)} AS communes, t.rules_version "
        "FROM documents t"
    )


def _decisions(_dialect: str) -> str:
    return (
        "SELECT c.at, c.who, c.action, c.field, c.before, c.machine, c.after, c.source, c.source_name, c.task_id, "
        "c.document_id, d.doc_number, d.file FROM decisions c LEFT JOIN documents d ON d.document_id = c.document_id"
    )


VIEWS: dict[str, tuple[str, Callable[[str], str]]] = {
    VIEW: ("mỗi dòng một nhiệm vụ, kèm văn bản; danh sách nối bằng “; ”", _tasks),
    "bodies_flat": ("mỗi dòng một cơ quan trong một nhiệm vụ: chủ trì, phối hợp hoặc theo dõi", _bodies_of_tasks),
    "documents_flat": ("mỗi dòng một văn bản, kèm xã/phường và số dòng", _documents),
    "decisions_flat": ("mỗi dòng một lần người sửa, duyệt, thêm hoặc bỏ", _decisions),
}
"""A view's name → what a line of it is, and its SELECT on a dialect."""
