"""Between an `Extraction` and the lines of the tables: written one way, read back the other."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from normalizers.bodies import body_key
from normalizers.fold import search_key
from pipeline.search import marked_key, padded
from pipeline.store.tables import BBOX_COLUMNS, BODY_FIELDS, DATE_FIELDS, SCALAR_FIELDS, TEXT_FIELDS, documents
from schemas.extraction import Extraction
from schemas.task import TaskRow

Lines = list[dict[str, Any]]
DOCUMENT_LISTS = ("plan_years", "recipients", "doubts", "warnings")
PLAIN_COLUMNS = tuple(
    column.name
    for column in documents.columns
    if column.name not in {"issuer_key", "issued_date", "text", "content_hash", "stored_at"}
)
LEAD_LETTERS = 120
SEARCHED = ("text", "deliverable")
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, and half a surrogate is no UTF-8


def storable(line: Mapping[str, Any]) -> dict[str, Any]:
    """The line with what no database takes replaced, letter for letter, so that offsets stay.

    >>> storable({"text": "a\\0b", "page": 1})
    {'text': 'a\ufffdb', 'page': 1}
    """
    return {
        name: UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value for name, value in line.items()
    }


def content_hash(extraction: Extraction) -> str:
    """A digest of all that would be stored: equal where reading again found nothing new."""
    record = json.dumps(extraction.to_record(), ensure_ascii=False, sort_keys=True)
    further = json.dumps([asdict(place) for place in extraction.further]) if extraction.further else ""
    whole = record + extraction.raw.text + further
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def document_line(extraction: Extraction) -> dict[str, Any]:
    """The line of `documents`, without the time at which it is stored."""
    record = extraction.to_record()["document"]
    values = document_values({name: record[name] for name in (*PLAIN_COLUMNS, "issued_date")})
    return values | {"text": extraction.raw.text, "content_hash": content_hash(extraction)}


def document_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `documents` for fields of a document's record: days as days, the issuer with its key."""
    values = dict(fields)
    if "issued_date" in values:
        values["issued_date"] = _date(values["issued_date"])
    if "issuer" in values:
        values["issuer_key"] = body_key(values["issuer"]) if values["issuer"] else None
    return values


def document_lists(extraction: Extraction) -> dict[str, Lines]:
    """The lines of a document's child tables, by the table's name."""
    record = extraction.to_record()
    document = record["document"]
    key = {"document_id": document["document_id"]}
    return {
        "document_texts": [
            key | {"role": role, "ordinal": ordinal, "value": str(value)}
            for role in DOCUMENT_LISTS
            for ordinal, value in enumerate(document[role])
        ],
        "document_sections": [
            key | {"ordinal": ordinal} | section for ordinal, section in enumerate(record["sections"])
        ],
        "legal_bases": [
            key | {"ordinal": ordinal} | basis | {"date": _date(basis["date"])}
            for ordinal, basis in enumerate(document["legal_bases"])
        ],
        "row_places": [
            key | {"task_id": place.task_id, "page": place.page} | place.bbox._asdict()
            for place in extraction.further
        ],
    }


@dataclass(frozen=True, slots=True)
class Placed:
    """A row as it is stored: its place in its document, what people made of it, whether the machine now differs."""

    row: TaskRow
    ordinal: int
    status: str = "machine"
    conflict: bool = False


def task_lists(placed: Iterable[Placed], document: Mapping[str, Any]) -> dict[str, Lines]:
    """The lines of `tasks` and its child tables, by the table's name, for rows of one line of `documents`."""
    issuer = document["issuer"] or ""
    tables: dict[str, Lines] = {"tasks": [], "task_bodies": [], "task_texts": []}
    for one in placed:
        row, record = one.row, one.row.to_record()
        key = {"task_id": row.task_id}
        tables["tasks"].append(_task_line(record, one, document))
        tables["task_bodies"] += [
            key | {"role": role, "ordinal": place} | _body(name, issuer)
            for role in BODY_FIELDS
            for place, name in enumerate(record[role])
        ]
        tables["task_texts"] += [
            key | {"role": role, "ordinal": place, "value": value}
            for role in TEXT_FIELDS
            for place, value in enumerate(record[role])
        ]
    return tables


def _task_line(record: Mapping[str, Any], one: Placed, document: Mapping[str, Any]) -> dict[str, Any]:
    searched = " ".join(
        filter(None, [*(record[name] for name in SEARCHED), *(name for role in BODY_FIELDS for name in record[role])])
    )
    return (
        {name: _date(record[name]) if name in DATE_FIELDS else record[name] for name in SCALAR_FIELDS}
        | dict(zip(BBOX_COLUMNS, record["bbox"] or [None] * len(BBOX_COLUMNS), strict=True))
        | {"document_id": document["document_id"], "ordinal": one.ordinal}
        | {"status": one.status, "conflict": one.conflict}
        | {"marked": padded(marked_key(searched)), "folded": padded(search_key(searched))}
        | {
            "sort_key": sort_key(document, one.ordinal),
            "lead_key": _lead_key(record["lead"], document["issuer"] or ""),
        }
    )


def _lead_key(leads: list[str], issuer: str) -> str:
    return search_key(body_key(leads[0], issuer))[:LEAD_LETTERS] if leads else ""


def sort_key(document: Mapping[str, Any], ordinal: int) -> str:
    """What rows are ordered by: the day, file and id of their document, then their place in it.

    >>> sort_key({"issued_date": None, "file": "a.pdf", "document_id": "0f"}, 3)
    '0000-00-00|a.pdf|0f|0000003'
    """
    day = document["issued_date"] or "0000-00-00"
    return f"{day}|{document['file'][:80]}|{document['document_id']}|{ordinal:07}"


def _body(name: str, issuer: str) -> dict[str, str]:
    key = body_key(name, issuer)
    return {"name": name, "body_key": key, "folded": padded(search_key(key))}


def _date(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def task_rows(
    lines: Iterable[Mapping[str, Any]], bodies: Iterable[Mapping[str, Any]], texts: Iterable[Mapping[str, Any]]
) -> tuple[TaskRow, ...]:
    """The rows of lines of `tasks` and their child lines (each in the order of `ordinal`)."""
    lists: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for body in bodies:
        lists[body["task_id"]][body["role"]].append(body["name"])
    for text in texts:
        lists[text["task_id"]][text["role"]].append(text["value"])
    return tuple(_row(line, lists[line["task_id"]]) for line in lines)


def _row(line: Mapping[str, Any], lists: Mapping[str, list[str]]) -> TaskRow:
    record = {name: _iso(line[name]) if name in DATE_FIELDS else line[name] for name in SCALAR_FIELDS}
    box = [line[name] for name in BBOX_COLUMNS]
    record["bbox"] = box if None not in box else None
    return TaskRow.from_record(record | {role: lists.get(role, []) for role in (*BODY_FIELDS, *TEXT_FIELDS)})


def document_record(line: Mapping[str, Any], children: Mapping[str, Lines]) -> dict[str, Any]:
    """The record of a document as `Extraction.to_record()["document"]` gives it, from its lines."""
    record: dict[str, Any] = {name: line[name] for name in PLAIN_COLUMNS}
    record["issued_date"] = _iso(line["issued_date"])
    for role in DOCUMENT_LISTS:
        record[role] = [text["value"] for text in children["document_texts"] if text["role"] == role]
    record["plan_years"] = [int(year) for year in record["plan_years"]]
    record["legal_bases"] = [
        {name: basis[name] for name in ("doc_type", "number", "issuer", "subject")} | {"date": _iso(basis["date"])}
        for basis in children["legal_bases"]
    ]
    return record
