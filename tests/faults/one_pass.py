"""Takes a folder in and reads it, in one process but for the readers: `python -m tests.faults.one_pass INBOX DATA`.

The walk is the product's but for the rows, which are made by hand so that a pass costs little; the reader really
reads the file. What is dropped into `INBOX` moves to `da_xu_ly` when it is stored.
"""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.ingest import tidy, work_one
from pipeline.settings import Settings, load_settings
from pipeline.store.store import Store
from pipeline.watch.loop import only_watcher
from pipeline.watch.moving import move_read
from pipeline.watch.scan import Look, Watched, scan_once
from schemas.errors import StoreError
from tests.making import extraction, rows


def read_cheaply(path: Path, _kit: object) -> Any:
    """Return an extraction of the file's own lines with three rows made by hand."""
    from extractors.readers import open_source, read

    raw = read(open_source(path))
    return replace(extraction(), raw=raw, rows=rows(raw.source.document_id), warnings=raw.warnings)


def use_cheap_reader() -> None:
    """Have the product read by `read_cheaply` in this process."""
    import pipeline

    module = types.ModuleType("pipeline.run")
    module.__dict__["extract_file"] = read_cheaply
    sys.modules["pipeline.run"] = module
    pipeline.__dict__["run"] = module


def pass_over(inbox: Path, settings: Settings, move: bool = True) -> None:
    """Take in, read until nothing is due, move."""
    store = Store.open(settings.database_url)
    with only_watcher(settings):
        tidy(settings)
        watched = [Watched(inbox)]
        scan_once(watched, store, settings, Look(0.0, 0.0))
        while claim := store.ledger.claim(hasty=True):
            work_one(claim, store, settings, object())  # type: ignore[arg-type]
        if move:
            move_read(watched, store)


if __name__ == "__main__":
    use_cheap_reader()
    try:
        pass_over(Path(sys.argv[1]), load_settings({}, data=Path(sys.argv[2])))
    except StoreError as error:
        sys.exit(f"{error} ({error.detail})")
