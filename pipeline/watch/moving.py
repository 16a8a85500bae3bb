"""`--move`: what was read is put into a sub-folder, after the commit and only if it still is what was read."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from pipeline.faults import crash_point
from pipeline.store.files import KnownFile, moved, read_files
from pipeline.store.store import Store
from pipeline.watch.places import DONE_FOLDER, fingerprint
from pipeline.watch.scan import Watched

log = logging.getLogger("giaoviec.watch")


def move_read(folders: Sequence[Watched], store: Store) -> list[Path]:
    """Move each file that is read and stored into `da_xu_ly` of its folder; return the new places.

    The ledger says what is read, so that a move that a crash kept from being done is done at the next call. A file
    that changed since, or that cannot be moved, stays where it is.
    """
    return [
        place
        for watched in folders
        for file in read_files(store, watched.root)
        if (place := _move(file, watched, store)) is not None
    ]


def _move(file: KnownFile, watched: Watched, store: Store) -> Path | None:
    source = Path(file.path)
    try:
        if fingerprint(source.lstat()) != file.fingerprint:
            return None
        target = _free(watched.folder / DONE_FOLDER / source.relative_to(watched.root))
        target.parent.mkdir(parents=True, exist_ok=True)
        crash_point("move.begun")
        os.rename(source, target)
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            log.warning("watch.unmoved", extra={"path": file.path, "said": str(error)})
        return None
    crash_point("move.done")
    moved(store, file, str(target.absolute()))
    return target


def _free(target: Path) -> Path:
    number, free = 1, target
    while os.path.lexists(free):
        number += 1
        free = target.with_name(f"{target.stem} ({number}){target.suffix}")
    return free
