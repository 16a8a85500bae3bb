"""Puts the desk together: pages, interface, and what stands before them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from pipeline.desk import (
    api,
    comparing,
    inbox,
    log_pages,
    people_pages,
    plans,
    proposals,
    returned_pages,
    review,
    tables,
)
from pipeline.desk.desk import Desk, page
from pipeline.desk.doorkeeper import API, Doorkeeper
from pipeline.desk.guard import HEADERS, Guard
from pipeline.desk.render import STATIC
from pipeline.settings import Settings
from pipeline.store.store import Store
from schemas.errors import PlanError

log = logging.getLogger("giaoviec.desk")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
ROOM_FOR_A_FORM = 1 << 20
WORDS = {
    400: "Yêu cầu không đúng; hãy mở lại trang rồi làm lại.",
    404: "Không có trang này, hoặc nội dung đã được thay bằng bản đọc mới.",
    405: "Không làm được việc này ở trang này.",
    413: "Tệp gửi lên quá lớn; hãy tách nhỏ rồi gửi lại.",
    422: "Nội dung điền vào chưa đúng; hãy kiểm tra lại.",
}
ANSWERS = {"filter": 422, "bad_value": 422, "no_such_row": 404, "conflict": 409}
"""The answer to each kind of refusal; any other means that the desk cannot work now."""
UNFORESEEN = "Chương trình gặp lỗi ngoài dự kiến; chi tiết ghi trong nhật ký."


def build_desk(settings: Settings, hosts: Iterable[str] = ()) -> FastAPI:
    """The application over the data of `settings`; `hosts` are names of the machine beside those of the loopback."""
    names = LOOPBACK | {host.lower() for host in hosts}
    app = FastAPI(
        title="giaoviec",
        version="1",
        description="Nhiệm vụ, văn bản, cơ quan, tiêu chí: chỉ đọc. Gửi khóa ở tiêu đề Authorization: Bearer.",
        docs_url=None,  # its page takes scripts from elsewhere
        redoc_url=None,
        openapi_url=f"{api.PREFIX}/openapi.json",
    )
    app.state.desk = Desk(settings, Store.open(settings.database_url, pooled=True), names)
    for module in (inbox, review, tables, plans, log_pages, proposals, comparing, returned_pages, people_pages):
        app.include_router(module.router, include_in_schema=False)
    app.include_router(api.router)
    app.add_api_route("/", _home, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misfilled)
    app.add_exception_handler(PlanError, _cannot)
    app.add_exception_handler(Exception, _unforeseen)
    app.add_middleware(Doorkeeper)
    app.add_middleware(Guard, hosts=names, most_bytes=settings.limits.source_bytes + ROOM_FOR_A_FORM)
    return app


def _home() -> RedirectResponse:
    return RedirectResponse("/hop-thu", 303)


def _say(request: Request, status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    if request.url.path.startswith(API):
        return JSONResponse({"detail": words}, status, headers)
    return page(request, "error.html", status, headers, words=words)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = error.detail if error.detail and not error.detail.isascii() else WORDS.get(error.status_code, WORDS[400])
    return _say(request, error.status_code, said, error.headers)


async def _misfilled(request: Request, error: Exception) -> Response:
    return _say(request, 422, WORDS[422])


async def _cannot(request: Request, error: Exception) -> Response:
    assert isinstance(error, PlanError)
    code = ANSWERS.get(error.code, 503)
    if code == 503:
        log.error("%s %s", error, error.detail)
    return _say(request, code, str(error))


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.critical("%s", request.url.path, exc_info=error)
    return _say(request, 500, UNFORESEEN, HEADERS)  # this answer passes outside of the guard
