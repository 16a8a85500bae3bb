"""Plans to compare: read from a file, or from a table of rows that was read before."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.listing import Listing
from schemas.errors import PlanError, UnreadableFile
from schemas.extraction import Extraction
from schemas.task import TaskRow

TABLE_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan's rows and what its head says; `document` are the header's fields under the names of the tables."""

    document_id: str
    name: str
    rows: tuple[TaskRow, ...]
    document: dict[str, Any]

    @property
    def issued(self) -> str | None:
        """The ISO date of issue, or None."""
        found: str | None = self.document.get("issued_date")
        return found


def plan_of(extraction: Extraction) -> Plan:
    """The plan of an extraction."""
    document = extraction.to_record()["document"]
    return Plan(extraction.raw.source.document_id, _name(document), extraction.rows, document)


def plan_of_record(record: dict[str, Any], name: str) -> Plan:
    """The plan of a table of rows ({"document": …, "rows": […]}); KeyError or ValueError where it is none."""
    document = dict(record.get("document") or {})
    rows = tuple(TaskRow.from_record({"text": "", **row}) for row in record["rows"])
    return Plan(str(document.get("document_id") or name), _name(document) or name, rows, document)


def _name(document: dict[str, Any]) -> str:
    return str(document.get("issuer") or document.get("file") or "")


def plans_of_listing(listing: Listing) -> list[Plan]:
    """The plans of stored rows, in the order of the documents."""
    rows: dict[str, list[TaskRow]] = defaultdict(list)
    for row in listing.rows:
        rows[row.document_id].append(row)
    return [
        Plan(str(one["document_id"]), str(one.get("issuer") or one.get("file") or ""), tuple(rows[key]), one)
        for key, one in listing.by_id().items()
    ]


def read_plans(files: Sequence[Path]) -> tuple[list[Plan], list[tuple[Path, PlanError]]]:
    """The plans of the files, in order, and the files that were refused."""
    from pipeline.settings import load_settings

    plans: list[Plan] = []
    refused: list[tuple[Path, PlanError]] = []
    reader = _Reader(load_settings().limits)
    for file in files:
        try:
            plans.append(read_table(file) if file.suffix == TABLE_SUFFIX else reader.read(file))
        except PlanError as error:
            refused.append((file, error))
    return plans, refused


class _Reader:
    """The walk, loaded when the first document comes."""

    def __init__(self, limits: Any) -> None:
        self._limits = limits
        self._kit: Any = None

    def read(self, file: Path) -> Plan:
        from pipeline.ingest import read_file
        from pipeline.kit import load_kit

        self._kit = self._kit or load_kit()
        return plan_of(read_file(file, self._kit, self._limits))


def read_table(file: Path) -> Plan:
    """The plan of a JSON table; UnreadableFile where it is none."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return plan_of_record(record, file.stem)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(f"Tệp {file.name} không phải bảng nhiệm vụ JSON (cần “rows”).", repr(error)) from error
