"""Rows as a table for analysis; pandas and pyarrow come in here."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.exports.cells import guard, printable
from pipeline.listing import Listing
from schemas.source import BBox
from schemas.task import TaskRow

COLUMNS = tuple(field.name for field in fields(TaskRow))
DOCUMENT_COLUMNS = ("file", "issuer", "issuer_level", "doc_type", "doc_number", "issued_date", "title")
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
BOM = "\ufeff"


def frame(rows: Iterable[TaskRow]) -> pd.DataFrame:
    """A line a row, the columns those of the contract in its order; lists stay lists, dates are timestamps."""
    records = [row.to_record() for row in rows]
    table = pd.DataFrame(records, columns=list(COLUMNS))
    for name in ("start", "due"):
        table[name] = pd.to_datetime(table[name], errors="raise")
    return table


def flat_records(listing: Listing) -> list[dict[str, Any]]:
    """The rows as plain data, each with the columns of its document behind its own."""
    documents = listing.by_id()
    return [
        row.to_record() | {name: documents.get(row.document_id, {}).get(name) for name in DOCUMENT_COLUMNS}
        for row in listing.rows
    ]


def write_csv(listing: Listing, stream: IO[bytes]) -> None:
    """UTF-8 with the mark that Excel needs, lists joined by "; ", nothing that acts as a formula."""
    records = [{name: _cell(value) for name, value in record.items()} for record in flat_records(listing)]
    table = pd.DataFrame(records, columns=[*COLUMNS, *DOCUMENT_COLUMNS], dtype=object)
    text = io.StringIO()
    table.to_csv(text, index=False, lineterminator="\r\n")
    stream.write((BOM + text.getvalue()).encode("utf-8"))


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(str(part) for part in value)
    return guard(printable(value)) if isinstance(value, str) else value


def write_parquet(listing: Listing, stream: IO[bytes]) -> None:
    """Typed columns: dates, numbers, lists of texts."""
    schema = pa.schema([(name, _type(name)) for name in (*COLUMNS, *DOCUMENT_COLUMNS)])
    records = [{name: _typed(name, value) for name, value in record.items()} for record in flat_records(listing)]
    pq.write_table(pa.Table.from_pylist(records, schema=schema), stream, compression="zstd")


def _typed(name: str, value: Any) -> Any:
    if name in DATES:
        return date.fromisoformat(value) if value else None
    if isinstance(value, list):
        return [_typed("", part) for part in value]
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _type(name: str) -> Any:
    if name in DATES:
        return pa.date32()
    return pa.list_(pa.string()) if name in LISTS else TYPES.get(name, pa.string())
