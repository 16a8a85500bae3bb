"""The interface for programs under /api/v1: read only, the filters of the pages, its OpenAPI at openapi.json."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response, Security
from fastapi.security import HTTPBearer
from pydantic import BeforeValidator, TypeAdapter

from pipeline.compare.sets import load_set, set_ids
from pipeline.compare.stored import columns
from pipeline.desk.desk import desk_of
from pipeline.store.desk_queries import CountedBody, find_bodies, find_document_page
from pipeline.store.queries import find_document, find_rows
from pipeline.task_filter import Role, Sort, Status, TaskFilter
from schemas.task import Kind, TaskRow

PREFIX = "/api/v1"
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOST_ROWS = 500
MOST_OFFSET = 1_000_000
Words = Annotated[str | None, Query(max_length=200)]


def _iso(written: str | None) -> str | None:
    """The day as it was sent, only where it is written ISO: a number of seconds is none."""
    if written is not None and not ISO_DAY.fullmatch(written):
        raise ValueError("not YYYY-MM-DD")
    return written


Day = Annotated[date | None, BeforeValidator(_iso)]
Size = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Số dòng của một trang.")]
Number = Annotated[int, Query(ge=1, le=MOST_OFFSET // MOST_ROWS, description="Trang, từ 1.")]
DocumentId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was refused, a Vietnamese sentence."""

    detail: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Rows of a filter from `page` on; `total` in all, or at least so many where `more`."""

    total: int
    more: bool
    page: int
    size: int
    items: list[TaskRow]


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """A document in a list; `issued_date` is ISO."""

    document_id: str
    file: str
    issuer: str | None
    doc_type: str | None
    doc_number: str | None
    issued_date: str | None
    title: str | None
    n_rows: int
    n_review: int


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Documents, newest first."""

    total: int
    page: int
    size: int
    items: list[DocumentHead]


@dataclass(frozen=True, slots=True)
class BodyPage:
    """Bodies, those that lead most first."""

    page: int
    size: int
    items: list[CountedBody]


@dataclass(frozen=True, slots=True)
class SetHead:
    """A set of criteria."""

    id: str
    title: str
    version: str
    criteria: int


@dataclass(frozen=True, slots=True)
class CriterionCells:
    """A criterion, and what each held plan does for it: the id of its document → covered, partial or missing."""

    id: str
    group: str
    text: str
    cells: dict[str, str]


router = APIRouter(
    prefix=PREFIX,
    dependencies=[Security(HTTPBearer(auto_error=False))],  # told in the OpenAPI; the doorkeeper checks it
    responses={code: {"model": Problem} for code in (400, 401, 404, 422)},
)


def asked_filter(
    commune: Words = None,
    body: Words = None,
    role: Role | None = None,
    kind: Kind | None = None,
    due_from: Day = None,
    due_to: Day = None,
    overdue: bool | None = None,
    recurring: bool | None = None,
    needs_review: bool | None = None,
    status: Status | None = None,
    conflict: bool | None = None,
    superseded: bool | None = None,
    words: Words = None,
    document: Annotated[str | None, Query(pattern="^[0-9a-f]{16}([0-9a-f]{48})?$")] = None,
    sort: Sort | None = None,
    descending: bool = False,
) -> TaskFilter:
    """The filter of the parameters: the same names as in the addresses of the pages."""
    return TaskFilter(
        commune=_plain(commune),
        body=_plain(body),
        role=role,
        kind=kind,
        due_from=due_from,
        due_to=due_to,
        overdue=overdue,
        recurring=recurring,
        needs_review=needs_review,
        status=status,
        conflict=conflict,
        superseded=superseded,
        words=_plain(words),
        document=document,
        sort=sort,
        descending=descending,
    )


def _plain(written: str | None) -> str | None:
    """What no database takes is no part of a word."""
    return (written or "").replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip() or None


TASKS = TypeAdapter(TaskPage)


@router.get("/tasks", response_model=TaskPage)
def tasks(
    request: Request, wanted: Annotated[TaskFilter, Depends(asked_filter)], page: Number = 1, size: Size = 50
) -> Response:
    """Nhiệm vụ theo bộ lọc, từng trang."""
    rows, total, more = find_rows(desk_of(request).store, wanted.page(page, size))
    made = TASKS.dump_json(TaskPage(total, more, page, size, list(rows)))  # not checked again: it is made of rows
    return Response(made, media_type="application/json")


@router.get("/tasks/{task_id}")
def task(request: Request, task_id: Annotated[str, Path(pattern="^[0-9a-z-]{1,80}$")]) -> TaskRow:
    """Một nhiệm vụ."""
    rows, _, _ = find_rows(desk_of(request).store, TaskFilter(task=task_id, limit=1))
    if not rows:
        raise HTTPException(404)
    return rows[0]


@router.get("/documents")
def documents(
    request: Request, commune: Words = None, words: Words = None, page: Number = 1, size: Size = 50
) -> DocumentPage:
    """Văn bản, mới ban hành trước."""
    store, offset = desk_of(request).store, (page - 1) * size
    found, total = find_document_page(store, _plain(commune), _plain(words), size, offset)
    return DocumentPage(total, page, size, [DocumentHead(**one) for one in found])


@router.get("/documents/{document_id}")
def document(request: Request, document_id: DocumentId) -> dict[str, Any]:
    """Một văn bản: mọi thông tin, căn cứ, nơi nhận."""
    found = find_document(desk_of(request).store, document_id)
    if found is None:
        raise HTTPException(404)
    return {name: value for name, value in found.items() if name != "paths"}


@router.get("/bodies")
def bodies(request: Request, words: Words = None, page: Number = 1, size: Size = 50) -> BodyPage:
    """Cơ quan, đơn vị được giao việc: số dòng chủ trì, phối hợp, theo dõi."""
    found = find_bodies(desk_of(request).store, _plain(words), size, (page - 1) * size)
    return BodyPage(page, size, list(found))


@router.get("/criteria")
def criteria() -> list[SetHead]:
    """Các bộ tiêu chí."""
    sets = [load_set(name) for name in set_ids()]
    return [SetHead(one.id, one.title, one.version, len(one.criteria)) for one in sets]


@router.get("/criteria/{set_id}")
def criteria_set(request: Request, set_id: Annotated[str, Path(pattern="^[0-9a-z_]{1,64}$")]) -> list[CriterionCells]:
    """Một bộ tiêu chí với kết quả đối chiếu lần gần nhất của từng kế hoạch."""
    if set_id not in set_ids():
        raise HTTPException(404)
    found = {
        column.plan.document_id: {cell.criterion: str(cell.status) for cell in column.comparison.cells}
        for column in columns(desk_of(request).store, set_id)
    }
    return [
        CriterionCells(
            one.id, one.group, one.text, {key: cells[one.id] for key, cells in found.items() if one.id in cells}
        )
        for one in load_set(set_id).criteria
    ]
