"""Annexes that are files of their own: joined to their plan by number or by name, once a person says yes.

An annex names its plan in the clause below its title ("kèm theo Kế hoạch số 12/KH-UBND ngày …"). Where the number is
there, the plan of that number and issuer is proposed; where it was left blank, a plan of the same issuer whose title
speaks of the same. After a person's yes the annex's rows carry the plan as their parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from extractors.plan.attached import attachment_in_text
from extractors.plan.header import ANNEX_TYPE
from normalizers.bodies import body_key
from normalizers.fold import fold, search_key
from pipeline.store.acts import NoProposal, Settled, check_seen, log_act
from pipeline.store.annex_tables import annexes
from pipeline.store.engine import reading, transact
from pipeline.store.tables import documents
from schemas.plan import LegalBasis

if TYPE_CHECKING:
    from pipeline.store.store import Store

PROPOSED, JOINED, DENIED = "proposed", "joined", "denied"
NUMBER, NAME, PERSON = "number", "name", "person"
REASONS = {NUMBER: "cùng số, ký hiệu", NAME: "cùng nơi ban hành, tên gần giống", PERSON: "người dùng ghép"}
PARENT_FIELDS = ("document_id", "doc_type", "doc_number", "issued_date", "title", "file")
COMPARED = ("document_id", "doc_type", "doc_number", "issued_date", "issuer_key", "title")
SAME_NAME = 80.0
"""Of 100, how alike the words of the two titles must be (rapidfuzz `token_set_ratio`)."""
NO_SUCH = "Không có đề nghị ghép phụ lục số {annex_id}."
NO_DOCUMENT = "Không có văn bản mang mã “{document_id}”."
ITSELF = "Một văn bản không thể là phụ lục của chính nó."
ACT = "phu_luc"
JOINED_TO, NOT_OF = "nhập vào {plan}", "không thuộc {plan}"
TAKEN = "Phụ lục này đã được ghép với một kế hoạch khác; hãy bỏ ghép trước rồi làm lại."


@dataclass(frozen=True, slots=True)
class Annex:
    """A proposal: document `annex` may belong to `plan`; `state` is proposed, joined or denied."""

    annex_id: int
    annex: str
    plan: str
    reason: str
    state: str
    proposed_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None


def propose_annexes(connection: Connection, document_id: str) -> int:
    """Note what annexes a document that was just stored may have, or what plan it belongs to; how many are new."""
    this = dict(connection.execute(_lines(True, documents.c.document_id == document_id)).mappings().one())
    is_annex = this["doc_type"] == ANNEX_TYPE
    kind = documents.c.doc_type
    others = _lines(not is_annex, kind != ANNEX_TYPE if is_annex else kind == ANNEX_TYPE)
    new = 0
    for other in [dict(line) for line in connection.execute(others).mappings()]:
        annex, plan = (this, other) if is_annex else (other, this)
        reason = why_joined(annex, plan)
        pair = (annexes.c.annex == annex["document_id"]) & (annexes.c.plan == plan["document_id"])
        if reason and connection.execute(select(annexes.c.annex_id).where(pair)).first() is None:
            _add(connection, annex["document_id"], plan["document_id"], reason, PROPOSED)
            new += 1
    return new


def _lines(with_text: bool, condition: ColumnElement[bool]) -> Select[Any]:
    """The lines of documents; the text only where a clause is to be found in it."""
    return select(*(documents.c[name] for name in (*COMPARED, *(("text",) if with_text else ())))).where(condition)


def why_joined(annex: Mapping[str, Any], plan: Mapping[str, Any]) -> str | None:
    """ "number" or "name" where the line of a document says that it is an annex of the other's, else None."""
    cited = attachment_in_text(annex["text"])
    if cited is None or not _same_kind(cited, plan) or not _same_issuer(cited, annex, plan):
        return None
    if cited.number and any(letter.isdigit() for letter in cited.number.partition("/")[0]):
        same = fold(cited.number).replace(" ", "") == fold(plan["doc_number"] or "").replace(" ", "")
        return NUMBER if same and _same_day(cited, plan) else None
    likeness = fuzz.token_set_ratio(search_key(_about(cited, annex)), search_key(plan["title"] or ""))
    return NAME if likeness >= SAME_NAME and plan["title"] else None


def _about(cited: LegalBasis, annex: Mapping[str, Any]) -> str:
    return cited.subject if cited.subject and len(cited.subject.split()) > 4 else annex["title"] or ""


def _same_kind(cited: LegalBasis, plan: Mapping[str, Any]) -> bool:
    """Whether the plan is of the kind that is cited; a Decision carries plans of every kind."""
    one, other = fold(cited.doc_type), fold(plan["doc_type"] or "")
    return one.startswith(other) or other.startswith(one) or "quyet dinh" in (one, other)


def _same_issuer(cited: LegalBasis, annex: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    told = body_key(cited.issuer) if cited.issuer else annex["issuer_key"]
    return not told or not plan["issuer_key"] or told == plan["issuer_key"]


def _same_day(cited: LegalBasis, plan: Mapping[str, Any]) -> bool:
    return not cited.date or not plan["issued_date"] or cited.date == plan["issued_date"].isoformat()


def find_annexes(store: Store, state: str | None = PROPOSED, document_id: str | None = None) -> tuple[Annex, ...]:
    """The proposals in a state (all if None), those about one document if given, oldest first."""
    wanted = select(annexes).order_by(annexes.c.annex_id)
    if state:
        wanted = wanted.where(annexes.c.state == state)
    if document_id:
        wanted = wanted.where(or_(annexes.c.annex == document_id, annexes.c.plan == document_id))
    with reading(store.engine) as connection:
        return tuple(Annex(**line) for line in connection.execute(wanted).mappings())


def find_alone(store: Store) -> tuple[dict[str, Any], ...]:
    """The annexes for which no plan is proposed or joined: document_id, file, title, and the number they `cite`."""
    held = select(annexes.c.annex).where(annexes.c.state != DENIED)
    wanted = select(documents).where((documents.c.doc_type == ANNEX_TYPE) & documents.c.document_id.not_in(held))
    with reading(store.engine) as connection:
        return tuple(
            {name: line[name] for name in ("document_id", "file", "title")} | {"cites": _cites(line["text"])}
            for line in connection.execute(wanted.order_by(documents.c.file)).mappings()
        )


def _cites(text: str) -> str | None:
    cited = attachment_in_text(text)
    return " ".join(filter(None, (cited.doc_type, cited.number))) if cited else None


def count_proposed(store: Store) -> int:
    """How many proposals wait for a person's word."""
    wanted = select(func.count()).select_from(annexes).where(annexes.c.state == PROPOSED)
    with reading(store.engine) as connection:
        return int(connection.execute(wanted).scalar_one())


def decide_annex(store: Store, annex_id: int, join: bool, who: str, seen: str | None = None) -> Annex:
    """Note a person's yes or no (a later decision replaces an earlier one); return the proposal as it stands then.

    `seen` is the state that the person looked at. Raises `NoProposal`, and `Settled` where somebody decided meanwhile
    or where the annex is joined to another plan.
    """

    def work(connection: Connection) -> Annex:
        this = annexes.c.annex_id == annex_id
        line = connection.execute(select(annexes).where(this).with_for_update()).mappings().first()
        if line is None:
            raise NoProposal(NO_SUCH.format(annex_id=annex_id))
        check_seen(line["state"], seen, line["decided_by"])
        if join:
            _check_free(connection, line["annex"], line["plan"])
        decided = {"state": JOINED if join else DENIED, "decided_at": datetime.now(UTC), "decided_by": who}
        connection.execute(update(annexes).where(this).values(**decided))
        log_act(connection, who, ACT, line["annex"], (JOINED_TO if join else NOT_OF).format(plan=line["plan"]))
        return Annex(**(dict(line) | decided))

    return transact(store.engine, work)


def join_annex(store: Store, annex: str, plan: str, who: str) -> Annex:
    """Join two documents that a person names, proposed or not; raises as `decide_annex` does."""
    if annex == plan:
        raise Settled(ITSELF)

    def work(connection: Connection) -> int:
        for document_id in (annex, plan):
            wanted = select(documents.c.document_id).where(documents.c.document_id == document_id)
            if connection.execute(wanted).first() is None:
                raise NoProposal(NO_DOCUMENT.format(document_id=document_id))
        pair = (annexes.c.annex == annex) & (annexes.c.plan == plan)
        known = connection.execute(select(annexes.c.annex_id).where(pair)).scalar()
        return int(known) if known is not None else _add(connection, annex, plan, PERSON, PROPOSED)

    return decide_annex(store, transact(store.engine, work), True, who)


def parents_of(connection: Connection, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The plan to which each of the documents was joined: its id, kind, number, day (ISO), title and file."""
    lines = connection.execute(_PARENTS, {"keys": keys}).mappings()
    return {line["annex"]: dict(_parent(line)) for line in lines}


_PARENTS = (
    select(annexes.c.annex, *(documents.c[name] for name in PARENT_FIELDS))
    .join(documents, documents.c.document_id == annexes.c.plan)
    .where((annexes.c.state == JOINED) & annexes.c.annex.in_(bindparam("keys", expanding=True)))
)


def _parent(line: RowMapping) -> Iterator[tuple[str, Any]]:
    for name in PARENT_FIELDS:
        yield name, line[name].isoformat() if name == "issued_date" and line[name] else line[name]


def named(found: Iterable[Annex], store: Store) -> dict[str, Mapping[str, Any]]:
    """The lines of the documents that proposals speak of, by id."""
    keys = {key for one in found for key in (one.annex, one.plan)}
    with reading(store.engine) as connection:
        lines = connection.execute(select(documents).where(documents.c.document_id.in_(keys))).mappings()
        return {line["document_id"]: dict(line) for line in lines}


def _check_free(connection: Connection, annex: str, plan: str) -> None:
    other = (annexes.c.annex == annex) & (annexes.c.plan != plan) & (annexes.c.state == JOINED)
    if connection.execute(select(annexes.c.annex_id).where(other)).first() is not None:
        raise Settled(TAKEN)


def _add(connection: Connection, annex: str, plan: str, reason: str, state: str) -> int:
    line = {"annex": annex, "plan": plan, "reason": reason, "state": state, "proposed_at": datetime.now(UTC)}
    made = connection.execute(insert(annexes).values(**line)).inserted_primary_key
    assert made is not None
    return int(made[0])
