"""The file of settings of the night: what it says, and where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.night.config import Folder, Mail, load_night
from schemas.errors import ConfigError

WHOLE = """
province: Hải Phòng
year: 2026
folders:
  - vao
  - {path: /srv/le_chan, commune: phường Lê Chân}
out: ra
sets: [hai_phong_5049, bo/rieng.yaml]
formats: [xlsx, csv]
days: [7, 30]
mail:
  host: mail.example.vn
  port: 587
  user: giaoviec
  password_file: mat_khau
  sender: giaoviec@example.vn
  to: [a@example.vn, b@example.vn]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "dem.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_field_is_read_and_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load_night(written(tmp_path, WHOLE))
    assert config.folders == (Folder(tmp_path / "vao"), Folder(Path("/srv/le_chan"), "phường Lê Chân"))
    assert (config.out, config.sets) == (tmp_path / "ra", ("hai_phong_5049", str(tmp_path / "bo/rieng.yaml")))
    assert config.mail == Mail(
        "mail.example.vn",
        "giaoviec@example.vn",
        ("a@example.vn", "b@example.vn"),
        587,
        user="giaoviec",
        password_file=tmp_path / "mat_khau",
    )


def test_two_lines_are_enough(tmp_path: Path) -> None:
    config = load_night(written(tmp_path, "folders: vao\nout: ra\n"))
    assert (config.folders, config.formats, config.mail) == ((Folder(tmp_path / "vao"),), ("xlsx",), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("folders: vao\nout: ra\nsest: x\n", "dòng 3: không có mục “sest”"),
        ("province: Hải Phòng\nout: ra\n", "dòng 1: thiếu “folders”"),
        ("folders: vao\nout: ra\nformats: [xlsx, doc]\n", "dòng 3: “formats” phải là một trong"),
        ("folders: vao\nout: ra\ndays:\n  - 7\n  - bảy\n", "dòng 5: “days” phải là số nguyên từ 1"),
        ("folders: vao\nout: ra\nmail:\n  host: h\n  sender: a@b\n", "dòng 4: thiếu “to”"),
        ("folders: vao\nout: ra\nmail:\n  host: h\n  sender: a\n  to: a@b\n", "dòng 5: “sender” phải là địa chỉ"),
        ("folders: []\nout: ra\n", "dòng 1: “folders” không được để trống"),
        ("folders:\n  - {commune: x}\nout: ra\n", "dòng 2: thiếu “path”"),
        ("folders: vao\nout: ra\nout: rb\n", "“out” có hai lần"),
        ("folders: vao\nout: [\n", "không đúng YAML"),
        ("- vao\n", "dòng 1: phải là các mục"),
        ("folders: vao\nout: ra\nschedule: 1 giờ\n", "dòng 3: “schedule” phải là lịch cron"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_night(written(tmp_path, text))
    assert str(refused.value).startswith("Tệp dem.yaml")
    assert said in str(refused.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"khong_co\.yaml: không mở được"):
        load_night(tmp_path / "khong_co.yaml")
