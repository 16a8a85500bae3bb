"""Decisions in the words of the log: who did what to which row, what stood there and what stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.desk.fields import said
from pipeline.records import DOCUMENT_FIELDS, FIELDS, Decision
from pipeline.store.human import DOCUMENT_LABELS

ACTS = {
    "correct": "Sửa",
    "approve": "Duyệt",
    "reopen": "Bỏ duyệt",
    "revert": "Lấy lại như máy đọc",
    "add": "Thêm dòng sót",
    "drop": "Bỏ dòng",
    "undrop": "Lấy lại dòng đã bỏ",
    "carry": "Mang sang bản mới",
}
SOURCES = {"page": "", "command": "bằng lệnh", "file": "từ tệp"}
STATUS_WORDS = {
    "machine": "máy đọc, chưa duyệt",
    "corrected": "đã sửa, chưa duyệt",
    "approved": "đã duyệt",
    "added": "thêm tay",
    "dropped": "đã bỏ khỏi bảng",
}
"""What people made of a row, in words."""
ROW_LABELS = {name: one.label for name, one in FIELDS.items()}
MOST_LETTERS = 300


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log: `href` leads to what it was done to."""

    at: datetime
    name: str
    act: str
    subject: str
    href: str | None
    before: str
    after: str


def lines_of(decisions: Iterable[Decision], names: Mapping[str, str] | None = None) -> list[LogLine]:
    """The decisions as lines of the log; `names` are the words for rows and documents, by their ids."""
    return [_line(decision, names or {}) for decision in decisions]


def _line(decision: Decision, names: Mapping[str, str]) -> LogLine:
    act = ACTS.get(decision.action, decision.action)
    labels = DOCUMENT_LABELS if decision.task_id is None else ROW_LABELS
    field = f" {labels.get(decision.field, decision.field).lower()}" if decision.field else ""
    source = _source(decision) if decision.source.kind != "page" else ""
    task, key = decision.task_id, decision.task_id or decision.document_id
    return LogLine(
        decision.at,
        decision.who,
        act + field + source,
        names.get(key, key),
        f"/duyet/{task}" if task else f"/van-ban/{decision.document_id}",
        _shown(decision.field, decision.before),
        _shown(decision.field, decision.after),
    )


def _source(decision: Decision) -> str:
    """How it came in, and in which file, where it did not come from a page of the desk."""
    words = SOURCES.get(decision.source.kind, decision.source.kind)
    return f" ({words} {decision.source.name})" if decision.source.name else f" ({words})"


def _shown(field: str | None, value: Any) -> str:
    """The value of a field, or of a whole row its words."""
    if field is None and isinstance(value, str) and value in STATUS_WORDS:
        return STATUS_WORDS[value]
    if isinstance(value, dict):
        value = value.get("text", "")
    elif field in FIELDS:
        return said(str(field), value)[:MOST_LETTERS]
    elif field in DOCUMENT_FIELDS:
        return DOCUMENT_FIELDS[str(field)].show(value)[:MOST_LETTERS]
    return "" if field is None and not isinstance(value, str) else str(value or "")[:MOST_LETTERS]
