"""A whole night on real files: what is new is read once, what is wrong is told, and the command says what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from normalizers.places import Succession
from pipeline.night.bench import text_of
from pipeline.night.config import Folder, NightConfig
from pipeline.night.run import run_night
from pipeline.settings import load_settings
from tests.bad_files import encrypted_pdf

LE_CHAN, HONG_CHAU = (
    next(one for one in Succession.load().communes("Hải Phòng") if one.full_name == name)
    for name in ("phường Lê Chân", "xã Hồng Châu")
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for commune in (LE_CHAN, HONG_CHAU):
        folder = tmp_path / "vao" / commune.name
        folder.mkdir(parents=True)
        (folder / "ke-hoach.txt").write_text(text_of(commune, 0), encoding="utf-8")
    (tmp_path / "vao" / "Lê Chân" / "khóa.pdf").write_bytes(encrypted_pdf())
    (tmp_path / "vao" / "Lê Chân" / "~$tạm.docx").write_bytes(b"x")
    return tmp_path


def config_in(place: Path) -> NightConfig:
    folders = (Folder(place / "vao"), Folder(place / "không có"))
    return NightConfig(place / "dem.yaml", folders, place / "ra", year=2026, formats=("xlsx",), jobs=1)


def test_a_night_reads_what_is_new_once_and_tells(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.night.run.LongStill.age", lambda *_: 60.0)
    config, settings = config_in(place), load_settings({}, data=place / "data")
    first = run_night(config, settings)
    assert (len(first.outcomes), [outcome.path.name for outcome in first.refused]) == (3, ["khóa.pdf"])
    assert first.told.digest.report.counts()["plan"] == 2
    assert any("không có" in fault for fault in first.night.faults)
    page = first.told.page.read_text(encoding="utf-8")
    assert "khóa.pdf" in page
    assert "mật khẩu" in page

    def never() -> None:
        raise AssertionError("a night without news needs no tools")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.night.run.load_kit", never)
        second = run_night(config, settings)
    assert (second.outcomes, second.written.written) == ((), ())
    assert (len(second.told.digest.new), len(second.told.digest.refused), second.scan.unchanged) == (0, 0, 4)

    changed = place / "vao" / "Hồng Châu" / "ke-hoach.txt"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n- Lưu: hồ sơ.\n", encoding="utf-8")
    third = run_night(config, settings)
    assert [outcome.path.name for outcome in third.outcomes] == ["ke-hoach.txt"]
    assert {path.name for path in third.written.written} == {"nhiem_vu.xlsx", "Hồng Châu.xlsx"}


def test_the_command_says_what_it_did(place: Path, giaoviec: Callable[..., Any]) -> None:
    file = place / "dem.yaml"
    file.write_text("folders: vao\nout: ra\nyear: 2026\ndata: data\njobs: 1\n", encoding="utf-8")
    assert giaoviec("nightly", "--config", file, "--check").code == 0
    done = giaoviec("nightly", "--config", file, "--json")
    record = json.loads(done.out)
    assert (done.code, record["read"], record["refused"]) == (3, 3, 1)
    assert Path(record["digest"]).is_file()
    assert "khóa.pdf" in done.err
    file.write_text("folders: vao\nra: ra\n", encoding="utf-8")
    wrong = giaoviec("nightly", "--config", file)
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "dòng 2: không có mục “ra”" in wrong.err
