"""The fields of a row as they stand in a form, and what was filled in as values of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.exports.words import KINDS, day_words, recurrence_words
from schemas.task import TaskRow

RECURRENCES = ("", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY")
DAYS = ("start", "due")
ROW_LETTERS = 52
FEWEST_LINES, MOST_LINES = 2, 9


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that a person may correct: how it is filled in ("long", "names", "day", "choice", "line")."""

    name: str
    label: str
    widget: str


FORM = (
    FormField("text", "Nhiệm vụ", "long"),
    FormField("lead", "Cơ quan chủ trì", "names"),
    FormField("coordinating", "Cơ quan phối hợp", "names"),
    FormField("start", "Từ ngày", "day"),
    FormField("due", "Hạn hoàn thành", "day"),
    FormField("recurrence", "Định kỳ", "choice"),
    FormField("kind", "Loại", "choice"),
    FormField("deadline_text", "Thời hạn, nguyên văn", "line"),
    FormField("deliverable", "Sản phẩm", "line"),
)
"""The fields of the form in its order; the one place to add one."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the form with what stands in it; `machine` is what the machine reads where people said otherwise."""

    name: str
    label: str
    widget: str
    value: str
    rows: int
    choices: tuple[tuple[str, str], ...]
    machine: str | None = None
    corrected: bool = False
    differs: bool = False


def written(name: str, value: Any) -> str:
    """The value as it stands in a form: names a line each, days as they are written, nothing as "".

    >>> written("lead", ["Sở Nội vụ", "UBND xã"]), written("due", "2026-06-30"), written("due", None)
    ('Sở Nội vụ\\nUBND xã', '30/06/2026', '')
    """
    if value is None:
        return ""
    if name in DAYS:
        return day_words(value)
    return "\n".join(value) if isinstance(value, tuple | list) else str(value)


def said(name: str, value: Any) -> str:
    """The value in words.

    >>> said("due", "2026-06-30"), said("lead", ["A", "B"])
    ('30/06/2026', 'A; B')
    """
    if name in DAYS:
        return day_words(value)
    if name == "recurrence":
        return recurrence_words(value)
    if name == "kind":
        return KINDS.get(value, str(value or ""))
    return "; ".join(value) if isinstance(value, tuple | list) else str(value or "")


def field_views(
    row: TaskRow | None,
    machine: Mapping[str, Any] | None = None,
    held: Mapping[str, Any] | None = None,
    differing: frozenset[str] = frozenset(),
    filled: Mapping[str, str] | None = None,
) -> list[FieldView]:
    """The form of a row (None: an empty one).

    `machine` are the machine's values, `held` the fields that people corrected, `differing` those of them that the
    machine now reads anew; `filled` is what somebody filled in and could not be stored.
    """
    views = []
    for field in FORM:
        value = written(field.name, getattr(row, field.name) if row else ("task" if field.name == "kind" else None))
        value = filled.get(field.name, value) if filled else value
        corrected = held is not None and field.name in held
        other = said(field.name, machine.get(field.name)) if machine is not None and corrected else None
        views.append(
            FieldView(
                field.name,
                field.label,
                field.widget,
                value,
                _height(value, field.widget),
                _choices(field.name, value),
                other,
                corrected,
                field.name in differing,
            )
        )
    return views


def _height(value: str, widget: str) -> int:
    lines = sum(1 + len(line) // ROW_LETTERS for line in value.split("\n"))
    return min(MOST_LINES, max(FEWEST_LINES if widget == "long" else 1, lines))


def _choices(name: str, value: str) -> tuple[tuple[str, str], ...]:
    if name == "kind":
        return tuple((str(kind), word) for kind, word in KINDS.items())
    if name != "recurrence":
        return ()
    known = RECURRENCES if value in RECURRENCES else (*RECURRENCES, value)
    return tuple((one, recurrence_words(one) or "không") for one in known)
