"""The copies of what was dropped: whole or not there."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from pipeline.store.originals import keep
from schemas.errors import FileTooLarge, NoTextFound, StoreError, UnreadableFile


def test_the_bytes_are_kept_once_under_their_hash(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(b"%PDF " * 500_000)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    kept = keep(source, tmp_path / "kho", 1 << 30)
    assert (kept.sha256, kept.size) == (sha256, 2_500_000)
    assert kept.path.read_bytes() == source.read_bytes()
    assert keep(source, tmp_path / "kho", 1 << 30) == kept
    assert [path.name for path in (tmp_path / "kho").rglob("*") if path.is_file()] == [sha256]


def test_a_zeroed_copy_of_another_length_is_made_good(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes(b"abc")
    kept = keep(source, tmp_path / "kho", 100)
    kept.path.chmod(0o640)
    kept.path.write_bytes(b"")
    assert keep(source, tmp_path / "kho", 100).path.read_bytes() == b"abc"


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(b"x" * 11)
    for name, refusal in (("pipe", UnreadableFile), ("missing", UnreadableFile), (".", UnreadableFile)):
        with pytest.raises(refusal):
            keep(tmp_path / name, tmp_path / "kho", 10)
    with pytest.raises(NoTextFound):
        keep(tmp_path / "empty", tmp_path / "kho", 10)
    with pytest.raises(FileTooLarge):
        keep(tmp_path / "large", tmp_path / "kho", 10)
    assert not [path for path in (tmp_path / "kho").rglob("*") if path.is_file()]


def test_a_data_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "kho").write_text("a file stands here")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(StoreError):
        keep(tmp_path / "a.txt", tmp_path / "kho", 10)
