"""A whole night without Prefect: look at every folder, read what is new, compare, write, tell."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.crew import work_off
from pipeline.ingest import Outcome
from pipeline.kit import load_kit
from pipeline.night import steps
from pipeline.night.config import NightConfig
from pipeline.night.exports import Written
from pipeline.night.steps import Night, Told
from pipeline.settings import Settings
from pipeline.watch.places import Place
from pipeline.watch.scan import Look, ScanReport, Watched, scan_until_still

COMPARE, WRITE, REPORT = "Đối chiếu tiêu chí", "Ghi bảng nhiệm vụ", "Báo cáo xã, phường"
"""The steps of a night, as its faults name them."""
UNFINISHED = "{count} tệp chưa chép xong, ví dụ {path}; đêm sau sẽ xem lại."
NOTHING = Written((), 0)
NO_CHANGES: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a night did: what the look found, what became of each document read, what was written and told."""

    night: Night
    scan: ScanReport
    outcomes: tuple[Outcome, ...]
    written: Written
    told: Told

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """The documents of this night that were refused."""
        return tuple(outcome for outcome in self.outcomes if outcome.error)

    def to_record(self) -> dict[str, Any]:
        """The night as plain data: counts, faults, the path of the digest."""
        return {
            "new": len(self.told.digest.new),
            "read": len(self.outcomes),
            "refused": len(self.refused),
            "unchanged": self.scan.unchanged,
            "waiting": len(self.scan.waiting) + len(self.scan.unfinished),
            "tables_written": [str(path) for path in self.written.written],
            "communes_missing": len(self.told.digest.report.missing()),
            "faults": list(self.night.faults),
            "mailed": self.told.mailed,
            "digest": str(self.told.page),
        }


class LongStill(Look):
    """Files that nobody has touched for a while by the clock of their disk count as still at the first look.

    A night need not stand beside each of them; what a clock that was set says wrongly, the check of the file's end
    and the look behind the copying find out.
    """

    def age(self, place: Place) -> float:
        """The seconds for which the file has been as it is: as this process saw, or by the times of its entry."""
        modified, entered = (int(part) / 1e9 for part in place.fingerprint.split(":")[1:3])
        return max(super().age(place), time.time() - max(modified, entered))


def look(night: Night) -> ScanReport:
    """What lies in the folders of a night, the new of it in the ledger; what is wrong with them is a fault."""
    config = night.config
    watched = [Watched(folder.path, folder.commune) for folder in config.folders]
    check = timedelta(days=config.full_check_days)
    report = scan_until_still(watched, night.store, night.settings, LongStill(), check)
    night.faults.extend(report.notes)
    if left := [*report.waiting, *report.unfinished]:
        night.faults.append(UNFINISHED.format(count=len(left), path=left[0]))
    return report


def run_night(
    config: NightConfig,
    settings: Settings,
    now: datetime | None = None,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> Done:
    """Run a night at `now` (the clock's moment if None); what was done before, on any night, is not done again.

    Raises `StoreError` where the store cannot be used: nothing is lost, the next night goes on.
    """
    night = steps.begin(config, settings, now)
    report = look(night)
    outcomes = report.settled()
    if night.store.ledger.due(hasty=True):  # the tools are slow to load: a night without news does not ask for them
        outcomes += work_off(settings, load_kit(), config.jobs or 0, tell=tell)
    changes = night.attempt(COMPARE, lambda: steps.compare(night), NO_CHANGES)
    written = night.attempt(WRITE, lambda: steps.write(night), NOTHING)
    told = steps.tell(night, changes, steps.report(night))
    return Done(night, report, tuple(outcomes), written, told)
