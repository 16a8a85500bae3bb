"""What the tests of the walk share: the tools, loaded once, and a plan from text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.kit import Kit, load_kit
from pipeline.run import extract_file
from schemas.extraction import Extraction

Extract = Callable[[str], Extraction]


@pytest.fixture(scope="session")
def kit() -> Kit:
    return load_kit()


@pytest.fixture
def extract(kit: Kit, tmp_path: Path) -> Extract:
    def of(text: str) -> Extraction:
        file = tmp_path / "ke_hoach.txt"
        file.write_text(text, encoding="utf-8")
        return extract_file(file, kit)

    return of
