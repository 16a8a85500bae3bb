"""The columns of the workbook, in the order in which an office prints them; the one place to add one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.exports.words import KINDS, recurrence_words
from schemas.task import TaskRow

Document = Mapping[str, Any]
Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in letters, what it means, and its value for a row and its document.

    `field` is the row's field that a person may correct in it; None where the column only informs.
    """

    heading: str
    width: float
    meaning: str
    value: Callable[[TaskRow, Document], Value]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentColumn:
    """A column of the sheet of documents."""

    heading: str
    width: float
    value: Callable[[Document], Value]


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _lines(parts: tuple[str, ...] | list[str]) -> str:
    return "\n".join(parts)


def place(row: TaskRow, _document: Document) -> str:
    """Where the row stands: its path and the words of the headings above it."""
    headings = [heading for heading in row.heading_path if heading]
    return f"{row.path}\n{' › '.join(headings)}" if headings else row.path


def document_name(document: Document) -> str:
    """The document as it is cited: kind, number and day, else its file; a joined annex with its plan."""
    if parent := document.get("parent"):
        return f"Phụ lục ({document.get('file')}) kèm {document_name(parent)}"
    number, kind = document.get("doc_number"), document.get("doc_type")
    if not number:
        return str(document.get("file") or "")
    day = "/".join(reversed((document.get("issued_date") or "").split("-")))
    return f"{kind or 'Văn bản'} số {number}" + (f" ngày {day}" if day else "")


def _review(row: TaskRow, _document: Document) -> str:
    if not row.needs_review:
        return ""
    return _lines(row.review_reasons) or "Cần xem lại"


COLUMNS = (
    Column(
        "Nhiệm vụ",
        46,
        "Nguyên văn việc phải làm, phải đạt hoặc phải tuân theo; văn bản quét hoặc mất dấu: lời đã khôi phục.",
        lambda row, _: row.text,
        "text",
    ),
    Column(
        "Cơ quan chủ trì",
        19,
        "Cơ quan, đơn vị, người chịu trách nhiệm, mỗi tên một dòng.",
        lambda row, _: _lines(row.lead),
        "lead",
    ),
    Column(
        "Cơ quan phối hợp",
        19,
        "Cơ quan, đơn vị được nêu để cùng làm; mỗi tên một dòng.",
        lambda row, _: _lines(row.coordinating),
        "coordinating",
    ),
    Column(
        "Thời hạn", 16, "Thời hạn đúng như văn bản viết.", lambda row, _: row.deadline_text or "", "deadline_text"
    ),
    Column("Ngày bắt đầu", 11, "Ngày đầu của thời hạn, nếu xác định được.", lambda row, _: _day(row.start), "start"),
    Column("Hạn hoàn thành", 11, "Ngày cuối của thời hạn, nếu xác định được.", lambda row, _: _day(row.due), "due"),
    Column(
        "Định kỳ", 10, "Việc lặp lại và chu kỳ lặp.", lambda row, _: recurrence_words(row.recurrence), "recurrence"
    ),
    Column(
        "Sản phẩm",
        14,
        "Kết quả, sản phẩm phải có, nếu văn bản nêu.",
        lambda row, _: row.deliverable or "",
        "deliverable",
    ),
    Column("Mục", 18, "Vị trí trong văn bản: số mục và các đề mục ở trên.", place),
    Column(
        "Loại",
        9,
        "Mục tiêu, yêu cầu, nhiệm vụ, đề nghị, mốc thời gian, kinh phí.",
        lambda row, _: KINDS[row.kind],
        "kind",
    ),
    Column("Văn bản", 14, "Văn bản giao việc, xem trang “Văn bản”.", lambda _, document: document_name(document)),
    Column("Trang", 6, "Số trang trong tệp, nếu tệp có trang.", lambda row, _: row.page),
    Column(
        "Cần xem lại",
        18,
        "Lý do cần người xem lại; dòng như vậy được tô màu.",
        _review,
    ),
    Column(
        "Mã nhiệm vụ",
        24,
        "Mã của dòng, để đối chiếu; không sửa cột này.",
        lambda row, _: row.task_id,
    ),
)

DOCUMENT_COLUMNS = (
    DocumentColumn("Tệp", 28, lambda document: document.get("file") or ""),
    DocumentColumn("Loại văn bản", 14, lambda document: document.get("doc_type") or ""),
    DocumentColumn("Số, ký hiệu", 18, lambda document: document.get("doc_number") or ""),
    DocumentColumn("Ngày ban hành", 13, lambda document: _day(document.get("issued_date"))),
    DocumentColumn("Cơ quan ban hành", 30, lambda document: document.get("issuer") or ""),
    DocumentColumn("Trích yếu", 50, lambda document: document.get("title") or ""),
    DocumentColumn("Người ký", 20, lambda document: document.get("signer") or ""),
    DocumentColumn("Số dòng", 9, lambda document: document.get("n_rows")),
    DocumentColumn("Cần xem lại", 11, lambda document: document.get("n_review")),
    DocumentColumn("Lưu ý", 40, lambda document: _lines(document.get("warnings") or [])),
    DocumentColumn("Mã văn bản", 20, lambda document: document.get("document_id") or ""),
)
