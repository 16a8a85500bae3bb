"""From folders into the store, a file at a time; plain functions that flows and the command line both call."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.isolate import Limits, run_limited
from pipeline.kit import Kit
from pipeline.settings import Settings
from pipeline.store.originals import Kept, keep, open_regular, refuse_size
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.errors import PlanError
from schemas.extraction import Extraction
from schemas.source import RawDocument

TEMPORARY_NAMES = ("~$", ".", "Thumbs.db", "desktop.ini", "README", "LICENSE")
TEMPORARY_SUFFIXES = frozenset({".part", ".partial", ".crdownload", ".tmp", ".swp"})
OFFICE_SUFFIXES = frozenset({".doc", ".rtf", ".odt"})
LEAST_SECONDS = 120
SECONDS_A_PAGE = 5
BYTES_A_PAGE = 20_000
"""A scanned page is hardly smaller: the size bounds the pages without opening the file."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be read, and the commune whose folder it lies in."""

    path: Path
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: stored (`new`: it was not known before), or refused with `error`.

    `rows` and `review` count its rows and those that ask to be looked at; `seconds` is wall time.
    """

    path: Path
    error: PlanError | None = None
    new: bool = False
    document_id: str | None = None
    rows: int = 0
    review: int = 0
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


def find_files(paths: Iterable[Path], commune: str | None = None) -> tuple[list[Found], list[Path]]:
    """The files of the paths in order, and what was passed over in folders (no kind of document, links, rests).

    A file that is named is always tried. In a folder, the first folder below it names the commune, if none is given.
    """
    found: list[Found] = []
    passed: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(Found(path, commune))
            continue
        for file in sorted(_walk(path)):
            below = file.relative_to(path).parts
            inside = below[0] if len(below) > 1 else None
            if _is_document(file):
                found.append(Found(file, commune or inside))
            else:
                passed.append(file)
    return found, passed


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        yield from (Path(here) / name for name in files)


def _is_document(file: Path) -> bool:
    from extractors.readers import READERS

    suffixes = {suffix for reader in READERS for suffix in reader.suffixes} | OFFICE_SUFFIXES | {""}
    rest = file.name.startswith(TEMPORARY_NAMES) or file.suffix.lower() in TEMPORARY_SUFFIXES
    return file.is_file() and not file.is_symlink() and not rest and file.suffix.lower() in suffixes


def limits_for(size: int, limits: Limits) -> Limits:
    """The limits of reading a file of `size` bytes: 120 s and 5 s for each page that it may hold, up to the most."""
    seconds = min(limits.wall_seconds, LEAST_SECONDS + SECONDS_A_PAGE * (size // BYTES_A_PAGE))
    return replace(limits, wall_seconds=seconds, cpu_seconds=min(limits.cpu_seconds, seconds))


def read_file(path: Path, kit: Kit, limits: Limits) -> Extraction:
    """The extraction of a file, read in a child process under limits; raises `PlanError` where it is refused."""
    from pipeline.run import extract_file

    descriptor = open_regular(path)
    size = os.fstat(descriptor).st_size
    os.close(descriptor)
    refuse_size(size, limits.source_bytes)
    return run_limited(extract_file, path, kit, limits=limits_for(size, limits))


def read_raw(path: Path, size: int, limits: Limits) -> RawDocument:
    """The lines of a file, read in a child process: the first half of `read_file`."""
    from extractors.readers import open_source, read

    return run_limited(lambda: read(open_source(path)), limits=limits_for(size, limits))


def extract_raw(raw: RawDocument, kit: Kit, limits: Limits) -> Extraction:
    """The rows of lines, found in a child process: the second half of `read_file`."""
    from pipeline import run

    return run_limited(run.extract_raw, raw, kit, limits=limits_for(raw.source.size, limits))


@contextmanager
def under_its_name(kept: Kept, name: str, folder: Path) -> Iterator[Path]:
    """A path to the kept bytes under the name that they were dropped with: what is read is what is kept."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="reading-") as place:
        path = Path(place) / name
        try:
            path.hardlink_to(kept.path)
        except OSError:  # a file system without links
            shutil.copyfile(kept.path, path)
        yield path


def claim(found: Found, store: Store, settings: Settings, again: bool = False) -> tuple[Seen, Kept | Outcome]:
    """Keep a file's bytes; return how it was seen, and the bytes, or the outcome where nothing is left to be done.

    `again` reads bytes anew that are stored or were given up.
    """
    path, name = str(found.path.absolute()), found.path.name
    try:
        kept = keep(found.path, settings.originals, settings.limits.source_bytes)
    except PlanError as error:
        seen = Seen(path, name, commune=found.commune)
        return seen, refuse(store, seen, error, found.path)
    seen = Seen(path, name, kept.sha256, kept.size, found.commune)
    if not again and store.knows(kept.sha256):
        store.see_again(seen)
        return seen, Outcome(found.path, document_id=kept.sha256[:16])
    if not again and (crashed := store.gave_up(kept.sha256)):
        return seen, Outcome(found.path, crashed)
    return seen, kept


def refuse(store: Store, seen: Seen, error: PlanError, path: Path) -> Outcome:
    """Record a refusal and return it as an outcome."""
    store.refuse(seen, error)
    return Outcome(path, error)


def save(store: Store, seen: Seen, extraction: Extraction, path: Path) -> Outcome:
    """Store an extraction and return its outcome."""
    new = store.save(extraction, seen)
    review = sum(row.needs_review for row in extraction.rows)
    document_id = extraction.raw.source.document_id
    return Outcome(path, None, new, document_id, len(extraction.rows), review, extraction.warnings)


def ingest_file(found: Found, store: Store, settings: Settings, kit: Kit, again: bool = False) -> Outcome:
    """Keep, read and store one file; a refusal is an outcome, recorded with its reason.

    Raises `StoreError` only where the refusal itself cannot be recorded.
    """
    begun = time.monotonic()
    seen, kept = claim(found, store, settings, again)
    if isinstance(kept, Outcome):
        return kept
    try:
        with under_its_name(kept, seen.name, settings.originals / "tmp") as path:
            outcome = save(store, seen, read_file(path, kit, settings.limits), found.path)
    except PlanError as error:
        return refuse(store, seen, error, found.path)
    return replace(outcome, seconds=time.monotonic() - begun)


def ingest(
    files: Iterable[Found],
    store: Store,
    settings: Settings,
    kit: Kit,
    again: bool = False,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """The outcomes of the files, one after the other; a refused file does not stop those behind it."""
    outcomes = []
    for found in files:
        outcomes.append(ingest_file(found, store, settings, kit, again))
        tell(outcomes[-1])
    return outcomes
