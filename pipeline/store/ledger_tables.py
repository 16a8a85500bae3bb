"""The tables of the ledger: each hash ever seen in one state, and what was proposed as a new version of what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pipeline.store.states import State
from pipeline.store.tables import metadata

ledger = Table(
    "ledger",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("state", String(24), nullable=False),
    Column("code", String(32), comment="kind of refusal, of waiting or of passing over"),
    Column("message", Text, comment="a sentence for staff that says what to do"),
    Column("detail", Text, comment="for the log"),
    Column("tries", Integer, nullable=False, comment="how often its reader died since it was last put in line"),
    Column("losses", Integer, nullable=False, comment="how often whoever read it vanished"),
    Column("fence", Integer, nullable=False, comment="grows with each claim: a late worker holds an old number"),
    Column("owner", Text, comment="who reads it: machine, process and when that began"),
    Column("clock", Text, comment="whose seconds `until` counts"),
    Column("until", Float, comment="end of the lease, or when it may be tried again"),
    Column("rules_version", Text, comment="of the rules that read it last"),
    Column("first_seen", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in State)})", name="closed_set"),
    Index("ix_ledger_state", "state", "first_seen"),
    comment="Every hash ever seen, in exactly one state.",
)

versions = Table(
    "versions",
    metadata,
    Column("version_id", Integer, primary_key=True),
    Column("older", String(16), ForeignKey("documents.document_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("newer", String(16), ForeignKey("documents.document_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reason", String(32), nullable=False, comment="same_number or same_path"),
    Column("state", String(16), nullable=False, comment="proposed, accepted or denied"),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    UniqueConstraint("older", "newer"),
    comment="Documents that may be a new version of another; only a person's yes makes the older superseded.",
)
