"""A row that runs over two pages knows where its words lie on both."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest

from normalizers.fold import search_key
from pipeline.kit import Kit
from pipeline.run import extract_file
from schemas.extraction import Extraction

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "sample_docs/typed/003_bac_son.pdf"


@pytest.fixture(scope="module")
def plan(kit: Kit) -> Extraction:
    return extract_file(PLAN, kit)


def test_the_words_of_a_row_stand_in_its_places_page_after_page(plan: Extraction) -> None:
    rows = {row.task_id: row for row in plan.rows}
    assert [(rows[one.task_id].page, one.page) for one in plan.further] == [(1, 2), (2, 3)]
    with pdfplumber.open(PLAN) as document:
        for place in plan.further:
            row = rows[place.task_id]
            assert row.page is not None
            assert row.bbox is not None
            parts = [
                document.pages[page - 1].crop(box, strict=False).extract_text(x_tolerance=1.5)
                for page, box in ((row.page, row.bbox), (place.page, place.bbox))
            ]
            printed = search_key(" ".join(parts))
            assert search_key(row.text) in printed
            assert search_key(row.text) not in search_key(parts[0]), "the first page alone does not hold the row"


def test_a_row_on_one_page_has_no_further_place(plan: Extraction) -> None:
    running = {one.task_id for one in plan.further}
    assert len(running) == 2 < len(plan.rows)
    assert all("further" not in key for key in plan.to_record()), "the contract's record stays as it is"
