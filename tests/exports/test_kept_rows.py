"""A table that takes rows over from the file it replaces holds what one written of all rows would hold."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.exports import EXPORTS, export
from pipeline.exports.kept import Kept, blocks, spans_of
from pipeline.listing import Listing
from schemas.task import TaskRow
from tests.making import extraction

ODD = 'Ô "A4" s="9" <c r="A4"><v>7</v> & </row> \u0007\n  hai dòng '
KEEPING = sorted(name for name, form in EXPORTS.items() if form.keeps)


def listing_of(*names: str, doubtful: str = "") -> Listing:
    """Documents of these names in order, three rows each; those of `doubtful` ask for a look and hold odd texts."""
    made = Listing.of(extraction(name) for name in names)
    changed = {one["document_id"] for one in Listing.of([extraction(doubtful)]).documents} if doubtful else set()

    def odd(row: TaskRow) -> TaskRow:
        if row.document_id not in changed:
            return row
        return replace(row, needs_review=True, review_reasons=("Xem lại.",), text=ODD, deliverable="=1+1", lead=())

    return Listing(made.documents, tuple(odd(row) for row in made.rows))


def without(listing: Listing, kept: Kept) -> Listing:
    return Listing(listing.documents, tuple(row for row in listing.rows if row.document_id not in kept.spans))


def kept_in(path: Path, old: Listing, new: Listing) -> Kept:
    """What the old file holds of the new listing's rows as they are."""
    now = {key: new.rows[first : first + count] for key, (first, count) in spans_of(new).items()}
    spans = {
        key: (first, count)
        for key, (first, count) in spans_of(old).items()
        if now.get(key) == old.rows[first : first + count]
    }
    return Kept(path, spans, sum(row.needs_review for row in old.rows if row.document_id in spans))


def parts_of(content: bytes, form: str) -> object:
    """A file as what it holds: the parts of a workbook, or the table."""
    if form == "parquet":
        return pq.read_table(io.BytesIO(content))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


CHANGES = {
    "one more in the middle": (("một", "ba"), ("một", "hai", "ba")),
    "one gone at the beginning": (("một", "hai", "ba"), ("hai", "ba")),
    "one for another at the end": (("một", "hai", "ba"), ("một", "hai", "bốn")),
    "another order": (("một", "hai", "ba"), ("ba", "một", "hai")),
    "all gone": (("một", "hai"), ("ba", "bốn")),
    "nothing new": (("một", "hai"), ("một", "hai")),
}


@pytest.mark.parametrize("form", KEEPING)
@pytest.mark.parametrize("doubtful", ["một", "hai", "ba", ""])
@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_kept_rows_and_new_ones_make_the_same_table(
    tmp_path: Path, form: str, doubtful: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    path = tmp_path / f"bang{EXPORTS[form].suffix}"
    old, new = listing_of(*before, doubtful=doubtful), listing_of(*after, doubtful=doubtful)
    export(old, form, path)
    kept = kept_in(path, old, new)
    export(without(new, kept), form, path, kept)
    whole = io.BytesIO()
    EXPORTS[form].write(new, whole)
    assert parts_of(path.read_bytes(), form) == parts_of(whole.getvalue(), form)


@pytest.mark.parametrize("form", KEEPING)
def test_rows_are_kept_over_many_nights(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"bang{EXPORTS[form].suffix}"
    nights = [listing_of(*(f"văn bản {number}" for number in range(night, night + 4))) for night in range(5)]
    export(nights[0], form, path)
    for old, new in pairwise(nights):
        kept = kept_in(path, old, new)
        assert len(kept.spans) == 3
        export(without(new, kept), form, path, kept)
    whole = io.BytesIO()
    EXPORTS[form].write(nights[-1], whole)
    assert parts_of(path.read_bytes(), form) == parts_of(whole.getvalue(), form)


def test_rows_in_any_order_stay_in_it_where_nothing_is_kept() -> None:
    made = listing_of("một", "hai")
    mixed = Listing(made.documents, made.rows[::-1])
    (block,) = blocks(mixed, Kept(Path()))
    assert (block.first, block.count, block.is_kept) == (0, len(made.rows), False)
