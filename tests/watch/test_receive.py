"""What comes in by the web page: whole or not there, under a name that harms nobody."""

from __future__ import annotations

import io
import os
import signal
from pathlib import Path

import pytest

from pipeline import faults
from pipeline.conservation import breaches
from pipeline.ingest import tidy
from pipeline.settings import Settings
from pipeline.store.store import Store
from pipeline.watch.receive import MOST_BYTES, receive, safe_name
from pipeline.watch.scan import Watched, scan_once
from schemas.errors import FileTooLarge, NoTextFound, StoreError


def test_a_file_lies_in_the_folder_of_its_commune_and_is_found_by_a_scan(settings: Settings, store: Store) -> None:
    path = receive(settings, "Kế hoạch 12.txt", io.BytesIO(b"x" * 3_000_000), "Lê Chân")
    assert path == settings.inbox / "Lê Chân" / "Kế hoạch 12.txt"
    assert path.stat().st_size == 3_000_000
    ((found, _, _),) = scan_once([Watched(settings.inbox)], store, settings).entered
    assert (found.path, found.commune) == (path, "Lê Chân")


def test_nothing_is_overwritten(settings: Settings) -> None:
    paths = [receive(settings, "a.txt", io.BytesIO(str(number).encode())) for number in range(3)]
    assert [path.name for path in paths] == ["a.txt", "a (2).txt", "a (3).txt"]
    assert [path.read_text() for path in paths] == ["0", "1", "2"]


def test_without_links_the_name_is_taken_first(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(str(target))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert [receive(settings, "a.txt", io.BytesIO(b"x")).name for _ in range(2)] == ["a.txt", "a (2).txt"]


@pytest.mark.parametrize(
    "name",
    [
        "../../x.pdf",
        "/etc/passwd",
        "C:\\x\\y.pdf",
        "a\0b.pdf",
        "..",
        "",
        ".ẩn",
        "CON.txt",
        "x" * 999 + ".pdf",
        "\ud800",
    ],
)
def test_no_name_leads_out_of_the_folder(settings: Settings, name: str) -> None:
    path = receive(settings, name, io.BytesIO(b"x"), name)
    assert path.is_file()
    assert settings.inbox in path.resolve().parents
    assert len(path.name.encode()) <= MOST_BYTES
    assert not safe_name(name).startswith((".", "~$"))


def test_what_is_refused_leaves_nothing(settings: Settings) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "connection lost")

    small = Settings(settings.data, settings.database_url, type(settings.limits)(source_bytes=10))
    for stream, refusal in (
        (io.BytesIO(b""), NoTextFound),
        (io.BytesIO(b"x" * 11), FileTooLarge),
        (Broken(), StoreError),
    ):
        with pytest.raises(refusal):
            receive(small, "a.txt", stream)
    assert [path for path in settings.inbox.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("stage", ["receive.copied", "receive.renamed"])
def test_an_upload_that_is_killed_is_whole_or_not_there(settings: Settings, store: Store, stage: str) -> None:
    child = os.fork()
    if child == 0:
        faults.arm(stage)
        receive(settings, "a.txt", io.BytesIO(b"x" * 1000), "Lê Chân")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert any("tệp tạm" in line for line in breaches(store, settings))
    tidy(settings)
    assert list(breaches(store, settings)) == []
    there = [path.name for path in (settings.inbox / "Lê Chân").iterdir()]
    assert there == (["a.txt"] if stage == "receive.renamed" else [])
