"""Duties in words that no sample plan uses are found all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.compare.accuracy import MADE_PLAN, judged_duties, macro_f1, made_plan
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


def test_single_duties_get_the_status_that_a_person_gave_them() -> None:
    pairs = list(judged_duties(MATCHER))
    assert len(pairs) == 55
    assert macro_f1(pairs) >= 0.9


def test_a_whole_plan_gets_the_cells_that_a_person_gave_it() -> None:
    pairs = list(made_plan(MATCHER))
    assert MADE_PLAN.is_file()
    assert len(pairs) == 56
    assert macro_f1(pairs) >= 0.85
