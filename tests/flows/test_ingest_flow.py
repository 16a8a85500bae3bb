"""The batch under Prefect: real readers and children, hand-made rows; a failing document is one failed result."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.bad_files import GOOD_TEXT, make_bad
from tests.cli.conftest import walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "vào" / "Lê Chân"
    inside.mkdir(parents=True)
    for number in range(3):
        (inside / f"tốt-{number}.txt").write_text(f"{GOOD_TEXT}{number + 2}. Việc khác.", encoding="utf-8")
    (inside / "bom.txt").write_text("KẾ HOẠCH\nBOM HẸN GIỜ", encoding="utf-8")
    return inside


def test_a_batch_is_stored_past_its_bad_files(
    prefect_server: None, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = walk()
    monkeypatch.setitem(sys.modules, "pipeline.run", module)
    monkeypatch.setattr("pipeline.run", module, raising=False)

    from flows import ingest as flow_module
    from pipeline.store.queries import count_by_state, find_documents, find_refused, find_tasks
    from pipeline.store.store import Store

    monkeypatch.setattr("flows.tasks.load_kit", lambda: object())
    bad = make_bad(folder)
    url = f"sqlite:///{tmp_path}/kho.db"
    given = ([str(folder.parent)], None, url, str(tmp_path / "data"))
    records = {Path(record["file"]): record for record in flow_module.ingest(*given)}

    assert {path for path, record in records.items() if record["code"]} == {*bad, folder / "bom.txt"}
    assert records[folder / "bom.txt"]["code"] == "crashed"
    store = Store.open(url)
    assert len(find_documents(store)) == 3
    assert len(find_tasks(store).rows) == 9
    assert {document["communes"][0] for document in find_documents(store)} == {"Lê Chân"}
    assert len(find_refused(store)) == len(bad) + 1

    again = flow_module.ingest(*given)
    assert len(again) == len(records)
    assert len(find_tasks(store).rows) == 9
    assert count_by_state(store) == {"done": 3, "rejected": len(bad) + 1}


def test_nothing_is_sent_home() -> None:
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ["DO_NOT_TRACK"] == "1"


def test_the_plain_functions_know_nothing_of_prefect() -> None:
    for module in [*Path("pipeline").rglob("*.py"), *Path("extractors").rglob("*.py")]:
        assert "import prefect" not in module.read_text(encoding="utf-8"), module
        assert "from prefect" not in module.read_text(encoding="utf-8"), module
