"""From folders into the store: bytes are kept and entered in the ledger, then claimed, read and finished.

Plain functions that the command line, the watcher, the web desk and the flows call alike. `take_in` makes a file
safe (its bytes on the disk, its hash in the ledger); `read_claimed` reads what a worker claimed; `settle` closes the
claim. `work_one` is the three for one claim, `pipeline.crew.work_off` many of them in several processes.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.faults import crash_point
from pipeline.isolate import MACHINE, Limits, run_limited
from pipeline.kit import Kit
from pipeline.processes import sweep, temporary_prefix
from pipeline.records.folder import refuse_returned
from pipeline.settings import Settings
from pipeline.store.clock import LEASE_SECONDS
from pipeline.store.ledger import Claim, Entry, Overtaken
from pipeline.store.originals import Kept, keep, open_regular, place_of, refuse_size
from pipeline.store.sightings import Seen
from pipeline.store.states import READ, State
from pipeline.store.store import Store
from schemas.errors import FileTooLarge, MachineFault, NoTextFound, PlanError, StoreError, UnreadableFile, Unstorable
from schemas.extraction import Extraction
from schemas.source import RawDocument

log = logging.getLogger("giaoviec.ingest")
TEMPORARY_NAMES = ("~$", ".", "Thumbs.db", "desktop.ini", "README", "LICENSE")
TEMPORARY_SUFFIXES = frozenset({".part", ".partial", ".crdownload", ".tmp", ".swp"})
OFFICE_SUFFIXES = frozenset({".doc", ".rtf", ".odt"})
LEAST_SECONDS = 50
SECONDS_A_PAGE = 10
WALL_TO_CPU = 3
BYTES_A_PAGE = 20_000
"""A scanned page is hardly smaller: the size bounds the pages without opening the file."""
PATIENCE_SECONDS = 30.0
WAIT_SECONDS = 2.0
LOST = "Bản gốc đã lưu của tệp này không còn hoặc bị hỏng; hãy nạp lại tệp."


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be read, and the commune whose folder it lies in.

    Of a watched folder also `root` and `fingerprint` (see `Seen`); a link is followed only where a person named it.
    """

    path: Path
    commune: str | None = None
    root: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `state` and, where it was not read, `error` with its code.

    `new`: its content was not stored before. `rows` and `review` count its rows and those that ask to be looked at;
    `seconds` is wall time.
    """

    path: Path
    error: PlanError | None = None
    new: bool = False
    document_id: str | None = None
    rows: int = 0
    review: int = 0
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    state: State = State.DONE
    sha256: str = ""


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
    rest = file.name.startswith(TEMPORARY_NAMES) or file.suffix.lower() in TEMPORARY_SUFFIXES
    return file.is_file() and not file.is_symlink() and not rest and file.suffix.lower() in known_suffixes()


def known_suffixes() -> set[str]:
    """The endings, in lower case, of files that may be documents; "" for a name without one."""
    from extractors.readers import READERS

    return {suffix for reader in READERS for suffix in reader.suffixes} | OFFICE_SUFFIXES | {""}


def limits_for(size: int, limits: Limits) -> Limits:
    """The limits of reading a file of `size` bytes: 50 s of the processor and 10 s for each page that it may hold.

    Three times as much of the wall clock, for machines that are busy; both up to the most.
    """
    seconds = LEAST_SECONDS + SECONDS_A_PAGE * (size // BYTES_A_PAGE)
    wall, cpu = min(limits.wall_seconds, WALL_TO_CPU * seconds), min(limits.cpu_seconds, seconds)
    return replace(limits, wall_seconds=wall, cpu_seconds=cpu)


def _no_tick() -> None:
    """Hold no lease."""


def read_file(path: Path, kit: Kit, limits: Limits, tick: Callable[[], None] = _no_tick) -> Extraction:
    """The extraction of a file, read in a child process under limits; raises `PlanError` where it is refused."""
    from pipeline.run import extract_file

    descriptor = open_regular(path)
    size = os.fstat(descriptor).st_size
    os.close(descriptor)
    refuse_size(size, limits.source_bytes)
    return run_limited(extract_file, path, kit, limits=limits_for(size, limits), tick=tick)


def read_raw(path: Path, size: int, limits: Limits, tick: Callable[[], None] = _no_tick) -> RawDocument:
    """The lines of a file, read in a child process: the first half of `read_file`."""
    from extractors.readers import open_source, read

    return run_limited(lambda: read(open_source(path)), limits=limits_for(size, limits), tick=tick)


def extract_raw(raw: RawDocument, kit: Kit, limits: Limits, tick: Callable[[], None] = _no_tick) -> Extraction:
    """The rows of lines, found in a child process: the second half of `read_file`."""
    from pipeline import run

    return run_limited(run.extract_raw, raw, kit, limits=limits_for(raw.source.size, limits), tick=tick)


@contextmanager
def under_its_name(kept: Kept, name: str, folder: Path) -> Iterator[Path]:
    """A path to the kept bytes under the name that they were dropped with: what is read is what is kept."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=temporary_prefix(), ignore_cleanup_errors=True) as place:
        path = Path(place) / name
        try:
            path.hardlink_to(kept.path)
        except OSError:  # a file system without links
            shutil.copyfile(kept.path, path)
        yield path


def tidy(settings: Settings) -> None:
    """Remove the temporary files that killed processes left; whoever starts to work calls it first."""
    inboxes = [Path(here) for here, _, _ in os.walk(settings.inbox)]
    for folder in (settings.originals / "tmp", Path(tempfile.gettempdir()), *inboxes):
        if swept := sweep(folder):
            log.info("tidied", extra={"folder": str(folder), "count": swept})


def take_in(found: Found, store: Store, settings: Settings, again: bool = False) -> tuple[Seen, Entry | PlanError]:
    """Keep a file's bytes and enter them in the ledger; return how it was seen, and how it stands with its bytes.

    A file whose bytes cannot be kept gives the refusal, noted for its path. `again` puts in line what was read
    before. Raises `StoreError` where the data folder or the database cannot be written: the file stays where it is.
    """
    seen = Seen(str(found.path.absolute()), found.path.name, "", None, found.commune, found.root, found.fingerprint)
    try:
        kept = keep(found.path, settings.originals, settings.limits.source_bytes, follow=found.root is None)
    except StoreError:
        raise
    except PlanError as error:
        # empty and too large are told by the size; whatever else it was may be over though the file is the same
        judged = isinstance(error, (NoTextFound, FileTooLarge))
        store.refuse(seen if judged else replace(seen, fingerprint=None), error)
        return seen, error
    seen = replace(seen, sha256=kept.sha256, size=kept.size)
    entry = store.ledger.enter(seen, again)
    log.info("entered", extra={"path": seen.path, "sha256": seen.sha256, "size": seen.size, "state": entry.state})
    return seen, entry


@contextmanager
def kept_of(claim: Claim, settings: Settings) -> Iterator[Path]:
    """A path to the bytes of a claim under their name; raises `UnreadableFile` where they are gone."""
    place = place_of(settings.originals, claim.sha256)
    if not place.is_file():
        raise UnreadableFile(LOST, str(place))
    (settings.originals / "tmp").mkdir(exist_ok=True)
    with under_its_name(Kept(place, claim.sha256, claim.size), claim.name, settings.originals / "tmp") as path:
        yield path


class Lease:
    """Holds a claim's lease while its bytes are read: `hold` is called often and renews it when a third is over."""

    def __init__(self, claim: Claim, store: Store) -> None:
        self._claim, self._store = claim, store
        self._renewed = time.monotonic()

    def hold(self) -> None:
        """Renew the lease if it is time; raises `Overtaken` where it is lost. A database that is busy is no loss."""
        if time.monotonic() - self._renewed < LEASE_SECONDS / 3:
            return
        self._renewed = time.monotonic()
        try:
            self._store.ledger.renew(self._claim)
        except Overtaken:
            raise
        except StoreError as error:
            log.warning("lease.unrenewed", extra={"sha256": self._claim.sha256, "detail": error.detail})


def read_claimed(claim: Claim, store: Store, settings: Settings, kit: Kit) -> Extraction:
    """What was read out of the bytes of a claim, its lease held meanwhile; raises `PlanError`."""
    try:
        with kept_of(claim, settings) as path:
            crash_point("read.begun")
            refuse_returned(store, path, claim.name, claim.sha256, settings.originals, settings.limits)
            extraction = read_file(path, kit, settings.limits, tick=Lease(claim, store).hold)
    except OSError as error:  # no room for a temporary folder, no process to be had
        raise MachineFault(MACHINE, str(error)) from error
    crash_point("read.done")
    return extraction


def settle(claim: Claim, store: Store, read: Extraction | PlanError) -> Outcome:
    """Close a claim with what was read, or with the refusal, be it that the database does not take what was read.

    Raises `Overtaken` where the claim is lost, `StoreError` where the database cannot be written just now.
    """
    try:
        return _settle(claim, store, read)
    except Unstorable as error:
        return _settle(claim, store, error)


def _settle(claim: Claim, store: Store, read: Extraction | PlanError) -> Outcome:
    path = Path(claim.path)
    if isinstance(read, Extraction) and read.raw.source.sha256 != claim.sha256:
        read = UnreadableFile(LOST, f"kept as {claim.sha256}, read {read.raw.source.sha256}")
    if isinstance(read, PlanError):
        state = store.ledger.fail(claim, read)
        return Outcome(path, read, state=state, sha256=claim.sha256)
    new = store.ledger.finish(claim, read)
    state = State.DONE_WITH_WARNINGS if read.warnings else State.DONE
    review = sum(row.needs_review for row in read.rows)
    document_id, rows = claim.sha256[:16], len(read.rows)
    return Outcome(path, None, new, document_id, rows, review, read.warnings, state=state, sha256=claim.sha256)


def work_one(claim: Claim, store: Store, settings: Settings, kit: Kit) -> Outcome | None:
    """Read what was claimed and close the claim; None where somebody else took it over meanwhile.

    An end from outside (a signal) gives the claim back. Raises `StoreError` where the database cannot be written.
    """
    begun = time.monotonic()
    try:
        read: Extraction | PlanError
        try:
            read = read_claimed(claim, store, settings, kit)
        except Overtaken:
            raise
        except PlanError as error:
            read = error
        outcome = _patiently(lambda: settle(claim, store, read))
    except Overtaken:
        return None
    except (KeyboardInterrupt, SystemExit):
        store.ledger.give_back(claim)
        raise
    outcome = replace(outcome, seconds=time.monotonic() - begun)
    _log(outcome)
    return outcome


def _log(outcome: Outcome) -> None:
    """Tell the log what became of bytes: names and numbers, nothing of what the document says."""
    told = {"sha256": outcome.sha256, "rows": outcome.rows, "seconds": round(outcome.seconds, 3)}
    log.info(str(outcome.state), extra=told | {"code": outcome.error.code if outcome.error else None})


def _patiently(write: Callable[[], Outcome]) -> Outcome:
    """Return what `write` gives, tried again for a while where the database refuses: reading again costs more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return write()
        except Overtaken:
            raise
        except StoreError as error:
            if time.monotonic() > deadline:
                raise
            log.warning("ingest.waiting", extra={"said": str(error), "detail": error.detail})
            time.sleep(WAIT_SECONDS)


def outcome_of(seen: Seen, entry: Entry | PlanError, path: Path) -> Outcome:
    """The outcome of a file for which nothing is left to be done: read before, or refused."""
    if isinstance(entry, PlanError):
        return Outcome(path, entry, state=State.REJECTED)
    if entry.state in READ:
        return Outcome(path, document_id=seen.sha256[:16], state=entry.state, sha256=seen.sha256)
    return Outcome(path, refusal_of(entry), state=entry.state, sha256=seen.sha256)


def refusal_of(entry: Entry) -> PlanError:
    """The refusal that the ledger holds, as it was raised."""
    kinds = {kind.code: kind for kind in _kinds(PlanError)}
    return kinds.get(entry.code or "", PlanError)(entry.message or "")


def _kinds(kind: type[PlanError]) -> Iterator[type[PlanError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


def ingest_file(found: Found, store: Store, settings: Settings, kit: Kit, again: bool = False) -> Outcome:
    """Keep, read and store one file in this process; a refusal is an outcome, recorded with its reason.

    Raises `StoreError` where the store cannot be written.
    """
    seen, entry = take_in(found, store, settings, again)
    claim = None if isinstance(entry, PlanError) else store.ledger.claim(entry.sha256, hasty=True)
    outcome = work_one(claim, store, settings, kit) if claim else None
    if outcome is None:
        latest = entry if isinstance(entry, PlanError) else store.ledger.look_up(seen.sha256) or entry
        return outcome_of(seen, latest, found.path)
    return replace(outcome, path=found.path)


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
