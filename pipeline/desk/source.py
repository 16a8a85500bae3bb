"""What stands beside a row: the pages that it runs over with its places marked, or its words in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.desk.desk import Desk
from pipeline.desk.passage import Passage, passage
from pipeline.desk.picture import Picture, page_picture
from pipeline.records import MergedRow
from pipeline.store.desk_queries import document_text
from pipeline.store.places import row_places_of
from schemas.errors import PlanError
from schemas.task import RowPlace

TURNED = "Trang này nằm xoay trong tệp nên không khoanh được chỗ của dòng."
MOST_SHEETS = 3
"""Pages of one row that are shown below each other; the others are a click away."""


@dataclass(frozen=True, slots=True)
class Source:
    """The pages shown, or (without any) the row's words; `trouble` says what cannot be shown and why.

    `pages` are those that the row runs over, as far as it has a place on them.
    """

    pictures: tuple[Picture, ...] = ()
    passage: Passage | None = None
    trouble: str = ""
    pages: tuple[int, ...] = ()


def source_of(desk: Desk, merged: MergedRow, document: dict[str, Any], asked: str | None) -> Source:
    """The pages of a row, or the page that was asked for; the words around it where there is no picture."""
    row = merged.row
    places = row_places_of(desk.store, merged.machine) if merged.machine else ()
    wanted = _wanted(asked, row.page, places) if document["n_pages"] else ()
    turned = str(document["facts"].get("turned_pages", "")).split()
    pictures: list[Picture] = []
    troubles: list[str] = []
    for number in wanted:
        try:
            drawn = page_picture(desk.settings, document["sha256"], number)
        except PlanError as error:
            troubles.append(str(error))
            continue
        lies_aside = str(number) in turned
        troubles += [TURNED] if lies_aside else []
        boxes = () if lies_aside else tuple(place.bbox for place in places if place.page == number)
        pictures.append(replace(drawn, boxes=boxes))
    words = None if pictures else passage(document_text(desk.store, row.document_id), row)
    pages = tuple(place.page for place in places)
    return Source(tuple(pictures), words, " ".join(dict.fromkeys(troubles)), pages)


def _wanted(asked: str | None, own: int | None, places: Sequence[RowPlace]) -> tuple[int, ...]:
    if asked and asked.isascii() and asked.isdecimal() and len(asked) < 5:
        return (int(asked),)
    return tuple(place.page for place in places[:MOST_SHEETS]) or ((own,) if own is not None else ())
