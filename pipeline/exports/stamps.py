"""What a workbook carries to tell, when it comes back, which cells were changed since it was written.

A sheet that no one sees holds, for each row, its id, its document and a short digest of each cell: no second copy of
the texts, and enough to tell an edit from a value that has meanwhile changed in the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from pipeline.exports.cells import printable
from pipeline.exports.columns import COLUMNS, Value
from pipeline.listing import Listing

LAYOUT = "1"
"""Grows when the columns change: a workbook of another layout is refused whole."""
TASK_SHEET, STAMP_SHEET = "Nhiệm vụ", "giaoviec"
HEADINGS = ("STT", *(column.heading for column in COLUMNS))
MARK = "giaoviec"
DIGEST_BYTES = 5


def canonical(value: Any) -> str:
    """The content of a cell without what programs change on their own: days as ISO, lines without outer spaces.

    >>> canonical(date(2026, 6, 30)), canonical(" Sở A \\r\\n\\nSở  B"), canonical(None)
    ('2026-06-30', 'Sở A\\nSở B', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    lines = (" ".join(line.split()) for line in printable(str(value)).splitlines())
    return "\n".join(filter(None, lines))


def digest(value: Any) -> str:
    """A short digest of a cell's content."""
    return hashlib.blake2s(canonical(value).encode("utf-8", "replace"), digest_size=DIGEST_BYTES).hexdigest()


def row_digests(line: Sequence[Value]) -> str:
    """The digests of a row's cells behind the running number, joined by spaces."""
    return " ".join(digest(value) for value in line[1:])


def head_stamp(digests: Iterable[str]) -> tuple[str, str, str]:
    """The first line of the hidden sheet: mark, layout and the stamp of all rows' digests."""
    return MARK, LAYOUT, hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]


def row_stamps(listing: Listing, lines: Sequence[Sequence[Value]]) -> list[tuple[str, str, str]]:
    """The other lines of the hidden sheet: id, document and digests of each row."""
    return [(row.task_id, row.document_id, row_digests(line)) for row, line in zip(listing.rows, lines, strict=True)]
