"""One look at the watched folders: the truth of what lies there, whatever was heard or missed in between.

`scan_once` keeps and enters what is new, still and whole; reading is the workers' business (`pipeline.crew`).
Nothing is ever taken away because a file is gone: an unmounted share looks like an empty folder.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.ingest import Found, Outcome, outcome_of, take_in
from pipeline.settings import Settings
from pipeline.store.files import KnownFile, known_files
from pipeline.store.ledger import Entry
from pipeline.store.originals import place_of
from pipeline.store.sightings import Seen, Standing, plain
from pipeline.store.states import OPEN, State
from pipeline.store.store import Store
from pipeline.watch.places import IGNORED, UNFINISHED, Place, is_whole, places
from schemas.errors import PlanError, StillWritten, StoreError

log = logging.getLogger("giaoviec.watch")
STILL_SECONDS = 5.0
STALE_SECONDS = 600.0
GONE = "Không mở được thư mục {root}; có thể ổ mạng chưa kết nối. Chương trình chờ và xem lại, không xóa gì."
BARE = "Thư mục {root} trống, trước đây có {count} tệp; có thể ổ mạng chưa kết nối. Chương trình không xóa gì."
OVERLAPS = "Thư mục theo dõi {root} chứa thư mục dữ liệu của chương trình {data}; hãy chọn thư mục khác."


@dataclass(frozen=True, slots=True)
class Watched:
    """A folder to be looked at: its first sub-folders name communes, unless `commune` names one for all."""

    folder: Path
    commune: str | None = None

    @property
    def root(self) -> str:
        """The folder as the store knows it."""
        return str(self.folder.absolute())


@dataclass(slots=True)
class Look:
    """What was seen at earlier scans of this process: since when each unread file is unchanged.

    A file is still after `still_seconds`; one that stays incomplete for `stale_seconds` is read as it is. `now`
    counts seconds that no setting of the clock moves.
    """

    still_seconds: float = STILL_SECONDS
    stale_seconds: float = STALE_SECONDS
    now: Callable[[], float] = time.monotonic
    since: dict[Path, tuple[str, float]] = field(default_factory=dict)
    before: dict[Path, tuple[str, float]] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin a scan: what it does not meet again is forgotten."""
        self.before, self.since = self.since, {}

    def age(self, place: Place) -> float:
        """The seconds for which the file has been as it is, as far as this process saw."""
        known, first = self.before.get(place.path, ("", 0.0))
        if known != place.fingerprint:
            first = self.now()
        self.since[place.path] = (place.fingerprint, first)
        return self.now() - first


@dataclass(slots=True)
class ScanReport:
    """What one look found. `entered` were kept: each with its state in the ledger, or with its refusal.

    `waiting` are not still yet, `unfinished` still but not whole; `ignored` are passed over for the first time,
    with their code; `notes` are sentences for staff about whole folders.
    """

    entered: list[tuple[Found, Seen, Entry | PlanError]] = field(default_factory=list)
    waiting: list[Path] = field(default_factory=list)
    unfinished: list[Path] = field(default_factory=list)
    ignored: list[tuple[Path, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0
    passed: Counter[str] = field(default_factory=Counter)

    @property
    def pending(self) -> bool:
        """Whether files lie there that a later look may take."""
        return bool(self.waiting)

    def settled(self) -> list[Outcome]:
        """The outcomes of files for which nothing is left to be read: read before, or refused at the door."""
        return [
            outcome_of(seen, entry, found.path)
            for found, seen, entry in self.entered
            if isinstance(entry, PlanError) or entry.state not in OPEN
        ]


def scan_once(
    folders: Sequence[Watched],
    store: Store,
    settings: Settings,
    look: Look | None = None,
    full_check: timedelta | None = None,
) -> ScanReport:
    """Look at each folder once, keep and enter what is new; return what was found.

    `look` is kept from scan to scan by the caller; without it every file counts as still (nobody is writing), and
    only what lacks its end waits. With `full_check`, files whose bytes were last read longer ago are hashed again
    though they seem unchanged. Raises `StoreError` where the data folder or the database cannot be written; files
    stay where they are.
    """
    report = ScanReport()
    look = look or Look(still_seconds=0.0)
    look.begin()
    for watched in folders:
        _refuse_overlap(watched, settings)
        known = known_files(store, watched.root)
        scan = _Scan(watched, store, settings, look, full_check, known, report)
        try:
            count = sum(scan.look_at(place) for place in places(watched.folder, scan.note))
        except OSError as error:
            log.warning("watch.gone", extra={"root": watched.root, "said": str(error)})
            report.notes.append(GONE.format(root=watched.folder))
            continue
        if known and not count and not any(watched.folder.iterdir()):
            report.notes.append(BARE.format(root=watched.folder, count=len(known)))
    return report


def _refuse_overlap(watched: Watched, settings: Settings) -> None:
    """What the product writes itself must not come back as a dropped file."""
    root = watched.folder.resolve()
    if settings.originals.resolve().is_relative_to(root):
        raise StoreError(OVERLAPS.format(root=watched.folder, data=settings.data))


@dataclass(slots=True)
class _Scan:
    """A look at one folder."""

    watched: Watched
    store: Store
    settings: Settings
    eyes: Look
    full_check: timedelta | None
    known: dict[str, tuple[KnownFile, ...]]
    report: ScanReport

    def note(self, error: OSError) -> None:
        log.warning("watch.unlisted", extra={"root": self.watched.root, "said": str(error)})
        self.report.notes.append(GONE.format(root=error.filename or self.watched.folder))

    def look_at(self, place: Place) -> int:
        """Do with a file what is due; return 1."""
        there = self.known.get(plain(str(place.path.absolute())), ())
        known = next((file for file in there if file.fingerprint == place.fingerprint), None)
        if place.ignored:
            self.report.passed[place.ignored] += 1
        if known is None:
            self._new(place, None)
        elif known.state == State.WAITING and not known.sha256:  # was unfinished, and still may be
            self._new(place, known)
        elif known.sha256 and not self._is_safe(known):
            self._take(place)
        else:
            self.report.unchanged += 1
        return 1

    def _new(self, place: Place, unfinished: KnownFile | None) -> None:
        if place.ignored:
            self._ignore(place)
        else:
            self._take_if_ready(place, unfinished)

    def _is_safe(self, known: KnownFile) -> bool:
        """Return whether the original is where it should be, and need not be compared with the file today."""
        original = place_of(self.settings.originals, known.sha256)
        if not original.exists() or original.stat().st_size != known.size:
            return False
        if self.full_check is None or known.hashed_at is None:
            return True
        return datetime.now(UTC) - known.hashed_at <= self.full_check

    def _ignore(self, place: Place) -> None:
        assert place.ignored
        self.store.note(self._seen(place), Standing(State.IGNORED, place.ignored, IGNORED[place.ignored]))
        self.report.ignored.append((place.path, place.ignored))

    def _take_if_ready(self, place: Place, unfinished: KnownFile | None) -> None:
        age = self.eyes.age(place)
        noted = (datetime.now(UTC) - unfinished.noted_at).total_seconds() if unfinished else 0.0
        if age < self.eyes.still_seconds:
            self.report.waiting.append(place.path)
        elif max(age, noted) >= self.eyes.stale_seconds or self._whole(place):
            self._take(place)
        else:
            if unfinished is None:
                self.store.note(self._seen(place), Standing(State.WAITING, StillWritten.code, UNFINISHED))
            self.report.unfinished.append(place.path)

    def _whole(self, place: Place) -> bool:
        try:
            return is_whole(place.path)
        except OSError:
            return True  # why it cannot be read is said by whoever keeps it

    def _take(self, place: Place) -> None:
        path, root = place.path, self.watched.root
        found = Found(path, self._commune(path), root, place.fingerprint)
        seen, entry = take_in(found, self.store, self.settings)
        self.report.entered.append((found, seen, entry))
        self.eyes.since.pop(path, None)

    def _seen(self, place: Place) -> Seen:
        path = place.path.absolute()
        commune, root = self._commune(place.path), self.watched.root
        return Seen(str(path), path.name, "", place.size, commune, root, place.fingerprint)

    def _commune(self, path: Path) -> str | None:
        below = path.relative_to(self.watched.folder).parts
        return self.watched.commune or (below[0] if len(below) > 1 else None)


def scan_until_still(
    folders: Sequence[Watched],
    store: Store,
    settings: Settings,
    look: Look | None = None,
    full_check: timedelta | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> ScanReport:
    """Like `scan_once`, once more after `still_seconds` where files lie there that may still be written.

    Where nothing is new, nothing is waited for. What changes even then stays in `waiting`.
    """
    look = look or Look()
    first = scan_once(folders, store, settings, look, full_check)
    if not first.waiting:
        return first
    pause(look.still_seconds)
    second = scan_once(folders, store, settings, look, full_check)
    second.entered[:0] = first.entered
    second.ignored[:0] = first.ignored
    return second
