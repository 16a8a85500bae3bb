"""Rows as a table for analysis; pandas comes in here."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, Any

import pandas as pd

from pipeline.exports.cells import guard, printable
from pipeline.exports.parquet import DOCUMENT_COLUMNS
from pipeline.listing import Listing
from schemas.task import NAMES, TaskRow

BOM = "\ufeff"


def frame(rows: Iterable[TaskRow]) -> pd.DataFrame:
    """A line a row, the columns those of the contract in its order; lists stay lists, dates are timestamps."""
    records = [row.to_record() for row in rows]
    table = pd.DataFrame(records, columns=list(NAMES))
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
    table = pd.DataFrame(records, columns=[*NAMES, *DOCUMENT_COLUMNS], dtype=object)
    text = io.StringIO()
    table.to_csv(text, index=False, lineterminator="\r\n")
    stream.write((BOM + text.getvalue()).encode("utf-8"))


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(str(part) for part in value)
    return guard(printable(value)) if isinstance(value, str) else value
