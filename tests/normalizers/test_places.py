"""The gazetteer: today's units, the ones they replaced, and that it never picks one of many."""

from __future__ import annotations

import hashlib
import sqlite3
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from normalizers.build import communes
from normalizers.places import LEVELS, Gazetteer

DATA = Path(communes.__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def test_units_of_today(gazetteer: Gazetteer) -> None:
    today = [place for place in gazetteer.places if place.current]
    provinces = [place for place in today if place.full_name == place.province]
    assert (len(provinces), len(today) - len(provinces)) == (34, 3321)
    assert {place.level for place in today} == {"tỉnh", "thành phố", "xã", "phường", "đặc khu"}


def test_every_level_is_known(gazetteer: Gazetteer) -> None:
    assert {place.level for place in gazetteer.places} <= set(LEVELS)


def test_codes_of_today_are_unique(gazetteer: Gazetteer) -> None:
    assert max(Counter(place.code for place in gazetteer.places if place.current).values()) == 1


def test_name_alone_gives_all_of_them(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("Bắc Sơn")
    assert len(found) > 10
    assert len({place.province for place in found}) > 5


def test_level_and_province_narrow(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.find("phường Nam Triệu", "Hải Phòng")
    assert (place.level, place.name, place.province, place.current) == (
        "phường",
        "Nam Triệu",
        "thành phố Hải Phòng",
        True,
    )
    assert gazetteer.find("phường Nam Triệu", "tỉnh Nghệ An") == ()


@pytest.mark.parametrize("written", ["NAM TRIỆU", "nam trieu", "Nam Triêu", " Nam  Triệu"])
def test_spelling_is_set_aside(gazetteer: Gazetteer, written: str) -> None:
    assert {place.name for place in gazetteer.find(written)} == {"Nam Triệu"}


def test_exact_spelling_goes_first(gazetteer: Gazetteer) -> None:
    names = [place.name for place in gazetteer.find("xã Cẩm Giàng", "Hải Phòng") if place.current]
    assert names == ["Cẩm Giàng", "Cẩm Giang"]


def test_old_units_are_marked(gazetteer: Gazetteer) -> None:
    assert [place.current for place in gazetteer.find("huyện Hiệp Hòa")] == [False]


def test_unknown_name_gives_none(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("phường Không Có Thật") == ()


def test_manifest_has_the_checksum() -> None:
    entry = tomllib.loads((DATA / "MANIFEST.toml").read_text("utf-8"))["communes.tsv"]
    assert entry["sha256"] == hashlib.sha256((DATA / "communes.tsv").read_bytes()).hexdigest()
    assert entry["licence"] == "MIT"


def test_table_is_what_the_build_gives() -> None:
    pytest.importorskip("vietnamadminunits", reason="needs the distribution that the table is built from")
    table = (DATA / "communes.tsv").read_text("utf-8").splitlines()
    assert [tuple(line.split("\t")) for line in table] == [communes.HEAD, *communes.rows(communes.dataset())]


def test_build_parts_a_unit(tmp_path: Path) -> None:
    base = tmp_path / "units.db"
    with sqlite3.connect(base) as units:
        units.execute("create table admin_units (province, provinceCode, ward, wardCode)")
        units.execute(
            "create table admin_units_legacy (province, provinceCode, district, districtCode, ward, wardCode)"
        )
        units.execute("insert into admin_units values ('Tỉnh A', '1', 'Xã B', '2')")
        units.execute("insert into admin_units_legacy values ('Tỉnh A', '1', 'Huyện C', '3', NULL, NULL)")
    assert communes.rows(base) == [
        ("huyện", "C", "tỉnh A", "3", "2025-06-30"),
        ("tỉnh", "A", "tỉnh A", "1", ""),
        ("xã", "B", "tỉnh A", "2", ""),
    ]
