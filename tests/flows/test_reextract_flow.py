"""`reextract`: what other rules read is read again from the originals, the dropped files long gone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from pipeline.ingest import Found, ingest_file
from pipeline.kit import Kit
from pipeline.settings import load_settings
from pipeline.store.engine import writing
from pipeline.store.ledger_tables import ledger
from pipeline.store.queries import find_documents
from pipeline.store.store import Store
from schemas.extraction import RULES_VERSION
from tests.bad_files import GOOD_TEXT
from tests.cli.conftest import walk


def test_new_rules_read_the_originals_again(
    prefect_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = walk()
    monkeypatch.setitem(sys.modules, "pipeline.run", module)
    monkeypatch.setattr("pipeline.run", module, raising=False)
    monkeypatch.setattr("flows.tasks.load_kit", lambda: object())
    from flows.reextract import reextract

    url = f"sqlite:///{tmp_path}/kho.db"
    settings, store = load_settings({}, database=url, data=tmp_path / "data"), Store.open(url)
    kit: Kit = object()  # type: ignore[assignment]
    for number in range(2):
        file = tmp_path / f"{number}.txt"
        file.write_text(f"{GOOD_TEXT}{number + 2}. Việc khác.", encoding="utf-8")
        ingest_file(Found(file), store, settings, kit)
        file.unlink()
    first = find_documents(store)[0]["sha256"]
    with writing(store.engine) as connection:
        connection.execute(update(ledger).where(ledger.c.sha256 == first).values(rules_version="2000.1.1"))

    records = reextract(url, str(tmp_path / "data"))
    assert [(record["document_id"], record["code"]) for record in records] == [(first[:16], None)]
    entry = store.ledger.look_up(first)
    assert entry is not None
    assert entry.state == "done"
    assert {document["rules_version"] for document in find_documents(store)} == {RULES_VERSION}
    assert reextract(url, str(tmp_path / "data")) == []
