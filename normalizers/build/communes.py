"""`python -m normalizers.build.communes`: writes data/communes.tsv, data/communes_before.tsv and their manifest.

The source is the data of the distribution vietnamadminunits (MIT): today's provinces and communes, the units of
before 1 July 2025 for the spelling of names in older plans, and which unit each of them became. Never imported at
run time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from normalizers.build.manifest import Entry, record

DATA = Path(__file__).parents[1] / "data"
SOURCE = "vietnamadminunits"
HEAD = ("level", "name", "province", "code", "until")
BEFORE_HEAD = ("level", "name", "district", "province", "code", "until", "became")
LAST_DAY = "2025-06-30"

Row = tuple[str, str, str, str, str]
Former = tuple[str, str, str, str, str, str, str]


def dataset() -> Path:
    """The path of the distribution's data; SystemExit where it is not installed."""
    spec = find_spec(SOURCE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{SOURCE} is not installed: pip install {SOURCE}")
    return Path(spec.origin).parent / "data" / "dataset.db"


def _parted(full: str) -> tuple[str, str]:
    """("phường", "Lê Chân") of "Phường Lê Chân"."""
    for level in ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu", "Phường", "Xã", "Tỉnh", "Huyện", "Quận"):
        if full.casefold().startswith(level.casefold() + " "):
            return level.lower(), full[len(level) + 1 :]
    raise SystemExit(f"unit without a level: {full}")


def _running(full: str) -> str:
    return " ".join(_parted(full))


def rows(dataset: Path) -> list[Row]:
    """Every unit as (level, name, province, code, last day or ""), sorted, each once."""
    found: set[Row] = set()
    with sqlite3.connect(dataset) as base:
        for province, code, ward, ward_code in base.execute(
            "select province, provinceCode, ward, wardCode from admin_units"
        ):
            found.add((*_parted(province), _running(province), code, ""))
            found.add((*_parted(ward), _running(province), ward_code, ""))
        today = {row[:3] for row in found}
        for province, code, district, district_code, ward, ward_code in base.execute(
            "select province, provinceCode, district, districtCode, ward, wardCode from admin_units_legacy"
        ):
            for unit, number in ((province, code), (district, district_code), (ward, ward_code)):
                if unit and (*_parted(unit), _running(province)) not in today:
                    found.add((*_parted(unit), _running(province), number or "", LAST_DAY))
    return sorted(found)


def former(dataset: Path) -> list[Former]:
    """Every commune of before 1 July 2025 as (level, name, district, province, code, last day, codes it became).

    A unit that was divided became several: the one that took most of it stands first. A district without communes
    (an island) stands for itself.
    """
    became = _became(json.loads((dataset.parent / "converter_2025.json").read_text(encoding="utf-8")))
    with sqlite3.connect(dataset) as base:
        today = {
            f"{province}/{ward}": code
            for province, ward, code in base.execute("select provinceKey, wardKey, wardCode from admin_units")
        }
        lines = base.execute(
            "select provinceKey, districtKey, wardKey, province, district, ward, districtCode, wardCode"
            " from admin_units_legacy"
        ).fetchall()
    found: list[Former] = []
    for *keys, province, district, ward, district_code, ward_code in lines:
        codes = " ".join(today[key] for key in became["_".join(key or "" for key in keys)])
        unit, code = (ward, ward_code) if ward else (district, district_code)
        above = _running(district) if ward else ""
        found.append((*_parted(unit), above, _running(province), code or "", LAST_DAY, codes))
    return sorted(found)


def _became(converter: dict[str, Any]) -> dict[str, list[str]]:
    """The old unit's key ("province_district_ward") → keys ("province/ward") of the units that it became."""
    return dict(_whole(converter["DICT_PROVINCE_WARD_NO_DIVIDED"])) | {
        old: [f"{province}/{one['newWardKey']}" for one in sorted(news, key=lambda one: not one["isDefaultNewWard"])]
        for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, news in divided.items()
    }


def _whole(merged: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    for province, units in merged.items():
        for new, olds in units.items():
            yield from ((old, [f"{province}/{new}"]) for old in olds)


def write() -> list[Path]:
    """The paths of the written tables, each noted in MANIFEST.toml."""
    source = dataset()
    return [_table("communes.tsv", HEAD, rows(source)), _table("communes_before.tsv", BEFORE_HEAD, former(source))]


def _table(name: str, head: tuple[str, ...], lines: list[Any]) -> Path:
    target = DATA / name
    target.write_text("".join("\t".join(line) + "\n" for line in [head, *lines]), encoding="utf-8", newline="\n")
    body = target.read_bytes()
    record(
        Entry(
            name,
            hashlib.sha256(body).hexdigest(),
            len(body),
            "MIT",
            f"{SOURCE} {metadata.version(SOURCE)}",
            "python -m normalizers.build.communes",
        )
    )
    return target


if __name__ == "__main__":
    print(*write(), sep="\n")
