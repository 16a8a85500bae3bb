"""The table of annexes that are files of their own and the plans that they belong to."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from pipeline.store.tables import metadata

annexes = Table(
    "annexes",
    metadata,
    Column("annex_id", Integer, primary_key=True),
    Column("annex", String(16), ForeignKey("documents.document_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("plan", String(16), ForeignKey("documents.document_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reason", String(16), nullable=False, comment="number, name or person"),
    Column("state", String(16), nullable=False, comment="proposed, joined or denied"),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    UniqueConstraint("annex", "plan"),
    comment="Annexes in files of their own: proposed to be joined to a plan, joined or denied by a person.",
)
