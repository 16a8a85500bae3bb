"""The ledger: every hash ever seen in exactly one state, and who may write its next one.

`enter` puts bytes in line once they are safe on the disk; `claim` hands one out under a lease and a fence number;
`finish`, `fail` or `give_back` ends the claim, in one transaction with what is stored, and only while the number
still is the newest: a worker that comes back late writes nothing. `renew` keeps a lease alive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, and_, case, func, insert, or_, select, update

from pipeline.faults import crash_point
from pipeline.processes import is_dead, owner
from pipeline.store.annexes import propose_annexes
from pipeline.store.clock import LEASE_SECONDS, LONGEST_SECONDS, Instant, instant
from pipeline.store.documents import replace_document
from pipeline.store.engine import reading, transact
from pipeline.store.ledger_tables import ledger
from pipeline.store.sightings import Seen, record_bytes
from pipeline.store.states import OPEN, READ, State
from pipeline.store.tables import documents, sightings
from pipeline.store.versions import propose
from schemas.errors import Crashed, PlanError, StoreError
from schemas.extraction import RULES_VERSION, Extraction

MOST_CRASHES = 3
"""Tries of a document whose reader dies; then it is rejected and the night goes on."""
MOST_LOSSES = 10
"""Times that whoever read it may vanish (a power cut, a kill): rarely the document's fault, but never without end."""
PASSING = {"crashed": 30.0, "store": 30.0, "io": 60.0, "unfinished": 30.0, "missing_program": 1800.0, "asset": 1800.0}
"""Codes of refusals that may pass by themselves → seconds until the next try."""
OVERTAKEN = "Văn bản này đã được một tiến trình khác nhận đọc; kết quả đến muộn nên không ghi."
VANISHED = "Chương trình dừng đột ngột nhiều lần khi đọc tệp này nên không đọc nữa; hãy kiểm tra hoặc xuất lại tệp."
KEPT = "Lần đọc lại không thành công nên giữ kết quả đã đọc trước đó. {why}"
CLEARED = {"code": None, "message": None, "detail": None, "owner": None, "clock": None, "until": None}


class Overtaken(StoreError):
    """The lease ran out and somebody else has the document: what comes late is not written."""

    code = "overtaken"


@dataclass(frozen=True, slots=True)
class Claim:
    """Bytes handed out to be read: `fence` is the number that must still be the newest when the result is written.

    `path`, `name` and `commune` are those of a file that held these bytes; `size` is in bytes.
    """

    sha256: str
    size: int
    fence: int
    path: str
    name: str
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class DueFile:
    """Bytes that may be claimed: their hash, size, and a name that they were dropped under."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """How it stands with bytes in the ledger; `code` and `message` say why where they were not read."""

    sha256: str
    state: State
    code: str | None = None
    message: str | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a database; safe for several processes and machines at once."""

    engine: Engine

    def enter(self, seen: Seen, again: bool = False) -> Entry:
        """Note a file whose bytes are kept, and put them in line unless they were read by the rules of today.

        What was refused is tried again (its file was touched or is asked for), save what crashed its reader too
        often; `again` reads it in any case.
        """

        def work(connection: Connection) -> Entry:
            now = datetime.now(UTC)
            line = _line(connection, seen.sha256)
            if line is None:
                fresh = {"sha256": seen.sha256, "size": seen.size, "state": State.WAITING, "first_seen": now}
                counts = dict.fromkeys(("tries", "losses", "fence"), 0)
                connection.execute(insert(ledger).values(**fresh, **counts, changed_at=now))
            elif _wants_reading(line, again):
                changes = CLEARED | {"state": State.WAITING, "changed_at": now, "losses": 0}
                kept = line["tries"] if line["state"] == State.RETRY and not again else 0
                connection.execute(_of(seen.sha256).values(**changes, tries=kept))
            record_bytes(connection, seen)
            crash_point("enter.writing")
            return _entry(_line(connection, seen.sha256))

        entry = transact(self.engine, work)
        crash_point("enter.committed")
        return entry

    def claim(self, sha256: str | None = None, hasty: bool = False) -> Claim | None:
        """The next bytes to be read (or those of `sha256`), None where nothing is due.

        `hasty` does not wait until a crashed document may be tried again. Bytes whose reader vanished are due.
        """
        if not self._any_due(sha256, hasty):
            return None
        claimed = transact(self.engine, lambda connection: _claim(connection, sha256, hasty))
        crash_point("claim.committed")
        return claimed

    def renew(self, claim: Claim) -> None:
        """Hold the lease for another `LEASE_SECONDS`; raises `Overtaken` where it is lost."""

        def work(connection: Connection) -> None:
            now = instant(connection)
            _guard(connection, claim, clock=now.clock, until=now.seconds + LEASE_SECONDS)

        transact(self.engine, work)

    def finish(self, claim: Claim, extraction: Extraction) -> bool:
        """Store what was read and close the claim in one transaction; return whether the content is new.

        Raises `Overtaken` where the claim is no longer the newest; then nothing is written. Called again after a
        commit whose answer was lost, it changes nothing.
        """

        def work(connection: Connection) -> bool:
            if _closed_by(connection, claim):
                return False
            _guard(connection, claim, **_read_state(extraction))
            new = store_extraction(connection, extraction)
            crash_point("finish.writing")
            return new

        new = transact(self.engine, work)
        crash_point("finish.committed")
        return new

    def fail(self, claim: Claim, error: PlanError) -> State:
        """Close the claim with a refusal: rejected, or to be tried again where the fault may pass.

        Raises `Overtaken` like `finish`. Bytes that were read before keep their rows.
        """

        def work(connection: Connection) -> State:
            line = _line(connection, claim.sha256)
            changes = refusal(connection, line, error) if line else {}
            _guard(connection, claim, **changes)
            crash_point("fail.writing")
            return State(changes["state"])

        state = transact(self.engine, work)
        crash_point("fail.committed")
        return state

    def give_back(self, claim: Claim) -> None:
        """Put the bytes back in line, as if they had not been claimed; a claim that is lost is no error."""
        same = (ledger.c.fence == claim.fence) & (ledger.c.state == State.RUNNING)
        changes = CLEARED | {"state": State.WAITING, "changed_at": datetime.now(UTC)}
        transact(self.engine, lambda connection: connection.execute(_of(claim.sha256).where(same).values(**changes)))

    def look_up(self, sha256: str) -> Entry | None:
        """How it stands with these bytes, None where they were never seen."""
        with reading(self.engine) as connection:
            line = _line(connection, sha256)
        return _entry(line) if line else None

    def requeue(self, rules_version: str = RULES_VERSION) -> int:
        """Put in line all bytes that other rules than `rules_version` read or refused; return how many."""
        ended = ledger.c.state.in_((*READ, State.REJECTED)) & ledger.c.rules_version.is_distinct_from(rules_version)
        changes = CLEARED | {"state": State.WAITING, "changed_at": datetime.now(UTC), "tries": 0, "losses": 0}
        return transact(
            self.engine, lambda connection: connection.execute(update(ledger).where(ended).values(**changes)).rowcount
        )

    def idle(self, hasty: bool = False) -> bool:
        """Whether nothing is in line or being read, but for what waits for its next try."""
        with reading(self.engine) as connection:
            open_ones = ledger.c.state.in_(OPEN)
            later = (ledger.c.state == State.RETRY) & (ledger.c.code == Crashed.code) if hasty else open_ones
            return connection.execute(select(ledger.c.sha256).where(open_ones | later).limit(1)).first() is None

    def due(self, hasty: bool = False) -> tuple[DueFile, ...]:
        """All that may be claimed now, in the order of coming, without claiming it."""
        names = select(sightings.c.sha256, func.min(sightings.c.name).label("name")).group_by(sightings.c.sha256)
        named = names.subquery()
        with reading(self.engine) as connection:
            wanted = select(ledger.c.sha256, named.c.name, ledger.c.size).join(
                named, named.c.sha256 == ledger.c.sha256
            )
            wanted = wanted.where(_due(instant(connection), None, hasty))
            found = connection.execute(wanted.order_by(ledger.c.first_seen, ledger.c.sha256))
            return tuple(DueFile(*line) for line in found)

    def _any_due(self, sha256: str | None, hasty: bool) -> bool:
        with reading(self.engine) as connection:
            wanted = select(ledger.c.sha256).where(_due(instant(connection), sha256, hasty)).limit(1)
            return connection.execute(wanted).first() is not None or bool(_lost(connection))


def store_extraction(connection: Connection, extraction: Extraction) -> bool:
    """Store a document with its rows, tie its sightings to it, propose it as a version; return whether it is new."""
    new = replace_document(connection, extraction)
    source = extraction.raw.source
    here = sightings.c.sha256 == source.sha256
    connection.execute(update(sightings).where(here).values(document_id=source.document_id))
    if new:
        propose(connection, source.document_id)
        propose_annexes(connection, source.document_id)
    return new


def settle_read(connection: Connection, extraction: Extraction) -> None:
    """Close the line of bytes that were read without a claim; whoever has one is overtaken."""
    changes = _read_state(extraction) | {"fence": ledger.c.fence + 1}
    connection.execute(_of(extraction.raw.source.sha256).values(**changes))


def settle_refused(connection: Connection, sha256: str, error: PlanError) -> None:
    """Close the line of bytes that were refused without a claim; whoever has one is overtaken."""
    if line := _line(connection, sha256):
        connection.execute(_of(sha256).values(**refusal(connection, line, error), fence=ledger.c.fence + 1))


def refusal(connection: Connection, line: RowMapping, error: PlanError, last: bool = False) -> dict[str, Any]:
    """The values of a line that `error` ends: by its code rejected (if `last` anyway), or to be tried again."""
    tries = line["tries"] + (error.code == Crashed.code)
    told = {"code": error.code, "message": str(error), "detail": error.detail or None, "tries": tries}
    changes = CLEARED | told | {"changed_at": datetime.now(UTC), "rules_version": RULES_VERSION}
    if error.code in PASSING and tries < MOST_CRASHES and not last:
        now = instant(connection)
        return changes | {"state": State.RETRY, "clock": now.clock, "until": now.seconds + PASSING[error.code]}
    stored = select(documents.c.document_id).where(documents.c.sha256 == line["sha256"])
    if connection.execute(stored).first():
        return changes | {"state": State.DONE_WITH_WARNINGS, "message": KEPT.format(why=error)}
    return changes | {"state": State.REJECTED}


def _wants_reading(line: RowMapping, again: bool) -> bool:
    if line["state"] in OPEN:
        return False
    if again or line["state"] == State.RETRY:
        return True
    if line["rules_version"] != RULES_VERSION:
        return bool(line["state"] != State.IGNORED)
    return bool(line["state"] == State.REJECTED and line["code"] != Crashed.code)


def _read_state(extraction: Extraction) -> dict[str, Any]:
    state = State.DONE_WITH_WARNINGS if extraction.warnings else State.DONE
    now = datetime.now(UTC)
    return CLEARED | {"state": state, "rules_version": RULES_VERSION, "tries": 0, "losses": 0, "changed_at": now}


def _claim(connection: Connection, sha256: str | None, hasty: bool) -> Claim | None:
    """Hand out what is due; SQLite holds its one write lock here, PostgreSQL passes over lines that are locked."""
    for lost in _lost(connection):
        connection.execute(_of(lost).values(until=0.0))
    now = instant(connection)
    wanted = select(ledger).where(_due(now, sha256, hasty))
    order = (case((ledger.c.state == State.RETRY, 1), else_=0), ledger.c.first_seen, ledger.c.sha256)
    for line in connection.execute(wanted.order_by(*order).with_for_update(skip_locked=True).limit(1)).mappings():
        losses = line["losses"] + (line["state"] == State.RUNNING)
        if losses >= MOST_LOSSES:
            given_up = refusal(connection, line, Crashed(VANISHED), last=True)
            connection.execute(_of(line["sha256"]).values(**given_up, losses=losses))
            return _claim(connection, sha256, hasty)
        held = {"owner": owner(), "clock": now.clock, "until": now.seconds + LEASE_SECONDS, "losses": losses}
        fence = line["fence"] + 1
        changes = held | {"state": State.RUNNING, "fence": fence, "changed_at": datetime.now(UTC)}
        connection.execute(_of(line["sha256"]).values(**changes))
        crash_point("claim.writing")
        return _as_claim(connection, line, fence)
    return None


def _as_claim(connection: Connection, line: RowMapping, fence: int) -> Claim:
    newest = sightings.c.last_seen.desc(), sightings.c.sighting_id
    seen = select(sightings).where(sightings.c.sha256 == line["sha256"]).order_by(*newest).limit(1)
    file = connection.execute(seen).mappings().one()
    return Claim(line["sha256"], line["size"], fence, file["path"], file["name"], file["commune"])


def _due(now: Instant, sha256: str | None, hasty: bool) -> ColumnElement[bool]:
    """What may be claimed: what waits, and what is held or put off until a time that is over by this clock."""
    over = or_(
        ledger.c.clock.is_distinct_from(now.clock),
        ledger.c.until <= now.seconds,
        ledger.c.until > now.seconds + LONGEST_SECONDS,
    )
    ways = [ledger.c.state == State.WAITING, and_(ledger.c.state.in_((State.RUNNING, State.RETRY)), over)]
    if hasty:
        ways.append((ledger.c.state == State.RETRY) & (ledger.c.code == Crashed.code))
    due = or_(*ways)
    return due if sha256 is None else due & (ledger.c.sha256 == sha256)


def _lost(connection: Connection) -> list[str]:
    """Return the hashes whose reader was a process of this machine that is no more: nobody waits for its lease."""
    held = (ledger.c.state == State.RUNNING) & (ledger.c.until > 0) & ledger.c.owner.is_not(None)
    lines = connection.execute(select(ledger.c.sha256, ledger.c.owner).where(held)).all()
    return [line.sha256 for line in lines if is_dead(line.owner)]


def _guard(connection: Connection, claim: Claim, **changes: Any) -> None:
    """Write to the claimed line, only while the claim is the newest; the line stays locked until the commit."""
    same = (ledger.c.fence == claim.fence) & (ledger.c.state == State.RUNNING)
    if connection.execute(_of(claim.sha256).where(same).values(**changes)).rowcount != 1:
        raise Overtaken(OVERTAKEN, f"{claim.sha256} fence {claim.fence}")


def _closed_by(connection: Connection, claim: Claim) -> bool:
    """Return whether this very claim already ended in a document: its commit was made, only its answer was lost."""
    line = _line(connection, claim.sha256)
    return line is not None and line["fence"] == claim.fence and line["state"] in READ


def _of(sha256: str) -> Any:
    return update(ledger).where(ledger.c.sha256 == sha256)


def _line(connection: Connection, sha256: str) -> RowMapping | None:
    return connection.execute(select(ledger).where(ledger.c.sha256 == sha256)).mappings().first()


def _entry(line: RowMapping | None) -> Entry:
    assert line is not None
    return Entry(line["sha256"], State(line["state"]), line["code"], line["message"], line["tries"])
