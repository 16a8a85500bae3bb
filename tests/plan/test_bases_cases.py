"""Legal bases of a preamble, by case."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.plan.bases import bases_of, read_bases
from extractors.plan.sheet import see
from schemas.source import Line

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "cases" / "bases.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_bases(case: dict[str, Any]) -> None:
    assert [list(astuple(basis)) for basis in bases_of(case["text"])] == case["expected"]


def test_number_broken_at_the_line_end_is_closed_up() -> None:
    lines = ("Thực hiện Công văn số 6217/SNV-XDCQ-", "CTTN ngày 15/8/2025 của Sở Nội vụ;")
    (basis,) = read_bases(see(tuple(map(Line, lines))))
    assert basis.number == "6217/SNV-XDCQ-CTTN"


def test_same_document_counts_once() -> None:
    lines = (
        "Căn cứ Kế hoạch số 5/KH-UBND ngày 01/02/2025 của UBND tỉnh;",
        "Căn cứ Kế hoạch số 5/KH-UBND ngày 01/02/2025 của UBND tỉnh;",
    )
    assert len(read_bases(see(tuple(map(Line, lines))))) == 1
