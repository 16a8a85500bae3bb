"""What the columns of a table mean, told from their heads (general office vocabulary, matched without marks)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from normalizers.fold import fold
from schemas.source import Cell, Table


class ColumnRole(StrEnum):
    """The meaning of a column."""

    NUMBER = "number"
    TASK = "task"
    """Nhiệm vụ, Công việc, Hoạt động: says by itself that each line is work."""
    CONTENT = "content"
    """Nội dung, Tên: work only beside a column of bodies or times."""
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    """Lãnh đạo phụ trách: leads only where no other column does."""
    COORDINATING = "coordinating"
    TIME = "time"
    PERIOD = "period"
    """Quý I, Tháng 3, Năm 2026 as a head: a time where the cells are ticks, else a column of values."""
    DELIVERABLE = "deliverable"
    MONITORING = "monitoring"
    NOTE = "note"
    POINTS = "points"
    MONEY = "money"
    UNIT = "unit"
    TARGET = "target"
    PLACE = "place"
    NAME = "name"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it means, its whole head from the top down, and the lowest part of the head."""

    role: ColumnRole
    text: str
    own: str = ""


@dataclass(frozen=True, slots=True)
class TableHead:
    """The columns from left to right, and how many grid rows the head takes (titles above it included)."""

    columns: tuple[Column, ...]
    n_rows: int

    def of(self, *roles: ColumnRole) -> tuple[int, ...]:
        """The places of the columns with one of the roles."""
        return tuple(place for place, column in enumerate(self.columns) if column.role in roles)

    def has(self, *roles: ColumnRole) -> bool:
        """Whether a column has one of the roles."""
        return bool(self.of(*roles))


_BODY = (
    r"(?:co quan|don vi|bo phan|phong|ban|nganh|nguoi|can bo|cong chuc|to chuc|ca nhan|luc luong|dia phuong"
    r"|thanh vien)"
)
_ACT = (
    r"(?:chu tri|thuc hien|tham muu|phu trach|trien khai|chiu trach nhiem|trach nhiem|dau moi|thuong truc|dam nhan"
    r"|dam nhiem|soan thao|chuan bi|bao cao|giai quyet|xu ly|chinh|duoc giao|duoc phan cong)"
)
_WORK = r"(?:nhiem vu|cong viec|viec|hoat dong|giai phap|cong tac|phan viec)"
_DONE = r"(?:nhiem vu|cong viec|viec|hoat dong|giai phap|cong tac|trien khai|thuc hien|tham muu)"
_VOCABULARY: tuple[tuple[ColumnRole, str], ...] = (
    (ColumnRole.NUMBER, r"^(?:s ?t ?t|tt|so tt|so thu tu)$"),
    (ColumnRole.NAME, r"^(?:ho (?:va )?(?:chu dem )?ten|chuc vu|chuc danh)\b|\bnam sinh\b"),
    (
        ColumnRole.MONEY,
        r"^(?:noi dung|nhiem vu|muc) chi\b|^(?:khai toan |du kien )?kinh phi\b|\bnguon (?:kinh phi|von)\b",
    ),
    (
        ColumnRole.MONEY,
        r"\bthanh tien\b|\bdon gia\b|\bso tien\b|^du toan\b|\btong (?:so )?(?:tien|von)\b|\btrieu dong\b",
    ),
    (ColumnRole.UNIT, r"\bdon vi tinh\b|^dvt$|^so luong\b|^khoi luong\b"),
    (
        ColumnRole.POINTS,
        r"^(?:thang |tong |so )?diem(?:$| (?:so|toi da|chuan|tu cham|dat|cong|tru|tham dinh)\b)|cham diem",
    ),
    (ColumnRole.TASK, rf"^(?:cac |ten |danh muc )*{_WORK}\b"),
    (ColumnRole.TASK, rf"^(?:cac )?(?:noi dung|muc tieu|chi tieu)\b.*\b{_DONE}\b"),
    (ColumnRole.CONTENT, r"^(?:cac |tom tat |trich yeu )*noi dung\b|^ten (?!don vi|co quan|nguoi|duong|xa|truong)"),
    (ColumnRole.CONTENT, r"^(?:danh muc|de an|chuong trinh|du an|van ban|chuyen de|mo hinh)\b"),
    (ColumnRole.TIME, r"^(?:du kien )?(?:thoi gian|thoi han|thoi diem|tien do|moc thoi gian|lo trinh|lich|han)\b"),
    (ColumnRole.TIME, r"^(?:ngay|ngay thang|thang|quy|nam (?:thuc hien|hoan thanh)|bat dau|ket thuc|hoan thanh)$"),
    (ColumnRole.TIME, r"^(?:du kien )?(?:ngay |thoi gian )?(?:bat dau|hoan thanh|ket thuc)\b"),
    (ColumnRole.PERIOD, r"^(?:quy (?:iv|i{1,3}|[1-4])|thang \d{1,2}|(?:nam )?20\d\d)(?: (?:nam )?20\d\d)?$"),
    (
        ColumnRole.PLACE,
        r"^(?:dia diem|dia ban|dia chi|noi)\b|\bduoc (?:kiem tra|giam sat|thanh tra|khao sat|ra soat)\b",
    ),
    (ColumnRole.DELIVERABLE, r"^(?:du kien |yeu cau )?(?:san pham|ket qua|dau ra|chi so dau ra|hinh thuc van ban)\b"),
    (ColumnRole.NOTE, r"^(?:ghi chu|luu y|can cu)\b"),
    (ColumnRole.LEAD, r"\bchu tri\b|^dau moi\b|\bco quan dau moi\b"),
    (ColumnRole.COORDINATING, r"\bphoi hop\b|\btham gia\b|\blien quan$"),
    (ColumnRole.SUPERVISOR, r"^(?:lanh dao|dong chi)\b.*\bphu trach\b|\bchi dao\b"),
    (ColumnRole.MONITORING, r"\btheo doi\b|\bdon doc\b|\bgiam sat\b|\bkiem tra\b"),
    (ColumnRole.LEAD, rf"^(?:cac )?{_BODY}\b.*\b{_ACT}\b|^(?:trach nhiem|phan cong|phu trach|thuc hien)\b"),
    (ColumnRole.LEAD, rf"^(?:cac )?(?:co quan|don vi|bo phan)(?: (?:va )?{_BODY})*$|^to chuc thuc hien$|^lanh dao\b"),
    (ColumnRole.TARGET, r"\bchi tieu\b|\btieu chi\b|^muc tieu\b|^chi so\b|^ty le\b|^ket qua\b|^ke hoach\b"),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _VOCABULARY)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_INDEX_CELL = re.compile(r"^\(?(?:\d{1,2}|[a-z])\)?(?: ?= ?.+)?$")  # (1), 2, a, "5 = 3 + 4" under the heads
_HEAD_WORDS = 14  # the longest head of a column, in words
_SEARCHED_ROWS = 5
_WIDE = 0.8  # of the columns: a cell so wide is a title, no head
_FRAMING = (
    ColumnRole.NUMBER,
    ColumnRole.TASK,
    ColumnRole.CONTENT,
    ColumnRole.TARGET,
    ColumnRole.NAME,
    ColumnRole.LEAD,
)


def role_of(head: str) -> ColumnRole:
    """The meaning of one head, without regard to its neighbours.

    >>> role_of("Cơ quan\\nchủ trì"), role_of("THOI GIAN (Nam 2026)"), role_of("Nội dung công việc")
    (<ColumnRole.LEAD: 'lead'>, <ColumnRole.TIME: 'time'>, <ColumnRole.TASK: 'task'>)
    """
    plain = _plain(head)
    for role, pattern in _PATTERNS:
        if pattern.search(plain):
            return role
    return ColumnRole.OTHER


def read_head(table: Table) -> TableHead | None:
    """The head of a table; None where its first rows name no columns."""
    grid = table.grid()
    for first in range(min(_SEARCHED_ROWS, table.n_rows)):
        if _is_head_row(grid[first], table.n_cols):
            last = _last_head_row(grid, first)
            columns = tuple(_column(grid, first, last, place) for place in range(table.n_cols))
            return TableHead(_settled(columns), last + 1)
    return None


def is_repeated_head(row: list[Cell | None], head: TableHead) -> bool:
    """Whether a row says the head (or one of its rows) again, as on the next page."""
    pairs = [
        (_plain(cell.text), _plain(column.text), _plain(column.own))
        for cell, column in zip(row, head.columns, strict=False)
        if cell and cell.text.strip()
    ]
    return len(pairs) > 1 and all(said and said in (whole, own) for said, whole, own in pairs)


def is_index_row(row: list[Cell | None]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3) or A B 1 2."""
    said = [fold(cell.text).strip() for cell in _distinct(row) if cell.text.strip()]
    return len(said) > 2 and all(_INDEX_CELL.match(text) for text in said) and len(set(said)) == len(said)


def _plain(text: str) -> str:
    return _NOT_LETTERS.sub(" ", fold(text)).strip()


def _distinct(row: list[Cell | None]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row:
        if cell is not None and not any(cell is known for known in cells):
            cells.append(cell)
    return cells


def _is_head_row(row: list[Cell | None], n_cols: int) -> bool:
    cells = [cell for cell in _distinct(row) if cell.text.strip()]
    if len(cells) < 2 or any(cell.colspan >= max(2, _WIDE * n_cols) for cell in cells):
        return False
    if any(len(cell.text.split()) > _HEAD_WORDS for cell in cells):
        return False
    roles = [role_of(cell.text) for cell in cells]
    known = [role for role in roles if role is not ColumnRole.OTHER]
    return len(known) >= 2 and any(role in _FRAMING for role in known) and 2 * len(known) >= len(cells)


def _last_head_row(grid: list[list[Cell | None]], first: int) -> int:
    """The head reaches as far down as its merged cells; a cell merged across has its parts in the next row."""
    cells = _distinct(grid[first])
    last = max((cell.row + cell.rowspan - 1 for cell in cells), default=first)
    if last == first and first + 1 < len(grid) and _has_parts(grid[first], grid[first + 1]):
        last = first + 1
    return min(last, len(grid) - 1)


def _has_parts(row: list[Cell | None], below: list[Cell | None]) -> bool:
    said = [(upper, lower) for upper, lower in zip(row, below, strict=True) if lower and lower.text.strip()]
    return bool(said) and all(
        upper is not None and upper.colspan > 1 and len(lower.text.split()) <= _HEAD_WORDS for upper, lower in said
    )


def _column(grid: list[list[Cell | None]], first: int, last: int, place: int) -> Column:
    said: list[str] = []
    for row in range(first, last + 1):
        cell = grid[row][place]
        text = cell.text.strip() if cell else ""
        if text and (not said or said[-1] != text):
            said.append(text)
    if not said:
        return Column(ColumnRole.OTHER, "")
    return Column(_role_of_path(said), " ".join(said), said[-1])


def _role_of_path(said: list[str]) -> ColumnRole:
    """The lowest head decides ("Cơ quan thực hiện" over "Phối hợp"); where it says nothing, the ones above."""
    own, above = role_of(said[-1]), role_of(said[0])
    if own is ColumnRole.OTHER and above is ColumnRole.TIME:
        return role_of(" ".join(said[-2:]))
    return above if own is ColumnRole.OTHER else own


def _settled(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Heads whose meaning hangs on their neighbours: a supervisor leads where nobody else does."""
    has_lead = any(column.role is ColumnRole.LEAD for column in columns)
    supervisor = ColumnRole.MONITORING if has_lead else ColumnRole.LEAD
    return tuple(
        Column(supervisor, column.text, column.own) if column.role is ColumnRole.SUPERVISOR else column
        for column in columns
    )
