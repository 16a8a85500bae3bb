"""A desk over hand-made documents, called without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.desk import build_desk
from pipeline.settings import Settings
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from tests.making import extraction

HOST = "http://127.0.0.1:8765"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, f"sqlite:///{tmp_path}/kho.db")


@pytest.fixture
def store(settings: Settings) -> Store:
    """The database of the desk, with one document of three rows."""
    opened = Store.open(settings.database_url)
    made = extraction()
    source = made.raw.source
    opened.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, "Lê Chân"))
    return opened


@pytest.fixture
def visitor(settings: Settings, store: Store) -> Iterator[TestClient]:
    """A browser at the desk of a machine without users."""
    with TestClient(build_desk(settings), base_url=HOST, follow_redirects=False) as client:
        yield client
