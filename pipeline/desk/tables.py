"""Bảng nhiệm vụ: tasks by a filter that lives in the address; lists, counts, and files of exactly those."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.desk.charts import charts
from pipeline.desk.desk import desk_of, page
from pipeline.desk.downloads import attachment
from pipeline.desk.paging import SIZE, page_number, pager
from pipeline.desk.render import cut
from pipeline.exports.columns import document_name
from pipeline.exports.stored import write_stored
from pipeline.exports.words import KINDS, day_words, recurrence_words
from pipeline.store.engine import together
from pipeline.store.listed import ListedPage, ListedRow, find_listed
from pipeline.store.queries import count_tasks
from pipeline.task_filter import TaskFilter
from schemas.task import Kind

router = APIRouter()
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_COUNTED = 1_000
"""Rows counted for the head of the list; beyond it the list says "more than" and leads on page by page."""
CALENDAR = "text/calendar; charset=utf-8"
NO_FORM = "Không có dạng tệp này."
MOST_LINES = {"xlsx": 50_000, "csv": 200_000, "ics": 20_000, "docx": 5_000, "html": 20_000}
"""Rows of a file that a page makes while somebody waits; more is for the command line."""
TOO_MANY = "Bộ lọc này có {count} dòng, quá mức {most} dòng của một tệp; hãy lọc hẹp hơn hoặc dùng giaoviec export."
STATUS_CHIPS = {"approved": "đã duyệt", "corrected": "đã sửa", "added": "thêm tay"}


@router.get("/nhiem-vu")
def tasks(request: Request) -> Response:
    """The list, a page of it."""
    desk, asked = desk_of(request), TaskFilter.from_query(request.query_params)
    number, today = page_number(request.query_params), date.today()
    found = find_listed(desk.store, asked.page(number, SIZE), today, max(MOST_COUNTED, (number + 1) * SIZE))
    filters = _address(asked)
    return page(
        request,
        "tasks.html",
        view="list",
        filters=filters,
        communes=desk.communes(),
        count_words=_count_words(found),
        more=found.more,
        lines=list(_lines(found, today.isoformat())),
        **pager("/nhiem-vu", number, found.total, filters),
    )


def _address(asked: TaskFilter) -> dict[str, str]:
    query = asked.everything().to_query()
    return {name: value for name, value in query.items() if name not in ("offset", "limit")}


def _count_words(found: ListedPage) -> str:
    count = f"{found.total:,}".replace(",", ".")
    return f"hơn {count} dòng" if found.more else f"{count} dòng"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table in the words that stand there: a template fills in fastest what is ready."""

    task_id: str
    document_id: str
    text: str
    doubtful: bool
    marks: tuple[tuple[str, str], ...]
    lead: str
    coordinating: str
    due: str
    late: bool
    time: str
    kind: str
    called: str
    place: str


def _lines(found: ListedPage, today: str) -> Iterator[Line]:
    called = {key: document_name(document) for key, document in found.documents.items()}
    for row in found.rows:
        communes = found.documents[row.document_id]["communes"]
        yield Line(
            row.task_id,
            row.document_id,
            cut(row.text, 260),
            row.needs_review,
            tuple(_marks(row)),
            "; ".join(row.lead),
            cut("; ".join(row.coordinating), 140),
            day_words(row.due),
            bool(row.due) and str(row.due) < today,
            _time(row),
            KINDS[Kind(row.kind)],
            called[row.document_id],
            f"mục {row.path}" + (f" · {', '.join(communes)}" if communes else ""),
        )


def _marks(row: ListedRow) -> Iterator[tuple[str, str]]:
    if row.needs_review:
        yield "doubt", "cần xem"
    if row.status in STATUS_CHIPS:
        yield row.status, STATUS_CHIPS[row.status]
    if row.conflict:
        yield "conflict", "máy đọc lại khác"


def _time(row: ListedRow) -> str:
    """What a row says of its time beside the due day."""
    if row.recurrence:
        return recurrence_words(row.recurrence)
    return cut(row.deadline_text, 60) if row.deadline_text and not row.due else ""


@router.get("/nhiem-vu/thong-ke")
def counts(request: Request) -> Response:
    """The counts of the same filter by body, month, kind."""
    desk, asked = desk_of(request), TaskFilter.from_query(request.query_params).everything()
    filters = _address(asked)
    with together(desk.store.engine):
        total, drawn = count_tasks(desk.store, asked), charts(desk.store, asked)
    return page(
        request,
        "tasks.html",
        view="counts",
        filters=filters,
        asked=filters,
        communes=desk.communes(),
        count_words=f"{total:,}".replace(",", ".") + " dòng",
        charts=drawn,
    )


@router.get("/nhiem-vu/tai.{form}")
def take(request: Request, form: str) -> Response:
    """The rows of the filter as a file."""
    return _file(request, form) if form in TYPES else page(request, "error.html", 404, words=NO_FORM)


@router.post("/nhiem-vu/lich.ics")
def take_calendar(request: Request) -> Response:
    """The rows of the filter as a calendar; no GET, because what a calendar said is remembered for the next one."""
    return _file(request, "ics")


def _file(request: Request, form: str) -> Response:
    store, asked = desk_of(request).store, TaskFilter.from_query(request.query_params).everything()
    count, most = count_tasks(store, asked), MOST_LINES[form]
    if count > most:
        return page(request, "error.html", 413, words=TOO_MANY.format(count=count, most=most))
    stream = io.BytesIO()
    write_stored(store, asked, form, stream)
    return attachment(stream.getvalue(), f"nhiem_vu.{form}", TYPES.get(form, CALENDAR))
