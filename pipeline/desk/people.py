"""Who sits at the desk: passwords, sessions, and what each role may do."""

from __future__ import annotations

import getpass
import hashlib
import secrets
import time
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.store.people import (
    Role,
    SessionKind,
    User,
    begin_session,
    end_session,
    find_user,
    has_users,
    note,
    save_user,
    session_user,
)
from pipeline.store.store import Store
from schemas.errors import StoreError

COOKIE = "giaoviec"
A_DAY_AT_WORK = timedelta(hours=12)
LEAST_LETTERS, MOST_LETTERS = 8, 256
MOST_FAILURES = 5
LOCKED_SECONDS = 300.0
SHORT = f"Mật khẩu phải có ít nhất {LEAST_LETTERS} ký tự."
BAD_NAME = "Tên người dùng gồm 1–64 chữ cái, chữ số, dấu chấm, gạch nối hoặc gạch dưới, viết liền."
ROLE_WORDS = {Role.VIEW: "xem", Role.APPROVE: "duyệt"}

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))
"""What a password is compared with where there is no such user: the answer takes as long."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: `name` is written into every record; `open_house` where nobody was made a user yet."""

    name: str
    role: Role
    open_house: bool = False

    @property
    def may_decide(self) -> bool:
        """Whether the visitor may change anything."""
        return self.role is Role.APPROVE


def user_name(written: str) -> str:
    """The name as it is stored; raises `StoreError` where it is none.

    >>> user_name(" Nguyen.An ")
    'nguyen.an'
    """
    name = unicodedata.normalize("NFC", written).strip().lower()
    if not 0 < len(name) <= 64 or not all(letter.isalnum() or letter in "._-" for letter in name):
        raise StoreError(BAD_NAME)
    return name


def make_user(store: Store, written: str, role: Role, password: str) -> User:
    """Store a user with a new password; raises `StoreError` where name or password will not do."""
    if not LEAST_LETTERS <= len(password) <= MOST_LETTERS:
        raise StoreError(SHORT)
    user = User(user_name(written), role, _hasher.hash(password))
    save_user(store, user)
    return user


def key_of(secret: str) -> str:
    """Under what a secret is stored: who reads the database cannot come in with what stands there."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def new_session(store: Store, user: User, kind: SessionKind, lasting: timedelta = A_DAY_AT_WORK) -> str:
    """Begin a session and return its secret, which is stored nowhere."""
    secret = secrets.token_urlsafe(32)
    begin_session(store, key_of(secret), user.name, kind, datetime.now(UTC) + lasting)
    return secret


def leave(store: Store, secret: str, visitor: Visitor) -> None:
    """End a session."""
    end_session(store, key_of(secret))
    note(store, visitor.name, "dang_xuat")


def visitor_of(store: Store, cookie: str | None, bearer: str | None) -> Visitor | None:
    """Who holds the secret of a browser or of a program; the person at this machine where nobody is a user yet."""
    for secret, kind in ((cookie, SessionKind.PAGE), (bearer, SessionKind.PROGRAM)):
        if secret and (user := session_user(store, key_of(secret), kind)):
            return Visitor(user.name, user.role)
    if not has_users(store):
        return Visitor(_own_name(), Role.APPROVE, open_house=True)
    return None


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        return "máy này"


@dataclass(slots=True)
class Door:
    """Checks passwords, and after some wrong ones keeps the door shut for that name for a while."""

    failures: dict[str, list[float]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def shut(self, name: str) -> bool:
        """Whether too many wrong passwords came for that name lately."""
        name = _plain(name)
        with self.lock:
            since = time.monotonic() - LOCKED_SECONDS
            self.failures = {
                who: late for who, times in self.failures.items() if (late := [at for at in times if at > since])
            }
            return len(self.failures.get(name, ())) >= MOST_FAILURES

    def enter(self, store: Store, written: str, password: str) -> User | None:
        """The user whose password this is, else None; both are noted."""
        user = self.knows(store, written, password)
        note(store, user.name if user else _plain(written) or "?", "dang_nhap" if user else "sai_mat_khau")
        return user

    def knows(self, store: Store, written: str, password: str) -> User | None:
        """The user whose password this is, else None, and then one failure more."""
        name = _plain(written)
        user = find_user(store, name)
        right = _matches(user.password if user else _NOBODY, password)
        with self.lock:
            if user and right and user.active:
                self.failures.pop(name, None)
                return user
            self.failures.setdefault(name, []).append(time.monotonic())
        return None


def _plain(written: str) -> str:
    name = unicodedata.normalize("NFC", written).strip().lower()[:64]
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password[: MOST_LETTERS + 1])
    except (VerificationError, InvalidHashError):
        return False
