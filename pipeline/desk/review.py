"""Duyệt: the page beside the row, what the machine read, what people say, and why it wants a look."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pipeline.desk.deciding import ACTS, act
from pipeline.desk.desk import Desk, desk_of, page, visitor_of
from pipeline.desk.fields import FORM, clashes, field_views
from pipeline.desk.forms import is_document_id, posted, version_in
from pipeline.desk.history import STATUS_WORDS, lines_of
from pipeline.desk.passage import restored_pieces
from pipeline.desk.plans import document_of
from pipeline.desk.render import query_words
from pipeline.desk.source import source_of
from pipeline.records import BadValue, Conflict, MergedRow, add, last_decisions, merged_row
from pipeline.store.desk_queries import Around, first_to_review, rows_around
from pipeline.store.engine import together
from pipeline.store.listed import document_head
from pipeline.store.store import Store

router = APIRouter()
AROUND = 14
MOST_HISTORY = 20
ALL_SEEN = "Không còn dòng nào cần xem"
NOTHING = "Muốn xem hoặc sửa từng dòng, hãy chọn một văn bản ở trang Văn bản; văn bản mới nộp ở Hộp thư."


@router.get("/duyet")
def begin(request: Request) -> Response:
    """To the first row that wants a look, of one document or of all."""
    only = _only(request)
    found = first_to_review(desk_of(request).store, only)
    if found is None:
        return page(request, "error.html", words=NOTHING, title=ALL_SEEN)
    return RedirectResponse(f"/duyet/{found}{query_words({'document': only})}", 303)


@router.get("/duyet/{task_id}")
def review(request: Request, task_id: str) -> Response:
    """One row beside its source."""
    return _show(request, task_id)


@router.post("/duyet/{task_id}")
async def decide(request: Request, task_id: str) -> Response:
    """What the reviewer filled in and pressed; 409 and both values where somebody was faster."""
    return await run_in_threadpool(_decide, request, task_id, await posted(request))


def _decide(request: Request, task_id: str, filled: dict[str, str]) -> Response:
    store, version, name = desk_of(request).store, version_in(filled), filled.get("act", "save")
    if name not in ACTS:
        raise HTTPException(422)
    around = rows_around(store, task_id, 1, _only(request))
    values = {field: filled[field] for field in FORM if field in filled}
    try:
        act(store, task_id, name, visitor_of(request).name, version, values)
    except Conflict:
        return _show(request, task_id, 409, filled=values)
    except BadValue as error:
        return _show(request, task_id, 422, filled=values, said=str(error))
    only = _only(request)
    onward, undone = _onward(task_id, name, around), {"bo": task_id} if name == "drop" else {}
    return RedirectResponse(f"/duyet/{onward}{query_words({'document': only} | undone)}", 303)


def _onward(task_id: str, name: str, around: Around | None) -> str:
    """The row to go to: after a row in doubt the next in doubt, else the next of the document."""
    if around is None or name not in ("approve", "drop"):
        return task_id
    was_doubtful = any(row.needs_review for row in around.rows if row.task_id == task_id)
    if was_doubtful and around.next_doubtful:
        return around.next_doubtful
    return around.following or (task_id if name == "approve" else around.previous or task_id)


def _only(request: Request) -> str | None:
    """The document that the reviewer keeps to."""
    asked = request.query_params.get("document", "")
    return asked if is_document_id(asked) else None


def _show(
    request: Request, task_id: str, code: int = 200, filled: dict[str, str] | None = None, said: str = ""
) -> Response:
    desk, only = desk_of(request), _only(request)
    with together(desk.store.engine):
        merged = merged_row(desk.store, task_id)
        document = _head_of(desk.store, merged.row.document_id)
        decisions = last_decisions(desk.store, task_id, MOST_HISTORY)
        around = rows_around(desk.store, task_id, AROUND, only) or Around((), None, None, None)
        dropped = _dropped(desk, request.query_params.get("bo", ""))
    return page(
        request,
        "review.html",
        code,
        document=document,
        around=around,
        asked={"document": only} if only else {},
        fields=field_views(merged, filled),
        clashes=clashes(merged, filled) if filled and code == 409 else [],
        stale=code == 409,
        said=said,
        history=lines_of(decisions),
        dropped=dropped,
        source=source_of(desk, merged, document, request.query_params.get("trang")),
        **_row_values(merged),
    )


def _head_of(store: Store, document_id: str) -> dict[str, Any]:
    found = document_head(store, document_id)
    if found is None:  # only its dropped rows are still known
        raise HTTPException(404)
    return found


def _row_values(merged: MergedRow) -> dict[str, Any]:
    return {
        "row": merged.row,
        "version": merged.version,
        "status": merged.status,
        "status_words": STATUS_WORDS[merged.status],
        "conflicts": merged.conflicts,
        "gone": merged.gone,
        "corrected": merged.machine is not None and any(field.human for field in merged.fields.values()),
        "restored": restored_pieces(merged.machine) if merged.machine else (),
    }


def _dropped(desk: Desk, task_id: str) -> MergedRow | None:
    """The row that was just taken out, so that it can be taken back."""
    if not task_id:
        return None
    found = merged_row(desk.store, task_id)
    return found if found.status == "dropped" else None


@router.get("/van-ban/{document_id}/them")
def missed(request: Request, document_id: str, after: str = "") -> Response:
    """The form for a row that the machine missed."""
    return _added_page(request, document_id, after)


def _added_page(
    request: Request,
    document_id: str,
    after: str,
    code: int = 200,
    filled: dict[str, str] | None = None,
    said: str = "",
) -> Response:
    store = desk_of(request).store
    document = document_of(store, document_id)
    before = merged_row(store, after).row if after else None
    fields = field_views(None, filled)
    return page(request, "added.html", code, document=document, after=before, fields=fields, said=said)


@router.post("/van-ban/{document_id}/them")
async def add_missed(request: Request, document_id: str) -> Response:
    """A row that the machine missed."""
    return await run_in_threadpool(_add, request, document_id, await posted(request))


def _add(request: Request, document_id: str, filled: dict[str, str]) -> Response:
    store, after = desk_of(request).store, filled.get("after", "")
    document_of(store, document_id)
    values = {name: filled[name] for name in FORM if filled.get(name, "").strip()}
    try:
        made = add(store, document_id, values, visitor_of(request).name, after or None)
    except BadValue as error:
        return _added_page(request, document_id, after, 422, filled, str(error))
    return RedirectResponse(f"/duyet/{made.row.task_id}", 303)
