"""Hộp thư: what came in, what state it is in, and where to drop more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from pipeline.desk.desk import Desk, desk_of, page, visitor_of
from pipeline.desk.paging import SIZE, page_number, pager
from pipeline.desk.proposals import count_open
from pipeline.desk.render import moment, number_words
from pipeline.exports.columns import document_name
from pipeline.records.folder import ReturnedWorkbook, returned_states
from pipeline.store.desk_queries import InboxFile, find_counts, find_files, warnings_of
from pipeline.store.engine import together
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
MOST_COUNTED = 1_000
"""Files counted for the pager; beyond it the list leads on page by page."""
MOST_NAME = 255
TAKEN = "đã nhận, sẽ có trong bảng sau ít phút."
MIB = 1 << 20


@router.get("/hop-thu")
def inbox(request: Request) -> Response:
    """The inbox with the place to drop files."""
    desk = desk_of(request)
    return page(
        request,
        "inbox.html",
        **_table(desk, request),
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
    with together(desk.store.engine):
        files, total = find_files(
            desk.store, state, SIZE, (number - 1) * SIZE, max(MOST_COUNTED, (number + 1) * SIZE)
        )
        remarks = warnings_of(desk.store, [one.document_id for one in files if one.document_id])
        given_back = [one.sha256 for one in files if one.sha256 and one.code == ReturnedWorkbook.code]
        back = returned_states(desk.store, given_back) if given_back else {}
        counts = find_counts(desk.store)
    return {
        "state": state,
        "files": [_line(one, remarks, back.get(one.sha256 or "")) for one in files],
        "busy": counts.busy > 0,
        "counts": counts,
        **pager("/hop-thu", number, total, {"state": state}),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A file of the inbox in the words that stand there."""

    called: str
    name: str
    title: str | None
    commune: str
    state: str
    reasons: list[str]
    document_id: str | None
    rows: str
    review: int | None
    at: str
    back: str | None
    sha256: str | None


def _line(file: InboxFile, remarks: dict[str, list[str]], back: str | None) -> Line:
    reasons = [] if back else [file.message] if file.message else remarks.get(file.document_id or "", [])
    return Line(
        document_name(file.record) if file.document_id else file.name,
        file.name,
        file.title,
        file.commune or "",
        file.state,
        reasons[:MOST_REASONS],
        file.document_id,
        "" if file.rows is None else number_words(file.rows),
        file.review,
        moment(file.at),
        back,
        file.sha256,
    )


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
