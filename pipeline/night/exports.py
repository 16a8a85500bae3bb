"""The tables of a night: one file a commune and format, one of all where they are few; only what changed is written.

Beside them lies a note of what each file was made of, so that a night without news writes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.exports import EXPORTS, export
from pipeline.exports.table import write_text
from pipeline.store.news import Holding, holdings
from pipeline.store.queries import find_whole_documents
from pipeline.store.store import Store
from schemas.extraction import RULES_VERSION

WHOLE = "nhiem_vu"
BY_COMMUNE = "theo_xa"
NOBODY = "chua_ro_xa"
"""The file of documents that lay in no commune's folder."""
NOTE = ".giaoviec-bang.json"
FORM = "1"
"""Raised by hand when the same rows would be written otherwise."""
MOST_ROWS = 20_000
"""Rows up to which all are written into one file too: beyond it no spreadsheet is a pleasure, and the cost grows."""
_BAD = str.maketrans(dict.fromkeys('/\\:*?"<>|\x00\n\r\t', "_"))


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written now, those that were as they should be, and those taken away."""

    written: tuple[Path, ...]
    kept: int
    removed: tuple[Path, ...] = ()


def write_tables(store: Store, formats: Sequence[str], folder: Path) -> Written:
    """Write the tables of the store that changed into `folder`; raises `StoreError` where one cannot be written."""
    wanted = dict(_wanted(holdings(store), formats))
    before = _note(folder)
    stale = [name for name, (key, _) in wanted.items() if before.get(name) != key or not (folder / name).is_file()]
    noted = {name: key for name, key in before.items() if name in wanted and name not in stale}
    for documents in {wanted[name][1]: None for name in stale}:  # rows are loaded once for all formats
        listing = find_whole_documents(store, documents)
        for name in stale:
            if wanted[name][1] == documents:
                export(listing, Path(name).suffix[1:], folder / name)
                noted[name] = wanted[name][0]
        _write_note(folder, noted)
    gone = [folder / name for name in before if name not in wanted]
    for path in gone:
        path.unlink(missing_ok=True)
    if gone:
        _write_note(folder, noted)
    return Written(tuple(folder / name for name in stale), len(wanted) - len(stale), tuple(gone))


def _wanted(held: Sequence[Holding], formats: Sequence[str]) -> Iterable[tuple[str, tuple[str, tuple[str, ...]]]]:
    """Each file's name → the key of what it holds, and the ids of its documents."""
    parts: dict[str, list[Holding]] = defaultdict(list)
    for one in held:
        for name in {_file_name(commune) for commune in one.communes} or {NOBODY}:
            parts[f"{BY_COMMUNE}/{name}"].append(one)
    if sum(one.n_rows for one in held) <= MOST_ROWS:
        parts[WHOLE] = list(held)
    for name, mine in sorted(parts.items()):
        for form in formats:
            yield f"{name}{EXPORTS[form].suffix}", (_key(mine, form), tuple(one.document_id for one in mine))


def _file_name(commune: str) -> str:
    return commune.translate(_BAD).strip(" .")[:120] or NOBODY


def _key(held: Sequence[Holding], form: str) -> str:
    told = [FORM, RULES_VERSION, form, *(f"{one.document_id} {one.key}" for one in held)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _note(folder: Path) -> dict[str, str]:
    """What the files were made of; a note that is missing or spoiled makes them written anew."""
    try:
        found = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: str(key) for name, key in found.items() if _is_ours(name)} if isinstance(found, dict) else {}


def _is_ours(name: str) -> bool:
    """Whether a noted file is one that this module writes: nothing else is ever taken away."""
    path = Path(name)
    suffixes = {form.suffix for form in EXPORTS.values()}
    return (
        str(path.parent) in (".", BY_COMMUNE)
        and path.suffix in suffixes
        and (path.stem == WHOLE) == (str(path.parent) == ".")
    )


def _write_note(folder: Path, noted: Mapping[str, str]) -> None:
    write_text(folder / NOTE, json.dumps(noted, ensure_ascii=False, indent=0, sort_keys=True))
