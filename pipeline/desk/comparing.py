"""Ma trận and So sánh: the places against the criteria, and two plans against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.compare.diff import CHANGE_WORDS, Diff, Move, diff_plans
from pipeline.compare.matrix import share_met
from pipeline.compare.matrix_words import SIGNS, sign
from pipeline.compare.plans import plans_of_listing
from pipeline.compare.sets import load_set, set_ids
from pipeline.compare.stored import Column, columns
from pipeline.desk.desk import desk_of, page
from pipeline.desk.forms import is_document_id
from pipeline.desk.plans import document_of
from pipeline.desk.render import label_of
from pipeline.exports.words import day_words
from pipeline.store.desk_queries import find_document_page
from pipeline.store.listed import document_head
from pipeline.store.queries import find_whole_documents
from pipeline.store.store import Store
from schemas.criteria import DOUBT_WORD, STATUS_WORDS, Cell, CriteriaSet

router = APIRouter()
NOTHING = (
    "Chưa có kế hoạch nào được đối chiếu với bộ tiêu chí này. Việc đối chiếu chạy hằng đêm, "
    "hoặc chạy ngay bằng lệnh giaoviec compare --commune."
)
LEGEND = tuple(
    (name, f"{SIGNS[word]}  {word}")
    for name, word in (*((str(status), word) for status, word in STATUS_WORDS.items()), ("doubtful", DOUBT_WORD))
)
MOST_PLANS = 150
"""Documents to choose from, the newest first; words narrow them, so that the page stays light."""
MOST_ROWS = 1500
SAME = "Hãy chọn hai văn bản khác nhau."
TOO_LONG = f"Một trong hai văn bản có hơn {MOST_ROWS} dòng; hãy dùng lệnh giaoviec diff."


@router.get("/ma-tran")
def matrix(request: Request) -> Response:
    """The matrix of a set of criteria as it was compared last, with people's decisions over it."""
    known = set_ids()
    asked = request.query_params.get("set", "")
    chosen = asked if asked in known else known[0]
    sets = {name: load_set(name) for name in known}
    found = columns(desk_of(request).store, chosen)
    return page(
        request,
        "matrix.html",
        sets=[(name, f"{one.title} ({len(one.criteria)} tiêu chí)") for name, one in sets.items()],
        chosen=chosen,
        title=sets[chosen].title,
        heads=[_head(column) for column in found],
        lines=list(_lines(sets[chosen], found)),
        legend=LEGEND,
        nothing=NOTHING,
    )


def _head(column: Column) -> dict[str, Any]:
    share = round(100 * share_met(column.comparison))
    return {"document_id": column.plan.document_id, "name": column.plan.place, "share": share}


def _lines(criteria: CriteriaSet, found: list[Column]) -> Iterator[dict[str, Any]]:
    cells = [{cell.criterion: cell for cell in column.comparison.cells} for column in found]
    for one in criteria.criteria:
        shown = [_cell(column.get(one.id)) for column in cells]
        yield {"code": one.id, "text": one.text, "cells": shown}


def _cell(cell: Cell | None) -> dict[str, Any]:
    if cell is None:
        return {"status": "", "mark": "", "tip": "Chưa đối chiếu", "task_id": None}
    tip = "; ".join([cell.label, *cell.remarks, *([cell.reason] if cell.reason else [])])
    if cell.decided_by:
        tip += f" (người quyết: {cell.decided_by})"
    rows = cell.rows or cell.candidates
    return {
        "status": "doubtful" if cell.doubtful else str(cell.status),
        "mark": sign(cell),
        "tip": tip,
        "task_id": rows[0].task_id if rows else None,
    }


@router.get("/so-sanh")
def compare(request: Request) -> Response:
    """What became of each duty of one plan in another."""
    desk, query = desk_of(request), request.query_params
    old, new = query.get("cu", ""), query.get("moi", "")
    words = query.get("tu", "").strip()[:200]
    listed, total = find_document_page(desk.store, None, words, MOST_PLANS, 0)
    said, diff = "", None
    if old and new:
        said, diff = _diff(request, old, new)
    return page(
        request,
        "compare.html",
        documents=list(_choices(desk.store, listed, (old, new))),
        words=words,
        left_out=max(0, total - len(listed)),
        old=old,
        new=new,
        said=said,
        changes=[_change(move) for move in diff.moves] if diff else None,
        tally=_tally(diff) if diff else [],
    )


def _choices(store: Store, listed: Iterable[dict[str, Any]], chosen: Iterable[str]) -> Iterator[dict[str, str]]:
    """The documents to choose from, and those chosen already that are not among them."""
    known = {one["document_id"]: label_of(one) for one in listed}
    for key in chosen:
        if key not in known and is_document_id(key) and (found := document_head(store, key)):
            known[key] = label_of(found)
    return ({"document_id": key, "label": label} for key, label in known.items())


def _diff(request: Request, old: str, new: str) -> tuple[str, Diff | None]:
    store = desk_of(request).store
    records = [document_of(store, key) for key in (old, new)]
    if old == new:
        return SAME, None
    if any(record["n_rows"] > MOST_ROWS for record in records):
        return TOO_LONG, None
    plans = {plan.document_id: plan for plan in plans_of_listing(find_whole_documents(store, [old, new]))}
    return "", diff_plans(plans[old], plans[new])


def _tally(diff: Diff) -> list[tuple[str, str, int]]:
    counts = Counter(move.change for move in diff.moves)
    return [(str(change), word, counts[change]) for change, word in CHANGE_WORDS.items() if counts[change]]


def _change(move: Move) -> dict[str, Any]:
    remarks = []
    if move.lead:
        remarks.append(f"Chủ trì: {move.lead[0] or 'không giao'} → {move.lead[1] or 'không giao'}")
    if move.time:
        before, after = (_time_words(one) for one in move.time)
        remarks.append(f"Thời hạn: {before} → {after}")
    return {
        "kind": str(move.change),
        "label": CHANGE_WORDS[move.change],
        "old": move.old,
        "new": move.new,
        "remarks": remarks,
    }


def _time_words(written: str) -> str:
    """The time of a move with its days as they are written.

    >>> _time_words("2026-01-01 – 2026-12-31; FREQ=MONTHLY"), _time_words("")
    ('01/01/2026 – 31/12/2026; hằng tháng', 'không nêu')
    """
    from pipeline.exports.words import recurrence_words

    days, _, recurrence = written.partition("; ")
    if days.startswith("FREQ="):
        days, recurrence = "", days
    parts = [" – ".join(day_words(day) for day in days.split(" – ")) if days else "", recurrence_words(recurrence)]
    return "; ".join(filter(None, parts)) or "không nêu"
