"""Who may come in, who is in, and what was done: users, sessions, the log of acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from pipeline.store.acts import log_act
from pipeline.store.engine import reading, writing
from pipeline.store.people_tables import audit, sessions, users
from pipeline.store.store import Store


class Role(StrEnum):
    """What a user may do: look, or look and decide."""

    VIEW = "xem"
    APPROVE = "duyet"


class SessionKind(StrEnum):
    """Who holds the secret of a session."""

    PAGE = "page"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class User:
    """A user; `password` is its argon2 hash."""

    name: str
    role: Role
    password: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log of acts: `at` in UTC, `detail` a sentence for staff."""

    at: datetime
    name: str
    action: str
    subject: str | None
    detail: str | None


_ANYBODY = select(users.c.name).limit(1)
_WHO = (
    select(users)
    .join(sessions, sessions.c.name == users.c.name)
    .where(
        sessions.c.key == bindparam("key"),
        sessions.c.kind == bindparam("kind"),
        sessions.c.ends > bindparam("now"),
        users.c.active,
    )
)
"""Made once: every request asks them."""


def save_user(store: Store, user: User) -> None:
    """Store a user, new or changed; one whose password or role changed is logged out everywhere."""
    values = {"role": str(user.role), "password": user.password, "active": user.active}
    with writing(store.engine) as connection:
        same = users.c.name == user.name
        if connection.execute(update(users).where(same).values(**values)).rowcount == 0:
            connection.execute(insert(users).values(name=user.name, created=datetime.now(UTC), **values))
        connection.execute(delete(sessions).where(sessions.c.name == user.name))


def find_user(store: Store, name: str) -> User | None:
    """The user of that name, None where there is none."""
    with reading(store.engine) as connection:
        line = connection.execute(select(users).where(users.c.name == name)).mappings().first()
    return _user(line) if line else None


def find_users(store: Store) -> tuple[User, ...]:
    """Every user by name."""
    with reading(store.engine) as connection:
        return tuple(_user(line) for line in connection.execute(select(users).order_by(users.c.name)).mappings())


def has_users(store: Store) -> bool:
    """Whether anybody was ever made a user: from then on everybody has to log in."""
    with reading(store.engine) as connection:
        return connection.execute(_ANYBODY).first() is not None


def _user(line: Any) -> User:
    return User(line["name"], Role(line["role"]), line["password"], line["active"])


def begin_session(store: Store, key: str, name: str, kind: SessionKind, ends: datetime) -> None:
    """Store a session under the hash of its secret; those that ended are swept away."""
    now = datetime.now(UTC)
    with writing(store.engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.ends < now))
        connection.execute(insert(sessions).values(key=key, name=name, kind=str(kind), begun=now, ends=ends))


def session_user(store: Store, key: str, kind: SessionKind) -> User | None:
    """The user of a session that has not ended and who is still let in, else None."""
    asked = {"key": key, "kind": str(kind), "now": datetime.now(UTC)}
    with reading(store.engine) as connection:
        line = connection.execute(_WHO, asked).mappings().first()
    return _user(line) if line else None


def end_session(store: Store, key: str) -> None:
    """Forget a session."""
    with writing(store.engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.key == key))


def note(store: Store, name: str, action: str, subject: str | None = None, detail: str | None = None) -> None:
    """Write a line into the log of acts."""
    with writing(store.engine) as connection:
        log_act(connection, name, action, subject, detail)


def find_entries(store: Store, limit: int, offset: int = 0, name: str | None = None) -> tuple[Sequence[Entry], int]:
    """The lines of the log (of one user), the newest first, and how many there are in all."""
    counting, listing = _questions(bool(name))
    with reading(store.engine) as connection:
        count = connection.execute(counting, {"name": name} if name else {}).scalar_one()
        asked: dict[str, Any] = {"most": limit, "first": offset} | ({"name": name} if name else {})
        found = [Entry(*line) for line in connection.execute(listing, asked)]
    return found, count


@cache
def _questions(of_one: bool) -> tuple[Select[Any], Select[Any]]:
    """How many lines the log has, and which; made once."""
    whose = [audit.c.name == bindparam("name")] if of_one else []
    listing = select(*(audit.c[name] for name in Entry.__dataclass_fields__)).where(*whose)
    ordered = listing.order_by(audit.c.at.desc(), audit.c.entry_id.desc())
    counting = select(func.count()).select_from(audit).where(*whose)
    return counting, ordered.limit(bindparam("most")).offset(bindparam("first"))
