"""Lets nobody through who is not known, and nobody change what he may only look at."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.desk.desk import desk_of, page
from pipeline.desk.guard import SAFE_METHODS
from pipeline.desk.kept import kept_form, way_back
from pipeline.desk.people import COOKIE, Visitor, visitor_of
from schemas.errors import StoreError

OPEN_PATHS = frozenset({"/dang-nhap"})
OPEN_FOLDER = "/static/"
OWN_AFFAIRS = frozenset({"/dang-xuat", "/mat-khau", "/nhiem-vu/lich.ics"})
"""What also those may send who may only look."""
API = "/api/"
LOG_IN = "Hãy đăng nhập."
MAY_NOT = "Tài khoản này chỉ được xem; hãy nhờ người có quyền duyệt."
BEARER = "bearer "


class Doorkeeper:
    """Finds out who asks, once for a request; `request.state.visitor` is who it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN_FOLDER):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            visitor = await run_in_threadpool(_visitor, request)
        except StoreError as error:
            await PlainTextResponse(str(error), 503)(scope, receive, send)
            return
        if visitor is None and scope["path"] not in OPEN_PATHS:
            await (await _closed(request))(scope, receive, send)
            return
        answer = _refusal(request, visitor)
        if answer is not None:
            await answer(scope, receive, send)
            return
        if visitor is not None:
            request.state.visitor = visitor
        await self.app(scope, receive, send)


def _visitor(request: Request) -> Visitor | None:
    said = request.headers.get("authorization", "")
    bearer = said[len(BEARER) :].strip() if said.lower().startswith(BEARER) else None
    return visitor_of(desk_of(request).store, request.cookies.get(COOKIE), bearer)


async def _closed(request: Request) -> Response:
    """The door, for who is not known: programs are told so, a page that asks by itself is led there as a whole."""
    if request.url.path.startswith(API):
        return JSONResponse({"detail": LOG_IN}, 401, {"www-authenticate": "Bearer"})
    if request.headers.get("hx-request"):
        return PlainTextResponse(LOG_IN, 401, {"hx-redirect": "/dang-nhap"})
    kept = await kept_form(request)
    return page(request, "login.html", 401, back=way_back(request), wrong="", name="", kept=kept)


def _refusal(request: Request, visitor: Visitor | None) -> Response | None:
    path, program = request.url.path, request.url.path.startswith(API)
    if path in OPEN_PATHS or visitor is None:
        return None
    if request.method not in SAFE_METHODS and path not in OWN_AFFAIRS and not visitor.may_decide:
        request.state.visitor = visitor
        return JSONResponse({"detail": MAY_NOT}, 403) if program else page(request, "error.html", 403, words=MAY_NOT)
    return None
