"""Which tasks are wanted: one filter for the commands, exports, pages, the HTTP API and addresses."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Literal, get_args, get_type_hints

from schemas.errors import PlanError
from schemas.task import Kind

Role = Literal["lead", "coordinating", "monitoring"]
Status = Literal["machine", "corrected", "approved", "added"]
Sort = Literal["document", "due", "body", "kind", "commune", "rank"]

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
TRUE, FALSE = ("1", "true", "on", "yes"), ("0", "false", "off", "no")
MOST_ROWS = 1_000_000_000
BAD = "Bộ lọc “{name}” không nhận giá trị này; {wanted}."
WANTED = {
    date: "ngày phải viết 2026-06-30 hoặc 30/06/2026",
    bool: "chỉ nhận 1 hoặc 0",
    int: "phải là số nguyên không âm",
}


class BadFilter(PlanError):
    """A filter's value means nothing; the sentence names the field."""

    exit_code = 2
    code = "filter"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks, in which order, from which on; None leaves a field open.

    `commune`, `body` and `words` are words with or without diacritics. `document` is a document's id or sha256,
    `task` a task's id. `role` narrows `body`. `due_from` and `due_to` are both included; `overdue` compares with the
    day that the query is given. `status` is what people made of a row, `conflict` whether machine and people now
    differ. Rows of a document that a person declared replaced are left out unless `superseded`, `document` or
    `task` asks for them. `sort` None is by rank where words are given, else by document. `offset` and `limit`
    count rows.
    """

    commune: str | None = None
    body: str | None = None
    role: Role | None = None
    kind: Kind | None = None
    due_from: date | None = None
    due_to: date | None = None
    overdue: bool | None = None
    recurring: bool | None = None
    needs_review: bool | None = None
    status: Status | None = None
    conflict: bool | None = None
    superseded: bool | None = None
    words: str | None = None
    document: str | None = None
    task: str | None = None
    sort: Sort | None = None
    descending: bool = False
    offset: int = 0
    limit: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> TaskFilter:
        """The filter of an address's parameters; empty and unknown ones are left out.

        Raises `BadFilter` where a value means nothing.

        >>> TaskFilter.from_query({"body": "so noi vu", "due_to": "30/06/2026", "overdue": ""}).due_to
        datetime.date(2026, 6, 30)
        """
        given = {}
        for field in fields(cls):
            written = query.get(field.name, "").strip()
            if written:
                given[field.name] = _read(field.name, written)
        return cls(**given)

    def to_query(self) -> dict[str, str]:
        """The parameters of an address that give this filter again; what is left open is left out.

        >>> TaskFilter(due_to=date(2026, 6, 30), overdue=True).to_query()
        {'due_to': '2026-06-30', 'overdue': '1'}
        """
        return {
            field.name: _write(value)
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None and value != field.default
        }

    def page(self, number: int, size: int) -> TaskFilter:
        """The same filter for page `number` (from 1) of `size` rows."""
        return replace(self, offset=max(0, number - 1) * size, limit=size)

    def everything(self) -> TaskFilter:
        """The same filter without paging: what an export takes."""
        return replace(self, offset=0, limit=None)


def _types() -> dict[str, Any]:
    """A field's type without None."""
    hints = get_type_hints(TaskFilter)
    return {
        name: next(part for part in get_args(hint) if part is not type(None))
        if isinstance(hint, types.UnionType)
        else next((part for part in get_args(hint) if part is not type(None)), hint)
        if type(None) in get_args(hint)
        else hint
        for name, hint in hints.items()
    }


TYPES = _types()


def _read(name: str, written: str) -> Any:
    kind = TYPES[name]
    if kind is date:
        return read_day(written, name)
    if kind is bool:
        if written.lower() not in TRUE + FALSE:
            raise BadFilter(BAD.format(name=name, wanted=WANTED[bool]))
        return written.lower() in TRUE
    if kind is int:
        if not (written.isascii() and written.isdecimal()) or int(written) > MOST_ROWS:
            raise BadFilter(BAD.format(name=name, wanted=WANTED[int]))
        return int(written)
    if kind is str:
        return written
    known = [str(value) for value in (kind if kind is Kind else get_args(kind))]
    if written not in known:
        raise BadFilter(BAD.format(name=name, wanted=f"chỉ nhận {', '.join(known)}"))
    return Kind(written) if kind is Kind else written


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def read_day(written: str, name: str = "ngày") -> date:
    """The day of "2026-06-30" or "30/06/2026"; raises `BadFilter`.

    >>> read_day("30/6/2026")
    datetime.date(2026, 6, 30)
    """
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(written, form).date()
        except ValueError:
            continue
    raise BadFilter(BAD.format(name=name, wanted=WANTED[date]))
