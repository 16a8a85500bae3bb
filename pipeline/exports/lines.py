"""JSON Lines: a row a line, with the fields of the contract and no others."""

from __future__ import annotations

import json
from typing import IO

from pipeline.listing import Listing


def write_jsonl(listing: Listing, stream: IO[bytes]) -> None:
    """UTF-8, a row a line, dates as ISO texts, lists as lists."""
    for row in listing.rows:
        stream.write(json.dumps(row.to_record(), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
