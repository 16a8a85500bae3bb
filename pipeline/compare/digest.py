"""The matrix of stored plans, and what changed in it since the last time."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.compare.match import Matcher
from pipeline.compare.plans import Plan
from pipeline.listing import Listing
from schemas.criteria import STATUS_WORDS, Status
from schemas.task import TaskRow

Record = dict[str, Any]


def plans_of_listing(listing: Listing) -> list[Plan]:
    """The plans of stored rows, in the order of the documents."""
    rows: dict[str, list[TaskRow]] = defaultdict(list)
    for row in listing.rows:
        rows[row.document_id].append(row)
    return [
        Plan(str(one["document_id"]), str(one.get("issuer") or one.get("file") or ""), tuple(rows[key]), one)
        for key, one in listing.by_id().items()
    ]


def fingerprint(plan: Plan, matcher: Matcher) -> str:
    """The sha256 of what a comparison depends on: the rows, the set and the weights."""
    said = [row.to_record() for row in plan.rows]
    whole = [said, repr(matcher.criteria), repr(matcher.judge)]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def compare_changed(plans: Sequence[Plan], matcher: Matcher, before: Iterable[Record]) -> tuple[list[Record], int]:
    """The records of all plans, and how many had to be compared; the others are taken from `before`."""
    known = {record["fingerprint"]: record for record in before}
    made: list[Record] = []
    compared = 0
    for plan in plans:
        key = fingerprint(plan, matcher)
        if key not in known:
            compared += 1
        made.append(known.get(key) or matcher.compare_plan(plan).to_record() | {"fingerprint": key})
    return made, compared


def digest(before: Iterable[Record], after: Iterable[Record]) -> list[str]:
    """Vietnamese sentences: plans that came or went, and the cells that are better or worse than before."""
    old = {record["plan"]: record for record in before}
    new = {record["plan"]: record for record in after}
    lines = [f"{name}: kế hoạch mới." for name in new if name not in old]
    lines += [f"{name}: không còn kế hoạch." for name in old if name not in new]
    for name, record in new.items():
        if name in old:
            lines += _changed(name, old[name], record)
    return lines


def _changed(name: str, before: Record, after: Record) -> list[str]:
    statuses = {cell["criterion"]: Status(cell["status"]) for cell in before["criteria"]}
    return [
        f"{name}: tiêu chí {cell['criterion']} từ “{STATUS_WORDS[statuses[cell['criterion']]].lower()}”"
        f" thành “{STATUS_WORDS[Status(cell['status'])].lower()}”."
        for cell in after["criteria"]
        if cell["criterion"] in statuses and statuses[cell["criterion"]] != cell["status"]
    ]
