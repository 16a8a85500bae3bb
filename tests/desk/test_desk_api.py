"""The interface for programs: pages of rows by the pages' filters, and no request that breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.desk.api import PREFIX
from pipeline.desk.people import make_user, new_session
from pipeline.store.people import Role, SessionKind
from pipeline.store.queries import find_faults, find_tasks
from pipeline.store.store import Store
from tests.desk.chrome import served
from tests.desk.conftest import PASSWORD
from tests.making import extraction

DOCUMENT = extraction().raw.source.document_id


def test_rows_come_in_pages_with_the_filters_of_the_pages(visitor: TestClient) -> None:
    first = visitor.get("/api/v1/tasks?size=2").json()
    second = visitor.get("/api/v1/tasks?size=2&page=2").json()
    assert (first["total"], len(first["items"]), len(second["items"])) == (3, 2, 1)
    assert visitor.get("/api/v1/tasks?body=so noi vu&role=lead").json()["total"] == 1
    assert visitor.get("/api/v1/tasks?words=doi thoai&due_to=2026-06-30").json()["total"] == 1
    (one,) = visitor.get("/api/v1/tasks?needs_review=true").json()["items"]
    assert one["lead"] == ["Phòng Văn hoá - Xã hội", "UBND phường"]
    assert one == visitor.get(f"/api/v1/tasks/{DOCUMENT}-1").json()


def test_documents_bodies_and_criteria_are_there(visitor: TestClient) -> None:
    (document,) = visitor.get("/api/v1/documents?words=dân vận").json()["items"]
    assert document["document_id"] == DOCUMENT
    whole = visitor.get(f"/api/v1/documents/{DOCUMENT}").json()
    assert whole["legal_bases"][0]["number"] == "3177/QĐ-UBND"
    bodies = visitor.get("/api/v1/bodies?words=cong an").json()["items"]
    assert [(one["name"], one["coordinating"]) for one in bodies] == [("Công an phường", 1)]
    sets = visitor.get("/api/v1/criteria").json()
    cells = visitor.get(f"/api/v1/criteria/{sets[0]['id']}").json()
    assert len(cells) == sets[0]["criteria"]


@pytest.mark.parametrize(
    "asked", ["size=0", "size=501", "page=0", "kind=x", "due_from=hom+qua", "due_to=0", "sort=x", "words=%00"]
)
def test_what_means_nothing_is_refused_or_finds_nothing(visitor: TestClient, asked: str) -> None:
    answer = visitor.get(f"/api/v1/tasks?{asked}")
    assert answer.status_code == (200 if asked.startswith("words") else 422)
    assert answer.status_code == 200 or "detail" in answer.json()


@pytest.mark.slow
def test_no_request_breaks_the_interface(tmp_path: Path, made_once: Path) -> None:
    """A fuzzer with and without the key: no 5xx, answers as the schema says, no way around the key."""
    shutil.copyfile(made_once, tmp_path / "giaoviec.db")
    store = Store.open(f"sqlite:///{tmp_path}/giaoviec.db")
    user = make_user(store, "lan", Role.VIEW, PASSWORD)
    secret = new_session(store, user, SessionKind.PROGRAM)
    before = find_tasks(store)
    with served(tmp_path, "--no-watch") as address:
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}{PREFIX}/openapi.json"]
        command += [
            "--checks",
            "all",
            "--max-examples",
            "100",
            "--phases",
            "coverage,fuzzing",
            "--header",
            f"Authorization: Bearer {secret}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-6000:]
    assert find_tasks(store) == before
    assert find_faults(store) == ()
