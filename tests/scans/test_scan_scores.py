"""The figures of `make accuracy-scans`: which text of a page counts, and which cells are exact."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.scans.page_score import cells, has_table, load_measures, page_texts, score_page, score_rows
from schemas.source import Cell, Line, Noise, Table

FOLDED = SimpleNamespace(norm=lambda text: " ".join(text.split()))


def cell(row, col, text, page=1, **spans):
    return Cell(row, col, (Line(text, page=page),) if text else (), **spans)


def test_seals_are_left_out_and_the_page_number_stands_first():
    lines = (
        Line("Công văn số 6217/SNV-XDCQ-", page=1),
        Line("CTTN ngày 15/8/2025", page=1),
        Line("KP ES)w", page=1, noise=Noise.STAMP),
        Line("Trang sau", page=2),
        Line("2", page=2, noise=Noise.PAGE_NUMBER),
    )
    assert page_texts(lines, 2) == ["Công văn số 6217/SNV-XDCQ-CTTN ngày 15/8/2025", "2 Trang sau"]


def test_a_repeated_head_stands_on_its_own_page():
    repeated = (Line("STT", page=2, noise=Noise.REPEATED_HEAD),)
    table = Table((cell(0, 0, "STT"), cell(1, 0, "1"), cell(2, 0, "2", page=2)), 3, 1, (1, 2), repeated=repeated)
    assert page_texts((table,), 2) == ["STT 1", "STT 2"]


def test_cells_count_where_their_row_was_found():
    truth = {"head": ["STT", "Việc"], "rows": [["I", "Nhóm"], ["1", "Rà soát"], ["2", ""]]}
    read = Table(
        (
            cell(0, 0, "STT"), cell(0, 1, "Việc"), cell(1, 0, "I"), cell(1, 1, "Nhóm"),
            cell(2, 0, ""), cell(2, 1, "Rà soát"), cell(3, 0, "2"), cell(3, 1, ""),
        ),
        4, 2,
    )  # fmt: skip
    assert cells(FOLDED, (read,), truth) == (7, 8)
    lost = Table(read.cells[:4], 2, 2)
    assert cells(FOLDED, (lost,), truth) == (4, 8)


def test_a_merged_cell_stands_once():
    truth = {"head": ["STT", "Việc", "Ai"], "rows": [["I", "Nhóm tiêu chí"]]}
    read = Table(
        (
            cell(0, 0, "STT"), cell(0, 1, "Việc"), cell(0, 2, "Ai"),
            cell(1, 0, "I"), cell(1, 1, "Nhóm tiêu chí", colspan=2),
        ),
        2, 3,
    )  # fmt: skip
    assert cells(FOLDED, (read,), truth) == (5, 5)


@pytest.mark.skipif("SHARED" not in os.environ, reason="SHARED names no folder with the measures")
def test_the_shared_measures_count_letters_and_numbers():
    measures = load_measures(Path(os.environ["SHARED"]))
    blocks = [{"kind": "body", "text": "Kế hoạch số 12/KH-UBND ngày 01/02/2026"}]
    page = {"blocks": blocks, "page_number": "2", "rows": [blocks[0]["text"]]}
    score = score_page(measures, "2 Kế hoạch số 12/KH-UBND ngày 01/02/2025", page)
    assert (score.counts["cerr"], score.counts["num"], score.counts["num_hit"]) == (1, 3, 2)
    assert score_rows(measures, "Kế hoạch số 12/KH-UBND", page).counts["werr"] == 2
    assert not has_table(page)
