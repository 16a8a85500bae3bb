"""The steps of a night after the reading, each a plain function: compare, write the tables, report, tell.

The command line calls them one after the other, the flow `nightly` as tasks. A step that is refused is a fault of the
night, told in its digest; the steps behind it go on.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pipeline.communes.report import Report, report_from, report_of
from pipeline.communes.workbook import write_communes_xlsx
from pipeline.exports.table import write_file, write_text
from pipeline.night.config import ZONE, NightConfig
from pipeline.night.digest import Digest, digest_html, make_digest
from pipeline.night.exports import Written, write_tables
from pipeline.settings import Settings
from pipeline.store.news import holdings
from pipeline.store.queries import find_documents
from pipeline.store.store import Store
from schemas.errors import PlanError

T = TypeVar("T")
log = logging.getLogger("giaoviec.night")
NOTE = ".giaoviec-dem.json"
DIGESTS, LATEST = "ban_tin", "ban_tin_moi_nhat.html"
COMMUNES = "xa_phuong_{year}.xlsx"
FAULT = "{step}: {why}"


@dataclass(frozen=True, slots=True)
class Night:
    """A night that has begun: its settings, its store, its moment in Vietnam's time, the year of plans it asks for.

    `since` is the moment of the last digest in UTC, None for the first. `faults` gathers sentences for staff.
    """

    config: NightConfig
    settings: Settings
    store: Store
    now: datetime
    since: datetime | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def year(self) -> int:
        """The year whose plans the communes owe."""
        return self.config.year or self.now.year

    def attempt(self, step: str, work: Callable[[], T], otherwise: T) -> T:
        """What `work` gives; where it is refused, the refusal is a fault of the night and `otherwise` is given."""
        try:
            return work()
        except PlanError as error:
            log.error("night.step", extra={"step": step, "code": error.code, "detail": error.detail})
            self.faults.append(FAULT.format(step=step, why=error))
            return otherwise


@dataclass(frozen=True, slots=True)
class Told:
    """The digest of a night and where it was written; `mailed`: a mail server took it."""

    digest: Digest
    page: Path
    mailed: bool


def begin(config: NightConfig, settings: Settings, now: datetime | None = None) -> Night:
    """The night at `now` (a moment with its zone, the clock's if None), with what is known of the last one.

    Raises `StoreError` where the database cannot be used.
    """
    moment = (now or datetime.now(ZoneInfo(ZONE))).astimezone(ZoneInfo(ZONE))
    said = _note(config.out).get("told_at")
    return Night(config, settings, Store.open(settings.database_url), moment, _moment(said))


def compare(night: Night) -> tuple[str, ...]:
    """Compare the changed plans with every set of the settings; the changes since the last digest, in sentences."""
    from pipeline.compare.nightly import compare_stored

    nights = (compare_stored(night.store, [name], night.config.out, night.since) for name in night.config.sets)
    return tuple(sentence for (one,) in nights for sentence in one.sentences())


def write(night: Night) -> Written:
    """Write the tables that changed."""
    return write_tables(night.store, night.config.formats, night.config.out)


def report(night: Night) -> Report:
    """The report of the communes, also as a workbook; made anew only where the store changed since the last night."""
    file = night.config.out / COMMUNES.format(year=night.year)
    key = _state(night)
    said = _note(night.config.out)
    if said.get("report_key") == key and file.is_file():
        return report_from(said["report"])
    made = report_of(find_documents(night.store), night.config.province, night.year)
    write_file(file, lambda stream: write_communes_xlsx(made, stream))
    _write_note(night.config.out, said | {"report_key": key, "report": made.to_record()})
    return made


def tell(night: Night, changes: tuple[str, ...], communes: Report) -> Told:
    """Write the digest, send it where that is asked for, and note that it was told.

    The note comes last: what a night that died has not told, the next one tells.
    """
    from pipeline.night.mail import letter, send

    moment = datetime.now(UTC)
    made = make_digest(night.store, communes, night.config.days, night.now, night.since, changes)
    made = replace(made, faults=tuple(night.faults))
    mailed = False
    if (mail := night.config.mail) and made.has_news:
        mailed = night.attempt("Gửi thư", lambda: send(letter(made, mail), mail), False)
        made = replace(made, faults=tuple(night.faults))
    page = night.config.out / DIGESTS / f"{night.now:%Y-%m-%d_%H%M%S}.html"
    for path in (page, night.config.out / LATEST):
        write_text(path, digest_html(made))
    _forget(page.parent, night.config.keep_digests)
    _write_note(night.config.out, _note(night.config.out) | {"told_at": moment.isoformat()})
    return Told(made, page, mailed)


def _state(night: Night) -> str:
    """A digest of all that the report of the communes is made of."""
    told: list[Any] = [night.config.province, night.year]
    told += [(one.document_id, one.key, one.communes) for one in holdings(night.store)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _forget(folder: Path, keep: int) -> None:
    for old in sorted(folder.glob("[0-9]*.html"))[:-keep]:
        old.unlink(missing_ok=True)


def _note(folder: Path) -> dict[str, Any]:
    """What the last nights left; a note that is missing or spoiled makes the next digest tell all there is."""
    try:
        found = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_note(folder: Path, said: dict[str, Any]) -> None:
    write_text(folder / NOTE, json.dumps(said, ensure_ascii=False, sort_keys=True))


def _moment(said: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
