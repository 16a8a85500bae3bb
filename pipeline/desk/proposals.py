"""Đề nghị: what the program found out about how documents belong together, and a person's yes or no.

Two kinds: a document may be a new version of another, and an annex that came as a file of its own may belong to a
plan. The same decisions as `giaoviec versions` and `giaoviec annexes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from extractors.plan.header import ANNEX_TYPE
from pipeline.desk.desk import desk_of, page, visitor_of
from pipeline.desk.forms import is_document_id
from pipeline.exports.columns import document_name
from pipeline.store import annexes, versions
from pipeline.store.acts import NoProposal, Settled
from pipeline.store.desk_queries import find_document_page
from pipeline.store.engine import reading
from pipeline.store.queries import load_documents
from pipeline.store.store import Store

router = APIRouter()
MOST_SHOWN = 100
MOST_PLANS = 300
THIS = "Văn bản này"
YES, NO = "accept", "deny"
NEWER, REPLACES = "có thể là bản mới của", "thay cho"
BELONGS, JOINED = "có thể là phụ lục của", "là phụ lục của"
Act = Annotated[str, Form(pattern=f"^({YES}|{NO})$")]
State = Annotated[str, Form(max_length=16)]
Back = Annotated[str, Form(max_length=16)]


@dataclass(frozen=True, slots=True)
class Named:
    """A document of a proposal; `file` tells apart two of the same number, `this` that its own page is shown."""

    document_id: str
    called: str
    file: str
    this: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """`first` `words` `second`: a sentence to be settled at the address `action`, which changes it from `state`.

    `yes` and `no` are the words of the buttons, "" where there is none; `reason` is why it is proposed.
    """

    first: Named
    words: str
    second: Named
    action: str
    state: str
    yes: str
    no: str
    reason: str = ""
    compare: str = ""


def proposals_about(store: Store, document_id: str) -> list[Proposal]:
    """What is proposed or was accepted about one document, the versions first."""
    older = [one for one in versions.find_versions(store, None, document_id) if one.state != versions.DENIED]
    joined = [one for one in annexes.find_annexes(store, None, document_id) if one.state != annexes.DENIED]
    return _told(store, older, joined, document_id) if older or joined else []


def open_proposals(store: Store) -> list[Proposal]:
    """All that waits for a person's word, the versions first, each kind the oldest first."""
    return _told(store, versions.find_versions(store), annexes.find_annexes(store), None)


def count_open(store: Store) -> int:
    """How many proposals wait."""
    return versions.count_proposed(store) + annexes.count_proposed(store)


def _told(
    store: Store, found: Iterable[versions.Version], joined: Iterable[annexes.Annex], this: str | None
) -> list[Proposal]:
    older, parts = tuple(found)[:MOST_SHOWN], tuple(joined)[:MOST_SHOWN]
    keys = {key for one in older for key in (one.older, one.newer)} | {
        key for each in parts for key in (each.annex, each.plan)
    }
    with reading(store.engine) as connection:
        records = {str(one["document_id"]): one for one in load_documents(connection, sorted(keys))}
    names = {key: _named(record, this) for key, record in records.items()}
    return [*_versions(older, names), *_annexes(parts, names)]


def _named(record: dict[str, Any], this: str | None) -> Named:
    key, file = str(record["document_id"]), str(record["file"])
    own = document_name({name: value for name, value in record.items() if name != "parent"})
    return Named(key, THIS if key == this else own, file, key == this)


def _versions(found: Iterable[versions.Version], names: dict[str, Named]) -> Iterator[Proposal]:
    for one in found:
        waits = one.state == versions.PROPOSED
        yield Proposal(
            names[one.newer],
            NEWER if waits else REPLACES,
            names[one.older],
            f"/phien-ban/{one.version_id}",
            one.state,
            "Đúng, bản cũ hết dùng" if waits else "",
            "Không phải" if waits else "Bỏ quyết định này",
            versions.REASONS[one.reason] if waits else "",
            f"/so-sanh?cu={one.older}&moi={one.newer}",
        )


def _annexes(found: Iterable[annexes.Annex], names: dict[str, Named]) -> Iterator[Proposal]:
    for one in found:
        waits = one.state == annexes.PROPOSED
        yield Proposal(
            names[one.annex],
            BELONGS if waits else JOINED,
            names[one.plan],
            f"/phu-luc/{one.annex_id}",
            one.state,
            "Nhập vào kế hoạch" if waits else "",
            "Không phải" if waits else "Bỏ ghép",
            annexes.REASONS[one.reason] if waits else "",
        )


def plans_to_join(store: Store, document: dict[str, Any], about: Iterable[Proposal]) -> list[dict[str, Any]]:
    """The documents that an annex of which nothing is known may be joined to by hand; empty for any other."""
    if document["doc_type"] != ANNEX_TYPE or any(one.words in (JOINED, BELONGS) for one in about):
        return []
    listed, _ = find_document_page(store, None, None, MOST_PLANS, 0)
    return [one for one in listed if one["doc_type"] != ANNEX_TYPE and one["document_id"] != document["document_id"]]


@router.get("/de-nghi")
def proposals(request: Request) -> Response:
    """All that waits for a person's word, and the annexes whose plan is not held."""
    return _show(request)


def _show(request: Request, code: int = 200, trouble: str = "") -> Response:
    store = desk_of(request).store
    return page(
        request,
        "proposals.html",
        code,
        proposals=open_proposals(store),
        count=count_open(store),
        alone=annexes.find_alone(store),
        trouble=trouble,
        back="",
    )


@router.post("/phien-ban/{version_id}")
def decide_version(request: Request, version_id: int, act: Act, state: State, back: Back = "") -> Response:
    """Say whether a document takes the place of another."""
    store, who = desk_of(request).store, visitor_of(request).name
    try:
        versions.decide(store, version_id, act == YES, who, state)
    except Settled as error:
        return _show(request, 409, str(error))
    return _back(back)


@router.post("/phu-luc/{annex_id}")
def decide_annex(request: Request, annex_id: int, act: Act, state: State, back: Back = "") -> Response:
    """Say whether an annex belongs to a plan."""
    store, who = desk_of(request).store, visitor_of(request).name
    try:
        annexes.decide_annex(store, annex_id, act == YES, who, state)
    except Settled as error:
        return _show(request, 409, str(error))
    return _back(back)


@router.post("/van-ban/{document_id}/ghep")
def join(request: Request, document_id: str, plan: Annotated[str, Form(max_length=16)]) -> Response:
    """Join an annex to a plan that a person names."""
    try:
        annexes.join_annex(desk_of(request).store, document_id, plan, visitor_of(request).name)
    except Settled as error:
        return _show(request, 409, str(error))
    except NoProposal as error:
        raise HTTPException(404) from error
    return _back(document_id)


def _back(document_id: str) -> Response:
    """To the document from whose page it was settled, else to the list."""
    return RedirectResponse(f"/van-ban/{document_id}" if is_document_id(document_id) else "/de-nghi", 303)
