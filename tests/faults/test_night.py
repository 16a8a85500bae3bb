"""A small night with kills gives the same rows as one without; `make test-night` holds the large one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.night import compare


@pytest.mark.slow
def test_a_night_with_kills_gives_the_same_rows(tmp_path: Path) -> None:
    peace, war = compare(tmp_path, good=60, bad=20)
    assert (peace.breaches, war.breaches) == ([], [])
    assert war.kills >= 1
    assert war.rows == peace.rows
    assert war.states == peace.states
    assert len(peace.rows) > 100
