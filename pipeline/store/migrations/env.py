"""Run by Alembic: the migrations go through the connection that `pipeline.store.migrate` hands in."""

from __future__ import annotations

from alembic import context

from pipeline.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
