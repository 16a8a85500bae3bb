"""The register of tasks (sổ theo dõi nhiệm vụ) as offices print it: one list of columns for Word and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from normalizers.fold import search_key
from pipeline.exports.cells import printable
from pipeline.exports.columns import document_name
from pipeline.exports.words import KINDS, day_words, recurrence_words
from pipeline.listing import Listing
from schemas.task import TaskRow

TITLE = "SỔ THEO DÕI NHIỆM VỤ"
NO_NUMBER = "Không số"


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """A column: its heading, its share of the page's width in millimetres, and its lines for a row of a document."""

    heading: str
    width: float
    lines: Callable[[TaskRow, Mapping[str, Any]], list[str]]
    centred: bool = False
    small: bool = False


def _names(names: tuple[str, ...]) -> list[str]:
    """A name a line; several are told apart by dashes."""
    return [f"- {name}" for name in names] if len(names) > 1 else list(names)


def _order(_row: TaskRow, document: Mapping[str, Any]) -> list[str]:
    """The document that gives the task: number and day, then what it is about (said once for rows in a run)."""
    cited = (
        document_name(document) if document.get("doc_number") else f"{document.get('doc_type') or ''} ({NO_NUMBER})"
    )
    about = document.get("title") or document.get("file") or ""
    return [line for line in (cited.strip(), about) if line]


def _due(row: TaskRow, _document: Mapping[str, Any]) -> list[str]:
    """The day, how it recurs, and the words of the document where they say more than the day."""
    day, again, words = day_words(row.due), recurrence_words(row.recurrence), row.deadline_text or ""
    said = search_key(words)
    return [line for line in (day, "" if search_key(again) in said else again, words) if line]


def _notes(row: TaskRow, _document: Mapping[str, Any]) -> list[str]:
    doubts = [f"Cần xem lại: {reason}" for reason in row.review_reasons] if row.needs_review else []
    watched = [f"Theo dõi: {'; '.join(row.monitoring)}"] if row.monitoring else []
    return [f"{KINDS[row.kind]}, mục {row.path}", *watched, *doubts]


REGISTER = (
    RegisterColumn("Mã nhiệm vụ", 24, lambda row, _: row.task_id.split("-", 1), centred=True, small=True),
    RegisterColumn("Nội dung nhiệm vụ", 63, lambda row, _: [row.text]),
    RegisterColumn("Cơ quan chủ trì", 30, lambda row, _: _names(row.lead)),
    RegisterColumn("Cơ quan phối hợp", 30, lambda row, _: _names(row.coordinating)),
    RegisterColumn("Văn bản giao (số, ngày, trích yếu)", 36, _order),
    RegisterColumn("Sản phẩm", 21, lambda row, _: [row.deliverable] if row.deliverable else []),
    RegisterColumn("Hạn hoàn thành", 23, _due, centred=True),
    RegisterColumn("Kết quả thực hiện", 22, lambda _row, _document: []),
    RegisterColumn("Ghi chú", 18, _notes, small=True),
)
"""In the order in which offices print their registers; the results are left for the pen."""
ORDER = next(place for place, column in enumerate(REGISTER) if column.lines is _order)
NUMBER_WIDTH = 10.0
HEADINGS = ("STT", *(column.heading for column in REGISTER))


def register_lines(listing: Listing) -> Iterator[tuple[str, list[list[str]], bool]]:
    """(running number, the lines of each cell, whether to look at it again) of each row."""
    documents = listing.by_id()
    before: str | None = None
    for number, row in enumerate(listing.rows, 1):
        document = documents.get(row.document_id, {})
        cells = [[printable(line) for line in column.lines(row, document)] for column in REGISTER]
        if row.document_id == before:
            del cells[ORDER][1:]
        before = row.document_id
        yield str(number), cells, row.needs_review


def subtitle(listing: Listing) -> str:
    """What the register holds, and of whom where it is one issuer's."""
    issuers = {document.get("issuer") for document in listing.documents}
    named = next(iter(issuers)) if len(issuers) == 1 else None
    counted = f"{len(listing.rows)} nhiệm vụ của {len(listing.documents)} văn bản"
    return printable(f"{named}: {counted}" if named else counted)
