"""The manifest of the data files: name, hash, size, licence, inputs and the command that made each."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
MANIFEST = DATA / "MANIFEST.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One data file; `size` in bytes, `source` what it was made from."""

    name: str
    sha256: str
    size: int
    licence: str
    source: str
    command: str


def record(entry: Entry) -> None:
    """Write the entry of a file into the manifest, in the place of an older one; tables stand sorted by name."""
    listed = tomllib.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.exists() else {}
    fields = asdict(entry)
    listed[fields.pop("name")] = fields
    parts = [_table(name, values) for name, values in sorted(listed.items())]
    MANIFEST.write_text("\n".join(parts), encoding="utf-8")


def _table(name: str, values: dict[str, object]) -> str:
    rows = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[{json.dumps(name)}]", *rows, ""])
