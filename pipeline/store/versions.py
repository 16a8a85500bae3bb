"""Documents that may be a new version of another one: proposed by the program, decided by a person.

Two documents are proposed when they bear the same number of the same issuer in the same year, or when one took
the other's place under the same path. Both stay; the older counts as superseded only after a person's yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, insert, or_, select, update

from pipeline.store.acts import NoProposal, Settled, check_seen, log_act
from pipeline.store.carrying import carry_over
from pipeline.store.engine import reading, transact
from pipeline.store.human import take_turns
from pipeline.store.ledger_tables import ledger, versions
from pipeline.store.tables import documents, sightings

if TYPE_CHECKING:
    from pipeline.store.store import Store

PROPOSED, ACCEPTED, DENIED = "proposed", "accepted", "denied"
SAME_NUMBER, SAME_PATH = "same_number", "same_path"
REASONS = {SAME_NUMBER: "cùng số, cùng nơi ban hành", SAME_PATH: "tệp mới cùng tên, cùng thư mục"}
NO_SUCH = "Không có đề nghị phiên bản số {version_id}."
ACT = "phien_ban"
REPLACES, NOT_NEWER = "thay {older}", "không thay {older}"
CIRCLE = "Văn bản mới hơn trong đề nghị này đã bị chính văn bản kia thay thế; hãy bỏ quyết định trước rồi làm lại."


@dataclass(frozen=True, slots=True)
class Version:
    """A proposal: document `newer` may be a new version of `older`; `state` is proposed, accepted or denied."""

    version_id: int
    older: str
    newer: str
    reason: str
    state: str
    proposed_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None


def superseded() -> Select[tuple[str]]:
    """A subquery: the ids of documents that a person declared replaced by a newer version."""
    return select(versions.c.older).where(versions.c.state == ACCEPTED)


def is_current(document_id: ColumnElement[str]) -> ColumnElement[bool]:
    """A condition on a column of document ids: not superseded."""
    return document_id.not_in(superseded())


def successors(connection: Connection) -> dict[str, str]:
    """The documents that a person declared superseded → the newest version that replaced each."""
    return dict(connection.execute(_ACCEPTED).tuples().all())


_ACCEPTED = (
    select(versions.c.older, versions.c.newer).where(versions.c.state == ACCEPTED).order_by(versions.c.decided_at)
)


def propose(connection: Connection, document_id: str) -> int:
    """Note what a document that was just stored may be a version of; return how many proposals are new."""
    this = connection.execute(select(documents).where(documents.c.document_id == document_id)).mappings().one()
    rivals = dict(_rivals(connection, this))
    about_this = or_(versions.c.older == document_id, versions.c.newer == document_id)
    for pair in connection.execute(select(versions.c.older, versions.c.newer).where(about_this)) if rivals else ():
        rivals.pop(pair.newer if pair.older == document_id else pair.older, None)
    if not rivals:
        return 0
    first = _seen_before(connection, document_id, rivals)
    now = {"state": PROPOSED, "proposed_at": datetime.now(UTC)}
    pairs = [((other, document_id) if other in first else (document_id, other), why) for other, why in rivals.items()]
    lines = [{"older": older, "newer": newer, "reason": why} | now for (older, newer), why in pairs]
    connection.execute(insert(versions), lines)
    return len(lines)


def _rivals(connection: Connection, this: RowMapping) -> Iterator[tuple[str, str]]:
    """Yield the ids of other documents that `this` may replace or be replaced by, with the reason; each once."""
    others = select(documents.c.document_id).where(documents.c.document_id != this["document_id"])
    told: set[str] = set()
    if this["issuer_key"] and _has_digits(this["doc_number"]):
        same = (documents.c.issuer_key == this["issuer_key"]) & (documents.c.doc_number == this["doc_number"])
        dated = others.add_columns(documents.c.issued_date).where(same).order_by(documents.c.document_id)
        for other in connection.execute(dated):
            if _same_year(this["issued_date"], other.issued_date):
                told.add(other.document_id)
                yield other.document_id, SAME_NUMBER
    here = select(sightings.c.path).where(sightings.c.document_id == this["document_id"])
    there = sightings.c.path.in_(here) & (sightings.c.document_id != this["document_id"])
    for other_id in connection.execute(select(sightings.c.document_id).where(there).distinct()).scalars():
        if other_id not in told:
            yield other_id, SAME_PATH


def _has_digits(number: str | None) -> bool:
    """Return whether a number was filled in: a draft bears only "/KH-UBND"."""
    return any(letter.isdigit() for letter in (number or "").partition("/")[0])


def _same_year(one: date | None, other: date | None) -> bool:
    """Return whether two dates may be of one year: numbers begin again at 1 every January."""
    return one is None or other is None or one.year == other.year


def _seen_before(connection: Connection, document_id: str, others: Iterable[str]) -> set[str]:
    """Return those of the others that were seen before the document."""
    seen = select(documents.c.document_id).join(ledger, ledger.c.sha256 == documents.c.sha256)
    asked = seen.where(documents.c.document_id.in_([document_id, *others]))
    in_order = connection.execute(asked.order_by(ledger.c.first_seen, documents.c.stored_at)).scalars()
    return set(takewhile(lambda one: one != document_id, in_order))


def find_versions(store: Store, state: str | None = PROPOSED, document_id: str | None = None) -> tuple[Version, ...]:
    """The proposals in a state (all if None), those about one document if given, oldest first."""
    wanted = select(versions).order_by(versions.c.version_id)
    if state:
        wanted = wanted.where(versions.c.state == state)
    if document_id:
        wanted = wanted.where(or_(versions.c.older == document_id, versions.c.newer == document_id))
    with reading(store.engine) as connection:
        return tuple(Version(**line) for line in connection.execute(wanted).mappings())


def count_proposed(store: Store) -> int:
    """How many proposals wait for a person's word."""
    wanted = select(func.count()).select_from(versions).where(versions.c.state == PROPOSED)
    with reading(store.engine) as connection:
        return int(connection.execute(wanted).scalar_one())


def decide(store: Store, version_id: int, accept: bool, who: str, seen: str | None = None) -> Version:
    """Note a person's yes or no (a later decision replaces an earlier one); return the proposal as it stands then.

    `seen` is the state that the person looked at. Raises `NoProposal`, and `Settled` where somebody decided meanwhile
    or where two documents would supersede each other.
    """

    def work(connection: Connection) -> Version:
        take_turns(connection, deciding=True)
        this = versions.c.version_id == version_id
        line = connection.execute(select(versions).where(this).with_for_update()).mappings().first()
        if line is None:
            raise NoProposal(NO_SUCH.format(version_id=version_id))
        check_seen(line["state"], seen, line["decided_by"])
        if accept and line["older"] in _successors(connection, line["newer"]):
            raise Settled(CIRCLE)
        decided = {"state": ACCEPTED if accept else DENIED, "decided_at": datetime.now(UTC), "decided_by": who}
        connection.execute(update(versions).where(this).values(**decided))
        log_act(connection, who, ACT, line["newer"], (REPLACES if accept else NOT_NEWER).format(older=line["older"]))
        if accept:
            carry_over(connection, line["older"], line["newer"], who)
        return Version(**(dict(line) | decided))

    return transact(store.engine, work)


def _successors(connection: Connection, document_id: str) -> set[str]:
    """Return the documents that replaced this one, and those that replaced them."""
    accepted = select(versions.c.older, versions.c.newer).where(versions.c.state == ACCEPTED)
    newer: dict[str, list[str]] = {}
    for line in connection.execute(accepted):
        newer.setdefault(line.older, []).append(line.newer)
    found: set[str] = set()
    open_ones = [document_id]
    while open_ones:
        for each in newer.get(open_ones.pop(), ()):
            if each not in found:
                found.add(each)
                open_ones.append(each)
    return found
