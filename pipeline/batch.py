"""A batch of named files: all made safe first, then read by several workers, then each told what became of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.crew import work_off
from pipeline.ingest import Found, Outcome, outcome_of, take_in, tidy
from pipeline.kit import Kit
from pipeline.settings import Settings
from pipeline.store.ledger import Entry
from pipeline.store.sightings import Seen
from pipeline.store.states import OPEN, State
from pipeline.store.store import Store
from schemas.errors import Crashed, PlanError


@dataclass(slots=True)
class _Batch:
    """The files in order, and the outcomes as they come, by hash."""

    tell: Callable[[Outcome], None]
    files: list[tuple[Path, Seen, Entry | PlanError]] = field(default_factory=list)
    first: dict[str, Path] = field(default_factory=dict)
    read: dict[str, Outcome] = field(default_factory=dict)

    def hear(self, outcome: Outcome) -> None:
        """Take what a worker tells of bytes of this batch; a crash that is tried again is no outcome yet."""
        again = outcome.state == State.RETRY and isinstance(outcome.error, Crashed)
        if outcome.sha256 in self.first and not again:
            self.read[outcome.sha256] = replace(outcome, path=self.first[outcome.sha256])
            self.tell(self.read[outcome.sha256])

    def outcome(self, path: Path, seen: Seen, entry: Entry | PlanError, store: Store) -> Outcome:
        """What became of a file: read here, by somebody else, or before."""
        if seen.sha256 in self.read and self.first.get(seen.sha256) == path:
            return self.read[seen.sha256]
        latest = entry if isinstance(entry, PlanError) else store.ledger.look_up(entry.sha256) or entry
        settled = outcome_of(seen, latest, path)
        self.tell(settled)
        return settled


def ingest_all(
    files: Iterable[Found],
    store: Store,
    settings: Settings,
    kit: Kit,
    *,
    jobs: int = 0,
    again: bool = False,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """The outcomes of the files, in their order; each is told as soon as it is known.

    All are kept and entered first, then `jobs` workers (that of the cores if 0) read until the ledger is idle: what
    an earlier run left in line is read too. Raises `StoreError` where the store cannot be written.
    """
    tidy(settings)
    batch = _Batch(tell)
    for found in files:
        seen, entry = take_in(found, store, settings, again)
        batch.files.append((found.path, seen, entry))
        if not isinstance(entry, PlanError) and entry.state in OPEN:
            batch.first.setdefault(seen.sha256, found.path)
    if batch.first:
        workers = min(jobs or os.cpu_count() or 1, len(batch.first))
        work_off(settings, kit, workers, tell=batch.hear)
    return [batch.outcome(path, seen, entry, store) for path, seen, entry in batch.files]
