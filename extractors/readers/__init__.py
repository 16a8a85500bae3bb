"""From a file to its lines and tables: `open_source(path)`, `read(source)`, and `READERS`, the table of formats."""

from __future__ import annotations

from extractors.readers.formats import READERS, Reader, read
from extractors.readers.opening import open_source

__all__ = ["READERS", "Reader", "open_source", "read"]
