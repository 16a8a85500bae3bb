"""The reader that costs little, in this process and its forks."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from pipeline.settings import Settings, load_settings
from tests.faults.one_pass import read_cheaply


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({}, data=tmp_path / "data")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "vào" / "Lê Chân").mkdir(parents=True)
    return tmp_path / "vào"


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> object:
    module = types.ModuleType("pipeline.run")
    module.__dict__["extract_file"] = read_cheaply
    monkeypatch.setitem(sys.modules, "pipeline.run", module)
    monkeypatch.setattr("pipeline.run", module, raising=False)
    return object()
