"""Nhật ký: who did what, when; decisions on rows and all else, the newest first."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.desk.desk import desk_of, page
from pipeline.desk.paging import SIZE, page_number, pager
from pipeline.desk.words import ACTIONS
from pipeline.store.people import Entry, find_entries

router = APIRouter()


@router.get("/nhat-ky")
def log(request: Request) -> Response:
    """The log, a page of it."""
    number = page_number(request.query_params)
    entries, count = find_entries(desk_of(request).store, SIZE, (number - 1) * SIZE)
    return page(
        request,
        "log.html",
        entries=[_line(entry) for entry in entries],
        count=count,
        **pager("/nhat-ky", number, count, {}),
    )


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "name": entry.name,
        "act": ACTIONS.get(entry.action, entry.action),
        "subject": entry.subject,
        "href": None,
        "before": None,
        "after": entry.detail,
    }
