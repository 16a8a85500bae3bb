"""One look at a watched folder: what is taken, what waits, what is passed over, and what a gone share means."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from pipeline.crew import work_off
from pipeline.settings import Settings
from pipeline.store.originals import place_of
from pipeline.store.queries import count_by_state, find_documents, find_files_by_state, find_tasks
from pipeline.store.states import State
from pipeline.store.store import Store
from pipeline.store.versions import find_versions
from pipeline.watch.moving import move_read
from pipeline.watch.places import is_whole
from pipeline.watch.scan import Look, ScanReport, Watched, scan_once, scan_until_still
from schemas.errors import PlanError, StoreError
from tests.bad_files import GOOD_TEXT, docx, noise_png, pdf


class Hand:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def drop(path: Path, text: str = GOOD_TEXT) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def names(report: ScanReport) -> list[str]:
    return sorted(found.path.name for found, _, _ in report.entered)


def test_a_file_is_taken_once_it_stands_still(inbox: Path, store: Store, settings: Settings) -> None:
    clock = Hand()
    look, folders = Look(still_seconds=5, now=clock), [Watched(inbox)]
    path = drop(inbox / "Lê Chân" / "a.txt")
    assert scan_once(folders, store, settings, look).waiting == [path]
    clock.seconds = 4
    drop(path, GOOD_TEXT + "thêm")
    assert scan_once(folders, store, settings, look).waiting == [path]
    clock.seconds = 8
    assert scan_once(folders, store, settings, look).waiting == [path]
    clock.seconds = 9
    assert names(scan_once(folders, store, settings, look)) == ["a.txt"]
    (file,) = find_files_by_state(store, "waiting")
    assert (file["commune"], file["sha256"] != "") == ("Lê Chân", True)
    assert scan_once(folders, store, settings, look).unchanged == 1


def test_what_is_no_document_is_passed_over_and_said_once(inbox: Path, store: Store, settings: Settings) -> None:
    os.mkfifo(inbox / "ống.pdf")
    (inbox / "liên kết.pdf").symlink_to("/etc/hostname")
    for name in ("~$kế hoạch.docx", "x.part", ".an", "phần mềm.exe"):
        drop(inbox / name)
    (inbox / ".git").mkdir()
    drop(inbox / ".git" / "trong.txt")
    report = scan_once([Watched(inbox)], store, settings)
    assert {path.name: code for path, code in report.ignored} == {
        "ống.pdf": "device",
        "liên kết.pdf": "link",
        "~$kế hoạch.docx": "temporary",
        "x.part": "temporary",
        ".an": "temporary",
        "phần mềm.exe": "no_document",
    }
    assert count_by_state(store) == {"ignored": 6}
    again = scan_once([Watched(inbox)], store, settings)
    assert (again.ignored, again.unchanged, again.passed["temporary"]) == ([], 6, 3)


def test_a_half_file_waits_is_said_and_is_read_when_it_is_whole(
    inbox: Path, store: Store, settings: Settings
) -> None:
    clock = Hand()
    look, folders = Look(still_seconds=1, stale_seconds=60, now=clock), [Watched(inbox)]
    path = inbox / "nửa.pdf"
    path.write_bytes(pdf()[:300])
    scan_once(folders, store, settings, look)
    clock.seconds = 2
    assert scan_once(folders, store, settings, look).unfinished == [path]
    (file,) = find_files_by_state(store)
    assert (file["state"], file["code"]) == ("waiting", "unfinished")
    path.write_bytes(pdf())
    scan_once(folders, store, settings, look)
    clock.seconds = 4
    assert names(scan_once(folders, store, settings, look)) == ["nửa.pdf"]
    assert [line["code"] for line in find_files_by_state(store)] == [None]


def test_a_stale_half_file_is_handed_to_the_reader(inbox: Path, store: Store, settings: Settings) -> None:
    clock = Hand()
    look, folders = Look(still_seconds=1, stale_seconds=60, now=clock), [Watched(inbox)]
    (inbox / "nửa.pdf").write_bytes(pdf()[:300])
    for clock.seconds in (0, 2, 30):
        assert names(scan_once(folders, store, settings, look)) == []
    clock.seconds = 61
    assert names(scan_once(folders, store, settings, look)) == ["nửa.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "whole"),
    [
        ("a.pdf", pdf(), True),
        ("a.pdf", pdf() + b"\r\n" * 40, True),
        ("a.pdf", pdf()[:-8], False),
        ("a.pdf", pdf() + b"\0" * 4096, False),
        ("a.docx", docx(), True),
        ("a.docx", docx()[:-30], False),
        ("a.docx", docx()[:9000], False),
        ("a.png", noise_png(), True),
        ("a.png", noise_png()[:-100], False),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 500 + b"\xff\xd9", True),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 50_000, False),
        ("a.rtf", b"{\\rtf1 x}\r\n\0", True),
        ("a.rtf", b"{\\rtf1 x", False),
        ("a.txt", "Kế hoạch".encode(), True),
        ("a.txt", "Kế hoạch".encode() + b"\0" * 100, False),
        ("a.txt", b"", False),
        ("a.pdf", b"\0" * 5000, False),
    ],
)
def test_the_end_of_a_file_is_seen_by_its_bytes(tmp_path: Path, name: str, content: bytes, whole: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_whole(tmp_path / name) == whole


def test_a_share_that_is_gone_or_bare_is_not_all_deleted(
    inbox: Path, store: Store, settings: Settings, kit: Any
) -> None:
    drop(inbox / "a.txt")
    scan_once([Watched(inbox)], store, settings)
    work_off(settings, kit, 1)
    inbox.rename(inbox.with_name("khác"))
    (note,) = scan_once([Watched(inbox)], store, settings).notes
    assert "chưa kết nối" in note
    inbox.mkdir()
    (note,) = scan_once([Watched(inbox)], store, settings).notes
    assert "trống" in note
    assert count_by_state(store) == {"done": 1}
    inbox.rmdir()
    inbox.with_name("khác").rename(inbox)
    back = scan_once([Watched(inbox)], store, settings)
    assert (back.unchanged, back.notes) == (1, [])


def test_a_folder_that_is_gone_does_not_stop_the_others(inbox: Path, store: Store, settings: Settings) -> None:
    drop(inbox / "a.txt")
    report = scan_once([Watched(inbox / "không có"), Watched(inbox)], store, settings)
    assert (names(report), len(report.notes)) == (["a.txt"], 1)


def test_a_changed_file_is_another_document_proposed_as_its_new_version(
    inbox: Path, store: Store, settings: Settings, kit: Any
) -> None:
    path = drop(inbox / "a.txt")
    scan_once([Watched(inbox)], store, settings)
    work_off(settings, kit, 1)
    drop(path, GOOD_TEXT + "2. Việc khác.")
    scan_once([Watched(inbox)], store, settings)
    work_off(settings, kit, 1)
    assert len(find_documents(store)) == 2
    (version,) = find_versions(store)
    assert version.older == hashlib.sha256(GOOD_TEXT.encode()).hexdigest()[:16]
    assert version.newer == hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def test_a_refused_file_is_tried_again_when_it_is_touched(
    inbox: Path, store: Store, settings: Settings, kit: Any
) -> None:
    path = inbox / "a.txt"
    path.write_bytes(b" \n\n \t\n")
    scan_once([Watched(inbox)], store, settings)
    work_off(settings, kit, 1)
    assert count_by_state(store) == {"rejected": 1}
    assert scan_once([Watched(inbox)], store, settings).entered == []
    os.utime(path)
    ((_, _, entry),) = scan_once([Watched(inbox)], store, settings).entered
    assert not isinstance(entry, PlanError)
    assert entry.state == State.WAITING


def test_a_lost_original_is_kept_again_from_the_folder(
    inbox: Path, store: Store, settings: Settings, kit: Any
) -> None:
    path = drop(inbox / "a.txt")
    scan_once([Watched(inbox)], store, settings)
    work_off(settings, kit, 1)
    (file,) = find_files_by_state(store)
    original = place_of(settings.originals, file["sha256"])
    for harm in (original.unlink, lambda: (original.chmod(0o640), original.write_bytes(b""))):
        harm()
        assert names(scan_once([Watched(inbox)], store, settings)) == ["a.txt"]
        assert original.read_bytes() == path.read_bytes()
    assert count_by_state(store) == {"done": 1}


def test_a_periodic_full_check_reads_what_seems_unchanged(inbox: Path, store: Store, settings: Settings) -> None:
    drop(inbox / "a.txt")
    scan_once([Watched(inbox)], store, settings)
    assert names(scan_once([Watched(inbox)], store, settings, full_check=timedelta(days=7))) == []
    assert names(scan_once([Watched(inbox)], store, settings, full_check=timedelta(0))) == ["a.txt"]


def test_the_data_folder_is_not_watched(store: Store, settings: Settings) -> None:
    with pytest.raises(StoreError, match="thư mục dữ liệu"):
        scan_once([Watched(settings.data)], store, settings)


def test_nothing_new_waits_for_nothing(inbox: Path, store: Store, settings: Settings) -> None:
    slept: list[float] = []
    drop(inbox / "a.txt")
    report = scan_until_still([Watched(inbox)], store, settings, Look(still_seconds=0.05), pause=slept.append)
    assert slept == [0.05]
    assert names(report) == []
    assert report.waiting
    scan_once([Watched(inbox)], store, settings)
    scan_until_still([Watched(inbox)], store, settings, pause=slept.append)
    assert slept == [0.05]


def test_files_are_moved_only_when_they_are_read_and_unchanged(
    inbox: Path, store: Store, settings: Settings, kit: Any
) -> None:
    folders = [Watched(inbox)]
    good, changed = drop(inbox / "Lê Chân" / "a.txt"), drop(inbox / "b.txt", GOOD_TEXT + "3. Khác.")
    (inbox / "hỏng.txt").write_bytes(b" \n ")
    scan_once(folders, store, settings)
    assert move_read(folders, store) == []
    work_off(settings, kit, 1)
    drop(changed, "đã sửa")
    assert move_read(folders, store) == [inbox / "da_xu_ly" / "Lê Chân" / "a.txt"]
    assert not good.exists()
    assert changed.exists()
    assert (inbox / "hỏng.txt").exists()
    drop(good, GOOD_TEXT + "4. Nữa.")
    scan_once(folders, store, settings)
    work_off(settings, kit, 1)
    assert inbox / "da_xu_ly" / "Lê Chân" / "a (2).txt" in move_read(folders, store)
    paths = {path for document in find_documents(store) for path in document["paths"]}
    assert str(inbox / "da_xu_ly" / "Lê Chân" / "a.txt") in paths
    assert len(find_tasks(store).rows) == 4 * 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read_is_read(inbox: Path, store: Store, settings: Settings) -> None:
    drop(inbox / "a.txt")
    inbox.chmod(0o555)
    assert names(scan_once([Watched(inbox)], store, settings)) == ["a.txt"]
    assert move_read([Watched(inbox)], store) == []


def test_a_folder_within_a_watched_one_is_known_from_above(inbox: Path, store: Store, settings: Settings) -> None:
    drop(inbox / "Lê Chân" / "a.txt")
    above, within = [Watched(inbox)], [Watched(inbox / "Lê Chân", "Lê Chân")]
    assert names(scan_once(above, store, settings)) == ["a.txt"]
    for folders in (within, above, within):
        assert scan_once(folders, store, settings).unchanged == 1
    (inbox / "Lê Chân 2").mkdir()
    drop(inbox / "Lê Chân 2" / "b.txt")
    assert names(scan_once(above, store, settings)) == ["b.txt"]
    assert scan_once(within, store, settings).unchanged == 1


def test_a_wall_clock_that_is_set_back_has_nothing_read_again(
    inbox: Path, store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) - timedelta(days=1)

    path = drop(inbox / "a.txt")
    scan_once([Watched(inbox)], store, settings)
    monkeypatch.setattr("pipeline.store.sightings.datetime", Yesterday)
    drop(path, GOOD_TEXT + "2. Việc khác.")
    assert names(scan_once([Watched(inbox)], store, settings)) == ["a.txt"]
    assert scan_once([Watched(inbox)], store, settings).unchanged == 1


def test_a_folder_from_which_all_was_moved_is_not_a_gone_share(
    inbox: Path, store: Store, settings: Settings, kit: Any
) -> None:
    drop(inbox / "a.txt")
    scan_once([Watched(inbox)], store, settings)
    work_off(settings, kit, 1)
    move_read([Watched(inbox)], store)
    (inbox / "Lê Chân").rmdir()
    assert scan_once([Watched(inbox)], store, settings).notes == []
