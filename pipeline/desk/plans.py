"""Văn bản: the documents held, each with its metadata, its tree of rows, its pages and its own bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pipeline.desk.desk import desk_of, page, visitor_of
from pipeline.desk.downloads import SANDBOX, disposition
from pipeline.desk.forms import is_document_id, posted, version_in
from pipeline.desk.paging import SIZE, page_number, pager
from pipeline.desk.picture import page_picture
from pipeline.desk.plan_facts import FORM, fact_clashes, fact_views, revert_facts, save_facts
from pipeline.desk.proposals import count_open, plans_to_join, proposals_about
from pipeline.desk.render import cut
from pipeline.exports.words import day_words, recurrence_words
from pipeline.records import BadValue, Conflict, merged_document
from pipeline.store.desk_queries import (
    document_file,
    documents_with_numbers,
    find_document_page,
)
from pipeline.store.engine import together
from pipeline.store.listed import ListedRow, rows_of_document
from pipeline.store.queries import find_document
from pipeline.store.store import Store
from schemas.errors import PlanError

router = APIRouter()
ROWS_OF_A_PLAN = 200
MOST_PAGES = 2000
DEEPEST = 5
"""How far a row is moved in for its depth."""
FACTS = (
    ("Trích yếu", "title"),
    ("Cơ quan ban hành", "issuer"),
    ("Loại văn bản", "doc_type"),
    ("Số, ký hiệu", "doc_number"),
    ("Ngày ban hành", "issued_date"),
    ("Nơi ban hành", "place"),
    ("Người ký", "signer"),
    ("Chức vụ", "signer_title"),
    ("Tệp", "file"),
)


@router.get("/van-ban")
def plans(request: Request) -> Response:
    """The documents, a page of them."""
    desk, query = desk_of(request), request.query_params
    asked = {name: query.get(name, "").strip()[:200] for name in ("commune", "words")}
    number = page_number(query)
    found, total = find_document_page(desk.store, asked["commune"], asked["words"], SIZE, (number - 1) * SIZE)
    values = pager("/van-ban", number, total, asked)
    values |= {"total": total, "communes": desk.communes(), "proposals": count_open(desk.store)}
    return page(request, "plans.html", documents=found, **values)


def document_of(store: Store, document_id: str) -> dict[str, Any]:
    """The record of a held document; raises the answer 404 where there is none."""
    if is_document_id(document_id):
        found = find_document(store, document_id)
        if found:
            return found
    raise HTTPException(404)


@router.get("/van-ban/{document_id}")
def plan(request: Request, document_id: str) -> Response:
    """One document with its rows as they stand under its headings."""
    return _show(request, document_id)


def _show(
    request: Request, document_id: str, code: int = 200, filled: Mapping[str, str] | None = None, said: str = ""
) -> Response:
    store, number = desk_of(request).store, page_number(request.query_params)
    with together(store.engine):
        document = document_of(store, document_id)
        rows = rows_of_document(store, document_id, ROWS_OF_A_PLAN, (number - 1) * ROWS_OF_A_PLAN)
        merged = merged_document(store, document_id)
        bases, about = list(_bases(store, document)), proposals_about(store, document_id)
        plans = plans_to_join(store, document, about)
    values = pager(f"/van-ban/{document_id}", number, document["n_rows"], {}, ROWS_OF_A_PLAN)
    return page(
        request,
        "plan.html",
        code,
        document=document | {"legal_bases": bases},
        facts=list(_facts(document)),
        fields=fact_views(merged, filled),
        version=merged.version,
        corrected=any(field.human for field in merged.fields.values()),
        open=filled is not None,
        said=said,
        stale=code == 409,
        clashes=fact_clashes(merged, filled) if filled and code == 409 else [],
        branches=list(_branches(rows)),
        proposals=about,
        back=document_id,
        plans=plans,
        **values,
    )


@router.post("/van-ban/{document_id}/thong-tin")
async def correct(request: Request, document_id: str) -> Response:
    """What was filled in of what the document says of itself; 409 and both values where somebody was faster."""
    return await run_in_threadpool(_correct, request, document_id, await posted(request))


def _correct(request: Request, document_id: str, filled: Mapping[str, str]) -> Response:
    store, who, version = desk_of(request).store, visitor_of(request).name, version_in(filled)
    document_of(store, document_id)
    values = {name: filled[name] for name in FORM if name in filled}
    try:
        if filled.get("act") == "revert":
            revert_facts(store, document_id, who, version)
        else:
            save_facts(store, document_id, who, version, values)
    except Conflict:
        return _show(request, document_id, 409, values)
    except BadValue as error:
        return _show(request, document_id, 422, values, str(error))
    return RedirectResponse(f"/van-ban/{document_id}", 303)


def _facts(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for label, name in FACTS:
        value = document.get(name)
        if value:
            yield label, day_words(value) if name == "issued_date" else str(value)
    if document["communes"]:
        yield "Xã, phường", ", ".join(document["communes"])
    if document["n_pages"]:
        yield "Số trang", str(document["n_pages"])


def _bases(store: Store, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    bases = document["legal_bases"]
    held = documents_with_numbers(store, [basis["number"] for basis in bases if basis["number"]])
    for basis in bases:
        parts = (
            basis["doc_type"],
            f"số {basis['number']}" if basis["number"] else "",
            f"ngày {day_words(basis['date'])}" if basis["date"] else "",
            f"của {basis['issuer']}" if basis["issuer"] else "",
        )
        known = held.get(basis["number"] or "")
        other = known if known != document["document_id"] else None
        yield {"cited": " ".join(filter(None, parts)), "held": other, "subject": basis["subject"]}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row in the tree of its plan: `heading` begins above it, `given` says to whom and by when."""

    task_id: str
    path: str
    text: str
    depth: int
    doubtful: bool
    heading: str | None
    given: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A section of a plan with its rows."""

    label: str
    title: str
    leaves: list[Leaf]


def _branches(rows: Iterable[ListedRow]) -> Iterator[Branch]:
    """The rows by their section, each with the heading that begins above it and its depth."""
    branch: Branch | None = None
    above: tuple[str, ...] = ()
    for row in rows:
        label = row.section or row.path.split("/")[0]
        if branch is None or branch.label != label:
            if branch is not None:
                yield branch
            branch, above = Branch(label, row.section_title or "", []), ()
        headings = tuple(heading for heading in row.heading_path if heading and heading != branch.title)
        heading = headings[-1] if headings and headings != above else None
        above = headings or above
        branch.leaves.append(_leaf(row, heading))
    if branch is not None:
        yield branch


def _leaf(row: ListedRow, heading: str | None) -> Leaf:
    parts = (
        "; ".join(row.lead),
        f" · hạn {day_words(row.due)}" if row.due else "",
        f" · {recurrence_words(row.recurrence)}" if row.recurrence else "",
    )
    depth = min(DEEPEST, row.path.count("/"))
    return Leaf(row.task_id, row.path, cut(row.text, 300), depth, row.needs_review, heading, "".join(parts))


@router.get("/van-ban/{document_id}/trang/{number}.jpg")
def picture(request: Request, document_id: str, number: int) -> Response:
    """The picture of a page, drawn under limits and kept."""
    sha256, _ = _kept(request, document_id)
    if not 0 < number <= MOST_PAGES:
        raise HTTPException(404)
    try:
        drawn = page_picture(desk_of(request).settings, sha256, number)
    except PlanError as error:
        raise HTTPException(404, str(error)) from error
    headers = {"cache-control": "private, max-age=3600", "content-security-policy": SANDBOX}
    return FileResponse(drawn.path, media_type="image/jpeg", headers=headers)


@router.get("/van-ban/{document_id}/tep-goc")
def original(request: Request, document_id: str) -> Response:
    """The bytes as they were dropped, to be saved under their name."""
    sha256, name = _kept(request, document_id)
    place = desk_of(request).settings.originals / sha256[:2] / sha256
    if not place.is_file():
        raise HTTPException(404)
    headers = {"content-disposition": disposition(name), "content-security-policy": SANDBOX}
    return FileResponse(place, media_type="application/octet-stream", headers=headers)


def _kept(request: Request, document_id: str) -> tuple[str, str]:
    known = is_document_id(document_id)
    found = document_file(desk_of(request).store, document_id) if known else None
    if found is None:
        raise HTTPException(404)
    return found
