"""The commands around the ledger, as staff and machines call them: what they print and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import app as door
from pipeline.kit import Kit
from tests.bad_files import GOOD_TEXT


@pytest.fixture
def giaoviec(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Run a command; return its exit code, stdout and stderr."""
    monkeypatch.setenv("GIAOVIEC_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr("pipeline.kit.load_kit", lambda: kit)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["giaoviec", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            door.main()
        printed = capfd.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_a_day_with_the_watched_folder(giaoviec: Any, inbox: Path, tmp_path: Path) -> None:
    (inbox / "Lê Chân" / "a.txt").write_text(GOOD_TEXT, encoding="utf-8")
    (inbox / "b.txt").write_bytes(b" \n ")
    (inbox / "~$a.docx").write_bytes(b"x")
    once = ("watch", inbox, "--once", "--still", "0.1")
    code, out, err = giaoviec(*once)
    assert code == 3
    assert "quét định kỳ" in out.splitlines()[0]
    assert "a.txt: đã đọc 3 dòng" in out
    assert [line.partition(": ")[2].partition(": ")[0] for line in err.splitlines()] == [
        f"{inbox}/~$a.docx",
        f"{inbox}/b.txt",
    ]
    code, out, err = giaoviec(*once, "--move")
    assert (code, err) == (0, "")
    assert (inbox / "da_xu_ly" / "Lê Chân" / "a.txt").exists()

    told = json.loads(giaoviec("status", "--format", "json")[1])
    assert told["states"]["done"] == told["states"]["rejected"] == told["states"]["ignored"] == 1
    assert "không đọc được" in giaoviec("status")[1]
    code, out, err = giaoviec("doctor", "--conservation")
    assert (code, err) == (0, "")
    assert "2 nội dung" in out
    assert json.loads(giaoviec("doctor", "--conservation", "--json")[1])["breaches"] == []

    assert giaoviec("backup", tmp_path / "x.tar")[0] == 0
    assert giaoviec("restore-backup", tmp_path / "x.tar")[0] == 2
    assert giaoviec("restore-backup", tmp_path / "x.tar", "--data", tmp_path / "mới")[0] == 0
    assert giaoviec("doctor", "--conservation", "--data", tmp_path / "mới")[0] == 0

    (original,) = [
        path for path in (tmp_path / "data" / "originals").rglob("*") if path.is_file() and path.stat().st_size > 10
    ]
    original.unlink()
    code, out, err = giaoviec("doctor", "--conservation")
    assert code == 2
    assert "không còn tệp gốc" in err
    assert len(err.splitlines()) == 1


def test_versions_are_listed_and_decided(giaoviec: Any, inbox: Path) -> None:
    path = inbox / "a.txt"
    for text in (GOOD_TEXT, GOOD_TEXT + "2. Việc khác."):
        path.write_text(text, encoding="utf-8")
        assert giaoviec("watch", inbox, "--once", "--still", "0")[0] == 0
    assert len(json.loads(giaoviec("tasks", "--json")[1])) == 6
    (version,) = json.loads(giaoviec("versions", "--json")[1])
    assert version["reason"] == "same_number"
    assert "chưa" in giaoviec("versions")[1]
    assert giaoviec("versions", "accept", version["version_id"], "--who", "Lan")[0] == 0
    assert len(json.loads(giaoviec("tasks", "--json")[1])) == 3
    assert len(json.loads(giaoviec("tasks", "--superseded", "--json")[1])) == 6
    assert "đã bị thay thế" in giaoviec("documents")[1]
    assert giaoviec("versions", "deny", version["version_id"])[0] == 0
    assert len(json.loads(giaoviec("tasks", "--json")[1])) == 6
    code, _, err = giaoviec("versions", "accept", 99)
    assert (code, len(err.splitlines())) == (2, 1)
    assert json.loads(giaoviec("versions", "list", "--all", "--json")[1])[0]["decided_by"]


@pytest.mark.parametrize("options", [(), ("--events",)])
def test_a_running_watcher_reads_what_is_dropped_and_changed(
    tmp_path: Path, inbox: Path, options: tuple[str, ...]
) -> None:
    every = "30" if options else "0.5"
    command = [sys.executable, "-m", "pipeline", "watch", str(inbox), "--every", every, "--still", "0.3", *options]
    run = subprocess.Popen(
        [*command, "--jobs", "1", "--data", str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    assert run.stdout
    assert ("sự kiện" if options else "định kỳ") in run.stdout.readline()
    time.sleep(3)
    (inbox / "Lê Chân" / "a.txt").write_text(GOOD_TEXT, encoding="utf-8")
    assert "a.txt: đã đọc" in run.stdout.readline()
    (inbox / "Lê Chân" / "a.txt").write_text(GOOD_TEXT + "2. Tổ chức hội nghị.", encoding="utf-8")
    assert "a.txt: đã đọc" in run.stdout.readline()
    run.send_signal(signal.SIGTERM)
    _, err = run.communicate(timeout=15)
    assert run.returncode == 143, err
    assert "Traceback" not in err
