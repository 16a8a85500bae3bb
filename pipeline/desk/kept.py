"""What somebody typed while his session ran out: kept in the page at the door, and sent on once he is back in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from pipeline.records import DOCUMENT_FIELDS, FIELDS

FORMS = ("/duyet/", "/van-ban/")
"""Where the forms lie whose fields are kept; none of them bears a password or a file."""
KIND = "application/x-www-form-urlencoded"
MOST_BYTES = 200_000
MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that could not be taken: the address that it was sent to and its fields as they were sent."""

    to: str = ""
    body: str = ""

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The fields by name, in their order."""
        return parse_qsl(self.body, keep_blank_values=True, max_num_fields=MOST_FIELDS)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The fields that a person fills in, by their labels, as far as something stands in them."""
        known = {**DOCUMENT_FIELDS, **FIELDS}
        return [(known[name].label, value) for name, value in self.fields if name in known and value.strip()]


async def kept_form(request: Request) -> Kept:
    """The form of a request that is not let in; an empty one where there is none to be kept."""
    length, kind = request.headers.get("content-length", ""), request.headers.get("content-type", "")
    small = length.isascii() and length.isdecimal() and len(length) < 8 and int(length) <= MOST_BYTES
    if request.method != "POST" or not small or kind.partition(";")[0].strip().lower() != KIND:
        return Kept()
    return kept_of(_address(request), (await request.body()).decode("utf-8", "replace"))


def kept_of(to: str, body: str) -> Kept:
    """The form as the page at the door gives it back; an empty one where it is none of the forms that are kept."""
    mine = to.startswith(FORMS) and to.isprintable() and "\\" not in to and "//" not in to
    if not mine or not body or len(body) > 3 * MOST_BYTES:
        return Kept()
    kept = Kept(to, body)
    try:
        return kept if kept.fields else Kept()
    except ValueError:  # more fields than any form of ours has
        return Kept()


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def way_back(request: Request) -> str:
    """The address to go on to once somebody is let in."""
    return _address(request) if request.method == "GET" else "/"
