"""Plans made from one plan by known changes, so that the right answer of every cell is known; for measuring only."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schemas.criteria import CriteriaSet, Status
from schemas.task import TaskRow

_CASES = Path(__file__).with_name("cases.yaml")
_MODEL_PROPAGANDA = "Tuyên truyền mục đích, ý nghĩa của mô hình “Chính quyền thân thiện” đến cán bộ và Nhân dân."
_TELL = "Tuyên truyền, phổ biến để cán bộ và Nhân dân biết về việc "
_CHANGES = ("keep", "reword", "reorder", "remove", "delete", "tell")
_ODDS = (2, 3, 1, 4, 2, 2)
_FIRST_PUBLISHING = 8


@dataclass(frozen=True, slots=True)
class Variant:
    """A changed plan, and the status of each criterion that the changes settle."""

    rows: tuple[TaskRow, ...]
    answers: dict[str, Status]
    changes: dict[str, str]


@cache
def cases() -> dict[str, Any]:
    """The table of changes."""
    loaded: dict[str, Any] = yaml.safe_load(_CASES.read_text(encoding="utf-8"))
    return loaded


def variants(rows: Sequence[TaskRow], criteria: CriteriaSet, count: int, seed: int = 0) -> Iterator[Variant]:
    """`count` plans made from the rows that the criteria name as sources; the same seed gives the same plans."""
    rng = random.Random(seed)
    sources = {one.source_path for one in criteria.criteria}
    own = [row for row in rows if row.path in sources]
    for _ in range(count):
        yield _variant(own, criteria, rng)


def _variant(rows: Sequence[TaskRow], criteria: CriteriaSet, rng: random.Random) -> Variant:
    made: list[TaskRow] = []
    answers: dict[str, Status] = {}
    changes: dict[str, str] = {}
    for row in rows:
        ids = [one.id for one in criteria.criteria if one.source_path == row.path]
        change = rng.choices(_CHANGES, _ODDS)[0]
        if change == "remove" and (len(ids) > 1 or ids[0] not in cases()["remove"]):
            change = "reword"
        changed, status = _change(row, ids, change, rng)
        made += [changed] if changed else []
        answers |= dict.fromkeys(ids, status)
        changes |= dict.fromkeys(ids, change)
    for gone, near in cases()["near"]:
        if answers.get(gone) is Status.MISSING and answers.get(near) is not Status.MISSING:
            del answers[gone]
    return Variant(tuple(made), answers, changes)


def _change(row: TaskRow, ids: list[str], change: str, rng: random.Random) -> tuple[TaskRow | None, Status]:
    if change == "delete":
        return None, Status.MISSING
    if change == "tell":
        content = ids[0] in {f"1.1.{n}" for n in range(1, _FIRST_PUBLISHING + 1)}
        told = _MODEL_PROPAGANDA if content else _TELL + row.text[0].lower() + row.text[1:]
        return replace(row, text=told), Status.MISSING
    if change == "remove":
        without = row.text.replace(rng.choice(cases()["remove"][ids[0]]), "", 1)
        return _without_cadence(row, without), Status.PARTIAL
    text = _reorder(row.text, rng) if change == "reorder" else row.text
    return replace(row, text=_reword(text, rng) if change == "reword" else text), Status.COVERED


def _without_cadence(row: TaskRow, text: str) -> TaskRow:
    had = any(word in row.text and word not in text for word in ("lần/tuần", "ngày/tuần", "ằng năm"))
    return replace(row, text=text, recurrence=None if had else row.recurrence)


def _reword(text: str, rng: random.Random) -> str:
    for old, new in cases()["reword"]:
        if rng.random() < 0.7:
            text = text.replace(old, new)
    return text


def _reorder(text: str, rng: random.Random) -> str:
    """The text with its last two things between commas changed about."""
    body, end = (text[:-1], text[-1]) if text[-1] in ".;" else (text, "")
    pieces = body.split(", ")
    if len(pieces) < 3 or "(" in body:
        return text
    at = rng.randrange(1, len(pieces) - 1)
    pieces[at], pieces[at + 1] = pieces[at + 1], pieces[at]
    return ", ".join(pieces) + end
