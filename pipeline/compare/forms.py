"""The forms in which the comparison is written, light enough for the command line to know."""

from __future__ import annotations

import enum


class Format(enum.StrEnum):
    """What `compare` writes."""

    TABLE = "table"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"


class DiffFormat(enum.StrEnum):
    """What `diff` writes."""

    TABLE = "table"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"
