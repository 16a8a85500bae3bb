"""Hộp thư: what came in, what state it is in, and where to drop more."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from pipeline.desk.desk import Desk, desk_of, page, visitor_of
from pipeline.desk.paging import SIZE, page_number, pager
from pipeline.desk.proposals import count_open
from pipeline.exports.columns import document_name
from pipeline.records.folder import ReturnedWorkbook, returned_states
from pipeline.store.desk_queries import InboxFile, find_counts, find_files, warnings_of
from pipeline.store.people import note
from pipeline.watch.receive import receive
from schemas.errors import PlanError

router = APIRouter()
TABS = (
    ("", "Tất cả"),
    ("doubt", "Có dòng cần xem"),
    ("open", "Đang chờ đọc"),
    ("bad", "Không đọc được"),
    ("ignored", "Bỏ qua"),
)
MOST_REASONS = 3
MOST_NAME = 255
TAKEN = "đã nhận, sẽ có trong bảng sau ít phút."
MIB = 1 << 20


@router.get("/hop-thu")
def inbox(request: Request) -> Response:
    """The inbox with the place to drop files."""
    desk = desk_of(request)
    values = _table(desk, request)
    return page(
        request,
        "inbox.html",
        **values,
        counts=find_counts(desk.store),
        communes=desk.communes(),
        tabs=TABS,
        proposals=count_open(desk.store),
        most=desk.settings.limits.source_bytes // MIB,
    )


@router.get("/hop-thu/bang")
def inbox_table(request: Request) -> Response:
    """The table alone, which the page asks for again and again."""
    return page(request, "inbox_table.html", **_table(desk_of(request), request))


def _table(desk: Desk, request: Request) -> dict[str, Any]:
    state = request.query_params.get("state", "")
    state = state if state in dict(TABS) else ""
    number = page_number(request.query_params)
    files, total = find_files(desk.store, state, SIZE, (number - 1) * SIZE)
    remarks = warnings_of(desk.store, [one.document_id for one in files if one.document_id])
    given_back = [one.sha256 for one in files if one.sha256 and one.code == ReturnedWorkbook.code]
    back = returned_states(desk.store, given_back) if given_back else {}
    return {
        "state": state,
        "files": [_line(one, remarks, back.get(one.sha256 or "")) for one in files],
        "busy": find_counts(desk.store).busy > 0,
        **pager("/hop-thu", number, total, {"state": state}),
    }


def _line(file: InboxFile, remarks: dict[str, list[str]], back: str | None) -> dict[str, Any]:
    reasons = [] if back else [file.message] if file.message else remarks.get(file.document_id or "", [])
    return {
        "called": document_name(file.record) if file.document_id else file.name,
        "name": file.name,
        "title": file.title,
        "commune": file.commune,
        "state": file.state,
        "reasons": reasons[:MOST_REASONS],
        "document_id": file.document_id,
        "rows": file.rows,
        "review": file.review,
        "at": file.at,
        "back": back,
        "sha256": file.sha256,
    }


@router.post("/hop-thu/tep")
def drop(
    request: Request,
    files: Annotated[list[UploadFile], File()],
    commune: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Take files in as the watched folder does; a refused one does not hold up the others."""
    desk, who = desk_of(request), visitor_of(request).name
    said: list[str] = []
    code = 200
    for file in files:
        name = (file.filename or "")[:MOST_NAME]
        try:
            path = receive(desk.settings, name, file.file, commune.strip() or None)
        except PlanError as error:
            said, code = [*said, str(error)], 422
            continue
        note(desk.store, who, "tai_len", path.name, commune.strip() or None)
        said.append(TAKEN)
    if "text/html" in request.headers.get("accept", "") and code == 200:
        return RedirectResponse("/hop-thu", 303)
    return PlainTextResponse("\n".join(said), code)
