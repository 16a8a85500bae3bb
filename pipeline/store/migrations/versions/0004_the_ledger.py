"""The ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FILL = """
INSERT INTO ledger
    (sha256, size, state, code, message, detail, tries, losses, fence, rules_version, first_seen, changed_at)
SELECT s.sha256, coalesce(max(s.size), 0),
    CASE WHEN max(d.document_id) IS NULL THEN 'rejected'
         WHEN max(w.document_id) IS NOT NULL THEN 'done_with_warnings'
         ELSE 'done' END,
    CASE WHEN max(d.document_id) IS NULL THEN max(s.code) END,
    CASE WHEN max(d.document_id) IS NULL THEN max(s.message) END,
    CASE WHEN max(d.document_id) IS NULL THEN max(s.detail) END,
    CASE WHEN max(d.document_id) IS NULL THEN sum(s.tries) ELSE 0 END,
    0, 0, max(d.rules_version), min(s.first_seen), max(s.last_seen)
FROM sightings s LEFT JOIN documents d ON d.sha256 = s.sha256
    LEFT JOIN document_texts w ON w.document_id = d.document_id AND w.role = 'warnings' AND w.ordinal = 0
WHERE s.sha256 <> '' GROUP BY s.sha256
"""
"""What was seen before there was a ledger: a document that is stored was read, the rest was refused."""


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "ledger",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column(
            "code", sa.String(length=32), nullable=True, comment="kind of refusal, of waiting or of passing over"
        ),
        sa.Column("message", sa.Text(), nullable=True, comment="a sentence for staff that says what to do"),
        sa.Column("detail", sa.Text(), nullable=True, comment="for the log"),
        sa.Column(
            "tries", sa.Integer(), nullable=False, comment="how often its reader died since it was last put in line"
        ),
        sa.Column("losses", sa.Integer(), nullable=False, comment="how often whoever read it vanished"),
        sa.Column(
            "fence", sa.Integer(), nullable=False, comment="grows with each claim: a late worker holds an old number"
        ),
        sa.Column("owner", sa.Text(), nullable=True, comment="who reads it: machine, process and when that began"),
        sa.Column("clock", sa.Text(), nullable=True, comment="whose seconds `until` counts"),
        sa.Column("until", sa.Float(), nullable=True, comment="end of the lease, or when it may be tried again"),
        sa.Column("rules_version", sa.Text(), nullable=True, comment="of the rules that read it last"),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'done_with_warnings', 'rejected', 'retry', 'ignored')",
            name="closed_set",
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_ledger")),
        comment="Every hash ever seen, in exactly one state.",
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_state", ["state", "first_seen"], unique=False)

    op.create_table(
        "versions",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("older", sa.String(length=16), nullable=False),
        sa.Column("newer", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False, comment="same_number or same_path"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="proposed, accepted or denied"),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["newer"], ["documents.document_id"], name=op.f("fk_versions_newer"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["older"], ["documents.document_id"], name=op.f("fk_versions_older"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_versions")),
        sa.UniqueConstraint("older", "newer", name=op.f("uq_versions_older_newer")),
        comment="Documents that may be a new version of another; only a person's yes makes the older superseded.",
    )
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_versions_newer"), ["newer"], unique=False)
        batch_op.create_index(batch_op.f("ix_versions_older"), ["older"], unique=False)

    op.execute(FILL)
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("root", sa.Text(), nullable=True, comment="the watched folder that it lies in"))
        batch_op.add_column(
            sa.Column(
                "fingerprint",
                sa.Text(),
                nullable=True,
                comment="size, times and inode when it was last hashed: unchanged is not read again",
            )
        )
        batch_op.add_column(
            sa.Column("hashed_at", sa.DateTime(timezone=True), nullable=True, comment="when its bytes were last read")
        )
        batch_op.alter_column(
            "state",
            existing_type=sa.String(length=24),
            nullable=True,
            comment="only where there is no sha256; else the state is the ledger's",
            existing_comment="done, done_with_warnings or refused",
        )
        batch_op.create_index(batch_op.f("ix_sightings_root"), ["root"], unique=False)
        batch_op.drop_column("tries")

    op.execute("UPDATE sightings SET state = NULL, code = NULL, message = NULL, detail = NULL WHERE sha256 <> ''")
    op.execute("UPDATE sightings SET state = 'rejected' WHERE state = 'refused'")


def downgrade() -> None:
    """Go down."""
    op.execute("UPDATE sightings SET state = 'refused' WHERE state IS NULL OR state = 'rejected'")
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="1"))
        batch_op.drop_index(batch_op.f("ix_sightings_root"))
        batch_op.alter_column("state", existing_type=sa.String(length=24), nullable=False)
        batch_op.drop_column("hashed_at")
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("root")

    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_versions_older"))
        batch_op.drop_index(batch_op.f("ix_versions_newer"))

    op.drop_table("versions")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_state")

    op.drop_table("ledger")
