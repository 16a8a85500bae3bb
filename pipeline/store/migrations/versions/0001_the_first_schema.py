"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "documents",
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("n_pages", sa.Integer(), nullable=True),
        sa.Column("damage", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issuer_key", sa.Text(), nullable=True),
        sa.Column("issuer_level", sa.Text(), nullable=True),
        sa.Column("doc_type", sa.Text(), nullable=True),
        sa.Column("doc_number", sa.Text(), nullable=True),
        sa.Column("issued_date", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("signer", sa.Text(), nullable=True),
        sa.Column("signer_title", sa.Text(), nullable=True),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("lacks_header", sa.Boolean(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("n_review", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("accounting", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_documents")),
        sa.UniqueConstraint("sha256", name=op.f("uq_documents_sha256")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_issuer_key"), ["issuer_key"], unique=False)

    op.create_table(
        "document_sections",
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("roman", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.document_id"],
            name=op.f("fk_document_sections_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "ordinal", name=op.f("pk_document_sections")),
    )
    op.create_table(
        "document_texts",
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], name=op.f("fk_document_texts_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "role", "ordinal", name=op.f("pk_document_texts")),
        comment="Lists of a document: plan_years, recipients, doubts, warnings.",
    )
    op.create_table(
        "legal_bases",
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("doc_type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], name=op.f("fk_legal_bases_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "ordinal", name=op.f("pk_legal_bases")),
    )
    with op.batch_alter_table("legal_bases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_bases_number"), ["number"], unique=False)

    op.create_table(
        "sightings",
        sa.Column("sighting_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "sha256", sa.String(length=64), nullable=False, comment="empty where the bytes could not be read at all"
        ),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("commune", sa.Text(), nullable=True),
        sa.Column("commune_key", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False, comment="done, done_with_warnings or refused"),
        sa.Column("code", sa.String(length=32), nullable=True, comment="kind of refusal"),
        sa.Column("message", sa.Text(), nullable=True, comment="why it was refused, a sentence for staff"),
        sa.Column("detail", sa.Text(), nullable=True, comment="for the log"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], name=op.f("fk_sightings_document_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("sighting_id", name=op.f("pk_sightings")),
        sa.UniqueConstraint("path", "sha256", name=op.f("uq_sightings_path_sha256")),
    )
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sightings_commune_key"), ["commune_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_sightings_document_id"), ["document_id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("recurrence", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("section_title", sa.Text(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("char_start", sa.Integer(), nullable=True),
        sa.Column("char_end", sa.Integer(), nullable=True),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("lead_basis", sa.Text(), nullable=True),
        sa.Column("deadline_text", sa.Text(), nullable=True),
        sa.Column("deadline_qualifier", sa.Text(), nullable=True),
        sa.Column("target_text", sa.Text(), nullable=True),
        sa.Column("target_value", sa.Float(), nullable=True),
        sa.Column("target_unit", sa.Text(), nullable=True),
        sa.Column("target_comparator", sa.Text(), nullable=True),
        sa.Column("deliverable", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("bbox_x0", sa.Float(), nullable=True),
        sa.Column("bbox_top", sa.Float(), nullable=True),
        sa.Column("bbox_x1", sa.Float(), nullable=True),
        sa.Column("bbox_bottom", sa.Float(), nullable=True),
        sa.Column("marked", sa.Text(), nullable=False, comment="words in lower case, for search with diacritics"),
        sa.Column("folded", sa.Text(), nullable=False, comment="words without diacritics, đ as d, for search"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], name=op.f("fk_tasks_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_tasks_due", ["due"], unique=False)
        batch_op.create_index("ix_tasks_kind", ["kind"], unique=False)

    op.create_table(
        "task_bodies",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body_key", sa.Text(), nullable=False, comment="one form for one body, to group by"),
        sa.Column("folded", sa.Text(), nullable=False, comment="the key without diacritics, to filter by"),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.task_id"], name=op.f("fk_task_bodies_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "role", "ordinal", name=op.f("pk_task_bodies")),
        comment="Bodies of a task by their part (lead, coordinating, monitoring), as written and comparable.",
    )
    with op.batch_alter_table("task_bodies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_bodies_body_key"), ["body_key"], unique=False)

    op.create_table(
        "task_texts",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.task_id"], name=op.f("fk_task_texts_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "role", "ordinal", name=op.f("pk_task_texts")),
        comment="Other lists of a task: heading_path, review_reasons.",
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("task_texts")
    with op.batch_alter_table("task_bodies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_bodies_body_key"))

    op.drop_table("task_bodies")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_kind")
        batch_op.drop_index("ix_tasks_due")
        batch_op.drop_index(batch_op.f("ix_tasks_document_id"))

    op.drop_table("tasks")
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sightings_document_id"))
        batch_op.drop_index(batch_op.f("ix_sightings_commune_key"))

    op.drop_table("sightings")
    with op.batch_alter_table("legal_bases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_bases_number"))

    op.drop_table("legal_bases")
    op.drop_table("document_texts")
    op.drop_table("document_sections")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_issuer_key"))

    op.drop_table("documents")
