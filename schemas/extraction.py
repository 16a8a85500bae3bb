"""What the whole walk gives for one file."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from schemas.plan import PlanHeader, PlanTree
from schemas.restored import RestoredDocument
from schemas.source import RawDocument
from schemas.task import RowPlace, TaskRow

RULES_VERSION = "2026.11.4"
"""Grows when the rules change what is read out of the same bytes."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """One file's text, restored text, tree and rows.

    `accounting` counts every line by what it became ("row", "heading", "assignment", "letterhead", "noise" …);
    its "unplaced" is 0 unless something was lost. `warnings` are Vietnamese sentences for staff. `further` says where
    rows that run over several pages lie on those after their first; it is no part of the record.
    """

    raw: RawDocument
    restored: RestoredDocument
    tree: PlanTree
    rows: tuple[TaskRow, ...]
    accounting: dict[str, int]
    warnings: tuple[str, ...] = ()
    further: tuple[RowPlace, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """{"document": …, "sections": …, "rows": […]} in the shape of the gold files, as plain data."""
        return {
            "document": document_record(self.tree.header)
            | {
                "document_id": self.raw.source.document_id,
                "file": self.raw.source.name,
                "sha256": self.raw.source.sha256,
                "size": self.raw.source.size,
                "reader": self.raw.reader,
                "n_pages": self.raw.n_pages,
                "damage": str(self.restored.damage),
                "rules_version": RULES_VERSION,
                "n_rows": len(self.rows),
                "n_review": sum(row.needs_review for row in self.rows),
                "kinds": dict(Counter(str(row.kind) for row in self.rows)),
                "accounting": self.accounting,
                "warnings": list(self.warnings),
                "facts": dict(self.raw.facts) | _attached(self.tree.header),
            },
            "sections": [{"roman": node.label, "title": node.text} for node in self.tree.nodes if node.marker],
            "rows": [row.to_record() for row in self.rows],
        }


def _attached(header: PlanHeader) -> dict[str, str]:
    """The document that an annex in a file of its own comes with, as a fact: kind, number, day."""
    if header.attached_to is None:
        return {}
    parts = (header.attached_to.doc_type, header.attached_to.number, header.attached_to.date)
    return {"attached_to": " ".join(part for part in parts if part)}


def document_record(header: PlanHeader) -> dict[str, Any]:
    """The header as plain data under the names of the gold files."""
    return {
        "issuer": header.issuer,
        "issuer_level": header.issuer_level,
        "doc_type": header.doc_type,
        "doc_number": header.number,
        "issued_date": header.issued_date,
        "place": header.place,
        "title": header.title,
        "plan_years": list(header.plan_years),
        "signer": header.signer,
        "signer_title": header.signer_title,
        "recipients": list(header.recipients),
        "legal_bases": [asdict(basis) for basis in header.legal_bases],
        "is_draft": header.is_draft,
        "lacks_header": header.lacks_header,
        "doubts": list(header.doubts),
    }
