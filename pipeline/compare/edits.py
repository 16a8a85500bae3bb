"""Edits of a plan made by script, to measure the difference of plans against what is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.compare.diff import Change, Diff
from pipeline.compare.phrases import plain
from pipeline.compare.plans import Plan
from pipeline.compare.variants import cases
from schemas.task import LeadBasis, TaskRow

Edit = tuple[str, tuple[str, ...], tuple[str, ...]]
"""The name of an edit, and the ids of the rows before and after."""
_KINDS = ("keep", "delete", "reword", "lead", "date", "split", "merge")
_ODDS = (8, 2, 2, 2, 2, 2, 1)
_NEW_LEADS = ("Công an xã", "Ban Chỉ huy Quân sự xã", "Trạm Y tế xã")
_DAYS = 30


@dataclass(frozen=True, slots=True)
class Edited:
    """The plan before and after, and the edits between."""

    old: Plan
    new: Plan
    edits: frozenset[Edit]


def edit_plan(plan: Plan, seed: int) -> Edited:
    """The plan with edits drawn by the seed; the same seed gives the same plan."""
    rng = random.Random(seed)
    rows = [replace(row, task_id=f"o{at}") for at, row in enumerate(_without_twins(plan.rows))]
    made: list[TaskRow] = []
    edits: set[Edit] = set()
    at = 0
    while at < len(rows):
        taken = _edit(rows, at, rng, made, edits)
        at += taken
    old = replace(plan, rows=tuple(rows))
    return Edited(old, replace(plan, rows=tuple(made)), frozenset(edits))


def _without_twins(rows: Sequence[TaskRow]) -> list[TaskRow]:
    seen: dict[str, TaskRow] = {}
    for row in rows:
        seen.setdefault(plain(row.text), row)
    return list(seen.values())


def _edit(rows: Sequence[TaskRow], at: int, rng: random.Random, made: list[TaskRow], edits: set[Edit]) -> int:
    row, kind = rows[at], rng.choices(_KINDS, _ODDS)[0]
    name = row.task_id
    pieces = _halves(row)
    after = rows[at + 1] if at + 1 < len(rows) else None
    if kind == "delete":
        edits.add(("dropped", (name,), ()))
    elif kind == "reword" and (text := _reword(row.text)) and plain(text) != plain(row.text):
        made.append(replace(row, text=text, task_id=f"n{name}"))
        edits.add(("reworded", (name,), (f"n{name}",)))
    elif kind == "lead":
        other = rng.choice(_NEW_LEADS)
        made.append(replace(row, lead=(other,), lead_basis=LeadBasis.ASSIGNMENT, task_id=f"n{name}"))
        edits.add(("lead", (name,), (f"n{name}",)))
    elif kind == "date" and row.due:
        later = (date.fromisoformat(row.due) + timedelta(days=_DAYS)).isoformat()
        made.append(replace(row, due=later, task_id=f"n{name}"))
        edits.add(("time", (name,), (f"n{name}",)))
    elif kind == "split" and pieces:
        made += [replace(row, text=text, task_id=f"n{name}.{n}") for n, text in enumerate(pieces)]
        edits.add(("split", (name,), (f"n{name}.0", f"n{name}.1")))
    elif kind == "merge" and after and after.kind is row.kind and min(len(row.text), len(after.text)) > 30:
        text = f"{row.text.rstrip('.;')}; {after.text}"
        made.append(replace(row, text=text, task_id=f"n{name}"))
        edits.add(("merged", (name, after.task_id), (f"n{name}",)))
        return 2
    else:
        made.append(replace(row, task_id=f"n{name}"))
    return 1


def _halves(row: TaskRow) -> list[str] | None:
    for mark in ("; ", ". "):
        pieces = row.text.split(mark)
        if len(pieces) > 1:
            middle = len(pieces) // 2
            halves = [mark.join(pieces[:middle]), mark.join(pieces[middle:])]
            if min(len(half.split()) for half in halves) >= 6:
                return halves
    return None


def _reword(text: str) -> str:
    for old, new in cases()["reword"]:
        text = text.replace(old, new)
    return text


def named_edits(diff: Diff) -> frozenset[Edit]:
    """The edits that a difference names; kept rows with the same lead and time are none."""
    found: set[Edit] = set()
    for move in diff.moves:
        ids = tuple(row.task_id for row in move.old), tuple(row.task_id for row in move.new)
        if move.change is not Change.KEPT:
            found.add((str(move.change), *ids))
        found |= {(name, *ids) for name, moved in (("lead", move.lead), ("time", move.time)) if moved}
    return frozenset(found)


def edit_f1(plan: Plan, seeds: Sequence[int]) -> float:
    """The F1 of the named edits over plans edited by the seeds, 0–1."""
    from pipeline.compare.diff import diff_plans

    right = wanted = given = 0
    for seed in seeds:
        made = edit_plan(plan, seed)
        named = named_edits(diff_plans(made.old, made.new))
        right += len(named & made.edits)
        wanted += len(made.edits)
        given += len(named)
    return 2 * right / (wanted + given)
