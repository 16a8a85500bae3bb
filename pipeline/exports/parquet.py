"""Rows as a typed table for analysis: dates, numbers, lists of texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.exports.kept import NOTHING, Kept, blocks
from pipeline.listing import Listing
from schemas.source import BBox
from schemas.task import NAMES

DOCUMENT_COLUMNS = ("file", "issuer", "issuer_level", "doc_type", "doc_number", "issued_date", "title")
"""The columns of a row's document that stand behind its own."""
DATES = ("start", "due", "issued_date")
TYPES = {
    "page": pa.int32(),
    "char_start": pa.int64(),
    "char_end": pa.int64(),
    "bbox": pa.list_(pa.float64(), len(BBox._fields)),
    "target_value": pa.float64(),
    "confidence": pa.float64(),
    "needs_review": pa.bool_(),
}
LISTS = ("lead", "coordinating", "heading_path", "monitoring", "review_reasons")


def write_parquet(listing: Listing, stream: IO[bytes], kept: Kept = NOTHING) -> None:
    """Typed columns; rows of documents that `kept` holds come out of its file, the others out of the listing."""
    table = _table(listing)
    if kept.spans:
        old = pq.ParquetFile(kept.path).read(use_threads=False)
        parts = [
            (old if block.is_kept else table).slice(block.source, block.count) for block in blocks(listing, kept)
        ]
        table = pa.concat_tables(parts).combine_chunks() if parts else table
    pq.write_table(table, stream, compression="zstd")


def _table(listing: Listing) -> Any:
    documents = listing.by_id()
    owners = [documents.get(row.document_id, {}) for row in listing.rows]
    columns = {name: [getattr(row, name) for row in listing.rows] for name in NAMES}
    columns |= {name: [owner.get(name) for owner in owners] for name in DOCUMENT_COLUMNS}
    schema = pa.schema([(name, _type(name)) for name in columns])
    return pa.Table.from_arrays([_array(name, values) for name, values in columns.items()], schema=schema)


def _array(name: str, values: Sequence[Any]) -> Any:
    if name in DATES:
        return pa.array([date.fromisoformat(value) if value else None for value in values], _type(name))
    try:
        return pa.array(values, _type(name))
    except UnicodeEncodeError:  # half a surrogate is no UTF-8
        return pa.array([_storable(value) for value in values], _type(name))


def _storable(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_storable(part) for part in value]
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _type(name: str) -> Any:
    if name in DATES:
        return pa.date32()
    return pa.list_(pa.string()) if name in LISTS else TYPES.get(name, pa.string())
