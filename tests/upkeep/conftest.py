"""A store with a few documents in every state, and their originals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.ingest import Found, take_in
from pipeline.settings import Settings, load_settings
from pipeline.store.store import Store
from schemas.errors import EncryptedFile
from tests.making import extraction


@dataclass(frozen=True)
class House:
    """Settings, store, and the hashes by what became of them."""

    settings: Settings
    store: Store
    hashes: dict[str, str]


def furnish(folder: Path, database: str | None = None) -> House:
    """Take in four files: read, refused, waiting, and a link that is ignored."""
    settings = load_settings({}, data=folder / "data", database=database)
    store = Store.open(settings.database_url)
    hashes = {}
    for name in ("read", "refused", "waiting"):
        path = folder / f"{name}.txt"
        path.write_text(name, encoding="utf-8")
        seen, _ = take_in(Found(path, "Lê Chân"), store, settings)
        hashes[name] = seen.sha256
        if name == "read":
            store.save(extraction("read"), seen)
        elif name == "refused":
            store.refuse(seen, EncryptedFile("Tệp có mật khẩu."))
    return House(settings, store, hashes)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return furnish(tmp_path)
