"""No file is wrong without a word: what it holds is read, or said, and what nobody sees becomes no task."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.ingest import read_file
from pipeline.isolate import Limits
from pipeline.kit import Kit, load_kit
from schemas.errors import PlanError
from tests.bad.odd_papers import PAPERS, RECOGNISED
from tests.bad.odd_texts import CONVERTED, ODD_TEXTS
from tests.bad.warned_files import WARNED, Owed

QUICK = WARNED | ODD_TEXTS | PAPERS
SLOW = CONVERTED | RECOGNISED


@pytest.fixture(scope="module")
def tools() -> Kit:
    return load_kit()


@pytest.mark.parametrize("name", QUICK)
def test_a_file_is_read_rightly_or_says_what_it_lacks(name: str, tools: Kit, tmp_path: Path) -> None:
    check(name, QUICK[name], tools, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_file_that_is_converted_or_recognised_is_read_rightly(name: str, tools: Kit, tmp_path: Path) -> None:
    check(name, SLOW[name], tools, tmp_path)


def check(name: str, owed: Owed, tools: Kit, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(owed.made())
    if owed.refused:
        with pytest.raises(PlanError) as caught:
            read_file(path, tools, Limits())
        assert caught.value.exit_code == owed.refused
        return
    extraction = read_file(path, tools, Limits())
    assert owed.read in "\n".join(line.text for line in extraction.raw.lines if line.noise is None)
    assert owed.said.lower() in " ".join(extraction.warnings).lower()
    assert not owed.never or owed.never not in " ".join(row.text for row in extraction.rows)
