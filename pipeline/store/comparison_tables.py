"""The tables of comparisons: cells of a document against a set, their rows, what people decided, what changed."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from pipeline.store.tables import metadata

OF_COMPARISON = ("document_id", "criteria_set")
OF_CELL = (*OF_COMPARISON, "criterion")

comparisons = Table(
    "comparisons",
    metadata,
    Column("document_id", String(16), ForeignKey("documents.document_id", ondelete="CASCADE"), primary_key=True),
    Column("criteria_set", Text, primary_key=True),
    Column("set_version", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False, comment="of the rows, the set and the rules: equal is current"),
    Column("plan", Text, nullable=False),
    Column("orphans", JSON, nullable=False, comment="paths of tasks that meet no criterion"),
    Column("notes", JSON, nullable=False),
    Column("flags", JSON, nullable=False, comment="bodies that the plan names out of their time or place"),
    Column("compared_at", DateTime(timezone=True), nullable=False),
    comment="A document against a set of criteria, as the program last judged it.",
)

comparison_cells = Table(
    "comparison_cells",
    metadata,
    *(Column(name, String(16) if name == "document_id" else Text, primary_key=True) for name in OF_CELL),
    Column("ordinal", Integer, nullable=False),
    Column("status", String(16), nullable=False, comment="covered, partial or missing"),
    Column("probability", Float, nullable=False),
    Column("doubtful", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("differences", JSON, nullable=False),
    Column("remarks", JSON, nullable=False, comment="the differences in Vietnamese"),
    ForeignKeyConstraint(
        OF_COMPARISON,
        [f"comparisons.{name}" for name in OF_COMPARISON],
        name="fk_comparison_cells_comparison",
        ondelete="CASCADE",
    ),
)

comparison_rows = Table(
    "comparison_rows",
    metadata,
    *(Column(name, String(16) if name == "document_id" else Text, primary_key=True) for name in OF_CELL),
    Column("ordinal", Integer, primary_key=True),
    Column("role", String(16), nullable=False, comment="row, support or candidate"),
    Column("task_id", Text, nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("probability", Float, nullable=False),
    Column("features", JSON, nullable=False),
    ForeignKeyConstraint(
        OF_CELL, [f"comparison_cells.{name}" for name in OF_CELL], name="fk_comparison_rows_cell", ondelete="CASCADE"
    ),
    comment="The rows that prove a cell, and those that nearly do.",
)

cell_decisions = Table(
    "cell_decisions",
    metadata,
    Column("decision_id", Integer, primary_key=True),
    Column("plan_key", Text, nullable=False, comment="issuer, number, date: the same plan in another file keeps it"),
    Column("document_id", String(16), nullable=False, comment="the document that was looked at; it may be gone"),
    Column("criteria_set", Text, nullable=False),
    Column("criterion", Text, nullable=False),
    Column("status", String(16), comment="null: the decision is taken back"),
    Column("proposed", String(16), comment="what the program said at that time"),
    Column("decided_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Index("ix_cell_decisions_cell", "criteria_set", "plan_key", "criterion"),
    comment="What people said of cells: only added to, the latest counts, kept when plans are read again.",
)

matrix_changes = Table(
    "matrix_changes",
    metadata,
    Column("change_id", Integer, primary_key=True),
    Column("criteria_set", Text, nullable=False),
    Column("place", Text, nullable=False, comment="the column of the matrix: an issuer or a commune"),
    Column("plan", Text, nullable=False),
    Column("criterion", Text, comment="null where the plan itself came, went or gave way to another"),
    Column("before", String(16), comment="a status, or the document that stood there"),
    Column("after", String(16)),
    Column("found_at", DateTime(timezone=True), nullable=False, index=True),
    comment="What became different in the matrix from one run to the next.",
)
