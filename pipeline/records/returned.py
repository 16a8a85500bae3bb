"""A workbook that staff corrected and gave back: what they changed, cell by cell, and taking it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from pipeline.exports.columns import COLUMNS, document_name
from pipeline.exports.stamps import digest
from pipeline.isolate import Limits
from pipeline.records.changes import Desk
from pipeline.records.errors import BadValue
from pipeline.records.fields import FIELDS
from pipeline.records.history import Source
from pipeline.records.merged import MergedRow, load_rows
from pipeline.records.workbook import Cell, read_workbook
from pipeline.store.anchors import Anchor, find_anchors
from pipeline.store.engine import reading, writing
from pipeline.store.queries import load_documents
from pipeline.store.store import Store
from pipeline.store.tables import documents, tasks
from schemas.errors import StoreError

CORRECT, ADD, DROP = "correct", "add", "drop"
ID_COLUMN, DOCUMENT_COLUMN, PATH_COLUMN = "Mã nhiệm vụ", "Văn bản", "Mục"
PLACES = {column.heading: place for place, column in enumerate(COLUMNS, 1)}
FIELD_PLACES = {column.field: place for place, column in enumerate(COLUMNS, 1) if column.field}
MANY_DROPPED, SHARE_DROPPED = 10, 0.2
"""So many rows missing at once are rather a table cut to one's own part than rows that are none."""

FORMULA = "ô chứa công thức; hãy ghi giá trị"
FIXED = "cột này không sửa trong bảng được"
UNKNOWN_ID = "mã không có trong bảng đã xuất; dòng thêm mới phải để trống cột này"
TWICE = "mã đã có ở dòng {row}; dòng thêm mới phải để trống cột này"
LOST = "dòng này không còn trong hệ thống vì văn bản đã được đọc lại"
WHICH_DOCUMENT = "ghi đúng tên văn bản như ở các dòng khác để biết dòng mới thuộc văn bản nào"
CHANGED_SINCE = "giá trị đã được người khác đổi trong hệ thống từ khi xuất bảng"
TOO_MANY_DROPPED = (
    "Bảng nộp lại thiếu {n} dòng so với khi xuất; nếu đúng là muốn bỏ các dòng đó, hãy xác nhận riêng việc bỏ dòng."
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a workbook: a corrected cell, an added or a dropped row.

    `row` is the line of the sheet (None for a dropped row). `before` and `after` are as people write them; `value` is
    what will be stored. `version` is the row's when it was compared. `values` are an added row's, by field, and
    `behind` the row of its document that it stands behind.
    """

    kind: str
    row: int | None
    task_id: str | None
    document_id: str
    field: str | None = None
    label: str = ""
    before: str = ""
    after: str = ""
    value: Any = None
    version: int | None = None
    values: Mapping[str, Any] = made_by(default_factory=dict)
    behind: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that is not taken: the line and column of the sheet, and why; never what stands in it.

    `row` is None where the line was deleted from the sheet.
    """

    row: int | None
    column: str
    why: str

    def sentence(self) -> str:
        """The refusal for staff.

        >>> Refusal(7, "Hạn hoàn thành", "ngày phải viết 30/06/2026").sentence()
        'Dòng 7, cột “Hạn hoàn thành”: ngày phải viết 30/06/2026.'
        """
        if self.row is None:
            return f"Một dòng đã xoá khỏi bảng: {self.why}."
        return f"Dòng {self.row}, cột “{self.column}”: {self.why.rstrip('.')}."


@dataclass(frozen=True, slots=True)
class Returned:
    """What a workbook changes: `same` counts its rows without a change; `source` is the file with its sha256."""

    source: Source
    stamp: str
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    same: int

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind."""
        return dict(Counter(change.kind for change in self.changes))

    @property
    def drops_many(self) -> bool:
        """Whether so many rows are missing that it wants a word of its own."""
        dropped = self.counts.get(DROP, 0)
        rows = self.same + len({change.task_id for change in self.changes if change.kind != ADD})
        return dropped > max(MANY_DROPPED, SHARE_DROPPED * rows)


def compare_workbook(store: Store, path: Path, sha256: str, limits: Limits, name: str | None = None) -> Returned:
    """What a corrected workbook would change; nothing is taken yet. Raises `ReadError` where it is refused whole."""
    book = read_workbook(path, limits)
    listed = {line[0]: line for line in book["stamped"] if line[0]}
    with reading(store.engine) as connection:
        compared = _Comparison(connection, listed, book["lines"])
        changes = tuple(compared.changes())
    source = Source("file", name or path.name, sha256)
    return Returned(source, book["stamp"], changes, tuple(compared.refusals), compared.same)


def take(store: Store, returned: Returned, who: str, drop_many: bool = False) -> int:
    """Take the changes, all together; return how many.

    Raises `Conflict` where a row was changed since it was compared, `StoreError` where many rows would go and
    `drop_many` does not say that they should.
    """
    if returned.drops_many and not drop_many:
        raise StoreError(TOO_MANY_DROPPED.format(n=returned.counts[DROP]))
    with writing(store.engine) as connection:
        desk = Desk(connection, who, returned.source)
        versions: dict[str, int] = {}
        added: dict[tuple[str, str | None], str] = {}
        for change in returned.changes:
            _take_one(desk, change, versions, added)
    return len(returned.changes)


def _take_one(desk: Desk, change: Change, versions: dict[str, int], added: dict[tuple[str, str | None], str]) -> None:
    if change.kind == ADD:
        place = (change.document_id, change.behind)
        row = desk.add(change.document_id, change.values, added.get(place, change.behind))
        added[place] = row.row.task_id  # the next one behind the same row stands behind this one
        return
    task_id = str(change.task_id)
    version = versions.get(task_id, change.version or 0)
    if change.kind == DROP:
        versions[task_id] = desk.drop(task_id, version).version
    else:
        versions[task_id] = desk.decide(task_id, str(change.field), change.value, version).version


class _Comparison:
    """The lines of a workbook beside the rows of the store."""

    def __init__(
        self,
        connection: Connection,
        listed: Mapping[str, Sequence[str]],
        lines: Sequence[tuple[int, Sequence[Cell]]],
    ) -> None:
        self.lines, self.listed = lines, listed
        self.refusals: list[Refusal] = []
        self.same = 0
        here = [_text(cells, ID_COLUMN) for _, cells in lines]
        self.rows = load_rows(connection, list(listed))
        self.rows |= self._moved(connection, set(here))
        self.documents: dict[str, Any] = {
            document["document_id"]: document for document in load_documents(connection, _stored(connection, listed))
        }

    def _moved(self, connection: Connection, here: set[str]) -> dict[str, MergedRow]:
        """Rows whose id changed since the export because their document was read again, by the old id."""
        lost: dict[str, list[str]] = {}
        for task_id in self.listed:
            if task_id not in self.rows and task_id in here:
                lost.setdefault(self.listed[task_id][1], []).append(task_id)
        cells_of = {_text(cells, ID_COLUMN): cells for _, cells in self.lines}
        found: dict[str, MergedRow] = {}
        for document_id, keys in lost.items():
            wanted = select(tasks.c.task_id).where(tasks.c.document_id == document_id).order_by(tasks.c.ordinal)
            stored = load_rows(connection, list(connection.execute(wanted).scalars()))
            free = [row for key, row in stored.items() if key not in self.listed]
            order = list(self.listed)
            anchors = [_anchor(key, cells_of[key], order.index(key) / len(order)) for key in keys]
            for key, place in zip(keys, find_anchors(anchors, [row.row for row in free]), strict=True):
                if place is not None:
                    found[key] = free[place]
        return found

    def changes(self) -> Iterator[Change]:
        """The changes in the order of the sheet, then the dropped rows in the order of the export."""
        seen: dict[str, int] = {}
        behind: dict[str, str] = {}
        for number, cells in self.lines:
            task_id = _text(cells, ID_COLUMN)
            if not task_id:
                yield from self._added(number, cells, behind)
            elif task_id in seen:
                self._refuse(number, ID_COLUMN, TWICE.format(row=seen[task_id]))
            elif task_id not in self.listed:
                self._refuse(number, ID_COLUMN, UNKNOWN_ID)
            else:
                seen[task_id] = number
                yield from self._row(number, task_id, cells, behind)
        for task_id in self.listed:
            if task_id not in seen and (row := self.rows.get(task_id)):
                yield from self._dropped(task_id, row)

    def _dropped(self, task_id: str, row: MergedRow) -> Iterator[Change]:
        cells = [column.value(row.row, self.documents.get(row.row.document_id, {})) for column in COLUMNS]
        digests = self.listed[task_id][2].split(" ")
        if any(digest(cells[place - 1]) != digests[place - 1] for place in FIELD_PLACES.values()):
            self._refuse(None, ID_COLUMN, CHANGED_SINCE)
        else:
            yield Change(DROP, None, task_id, row.row.document_id, before=row.row.text, version=row.version)

    def _row(self, number: int, task_id: str, cells: Sequence[Cell], behind: dict[str, str]) -> Iterator[Change]:
        row = self.rows.get(task_id)
        digests = self.listed[task_id][2].split(" ")
        edited = [
            (place, column)
            for place, column in enumerate(COLUMNS, 1)
            if column.heading != ID_COLUMN and digest(_value(cells[place])) != digests[place - 1]
        ]
        if row is None:
            if edited:
                self._refuse(number, ID_COLUMN, LOST)
            return
        behind[row.row.document_id] = row.row.task_id
        made = [
            change
            for place, column in edited
            for change in self._cell(number, row, cells[place], column.heading, column.field, digests[place - 1])
        ]
        self.same += not made
        yield from made

    def _cell(
        self, number: int, row: MergedRow, cell: Cell, heading: str, name: str | None, exported: str
    ) -> Iterator[Change]:
        if name is None:
            self._refuse(number, heading, FIXED)
            return
        value = self._read(number, heading, name, cell)
        now = row.fields[name]
        if value is _REFUSED or value == now.value:
            return
        if digest(_exported(row, heading, self.documents)) != exported:
            self._refuse(number, heading, CHANGED_SINCE)
            return
        shown = FIELDS[name].show
        yield Change(
            CORRECT, number, row.row.task_id, row.row.document_id, name, now.label, shown(now.value), shown(value),
            value, row.version,
        )  # fmt: skip

    def _added(self, number: int, cells: Sequence[Cell], behind: dict[str, str]) -> Iterator[Change]:
        document_id = self._document_of(number, cells)
        values = {
            name: self._read(number, COLUMNS[place - 1].heading, name, cells[place])
            for name, place in FIELD_PLACES.items()
            if cells[place][0] != "empty"
        }
        if "text" not in values:
            values["text"] = self._read(number, "Nhiệm vụ", "text", ("empty", None))
        path = _text(cells, PATH_COLUMN).split("\n")[0].strip()
        if document_id is None or _REFUSED in values.values():
            return
        if path:
            values["path"] = path
        yield Change(
            ADD, number, None, document_id, after=values["text"], values=values, behind=behind.get(document_id)
        )

    def _document_of(self, number: int, cells: Sequence[Cell]) -> str | None:
        named = _text(cells, DOCUMENT_COLUMN)
        found: list[str] = [
            key for key, document in self.documents.items() if not named or document_name(document) == named
        ]
        if len(found) == 1:
            return found[0]
        self._refuse(number, DOCUMENT_COLUMN, WHICH_DOCUMENT)
        return None

    def _read(self, number: int, heading: str, name: str, cell: Cell) -> Any:
        if cell[0] == "formula":
            self._refuse(number, heading, FORMULA)
            return _REFUSED
        try:
            return FIELDS[name].read(_value(cell))
        except BadValue as error:
            self._refuse(number, heading, str(error).partition(": ")[2] or str(error))
            return _REFUSED

    def _refuse(self, number: int | None, heading: str, why: str) -> None:
        self.refusals.append(Refusal(number, heading, why))


_REFUSED = object()


def _stored(connection: Connection, listed: Mapping[str, Sequence[str]]) -> list[str]:
    """The documents of the export that are still stored."""
    keys = {line[1] for line in listed.values()}
    known = connection.execute(select(documents.c.document_id)).scalars()
    return [key for key in known if key in keys]


def _value(cell: Cell) -> Any:
    """What a cell holds, as a form would give it."""
    kind, value = cell
    if kind == "formula":
        return "="
    return int(value) if kind == "number" and float(value).is_integer() else value


def _text(cells: Sequence[Cell], heading: str) -> str:
    value = _value(cells[PLACES[heading]])
    return "" if value is None else str(value).strip()


def _anchor(task_id: str, cells: Sequence[Cell], place: float) -> Anchor:
    return Anchor(task_id, None, _text(cells, PATH_COLUMN).split("\n")[0], _text(cells, "Nhiệm vụ"), place)


def _exported(row: MergedRow, heading: str, documents: Mapping[str, Any]) -> Any:
    """What the cell would hold if the row were exported now."""
    return COLUMNS[PLACES[heading] - 1].value(row.row, documents.get(row.row.document_id, {}))
