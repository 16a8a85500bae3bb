"""What the pages ask of the store beside tasks by filter: the inbox, a row's neighbours, a document's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from normalizers.fold import search_key
from pipeline.store.engine import reading
from pipeline.store.ledger_tables import ledger
from pipeline.store.queries import KEYS, SEEN, STATE
from pipeline.store.states import State
from pipeline.store.store import Store
from pipeline.store.tables import (
    BODY_FIELDS,
    document_texts,
    documents,
    legal_bases,
    sightings,
    task_bodies,
    tasks,
)

OPEN_STATES = (State.WAITING, State.RUNNING, State.RETRY)
BUSY_STATES = (State.WAITING, State.RUNNING)
MOST_SPELLINGS = 200
"""Lines of one body that are looked at for how its name is written."""


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file that was seen: its state, why, and what was read out of it (`document_id` None: nothing)."""

    name: str
    commune: str | None
    state: str
    message: str | None
    at: datetime
    document_id: str | None
    rows: int | None
    review: int | None
    title: str | None
    record: dict[str, Any]
    sha256: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is: documents, rows that want a look, files not yet read."""

    documents: int
    review: int
    busy: int


@dataclass(frozen=True, slots=True)
class RowHead:
    """A row in a list: enough to find it again."""

    task_id: str
    path: str
    text: str
    needs_review: bool
    status: str


@dataclass(frozen=True, slots=True)
class RowState:
    """What people made of a row, and whether the machine now reads it otherwise."""

    status: str
    conflict: bool


@dataclass(frozen=True, slots=True)
class CountedBody:
    """A body: its comparable name, one way in which it is written, and in how many rows it has each part."""

    body: str
    name: str
    lead: int
    coordinating: int
    monitoring: int


@dataclass(frozen=True, slots=True)
class Around:
    """Where a row stands: the rows near it in its document, those beside it, and the next one in doubt anywhere."""

    rows: tuple[RowHead, ...]
    previous: str | None
    following: str | None
    next_doubtful: str | None


def find_counts(store: Store) -> Counts:
    """What the head of the inbox says."""
    with reading(store.engine) as connection:
        some = connection.execute(_DOUBTS).one()
        return Counts(some[0], int(some[1]), connection.execute(_BUSY).scalar_one())


_DOUBTS = select(func.count(documents.c.n_review), func.coalesce(func.sum(documents.c.n_review), 0))
_BUSY = select(func.count()).select_from(ledger).where(ledger.c.state.in_(BUSY_STATES))


def _of_group(group: str) -> list[ColumnElement[bool]]:
    groups: dict[str, list[ColumnElement[bool]]] = {
        "doubt": [documents.c.n_review > 0],
        "bad": [STATE == State.REJECTED],
        "open": [STATE.in_(OPEN_STATES)],
        "ignored": [STATE == State.IGNORED],
    }
    return groups.get(group, [STATE != State.IGNORED])


def find_files(
    store: Store, group: str, limit: int, offset: int, most_counted: int | None = None
) -> tuple[tuple[InboxFile, ...], int]:
    """The files seen, the newest first, and how many (counted no further than `most_counted`).

    `group` "doubt", "bad", "open" or "ignored" narrows.
    """
    wanted, some = _files(group)
    with reading(store.engine) as connection:
        lines = connection.execute(wanted, {"most": limit, "first": offset}).mappings().all()
        counted = select(func.count()).select_from(some.limit(most_counted).subquery())
        return tuple(_file(line) for line in lines), connection.execute(counted).scalar_one()


@cache
def _files(group: str) -> tuple[Select[Any], Select[Any]]:
    """The question for the files of a group, and one line for each of them."""
    joined = SEEN.outerjoin(documents, documents.c.document_id == sightings.c.document_id)
    columns = [documents.c[name] for name in ("n_rows", "n_review", "title", "file", "doc_type", "doc_number")]
    named = [sightings.c[name] for name in ("name", "commune", "last_seen", "document_id", "sha256")]
    code = func.coalesce(ledger.c.code, sightings.c.code).label("code")
    said = func.coalesce(ledger.c.message, sightings.c.message).label("message")
    told = [STATE.label("state"), said, code, documents.c.issued_date]
    wanted = select(*named, *told, *columns).select_from(joined).where(*_of_group(group))
    order = (sightings.c.last_seen.desc(), sightings.c.sighting_id.desc())
    listed = wanted.order_by(*order).limit(bindparam("most")).offset(bindparam("first"))
    return listed, select(literal(1)).select_from(joined).where(*_of_group(group))


def _file(line: Any) -> InboxFile:
    record = {name: line[name] for name in ("file", "doc_type", "doc_number")}
    record["issued_date"] = line["issued_date"].isoformat() if line["issued_date"] else None
    return InboxFile(
        line["name"],
        line["commune"],
        line["state"],
        line["message"],
        line["last_seen"],
        line["document_id"],
        line["n_rows"],
        line["n_review"],
        line["title"],
        record,
        line["sha256"],
        line["code"],
    )


def warnings_of(store: Store, keys: Sequence[str]) -> dict[str, list[str]]:
    """What was remarked when the documents were read, by their id."""
    found: dict[str, list[str]] = {}
    with reading(store.engine) as connection:
        for key, value in connection.execute(_WARNINGS, {"keys": keys}):
            found.setdefault(key, []).append(value)
    return found


_WARNINGS = (
    select(document_texts.c.document_id, document_texts.c.value)
    .where(document_texts.c.role == "warnings", document_texts.c.document_id.in_(KEYS))
    .order_by(document_texts.c.ordinal)
)


def known_communes(store: Store) -> tuple[str, ...]:
    """The names of the communes whose files were seen, in order."""
    wanted = select(sightings.c.commune, sightings.c.commune_key).where(sightings.c.commune_key.is_not(None))
    with reading(store.engine) as connection:
        found = connection.execute(wanted.distinct().order_by(sightings.c.commune_key))
        return tuple(line.commune for line in found)


def row_states(store: Store, keys: Sequence[str]) -> dict[str, RowState]:
    """What people made of the rows, by their ids."""
    wanted = select(tasks.c.task_id, tasks.c.status, tasks.c.conflict).where(tasks.c.task_id.in_(keys))
    with reading(store.engine) as connection:
        return {line[0]: RowState(line[1], line[2]) for line in connection.execute(wanted)}


def rows_around(store: Store, task_id: str, most: int, document: str | None = None) -> Around | None:
    """The neighbours of a row, at most `most` before and behind; None where there is no such row.

    `document` keeps the next doubtful row within that document.
    """
    with reading(store.engine) as connection:
        here = connection.execute(_HERE, {"task_id": task_id}).first()
        if here is None:
            return None
        asked = {"task_id": task_id, "document_id": here.document_id, "stands": here.sort_key, "most": most}
        above = [RowHead(*line) for line in connection.execute(_BEFORE, asked)][::-1]
        below = [RowHead(*line) for line in connection.execute(_BEHIND, asked | {"most": most + 1})]
        later, first = _DOUBTFUL_HERE if document else _DOUBTFUL
        found = connection.execute(later, asked).scalar() or connection.execute(first, asked).scalar()
    return Around(
        (*above, *below),
        above[-1].task_id if above else None,
        below[1].task_id if len(below) > 1 else None,
        found,
    )


_HERE = select(tasks.c.document_id, tasks.c.sort_key).where(tasks.c.task_id == bindparam("task_id"))
_HEAD = select(*(tasks.c[name] for name in ("task_id", "path", "text", "needs_review", "status"))).limit(
    bindparam("most")
)
_SAME, _STANDS = tasks.c.document_id == bindparam("document_id"), tasks.c.sort_key
_MOVED: BindParameter[str] = bindparam("stands")
_BEFORE = _HEAD.where(_SAME, _STANDS < _MOVED).order_by(_STANDS.desc())
_BEHIND = _HEAD.where(_SAME, _STANDS >= _MOVED).order_by(_STANDS)
_FIRST = (
    select(tasks.c.task_id)
    .where(tasks.c.needs_review, tasks.c.task_id != bindparam("task_id"))
    .order_by(_STANDS)
    .limit(1)
)
_DOUBTFUL = (_FIRST.where(_STANDS > _MOVED), _FIRST)
_DOUBTFUL_HERE = (_FIRST.where(_SAME, _STANDS > _MOVED), _FIRST.where(_SAME))
"""The next row in doubt behind a row, and the first of all; made once, asked for each page."""


def first_to_review(store: Store, document: str | None = None) -> str | None:
    """The first row in doubt, else the first row of the document (None: of no document), else None."""
    here = [tasks.c.document_id == document] if document else []
    doubt = select(tasks.c.task_id).where(tasks.c.needs_review, *here).order_by(tasks.c.sort_key).limit(1)
    with reading(store.engine) as connection:
        found = connection.execute(doubt).scalar()
        if found is None and document:
            found = connection.execute(select(tasks.c.task_id).where(*here).order_by(tasks.c.sort_key)).scalar()
        return found


def document_text(store: Store, document_id: str) -> str:
    """The text of a document as its reader gave it, "" where it is not held."""
    with reading(store.engine) as connection:
        found = connection.execute(_TEXT, {"document_id": document_id}).scalar()
    return found or ""


_TEXT = select(documents.c.text).where(documents.c.document_id == bindparam("document_id"))


def document_file(store: Store, document_id: str) -> tuple[str, str] | None:
    """The sha256 and the file name of a document, None where it is not held."""
    wanted = select(documents.c.sha256, documents.c.file).where(documents.c.document_id == document_id)
    with reading(store.engine) as connection:
        line = connection.execute(wanted).first()
    return (line[0], line[1]) if line else None


def documents_with_numbers(store: Store, numbers: Sequence[str]) -> dict[str, str]:
    """The id of a held document for each of the numbers that is one's own."""
    wanted = select(documents.c.doc_number, documents.c.document_id).where(documents.c.doc_number.in_(numbers))
    with reading(store.engine) as connection:
        return dict(connection.execute(wanted).tuples().all())


def find_document_page(
    store: Store, commune: str | None, words: str | None, limit: int, offset: int
) -> tuple[tuple[dict[str, Any], ...], int]:
    """The documents by day and file, newest first, and how many; `words` in number, title, issuer or file."""
    conditions: list[ColumnElement[bool]] = []
    if commune:
        own = (sightings.c.document_id == documents.c.document_id) & (sightings.c.commune_key == search_key(commune))
        conditions.append(exists().where(own))
    searched = [_small_letters(documents.c[name], store) for name in ("doc_number", "title", "issuer", "file")]
    for word in (words or "").lower().split():
        conditions.append(or_(*(column.contains(word, autoescape=True) for column in searched)))
    names = ("document_id", "file", "issuer", "doc_type", "doc_number", "issued_date", "title", "n_rows", "n_review")
    wanted = select(*(documents.c[name] for name in names)).where(and_(True, *conditions))
    order = (documents.c.issued_date.desc().nulls_last(), documents.c.file, documents.c.document_id)
    with reading(store.engine) as connection:
        lines = connection.execute(wanted.order_by(*order).limit(limit).offset(offset)).mappings().all()
        counted = select(func.count()).select_from(documents).where(and_(True, *conditions))
        found = [dict(line) | {"issued_date": _iso(line["issued_date"])} for line in lines]
        return tuple(found), connection.execute(counted).scalar_one()


def _small_letters(column: ColumnElement[Any], store: Store) -> ColumnElement[str]:
    """The text in small letters, Vietnamese ones too: the order of bytes, that our columns have, knows only a–z."""
    return func.lower(column if store.engine.dialect.name == "sqlite" else column.collate("default"), type_=Text)


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def bases_with_number(store: Store, number: str) -> tuple[str, ...]:
    """The ids of the documents that name this number among what they are founded on."""
    wanted = select(legal_bases.c.document_id).where(legal_bases.c.number == number).distinct()
    with reading(store.engine) as connection:
        return tuple(connection.execute(wanted).scalars())


def spellings(store: Store, keys: Sequence[str]) -> dict[str, str]:
    """The bodies of these keys as rows write them ("Sở Nội vụ"), where the key has the same words, else the key."""
    named = {key: key[:1].upper() + key[1:] for key in keys}
    with reading(store.engine) as connection:
        for key in keys:
            wanted = select(task_bodies.c.name).where(task_bodies.c.body_key == key).limit(MOST_SPELLINGS)
            written = Counter(connection.execute(wanted).scalars()).most_common()
            best = next((name for name, _ in written if search_key(name) == search_key(key)), None)
            if best:
                named[key] = best[:1].upper() + best[1:]
    return named


def find_bodies(store: Store, words: str | None, limit: int, offset: int) -> tuple[CountedBody, ...]:
    """The bodies named in rows, those that lead most first; `words` with or without diacritics."""
    counts = [func.sum(case((task_bodies.c.role == role, 1), else_=0)).label(role) for role in BODY_FIELDS]
    key = task_bodies.c.body_key
    wanted = select(key, func.min(task_bodies.c.name).label("name"), *counts).group_by(key)
    for word in search_key(words or "").split():
        wanted = wanted.where(task_bodies.c.folded.contains(f" {word}", autoescape=True))
    ordered = wanted.order_by(*(count.desc() for count in counts), key).limit(limit).offset(offset)
    with reading(store.engine) as connection:
        return tuple(
            CountedBody(line["body_key"], line["name"], line["lead"], line["coordinating"], line["monitoring"])
            for line in connection.execute(ordered).mappings()
        )
