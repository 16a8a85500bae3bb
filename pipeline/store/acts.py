"""What people's acts on documents share: a line in the log of acts, and why an act is not taken."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from pipeline.store.people_tables import audit
from schemas.errors import StoreError

MEANWHILE = "Đề nghị này vừa được quyết định{by}; hãy xem lại rồi quyết định nếu vẫn cần."


class Settled(StoreError):
    """Somebody decided meanwhile, or the decision contradicts another one."""

    code = "conflict"


class NoProposal(StoreError):
    """There is no such proposal or document."""

    code = "no_such_row"


def log_act(connection: Connection, name: str, action: str, subject: str | None, detail: str | None) -> None:
    """Write a line into the log of acts, in the transaction of the act."""
    line = {"at": datetime.now(UTC), "name": name, "action": action, "subject": subject, "detail": detail}
    connection.execute(insert(audit).values(line))


def check_seen(state: str, seen: str | None, who: str | None) -> None:
    """Raise `Settled` where a proposal is no longer in the state that was looked at (None: whatever it is)."""
    if seen is not None and state != seen:
        raise Settled(MEANWHILE.format(by=f" bởi {who}" if who else ""))
