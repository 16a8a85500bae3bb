"""Duties in words that no sample plan uses are found all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.compare.match import Matcher
from pipeline.compare.sets import load_set
from schemas.criteria import Status
from schemas.task import Kind, TaskRow

MATCHER = Matcher(load_set("hai_phong_5049"))
CASES = yaml.safe_load(Path(__file__).with_name("wordings.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("criterion", "text"), [(one["criterion"], one["text"]) for one in CASES])
def test_found_and_little_else(criterion: str, text: str) -> None:
    done = MATCHER.compare([TaskRow("II/1", Kind.TASK, text)])
    met = [cell.criterion for cell in done.cells if cell.status is not Status.MISSING]
    assert criterion in met
    assert len(met) <= 3
