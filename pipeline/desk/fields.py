"""The fields of a row as they stand in a form, and which of them were changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.exports.words import KINDS, recurrence_words
from pipeline.records import FIELDS, FieldValue, MergedRow
from schemas.task import Kind

FORM = ("text", "lead", "coordinating", "start", "due", "recurrence", "kind", "deadline_text", "deliverable")
"""The fields of the form in its order: keys of `FIELDS`; the one place to add one."""
CHOICES = {
    "kind": tuple(KINDS.values()),
    "recurrence": tuple(
        recurrence_words(rule)
        for rule in (
            None,
            "FREQ=WEEKLY",
            "FREQ=MONTHLY",
            "FREQ=MONTHLY;INTERVAL=3",
            "FREQ=MONTHLY;INTERVAL=6",
            "FREQ=YEARLY",
        )
    ),
}
WIDGETS = {"text": "long", "list": "names", "day": "day", "kind": "choice", "recurrence": "choice", "line": "line"}
"""How each shape of a field is filled in."""
ROW_LETTERS = 52
FEWEST_LINES, MOST_LINES = 2, 9
NOTHING = "(trống)"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the form with what stands in it.

    `machine` is what the machine reads where people said otherwise; `differs`: it reads so anew, to be settled.
    """

    name: str
    label: str
    widget: str
    value: str
    rows: int
    choices: tuple[str, ...]
    machine: str | None = None
    corrected: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people filled in differently: what is stored, what the second one filled in."""

    label: str
    theirs: str
    yours: str


def field_views(merged: MergedRow | None, filled: Mapping[str, str] | None = None) -> list[FieldView]:
    """The form of a row (None: an empty one); `filled` is what somebody filled in and could not be stored."""
    return [_view(name, merged.fields[name] if merged else None, filled) for name in FORM]


def _view(name: str, field: FieldValue | None, filled: Mapping[str, str] | None) -> FieldView:
    kind = FIELDS[name]
    value = kind.show(field.value) if field else KINDS[Kind.TASK] if name == "kind" else ""
    value = filled.get(name, value) if filled else value
    widget = WIDGETS[kind.shape]
    corrected = bool(field and field.human and (field.value != field.machine or field.conflict))
    return FieldView(
        name,
        kind.label,
        widget,
        value,
        _height(value, widget),
        _choices(name, value),
        said(name, field.machine) if field and corrected else None,
        corrected,
        bool(field and field.conflict),
    )


def said(name: str, value: Any) -> str:
    """The value of a field in words on one line.

    >>> said("due", "2026-06-30"), said("lead", ["A", "B"]), said("lead", [])
    ('30/06/2026', 'A; B', '(trống)')
    """
    if name not in FIELDS:
        return "" if value is None else str(value)
    return "; ".join(FIELDS[name].show(value).split("\n")) or NOTHING if value is not None else NOTHING


def _height(value: str, widget: str) -> int:
    lines = sum(1 + len(line) // ROW_LETTERS for line in value.split("\n"))
    return min(MOST_LINES, max(FEWEST_LINES if widget == "long" else 1, lines))


def _choices(name: str, value: str) -> tuple[str, ...]:
    known = CHOICES.get(name, ())
    return known if not known or value in known else (*known, value)


def changed(merged: MergedRow, filled: Mapping[str, str]) -> dict[str, str]:
    """The fields that were filled in otherwise than they stood in the form, with what was filled in."""
    plain = {name: filled[name].replace("\r\n", "\n").strip() for name in FORM if name in filled}
    return {
        name: value for name, value in plain.items() if value != FIELDS[name].show(merged.fields[name].value).strip()
    }


def clashes(now: MergedRow, filled: Mapping[str, str]) -> list[Clash]:
    """Where what was filled in is not what is stored now."""
    return [
        Clash(FIELDS[name].label, said(name, now.fields[name].value), "; ".join(value.split("\n")) or NOTHING)
        for name, value in changed(now, filled).items()
    ]
