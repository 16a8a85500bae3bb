"""Run by Alembic: the migrations go through the connection that `pipeline.store.migrate` hands in."""

from __future__ import annotations

from alembic import context

from pipeline.store.tables import metadata

if hasattr(context, "config"):  # not where the module is only imported, as collectors of doctests do
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
    )
    context.run_migrations()
