"""Whether anything was lost or is there twice, told without a line of the product: `ledger_check.py DATA DROPPED`.

DROPPED is a folder whose files are what was dropped. Prints a line a breach, and ends with 1 where there is one.
Also the stand-alone oracle of the fault tests: `check` returns the breaches, `task_ids` what was read.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

FINAL = {"done", "done_with_warnings", "rejected", "ignored"}
UNFINISHED = "unfinished"
READ = {"done", "done_with_warnings"}


def hashes_of(folder: Path) -> set[str]:
    """Return the hashes of all files of a folder that hold anything."""
    found = (path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {hashlib.sha256(data).hexdigest() for data in found if data}


def check(data: Path, dropped: Collection[str], final: Collection[str] = frozenset(FINAL)) -> list[str]:
    """Return what contradicts that all of `dropped` is kept, each in one state of `final`, its rows once."""
    said: list[str] = []
    with closing(sqlite3.connect(f"file:{data / 'giaoviec.db'}?mode=ro", uri=True)) as base:
        sound = [line[0] for line in base.execute("PRAGMA integrity_check")]
        said += [] if sound == ["ok"] else [f"the database: {sound}"]
        said += [f"a row without its document: {line}" for line in base.execute("PRAGMA foreign_key_check")]
        states = dict(base.execute("SELECT sha256, state FROM ledger"))
        stored = dict(base.execute("SELECT sha256, document_id FROM documents"))
        rows = dict(base.execute("SELECT document_id, count(*) FROM tasks GROUP BY document_id"))
        told = dict(base.execute("SELECT document_id, n_rows FROM documents"))
        passed = base.execute("SELECT path, state, code FROM sightings WHERE sha256 = ''").fetchall()
        twice = base.execute("SELECT task_id FROM tasks GROUP BY task_id HAVING count(*) > 1").fetchall()
    said += [f"lost: {sha256}" for sha256 in sorted(set(dropped) - set(states) - _known(passed))]
    said += [f"never dropped: {sha256}" for sha256 in sorted(set(states) - set(dropped))]
    said += [f"{sha256} is {state}" for sha256, state in sorted(states.items()) if state not in final]
    read = {sha256 for sha256, state in states.items() if state in READ}
    said += [f"read, and no document: {sha256}" for sha256 in sorted(read - set(stored))]
    said += [f"a document, and not read: {sha256}" for sha256 in sorted(set(stored) - read)]
    said += [f"rows of {name}: {count} of {told[name]}" for name, count in rows.items() if told[name] != count]
    said += [f"twice: {task}" for (task,) in twice]
    return said + _originals(data / "originals", set(states))


def _known(passed: list[tuple[str, str, str | None]]) -> set[str]:
    """Return the hashes of files that are in a state by their paths, not kept: passed over, refused, half copied."""
    there = [
        Path(path) for path, state, code in passed if (state in FINAL or code == UNFINISHED) and Path(path).is_file()
    ]
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in there}


def _originals(folder: Path, known: set[str]) -> list[str]:
    kept = {path.name: path for path in folder.glob("??/*")}
    said = [f"no original: {sha256}" for sha256 in sorted(known - set(kept))]
    said += [f"an original of nothing: {name}" for name in sorted(set(kept) - known)]
    for name, path in sorted(kept.items()):
        if hashlib.sha256(path.read_bytes()).hexdigest() != name:
            said.append(f"an original that changed: {name}")
    return said + [f"left over: {path}" for path in (folder / "tmp").glob("*")]


def task_ids(data: Path) -> list[str]:
    """Return the numbers of all rows, in order."""
    with closing(sqlite3.connect(f"file:{data / 'giaoviec.db'}?mode=ro", uri=True)) as base:
        return [line[0] for line in base.execute("SELECT task_id FROM tasks ORDER BY task_id")]


if __name__ == "__main__":
    breaches = check(Path(sys.argv[1]), hashes_of(Path(sys.argv[2])))
    print("\n".join(breaches))
    sys.exit(1 if breaches else 0)
