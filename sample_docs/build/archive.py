"""Word documents whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from docx.document import Document

MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment that stands in each file, so that the same text gives the same bytes."""


def save_document(document: Document, path: Path) -> None:
    """Writes `document` to `path` with fixed times of its parts and no author."""
    properties = document.core_properties
    properties.created = properties.modified = MADE
    properties.author = properties.last_modified_by = properties.comments = ""
    memory = io.BytesIO()
    document.save(memory)
    with zipfile.ZipFile(memory) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
