"""A desk over hand-made documents, called without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.desk import build_desk
from pipeline.desk.people import make_user
from pipeline.settings import Settings
from pipeline.store.people import Role
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from tests.making import extraction

PASSWORD = "mat-khau-dai"
HOST = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one document of three rows, to be copied."""
    path = tmp_path_factory.mktemp("kho") / "kho.db"
    opened = Store.open(f"sqlite:///{path}")
    made = extraction()
    source = made.raw.source
    opened.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, "Lê Chân"))
    return path


@pytest.fixture
def settings(tmp_path: Path, made_once: Path) -> Settings:
    shutil.copyfile(made_once, tmp_path / "kho.db")
    return Settings(tmp_path, f"sqlite:///{tmp_path}/kho.db")


@pytest.fixture
def store(settings: Settings) -> Store:
    """The database of the desk, with one document of three rows."""
    return Store.open(settings.database_url)


@pytest.fixture
def visitor(settings: Settings, store: Store) -> Iterator[TestClient]:
    """A browser at the desk of a machine without users."""
    with TestClient(build_desk(settings), base_url=HOST, follow_redirects=False) as client:
        yield client


@pytest.fixture
def people(store: Store) -> None:
    """One who may decide and one who may look: from now on everybody logs in."""
    make_user(store, "lan", Role.APPROVE, PASSWORD)
    make_user(store, "binh", Role.VIEW, PASSWORD)


def log_in(client: TestClient, name: str, password: str = PASSWORD) -> None:
    answer = client.post("/dang-nhap", data={"name": name, "password": password, "back": "/nhat-ky"})
    assert answer.status_code == 303, answer.text[:300]
    assert answer.headers["location"] == "/nhat-ky"
