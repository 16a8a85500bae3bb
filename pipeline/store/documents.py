"""Writes a document with its rows: the old rows out and the new ones in, what people decided over them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.store import records
from pipeline.store.human import merge_stored
from pipeline.store.tables import (
    document_sections,
    document_texts,
    documents,
    legal_bases,
    metadata,
    row_places,
    tasks,
)
from schemas.extraction import Extraction


def replace_document(connection: Connection, extraction: Extraction) -> bool:
    """Store a document and its rows in place of those of the same bytes; return whether the content is new."""
    line = records.document_line(extraction)
    same = documents.c.document_id == line["document_id"]
    known = connection.execute(select(documents.c.content_hash).where(same)).scalar()
    if known == line["content_hash"]:
        return False
    placed, line = merge_stored(connection, line, extraction.rows)
    stored = records.storable(line) | {"stored_at": datetime.now(UTC)}
    if known is None:
        connection.execute(insert(documents).values(stored))
    else:
        connection.execute(update(documents).where(same).values(stored))
        for table in (document_texts, document_sections, legal_bases, row_places, tasks):
            connection.execute(delete(table).where(table.c.document_id == line["document_id"]))
    for name, lines in (records.document_lists(extraction) | records.task_lists(placed, line)).items():
        if lines:
            connection.execute(insert(metadata.tables[name]), [records.storable(line) for line in lines])
    return True
