"""Nhật ký: who did what, when: decisions on rows, and all else that people did at the desk."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from pipeline.desk.desk import desk_of, page
from pipeline.desk.forms import is_document_id
from pipeline.desk.history import LogLine, lines_of
from pipeline.desk.paging import SIZE, page_number, pager
from pipeline.desk.render import query_words
from pipeline.desk.subjects import subjects_of
from pipeline.desk.words import ACTIONS
from pipeline.records import history
from pipeline.store.people import Entry, find_entries

router = APIRouter()
ABOUT_DOCUMENTS = frozenset({"phien_ban", "phu_luc"})
"""Acts whose subject is the id of a document."""
KINDS = (("", "Quyết định trên dòng, văn bản"), ("khac", "Đề nghị, đăng nhập, tệp, người dùng"))


@router.get("/nhat-ky")
def log(request: Request) -> Response:
    """The log of one kind, a page of it, the newest first."""
    number, kind = page_number(request.query_params), request.query_params.get("loai", "")
    who = request.query_params.get("ai", "").strip()[:64]
    store, offset = desk_of(request).store, (number - 1) * SIZE
    if kind == "khac":
        entries, count = find_entries(store, SIZE, offset, who or None)
        lines = [_line(entry) for entry in entries]
    else:
        decisions, count = history(store, who=who or None, offset=offset, limit=SIZE)
        kind, lines = "", lines_of(decisions, subjects_of(store, decisions))
    asked = {"loai": kind, "ai": who}
    return page(
        request,
        "log.html",
        entries=lines,
        count=count,
        kinds=KINDS,
        who=who,
        whose={name: _of_person(kind, name) for name in {line.name for line in lines}},
        **pager("/nhat-ky", number, count, asked),
    )


def _of_person(kind: str, name: str) -> Markup:
    """The person's name, as a link to what he did."""
    return Markup('<a href="/nhat-ky{}">{}</a>').format(query_words({"loai": kind, "ai": name}), name)


def _line(entry: Entry) -> LogLine:
    act = ACTIONS.get(entry.action, entry.action)
    subject = entry.subject or ""
    href = f"/van-ban/{subject}" if entry.action in ABOUT_DOCUMENTS and is_document_id(subject) else None
    return LogLine(entry.at, entry.name, act, subject, href, "", entry.detail or "")
