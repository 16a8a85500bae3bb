"""Why a decision is not taken; each says so in one Vietnamese sentence."""

from __future__ import annotations

from typing import Any

from schemas.errors import StoreError

CHANGED = "Dòng này vừa được thay đổi{by}; hãy xem giá trị mới rồi quyết định lại."
NO_ROW = "Không có dòng hay văn bản mang mã này; có thể văn bản vừa được đọc lại, hãy tải lại trang."


class Conflict(StoreError):
    """Somebody (or a new reading) changed the row since it was looked at.

    `field` is None where the whole row was meant; `current` and `wanted` are its two values, `who` changed it last
    (None: the machine), `version` is the one to decide on next.
    """

    code = "conflict"

    def __init__(self, field: str | None, current: Any, wanted: Any, who: str | None, version: int) -> None:
        super().__init__(CHANGED.format(by=f" bởi {who}" if who else " vì văn bản được đọc lại"))
        self.field, self.current, self.wanted, self.who, self.version = field, current, wanted, who, version


class BadValue(StoreError):
    """A value that the field does not take."""

    code = "bad_value"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoSuchRow(StoreError):
    """There is no such row or document."""

    code = "no_such_row"

    def __init__(self) -> None:
        super().__init__(NO_ROW)
