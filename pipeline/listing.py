"""Rows with the documents they come from: what the store gives, and what exports and screens take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from schemas.extraction import Extraction
from schemas.task import TaskRow


@dataclass(frozen=True, slots=True)
class Listing:
    """Task rows in order, and the records of their documents (as in `Extraction.to_record()["document"]`)."""

    documents: tuple[dict[str, Any], ...]
    rows: tuple[TaskRow, ...]

    @classmethod
    def of(cls, extractions: Iterable[Extraction]) -> Listing:
        """The rows of several files in the order of the files; the same bytes count once."""
        unique = {extraction.raw.source.document_id: extraction for extraction in extractions}
        return cls(
            tuple(extraction.to_record()["document"] for extraction in unique.values()),
            tuple(row for extraction in unique.values() for row in extraction.rows),
        )

    def by_id(self) -> dict[str, dict[str, Any]]:
        """The documents by their `document_id`."""
        return {document["document_id"]: document for document in self.documents}
