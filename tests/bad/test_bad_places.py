"""What a careless user names: pipes, devices, loops, odd names, and places where no result can be written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bad_files import GOOD_TEXT

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["ke hoach 'a' \"b\".txt", "xuống\ndòng.txt", "-o.txt", "$(touch x);.txt", "a" * 240 + ".txt", b"k\xff.txt"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tốt.txt").write_text(GOOD_TEXT, encoding="utf-8")
    return tmp_path


def start(place: Path, *arguments: object, **more: object) -> subprocess.Popen[bytes]:
    (place / "tmp").mkdir(exist_ok=True)
    environment = os.environ | {
        "GIAOVIEC_DATA": str(place / "data"),
        "TMPDIR": str(place / "tmp"),
        "PYTHONPATH": str(ROOT),
    }
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    command = [sys.executable, "-m", "pipeline", *(os.fsdecode(part) for part in arguments)]  # type: ignore[arg-type]
    return subprocess.Popen(command, cwd=place, env=environment, **streams)  # type: ignore[call-overload, no-any-return]


def run(place: Path, *arguments: object, **more: object) -> tuple[int, list[str]]:
    """The exit code, and the lines of stderr that are no remarks on a document that was read."""
    process = start(place, *arguments, **more)
    said = process.communicate(timeout=100)[1] or b""
    lines = said.decode("utf-8").splitlines()
    return process.returncode, [line for line in lines if "Lưu ý" not in line]


def test_pipes_devices_loops_and_folders_are_refused_at_once(place: Path) -> None:
    os.mkfifo(place / "ống.pdf")
    (place / "zero.pdf").symlink_to("/dev/zero")
    (place / "vòng").symlink_to("vòng")
    (place / "hỏng.txt").symlink_to("không có")
    (place / "thư mục.pdf").mkdir()
    names = ("ống.pdf", "zero.pdf", "vòng", "hỏng.txt", "thư mục.pdf", "không có.pdf", "/proc/self/mem")
    code, said = run(place, "extract", *names)
    assert code in (2, 6)
    assert len(said) == len(names)
    assert all(line.startswith("giaoviec: ") and line.endswith(".") for line in said), said


def test_odd_names_are_names(place: Path) -> None:
    for name in NAMES:
        Path(os.fsdecode(name)).write_text(GOOD_TEXT, encoding="utf-8")
    code, said = run(place, "extract", "-f", "json", "-o", "ra.json", "--", *NAMES)
    assert (code, said) == (3, [])
    assert not (place / "x").exists()


def test_a_folder_with_loops_pipes_and_rests_goes_into_the_store(place: Path) -> None:
    folder = place / "vào"
    folder.mkdir()
    os.mkfifo(folder / "ống.pdf")
    (folder / "zero.pdf").symlink_to("/dev/zero")
    (folder / "lặp").symlink_to(".")
    (folder / "._tốt.txt").write_bytes(b"\x00\x05\x16\x07")
    for name in NAMES:
        (folder / os.fsdecode(name)).write_text(f"{GOOD_TEXT}{name!r}", encoding="utf-8")
    (folder / "rỗng.pdf").touch()
    code, said = run(place, "ingest", folder)
    assert (code, len(said)) == (3, 1), said
    process = start(place, "documents", "--json")
    assert process.communicate()[0].count(b'"document_id"') == len(NAMES)


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (("-f", "json", "-o", "tốt.txt"), "không ghi đè"),
        (("-o", "ra.docx"), "dạng gì"),
        (("-f", "table", "-o", "ra.txt"), "dạng gì"),
        (("-f", "json", "-o", "tốt.txt/ra.json"), "Không ghi được"),
        (("-f", "json", "-o", "/proc/ra.json"), "Không ghi được"),
        (("-f", "json", "-o", "b" * 300 + ".json"), "Không ghi được"),
        (("-f", "abc"), "không hợp lệ"),
        (("--lạ",), "không có tùy chọn"),
    ],
)
def test_a_result_that_cannot_be_written_is_one_line_and_the_plan_stays(
    place: Path, out: tuple[str, ...], said: str
) -> None:
    code, lines = run(place, "extract", "tốt.txt", *out)
    assert (code, len(lines)) == (2, 1), lines
    assert said in lines[0]
    assert (place / "tốt.txt").read_text(encoding="utf-8") == GOOD_TEXT


def test_a_folder_that_is_missing_is_made_and_one_that_is_there_is_filled(place: Path) -> None:
    (place / "có").mkdir()
    assert run(place, "extract", "tốt.txt", "-o", "mới/sâu/ra.json")[0] == 3
    assert run(place, "extract", "tốt.txt", "-f", "json", "-o", "có")[0] == 3
    assert (place / "mới/sâu/ra.json").is_file()
    assert (place / "có/tốt.txt.json").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("form", ["json", "table"])
def test_a_full_disk_is_one_line(place: Path, form: str) -> None:
    with open("/dev/full", "wb") as full:
        code, said = run(place, "extract", "tốt.txt", "-f", form, stdout=full)
    assert (code, len(said)) == (2, 1)
    assert "hết chỗ trống" in said[0]


def test_help_on_a_full_disk_is_one_line(place: Path) -> None:
    with open("/dev/full", "wb") as full:
        code, said = run(place, "tasks", "--help", stdout=full)
    assert (code, len(said)) == (2, 1), said


def test_a_device_that_is_written_to_stays_a_device(place: Path) -> None:
    os.mkfifo(place / "ống")
    (place / "thật.json").write_text("cũ", encoding="utf-8")
    (place / "lối.json").symlink_to("thật.json")
    waiting = subprocess.Popen(["cat", "ống"], cwd=place, stdout=subprocess.PIPE)
    assert run(place, "extract", "tốt.txt", "-f", "json", "-o", "ống")[0] == 3
    written = waiting.communicate(timeout=20)[0]
    assert run(place, "extract", "tốt.txt", "-f", "json", "-o", "lối.json")[0] == 3
    assert (place / "ống").is_fifo()
    assert (place / "lối.json").is_symlink()
    assert (place / "thật.json").read_bytes() == written
    assert json.loads(written)["rows"]


def test_a_working_folder_that_is_gone_is_one_line(place: Path) -> None:
    (place / "mất").mkdir()
    command = f"cd mất && rmdir ../mất && exec '{sys.executable}' -m pipeline extract '{place / 'tốt.txt'}' -f json"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    shell = ["sh", "-c", command]
    ran = subprocess.run(shell, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1), ran.stderr
    assert "không còn" in ran.stderr


def test_a_reader_that_goes_away_is_no_crash(place: Path) -> None:
    process = start(place, "extract", *["tốt.txt"] * 3, "-f", "json")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    said = process.communicate(timeout=100)[1].decode()
    assert process.returncode == 141
    assert "lỗi" not in said


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_ends_in_order_and_leaves_nothing(place: Path, number: int, code: int) -> None:
    scan = ROOT / "sample_docs" / "scans" / "000_le_chan.pages.tiff"
    process = start(place, "extract", scan, "-f", "json", "-o", "ra.json", preexec_fn=_as_at_a_terminal)
    for _ in range(300):
        if any((place / "tmp").glob("giaoviec-*")):
            break
        time.sleep(0.05)
    begun = time.monotonic()
    process.send_signal(number)
    said = process.communicate(timeout=20)[1]
    assert (process.returncode, said) == (code, b"")
    assert time.monotonic() - begun < 10
    assert list((place / "tmp").glob("giaoviec-*")) == []
    assert not (place / "ra.json").exists()


def _as_at_a_terminal() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
