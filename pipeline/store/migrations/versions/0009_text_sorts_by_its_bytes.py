"""Text sorts by its bytes on PostgreSQL too: `pipeline.store.derived` sees to it after every upgrade."""

from __future__ import annotations

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
