"""Reasons for review are sentences: one full stop at the end, whoever wrote the words."""

from __future__ import annotations

import pytest

from pipeline.doubts import Draft, examine
from schemas.facts import Period
from schemas.plan import PlanHeader, PlanTree
from schemas.task import Kind, LeadBasis


def draft(time: tuple[str, ...], actors: tuple[str, ...]) -> Draft:
    return Draft(
        "1", Kind.TASK, "Rà soát", ("Sở Nội vụ",), (), LeadBasis.EXPLICIT, Period(), None, time, actors, False, None,
        PlanTree(PlanHeader(), ()), (),
    )  # fmt: skip


@pytest.mark.parametrize("words", ["hai thời hạn khác nhau", "hai thời hạn khác nhau.", "hai thời hạn khác nhau. "])
def test_a_reason_ends_with_one_full_stop(words: str) -> None:
    _, reasons = examine(draft((words,), (words,)))
    assert reasons == ("Thời hạn: hai thời hạn khác nhau.", "Cơ quan: hai thời hạn khác nhau.")
