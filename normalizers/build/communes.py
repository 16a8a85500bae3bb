"""`python -m normalizers.build.communes`: writes data/communes.tsv and its entry in the manifest.

The source is the data of the distribution vietnamadminunits (MIT): today's provinces and communes, and the
units of before 1 July 2025 for the spelling of names in older plans. Never imported at run time.
"""

from __future__ import annotations

import hashlib
import sqlite3
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
SOURCE = "vietnamadminunits"
HEAD = ("level", "name", "province", "code", "until")
LAST_DAY = "2025-06-30"

Row = tuple[str, str, str, str, str]


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


def write() -> Path:
    """The path of the written table."""
    target = DATA / "communes.tsv"
    table = [HEAD, *rows(dataset())]
    target.write_text("".join("\t".join(row) + "\n" for row in table), encoding="utf-8", newline="\n")
    _note(target)
    return target


def _note(target: Path) -> None:
    """Replace the table's entry in MANIFEST.toml, leaving the others as they are."""
    manifest = DATA / "MANIFEST.toml"
    entries = manifest.read_text(encoding="utf-8").split("\n\n") if manifest.exists() else []
    body = target.read_bytes()
    entry = "\n".join(
        (
            f'["{target.name}"]',
            f'sha256 = "{hashlib.sha256(body).hexdigest()}"',
            f"size = {len(body)}",
            'licence = "MIT"',
            f'source = "{SOURCE} {metadata.version(SOURCE)}"',
            'command = "python -m normalizers.build.communes"',
        )
    )
    kept = [old.strip("\n") for old in entries if old.strip() and not old.lstrip().startswith(f'["{target.name}"]')]
    manifest.write_text("\n\n".join([*kept, entry]) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    print(write())
