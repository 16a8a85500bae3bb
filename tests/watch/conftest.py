"""A store, a folder to drop into, and a walk that really reads the file but hands out rows made by hand."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.settings import Settings, load_settings
from pipeline.store.store import Store
from tests.making import extraction, rows


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({}, data=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store.open(settings.database_url)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "vào" / "Lê Chân").mkdir(parents=True)
    return tmp_path / "vào"


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> Any:
    from extractors.readers import open_source, read

    def extract_file(path: Path, _kit: object) -> Any:
        raw = read(open_source(path))
        if "BOM HẸN GIỜ" in raw.text:
            raise KeyError("unforeseen")
        return replace(extraction(), raw=raw, rows=rows(raw.source.document_id), warnings=raw.warnings)

    module = types.ModuleType("pipeline.run")
    module.__dict__["extract_file"] = extract_file
    monkeypatch.setitem(sys.modules, "pipeline.run", module)
    monkeypatch.setattr("pipeline.run", module, raising=False)
    return object()
