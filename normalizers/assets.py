"""Files of `normalizers/data`: opened by name, checked against MANIFEST.toml where it lists them."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from schemas.errors import AssetError

_DATA = Path(str(resources.files("normalizers"))) / "data"
_MANIFEST = "MANIFEST.toml"


@cache
def _checksums() -> dict[str, str]:
    manifest = _DATA / _MANIFEST
    if not manifest.exists():
        return {}
    listed = tomllib.loads(manifest.read_text(encoding="utf-8"))
    return {name: entry["sha256"] for name, entry in listed.items() if isinstance(entry, dict) and "sha256" in entry}


@cache
def asset_path(name: str) -> Path:
    """The path of a data file; AssetError where it is missing or differs from the manifest."""
    path = _DATA / name
    if not path.is_file():
        raise AssetError(f"Thiếu tệp dữ liệu {name} của chương trình; hãy cài đặt lại.", f"no such asset: {path}")
    expected = _checksums().get(name)
    if expected and hashlib.sha256(path.read_bytes()).hexdigest() != expected:
        raise AssetError(
            f"Tệp dữ liệu {name} của chương trình đã bị thay đổi; hãy cài đặt lại.", f"sha256 differs: {path}"
        )
    return path


def open_asset(name: str) -> bytes:
    """The bytes of a data file; AssetError where it is missing or changed."""
    return asset_path(name).read_bytes()


def load_yaml(name: str) -> Any:
    """The plain data of a YAML file, by safe_load; AssetError with file and line where it is wrong."""
    try:
        return yaml.safe_load(open_asset(name))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise AssetError(f"Tệp dữ liệu {name} sai ở dòng {line}.", str(error)) from error
