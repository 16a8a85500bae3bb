"""What a table that is written anew takes over from the file that it replaces: what did not change.

Reading rows from the database and making cells of them is what a table costs; most nights few documents of a commune
change. The file must be, byte for byte, the one that was written: whoever hands it over has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from pipeline.listing import Listing


@dataclass(frozen=True, slots=True)
class Kept:
    """A file with a table, and which of its rows are good: document → the first of its rows there, and how many.

    `review` counts those of them that ask for a look.
    """

    path: Path
    spans: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    review: int = 0


NOTHING = Kept(Path())


@dataclass(frozen=True, slots=True)
class Block:
    """`count` rows of a table from `first` on, which stand from `source` on in what they come from.

    `is_kept`: they come from the old file, else from the rows of the listing.
    """

    first: int
    count: int
    source: int
    is_kept: bool


def blocks(listing: Listing, kept: Kept) -> Iterator[Block]:
    """The table's rows: those of the listing; with others that are kept, in the order of its documents."""
    if not kept.spans:
        yield Block(0, len(listing.rows), 0, False)
        return
    fresh = spans_of(listing)
    first = 0
    for document in listing.documents:
        key = document["document_id"]
        source, count = kept.spans.get(key) or fresh.get(key, (0, 0))
        if count:
            yield Block(first, count, source, key in kept.spans)
        first += count


def spans_of(listing: Listing) -> dict[str, tuple[int, int]]:
    """Where each document's rows stand in the listing: the first, and how many."""
    spans: dict[str, tuple[int, int]] = {}
    first = 0
    for key, rows in groupby(row.document_id for row in listing.rows):
        count = sum(1 for _ in rows)
        spans[key] = (first, count)
        first += count
    return spans
