"""What a hostile file may do to the process that reads it, and what must hold: one refusal, nothing left behind."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.isolate import TICK_SECONDS, Limits, _live, run_limited
from schemas.errors import Crashed, EncryptedFile, FileTooLarge
from schemas.task import Kind, TaskRow

QUICK = Limits(wall_seconds=2, cpu_seconds=2, memory_bytes=300 << 20, written_bytes=1 << 20)


def test_a_result_of_our_types_comes_back_equal() -> None:
    row = TaskRow("II/1", Kind.TASK, "Tổ chức đối thoại với nhân dân.", lead=("UBND phường",))
    assert run_limited(lambda: (row, {"trang": [1, 2]}), limits=QUICK) == (row, {"trang": [1, 2]})


def test_a_large_result_passes_the_pipe() -> None:
    assert len(run_limited(lambda: "ư" * 5_000_000, limits=QUICK)) == 5_000_000


def test_a_refusal_keeps_its_kind_and_its_sentence() -> None:
    def refuse() -> None:
        raise EncryptedFile("Tệp có mật khẩu.", "detail")

    with pytest.raises(EncryptedFile, match="mật khẩu") as caught:
        run_limited(refuse, limits=QUICK)
    assert caught.value.detail == "detail"


def test_an_unforeseen_exception_is_a_crash_with_its_traceback_for_the_log() -> None:
    def broken() -> None:
        raise KeyError("word/document.xml")

    with pytest.raises(Crashed, match="dừng đột ngột") as caught:
        run_limited(broken, limits=QUICK)
    assert "KeyError: 'word/document.xml'" in caught.value.detail
    assert "Traceback" not in str(caught.value)


def test_a_hang_ends_at_the_wall_limit_with_all_its_children(tmp_path: Path) -> None:
    noted = tmp_path / "pid"

    def hang() -> None:
        helper = subprocess.Popen(["sleep", "60"])
        noted.write_text(str(helper.pid))
        time.sleep(60)

    begun = time.monotonic()
    with pytest.raises(Crashed, match="quá 1 giây"):
        run_limited(hang, limits=Limits(wall_seconds=1))
    assert time.monotonic() - begun < 5
    assert _gone(int(noted.read_text()))


def _gone(pid: int) -> bool:
    for _ in range(40):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_busy_loop_ends_at_the_cpu_limit() -> None:
    def spin() -> None:
        while True:
            pass

    with pytest.raises(Crashed, match="quá 1 giây"):
        run_limited(spin, limits=Limits(wall_seconds=20, cpu_seconds=1))


def test_memory_beyond_the_limit_is_too_large() -> None:
    with pytest.raises(FileTooLarge, match="bộ nhớ"):
        run_limited(lambda: len(bytearray(1 << 30)), limits=QUICK)


def test_a_native_crash_is_a_crash() -> None:
    with pytest.raises(Crashed) as caught:
        run_limited(lambda: ctypes.string_at(0), limits=QUICK)
    assert "Segmentation fault" in caught.value.detail


def test_an_exit_without_a_result_is_a_failure() -> None:
    with pytest.raises(Crashed):
        run_limited(lambda: os._exit(0), limits=QUICK)


def test_a_kill_from_outside_is_a_crash() -> None:
    with pytest.raises(Crashed):
        run_limited(lambda: os.kill(os.getpid(), signal.SIGKILL), limits=QUICK)


def test_a_flood_of_output_fills_no_disk_and_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    def flood() -> None:
        for _ in range(300):
            os.write(2, b"x" * 10_000)

    with pytest.raises(Crashed):
        run_limited(flood, limits=QUICK)
    assert capfd.readouterr() == ("", "")


class Poison:
    """Unpickles into a call, as the answer of a child that was taken over could."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("taken-over",)


def test_an_answer_that_is_no_plain_data_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Crashed, match="dừng đột ngột") as caught:
        run_limited(Poison, limits=QUICK)
    assert "not plain data" in caught.value.detail
    assert not (tmp_path / "taken-over").exists()
    assert pickle.dumps(Poison())


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIAOVIEC_DATABASE_URL", "postgresql://u:secret@h/d")
    assert run_limited(lambda: os.environ.get("GIAOVIEC_DATABASE_URL"), limits=QUICK) is None
    assert os.environ["GIAOVIEC_DATABASE_URL"]


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(Crashed):
        run_limited(lambda: os._exit(3), limits=QUICK)
    assert list(tmp_path.iterdir()) == []
    assert sys.stderr is not None


def _answer_after(seconds: float) -> str:
    time.sleep(seconds)
    return "answer"


def test_an_answer_given_while_the_parent_held_its_lease_is_not_lost() -> None:
    assert run_limited(_answer_after, TICK_SECONDS + 0.3, tick=lambda: time.sleep(1.0)) == "answer"


def test_a_child_whose_folder_is_gone_ends_without_a_word(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _live(writer, reader, tmp_path / "gone", lambda: None, QUICK)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 70
    os.close(reader)
    os.close(writer)
    assert capfd.readouterr().err == ""
