"""Duyệt: the page beside the row, what the machine read, what people say, and why it wants a look."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.desk.desk import Desk, desk_of, page
from pipeline.desk.fields import field_views
from pipeline.desk.passage import passage, restored_pieces
from pipeline.desk.picture import Picture, page_picture
from pipeline.store.desk_queries import document_text, first_to_review, rows_around
from pipeline.store.queries import find_tasks
from pipeline.task_filter import TaskFilter
from schemas.errors import PlanError
from schemas.task import TaskRow

router = APIRouter()
AROUND = 14
STATUS_WORDS = {"machine": "máy đọc, chưa duyệt", "corrected": "đã sửa", "approved": "đã duyệt", "added": "thêm tay"}
NOTHING = "Không còn dòng nào cần xem. Hãy chọn một văn bản ở trang Văn bản nếu muốn xem từng dòng."


@router.get("/duyet")
def begin(request: Request) -> Response:
    """To the first row that wants a look, of one document or of all."""
    document = request.query_params.get("document")
    found = first_to_review(desk_of(request).store, document)
    if found is None:
        return page(request, "error.html", words=NOTHING)
    tail = f"?document={document}" if document and document.isalnum() else ""
    return RedirectResponse(f"/duyet/{found}{tail}", 303)


@router.get("/duyet/{task_id}")
def review(request: Request, task_id: str) -> Response:
    """One row beside its source."""
    return show(request, task_id)


def show(request: Request, task_id: str, status: int = 200, **over: Any) -> Response:
    """The page of a row; `over` takes the place of values of the template."""
    desk = desk_of(request)
    only = request.query_params.get("document")
    around = rows_around(desk.store, task_id, AROUND, only)
    found = find_tasks(desk.store, TaskFilter(task=task_id))
    if around is None or not found.rows:
        raise HTTPException(404)
    row, document = found.rows[0], found.documents[0]
    picture, trouble = _picture(desk, row, document, request.query_params.get("trang"))
    here = next(one for one in around.rows if one.task_id == task_id)
    values: dict[str, Any] = {
        "row": row,
        "document": document,
        "rows": around.rows,
        "previous": around.previous,
        "following": around.following,
        "next_doubtful": around.next_doubtful,
        "asked": {"document": only} if only and only.isalnum() else {},
        "picture": picture,
        "trouble": trouble,
        "passage": None if picture else passage(document_text(desk.store, document["document_id"]), row),
        "restored": restored_pieces(row),
        "fields": field_views(row),
        "version": 0,
        "status": here.status,
        "status_words": STATUS_WORDS.get(here.status, here.status),
        "differs": False,
        "corrected": False,
        "conflict": None,
        "said": "",
        "history": (),
    }
    return page(request, "review.html", status, **(values | over))


def _picture(desk: Desk, row: TaskRow, document: dict[str, Any], asked: str | None) -> tuple[Picture | None, str]:
    """The picture of the row's page, or of the page asked for; None, and why, where there is none."""
    number = int(asked) if asked and asked.isascii() and asked.isdecimal() and len(asked) < 5 else row.page
    if number is None or not document["n_pages"]:
        return None, ""
    try:
        drawn = page_picture(desk.settings, document["sha256"], number)
    except PlanError as error:
        return None, str(error)
    boxes = (row.bbox,) if row.bbox and number == row.page else ()
    return Picture(drawn.number, drawn.path, drawn.width, drawn.height, boxes), ""
