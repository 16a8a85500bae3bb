"""Bảng nhiệm vụ: tasks by a filter that lives in the address; lists, counts, and files of exactly those."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.desk.charts import charts
from pipeline.desk.desk import desk_of, page
from pipeline.desk.downloads import attachment
from pipeline.desk.paging import SIZE, page_number, pager
from pipeline.exports import EXPORTS
from pipeline.exports.stored import write_stored
from pipeline.listing import Listing
from pipeline.store.desk_queries import known_communes
from pipeline.store.queries import Page, count_tasks, find_page
from pipeline.task_filter import TaskFilter

router = APIRouter()
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_LINES = {"xlsx": 50_000, "csv": 200_000, "ics": 20_000, "docx": 5_000}
"""Rows of a file that a page makes while somebody waits; more is for the command line."""
TOO_MANY = "Bộ lọc này có {count} dòng, quá mức {most} dòng của một tệp; hãy lọc hẹp hơn hoặc dùng giaoviec export."
STATUS_CHIPS = {"approved": "đã duyệt", "corrected": "đã sửa", "added": "thêm tay"}


@router.get("/nhiem-vu")
def tasks(request: Request) -> Response:
    """The list, a page of it."""
    desk, asked = desk_of(request), TaskFilter.from_query(request.query_params)
    number, today = page_number(request.query_params), date.today()
    found = find_page(desk.store, asked.page(number, SIZE), today)
    filters = _address(asked)
    return page(
        request,
        "tasks.html",
        view="list",
        filters=filters,
        communes=known_communes(desk.store),
        count_words=_count_words(found),
        lines=_lines(found.listing, today),
        **pager("/nhiem-vu", number, found.total, filters),
    )


def _address(asked: TaskFilter) -> dict[str, str]:
    query = asked.everything().to_query()
    return {name: value for name, value in query.items() if name not in ("offset", "limit")}


def _count_words(found: Page) -> str:
    count = f"{found.total:,}".replace(",", ".")
    return f"hơn {count} dòng" if found.more else f"{count} dòng"


def _lines(listing: Listing, today: date) -> list[dict[str, Any]]:
    documents = listing.by_id()
    return [
        {
            "row": row,
            "document": documents[row.document_id],
            "overdue": bool(row.due) and str(row.due) < today.isoformat(),
            "marks": [("doubt", "cần xem")] if row.needs_review else [],
        }
        for row in listing.rows
    ]


@router.get("/nhiem-vu/thong-ke")
def counts(request: Request) -> Response:
    """The counts of the same filter by body, month, kind."""
    desk, asked = desk_of(request), TaskFilter.from_query(request.query_params).everything()
    filters = _address(asked)
    total = count_tasks(desk.store, asked)
    return page(
        request,
        "tasks.html",
        view="counts",
        filters=filters,
        asked=filters,
        communes=known_communes(desk.store),
        count_words=f"{total:,}".replace(",", ".") + " dòng",
        charts=charts(desk.store, asked),
    )


@router.get("/nhiem-vu/tai.{form}")
def take(request: Request, form: str) -> Response:
    """The rows of the filter as a file."""
    desk, asked = desk_of(request), TaskFilter.from_query(request.query_params).everything()
    if form not in TYPES or form not in EXPORTS:
        return page(request, "error.html", 404, words="Không có dạng tệp này.")
    count, most = count_tasks(desk.store, asked), MOST_LINES[form]
    if count > most:
        return page(request, "error.html", 413, words=TOO_MANY.format(count=count, most=most))
    stream = io.BytesIO()
    write_stored(desk.store, asked, form, stream)
    return attachment(stream.getvalue(), f"nhiem_vu.{form}", TYPES[form])
