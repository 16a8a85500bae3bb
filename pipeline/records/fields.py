"""The fields that people decide on: how a value is read from a form or cell, and how it is shown in one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from normalizers.fold import search_key
from pipeline.exports.words import KINDS, day_words, recurrence_words
from pipeline.records.errors import BadValue
from pipeline.store.human import DOCUMENT_LABELS, LABELS
from schemas.task import Kind

MOST_LETTERS = 20_000
MOST_PARTS = 200
FIRST_DAY = date(1945, 9, 2)
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
RULE = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;INTERVAL=[1-9]\d{0,2})?")
EVERY = re.compile(r"(?:hang|moi) (ngay|tuan|thang|quy|nam)|(?:(\d{1,3}) )?(ngay|tuan|thang|quy|nam) lan")
UNIT_KEYS = {
    "ngay": ("DAILY", 1),
    "tuan": ("WEEKLY", 1),
    "thang": ("MONTHLY", 1),
    "quy": ("MONTHLY", 3),
    "nam": ("YEARLY", 1),
}
NOT_A_DAY = "{label}: ngày phải viết 30/06/2026 (ngày trước, tháng sau) hoặc để trống."
NOT_A_KIND = "{label}: chỉ nhận một trong: {known}."
NOT_A_RULE = "{label}: viết “hằng tuần”, “hằng tháng”, “hằng quý”, “6 tháng/lần”, “hằng năm”, hoặc để trống."
EMPTY = "{label}: không được để trống."
TOO_LONG = "{label}: dài quá {most} ký tự."
TOO_MANY = "{label}: nhiều hơn {most} tên."


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in `TaskRow` (or a document's record), its label, how a value is read and how it is shown.

    `read` takes what a form, cell or program gives and returns plain data as in a row's record; it raises `BadValue`.
    `shape` is "line", "text", "list" (a name a line), "day", "kind" or "recurrence", for whoever draws a form.
    """

    name: str
    label: str
    shape: str
    reader: Callable[[Any, str], Any]
    shower: Callable[[Any], str]

    def read(self, given: Any) -> Any:
        """The value that is stored; raises `BadValue` with a sentence that never repeats what was given."""
        try:
            return self.reader(given, self.label)
        except ValueError as error:
            raise BadValue(self.name, str(error)) from error

    def show(self, value: Any) -> str:
        """The value as people write it: lists a name a line, days as 30/06/2026."""
        return self.shower(value)


def clean(given: Any) -> str:
    """The text in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", str(given)).split()) if given is not None else ""


def _bounded(text: str, label: str) -> str:
    if len(text) > MOST_LETTERS:
        raise ValueError(TOO_LONG.format(label=label, most=MOST_LETTERS))
    return text


def _text(given: Any, label: str) -> str:
    text = _bounded(clean(given), label)
    if not text:
        raise ValueError(EMPTY.format(label=label))
    return text


def _open_text(given: Any, label: str) -> str | None:
    return _bounded(clean(given), label) or None


def _list(given: Any, label: str) -> list[str]:
    parts = given if isinstance(given, (list, tuple)) else str(given or "").splitlines()
    names = list(dict.fromkeys(filter(None, (_bounded(clean(part), label) for part in parts))))
    if len(names) > MOST_PARTS:
        raise ValueError(TOO_MANY.format(label=label, most=MOST_PARTS))
    return names


def _day(given: Any, label: str) -> str | None:
    if given is None or clean(given) == "":
        return None
    if isinstance(given, datetime):
        given = given.date()
    try:
        day = given if isinstance(given, date) else _written_day(clean(given))
    except ValueError as error:
        raise ValueError(NOT_A_DAY.format(label=label)) from error
    if not FIRST_DAY <= day <= date(2999, 12, 31):
        raise ValueError(NOT_A_DAY.format(label=label))
    return day.isoformat()


def _written_day(written: str) -> date:
    found = DAY.fullmatch(written)
    if not found:
        raise ValueError("no day")
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    return date(int(year), int(month), int(day)) if year else date(int(iso_year), int(iso_month), int(iso_day))


def _kind(given: Any, label: str) -> str:
    written = search_key(clean(given))
    for kind in Kind:
        if written in (str(kind), search_key(KINDS[kind])):
            return str(kind)
    raise ValueError(NOT_A_KIND.format(label=label, known=", ".join(KINDS.values())))


def _recurrence(given: Any, label: str) -> str | None:
    """RRULE texts, or the words that `recurrence_words` makes of them, several joined by commas."""
    written = clean(given)
    if not written:
        return None
    if all(RULE.fullmatch(part) for part in written.split()):
        return written
    rules = []
    for part in written.split(","):
        found = EVERY.fullmatch(search_key(part))
        if not found:
            raise ValueError(NOT_A_RULE.format(label=label))
        frequency, months = UNIT_KEYS[found[1] or found[3]]
        interval = months * int(found[2] or 1)
        if interval == 0:
            raise ValueError(NOT_A_RULE.format(label=label))
        rules.append(f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval > 1 else ""))
    return " ".join(rules)


def _shown_text(value: Any) -> str:
    return "" if value is None else str(value)


def _shown_list(value: Any) -> str:
    return "\n".join(value or ())


SHAPES: dict[str, tuple[Callable[[Any, str], Any], Callable[[Any], str]]] = {
    "text": (_text, _shown_text),
    "line": (_open_text, _shown_text),
    "list": (_list, _shown_list),
    "day": (_day, day_words),
    "kind": (_kind, lambda value: KINDS[Kind(value)]),
    "recurrence": (_recurrence, recurrence_words),
}
"""How each shape of field is read and shown."""
ROW_SHAPES = {
    "text": "text",
    "kind": "kind",
    "lead": "list",
    "coordinating": "list",
    "monitoring": "list",
    "deadline_text": "line",
    "start": "day",
    "due": "day",
    "recurrence": "recurrence",
    "deliverable": "line",
    "path": "text",
}
DOCUMENT_SHAPES = dict.fromkeys(DOCUMENT_LABELS, "line") | {"issued_date": "day"}


def _fields(shapes: dict[str, str], labels: dict[str, str]) -> dict[str, Field]:
    return {
        name: Field(name, f"{labels[name][:1].upper()}{labels[name][1:]}", shape, *SHAPES[shape])
        for name, shape in shapes.items()
    }


FIELDS = _fields(ROW_SHAPES, LABELS)
"""The fields of a row that people decide on."""
DOCUMENT_FIELDS = _fields(DOCUMENT_SHAPES, DOCUMENT_LABELS)
"""The fields of a document that people decide on."""
