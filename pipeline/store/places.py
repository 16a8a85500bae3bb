"""Where rows lie on the pages of their document."""

from __future__ import annotations

from sqlalchemy import select

from pipeline.store.engine import reading
from pipeline.store.store import Store
from pipeline.store.tables import row_places
from schemas.source import BBox
from schemas.task import RowPlace, TaskRow


def row_places_of(store: Store, row: TaskRow) -> tuple[RowPlace, ...]:
    """The places of a row as the machine reads it, its own page first; empty where it has none."""
    if row.page is None or row.bbox is None:
        return ()
    mine = (row_places.c.document_id == row.document_id) & (row_places.c.task_id == row.task_id)
    with reading(store.engine) as connection:
        lines = connection.execute(select(row_places).where(mine).order_by(row_places.c.page)).mappings()
        further = [RowPlace(row.task_id, line["page"], BBox(*(line[s] for s in BBox._fields))) for line in lines]
    return (RowPlace(row.task_id, row.page, row.bbox), *further)
