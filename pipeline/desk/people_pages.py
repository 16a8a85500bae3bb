"""Đăng nhập, Người dùng."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.desk.desk import desk_of, page, visitor_of
from pipeline.desk.kept import MOST_BYTES, Kept, kept_of
from pipeline.desk.people import A_DAY_AT_WORK, COOKIE, leave, make_user, new_session
from pipeline.store.people import SessionKind, find_user, find_users, note
from schemas.errors import StoreError

router = APIRouter()
WRONG = "Tên hoặc mật khẩu không đúng."
SHUT = "Sai mật khẩu quá nhiều lần; hãy chờ 5 phút rồi thử lại."
OLD_WRONG = "Mật khẩu hiện nay không đúng."
CHANGED = "Đã đổi mật khẩu."
Words = Annotated[str, Form(max_length=1000)]


@router.get("/dang-nhap")
def door(request: Request) -> Response:
    """The page at the door."""
    return page(request, "login.html", back="/hop-thu", wrong="", name="", kept=Kept())


@router.post("/dang-nhap")
def enter(
    request: Request,
    name: Words,
    password: Words,
    back: Words = "/hop-thu",
    to: Words = "",
    body: Annotated[str, Form(max_length=3 * MOST_BYTES)] = "",
) -> Response:
    """Let in who knows the password; a form that he sent when his session had run out is shown to be sent on."""
    desk, kept = desk_of(request), kept_of(to, body)
    if desk.door.shut(name):
        return page(request, "login.html", 429, back=_inside(back), wrong=SHUT, name=name, kept=kept)
    user = desk.door.enter(desk.store, name, password)
    if user is None:
        return page(request, "login.html", 401, back=_inside(back), wrong=WRONG, name=name, kept=kept)
    answer = page(request, "resume.html", kept=kept) if kept.to else RedirectResponse(_inside(back), 303)
    secret = new_session(desk.store, user, SessionKind.PAGE)
    seconds = int(A_DAY_AT_WORK.total_seconds())
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, max_age=seconds, httponly=True, samesite="strict", secure=secure)
    return answer


def _inside(back: str) -> str:
    """The page to go on to, only one of ours.

    >>> _inside("/duyet?document=0f"), _inside("//evil.example"), _inside("https://evil.example")
    ('/duyet?document=0f', '/hop-thu', '/hop-thu')
    """
    plain = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if plain else "/hop-thu"


@router.post("/dang-xuat")
def go(request: Request) -> Response:
    """End the session."""
    leave(desk_of(request).store, request.cookies.get(COOKIE, ""), visitor_of(request))
    answer = RedirectResponse("/dang-nhap", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/nguoi-dung")
def people(request: Request) -> Response:
    """Who may come in."""
    return page(request, "people.html", users=find_users(desk_of(request).store), said="", done=False)


@router.post("/mat-khau")
def change_password(request: Request, old: Words, new: Words) -> Response:
    """Give oneself another password, which ends all one's sessions."""
    desk, visitor = desk_of(request), visitor_of(request)
    user = find_user(desk.store, visitor.name)
    said, done = OLD_WRONG, False
    if desk.door.shut(visitor.name):
        said = SHUT
    elif user is not None and desk.door.knows(desk.store, visitor.name, old):
        try:
            make_user(desk.store, user.name, user.role, new)
            note(desk.store, user.name, "doi_mat_khau", user.name)
            said, done = CHANGED, True
        except StoreError as error:
            said = str(error)
    status = 200 if done else 422
    return page(request, "people.html", status, users=find_users(desk.store), said=said, done=done)
