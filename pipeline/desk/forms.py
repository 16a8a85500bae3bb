"""What a form or an address of the desk sent."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import HTTPException, Request

MOST_FIELDS = 100
MOST_LETTERS = 25_000
MOST_DIGITS = 12
HEX = frozenset("0123456789abcdef")


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form by name; more letters in one than any page takes are answered with 413."""
    form = await request.form(max_fields=MOST_FIELDS)
    filled = {name: value for name, value in form.items() if isinstance(value, str)}
    if any(len(value) > MOST_LETTERS for value in filled.values()):
        raise HTTPException(413)
    return filled


def version_in(filled: Mapping[str, str]) -> int:
    """The version that a form was filled in over; a form without one is answered with 422."""
    version = filled.get("version", "")
    if not (version.isascii() and version.isdecimal() and len(version) < MOST_DIGITS):
        raise HTTPException(422)
    return int(version)


def is_document_id(written: str) -> bool:
    """Whether the words of an address can be the id of a document.

    >>> is_document_id("0123456789abcdef"), is_document_id("../../etc")
    (True, False)
    """
    return len(written) == 16 and HEX.issuperset(written)
