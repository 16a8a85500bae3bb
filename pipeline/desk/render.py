"""The templates and the words in which they say what the fields hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.desk.people import ROLE_WORDS
from pipeline.desk.words import ACTIONS, BASIS, RETURNED, STATES
from pipeline.exports.columns import document_name
from pipeline.exports.words import KINDS, day_words, recurrence_words

HERE = Path(__file__).parent
STATIC = HERE / "static"
LEEWAY = 5
"""A line that is so little too long is not cut."""


def environment() -> Environment:
    """The templates: everything that comes from data is escaped, a name that is not there is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # no look at the file for each page: the templates come with the program
    )
    made.filters.update(
        day=lambda value: day_words(value.isoformat() if isinstance(value, date) else value),
        moment=moment,
        recurrence=recurrence_words,
        document_name=document_name,
        label=label_of,
        query=query_words,
        cut=cut,
        number=number_words,
    )
    made.globals.update(KINDS=KINDS, BASIS=BASIS, STATES=STATES, RETURNED=RETURNED, ACTIONS=ACTIONS, ROLES=ROLE_WORDS)
    return made


def cut(words: str, letters: int) -> str:
    """The words, or where they are far longer than `letters` those that fit, and "…".

    >>> cut("Tổ chức đối thoại với nhân dân", 16)
    'Tổ chức đối…'
    """
    if len(words) <= letters + LEEWAY:
        return words
    return words[: letters - 1].rsplit(" ", 1)[0] + "…"


def label_of(document: dict[str, Any]) -> str:
    """The document in a list to choose from: whose, which, about what."""
    parts = (document.get("issuer"), document_name(document), document.get("title"))
    return " – ".join(filter(None, parts))[:140]


def number_words(value: int) -> str:
    """The number as it is written.

    >>> number_words(12345)
    '12.345'
    """
    return f"{value:,}".replace(",", ".")


def moment(at: datetime | None) -> str:
    """The time of day in Vietnam, as it is written; SQLite gives times without their zone, which is UTC.

    >>> moment(datetime(2026, 6, 30, 1, 5))
    '08:05 30/06/2026'
    """
    if at is None:
        return ""
    there = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(_zone())
    return f"{there.hour:02}:{there.minute:02} {there.day:02}/{there.month:02}/{there.year}"


@cache
def _zone() -> ZoneInfo:
    try:
        return ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:  # a machine without the names of zones
        return ZoneInfo("UTC")


def query_words(values: Mapping[str, Any]) -> str:
    """The values as the tail of an address; those that are empty are left out.

    >>> query_words({"xa": "Lê Chân", "trang": 2, "loai": ""})
    '?xa=L%C3%AA+Ch%C3%A2n&trang=2'
    """
    told = {name: value for name, value in values.items() if value not in (None, "", False)}
    return f"?{urlencode(told)}" if told else ""
