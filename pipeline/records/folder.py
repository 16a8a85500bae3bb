"""Corrected workbooks that came back by the watched folder: kept, and shown to a person before they are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select, update

from pipeline.isolate import Limits
from pipeline.records.workbook import is_ours
from pipeline.store.engine import reading, writing
from pipeline.store.originals import place_of
from pipeline.store.store import Store
from pipeline.store.tables import returned_files
from schemas.errors import ReadError

WAITING, TAKEN, DECLINED = "waiting", "taken", "declined"
NAMES = ("returned_id", "sha256", "name", "path", "received_at")
SUFFIXES = frozenset({".xlsx", ".xlsm"})
LOOK = (
    "Đây là bảng nhiệm vụ đã sửa gửi lại; hãy xem các thay đổi ở trang Nhận Excel hoặc bằng giaoviec import-xlsx "
    "rồi nhận hoặc bỏ."
)


class ReturnedWorkbook(ReadError):
    """No plan but a table that this product wrote: a person looks at its changes first."""

    code = "returned_workbook"


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A workbook that waits: `path` are its kept bytes, `name` as it was dropped."""

    returned_id: int
    sha256: str
    name: str
    path: str
    received_at: datetime


def refuse_returned(store: Store, path: Path, name: str, sha256: str, originals: Path, limits: Limits) -> None:
    """Note a corrected workbook as waiting and raise `ReturnedWorkbook`; any other file is let through."""
    if path.suffix.lower() not in SUFFIXES or not is_ours(path, limits):
        return
    with writing(store.engine) as connection:
        known = select(returned_files.c.returned_id).where(returned_files.c.sha256 == sha256)
        if connection.execute(known).first() is None:
            line = {"sha256": sha256, "name": name, "path": str(place_of(originals, sha256)), "state": WAITING}
            connection.execute(insert(returned_files).values(line | {"changes": 0, "received_at": datetime.now(UTC)}))
    raise ReturnedWorkbook(LOOK)


def waiting_files(store: Store) -> tuple[ReturnedFile, ...]:
    """The workbooks that wait for a person, the oldest first; compare each by `compare_workbook(path, sha256)`."""
    wanted = select(*(returned_files.c[name] for name in NAMES)).where(returned_files.c.state == WAITING)
    with reading(store.engine) as connection:
        lines = connection.execute(wanted.order_by(returned_files.c.returned_id)).mappings()
        return tuple(ReturnedFile(**line) for line in lines)


def returned_states(store: Store, hashes: Sequence[str]) -> dict[str, str]:
    """How it stands with the workbooks of these sha256 that came by the folder: waiting, taken or declined."""
    wanted = select(returned_files.c.sha256, returned_files.c.state).where(returned_files.c.sha256.in_(hashes))
    with reading(store.engine) as connection:
        return {line.sha256: line.state for line in connection.execute(wanted)}


def find_returned(store: Store, sha256: str) -> ReturnedFile | None:
    """The workbook of this sha256 that came by the folder, however it stands with it; None where none did."""
    wanted = select(*(returned_files.c[name] for name in NAMES)).where(returned_files.c.sha256 == sha256)
    with reading(store.engine) as connection:
        line = connection.execute(wanted).mappings().first()
    return ReturnedFile(**line) if line else None


def decline_file(store: Store, sha256: str, who: str) -> bool:
    """Whether the workbook still waited and is declined now: its bytes stay, its changes are not taken."""
    waits = (returned_files.c.sha256 == sha256) & (returned_files.c.state == WAITING)
    line = {"state": DECLINED, "decided_by": who, "decided_at": datetime.now(UTC)}
    with writing(store.engine) as connection:
        return connection.execute(update(returned_files).where(waits).values(line)).rowcount == 1


def settle_file(store: Store, sha256: str, state: str, who: str, changes: int = 0) -> None:
    """Note that a waiting workbook was `TAKEN` or `DECLINED`; nothing where it did not come by the folder."""
    same = returned_files.c.sha256 == sha256
    line = {"state": state, "decided_by": who, "decided_at": datetime.now(UTC), "changes": changes}
    with writing(store.engine) as connection:
        connection.execute(update(returned_files).where(same).values(line))
