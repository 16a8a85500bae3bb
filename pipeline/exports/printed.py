"""The register as a page of its own, to be looked at and printed: no script, nothing from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import IO

from jinja2 import Environment, FileSystemLoader, Template

from pipeline.exports.register import HEADINGS, NUMBER_WIDTH, REGISTER, TITLE, register_lines, subtitle
from pipeline.listing import Listing

TEMPLATES = Path(__file__).parent / "templates"


def write_html(listing: Listing, stream: IO[bytes]) -> None:
    """Write the register as an HTML page in UTF-8; the same listing gives the same bytes."""
    page = _template().render(
        title=TITLE,
        subtitle=subtitle(listing),
        headings=HEADINGS,
        widths=(NUMBER_WIDTH, *(column.width for column in REGISTER)),
        looks=(("centred", ""), *((column.centred and "centred", column.small and "small") for column in REGISTER)),
        lines=register_lines(listing),
    )
    stream.write(page.encode("utf-8", "replace"))


@lru_cache(maxsize=1)
def _template() -> Template:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("register.html")
