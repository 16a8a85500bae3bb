"""The tables of people: who may come in, who is in, and what each did."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.tables import metadata

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True, comment="in lower case, as typed at the door"),
    Column("role", String(16), nullable=False, comment="xem or duyet"),
    Column("password", Text, nullable=False, comment="argon2id, with its own salt and costs"),
    Column("active", Boolean, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True, comment="sha256 of the secret that the browser holds"),
    Column("name", String(64), ForeignKey("users.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False, comment="page: a browser; program: a key for the API"),
    Column("begun", DateTime(timezone=True), nullable=False),
    Column("ends", DateTime(timezone=True), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("name", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", Text, comment="the task, document, file or user that it was done to"),
    Column("detail", Text, comment="a sentence for staff"),
    Index("ix_audit_at", "at"),
    comment="What people did that is no decision on a row: logins, uploads, users, files taken away.",
)
