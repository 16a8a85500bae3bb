"""Pages of lists: which one an address asks for, and the way to its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import QueryParams

SIZE = 50
MOST_PAGES = 100_000


def page_number(query: QueryParams) -> int:
    """The page that the address asks for, from 1; anything else is the first.

    >>> page_number(QueryParams("page=3")), page_number(QueryParams("page=x"))
    (3, 1)
    """
    written = query.get("page", "1")
    plain = written.isascii() and written.isdecimal() and len(written) <= 6
    return min(MOST_PAGES, max(1, int(written))) if plain else 1


def pager(base: str, number: int, total: int, asked: Mapping[str, Any], size: int = SIZE) -> dict[str, Any]:
    """What the template of the pager takes.

    >>> pager("/van-ban", 2, 120, {})["pages"]
    3
    """
    rest = {name: value for name, value in asked.items() if name != "page"}
    return {"base": base, "number": number, "pages": max(1, -(-total // size)), "asked": rest}
