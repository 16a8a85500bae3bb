"""Tables of a plan: which of them give work, and their lines as nodes of the tree."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.plan.tables_columns import Column, ColumnRole, TableHead, read_head
from extractors.plan.tables_content import guess_head
from extractors.plan.tables_nodes import nodes_of
from extractors.plan.tables_rows import read_lines
from schemas.plan import Node
from schemas.source import Cell, Line, Table

__all__ = ["Column", "ColumnRole", "TableHead", "TableReading", "read_table"]

Placed = tuple[str, Line]

_ACTING = (ColumnRole.LEAD, ColumnRole.COORDINATING, ColumnRole.TIME)
_VALUES = (ColumnRole.POINTS, ColumnRole.MONEY, ColumnRole.UNIT, ColumnRole.TARGET, ColumnRole.NAME)
_NAMES = {
    ColumnRole.POINTS: "table_points",
    ColumnRole.MONEY: "table_money",
    ColumnRole.UNIT: "table_money",
    ColumnRole.NAME: "table_names",
    ColumnRole.TARGET: "table_targets",
    ColumnRole.PERIOD: "table_targets",
    ColumnRole.PLACE: "table_places",
}
_GUESSED = "{where} không có dòng tiêu đề; ý nghĩa các cột được suy từ nội dung, đề nghị kiểm tra lại."
_UNNAMED = "{where} có cột cơ quan hoặc thời gian nhưng không rõ cột nào nêu nhiệm vụ; đề nghị kiểm tra lại."
_TASK_WORDS = 5  # mean length of the cells of a column that may state work


@dataclass(frozen=True, slots=True)
class TableReading:
    """What a table gives: nodes of its lines, and every line of it that is no part of a node's text, by name.

    `head` is what the columns mean, for the next table where this one goes on there without a head.
    """

    nodes: tuple[Node, ...] = ()
    placed: tuple[Placed, ...] = ()
    is_task_table: bool = False
    head: TableHead | None = None
    doubts: tuple[str, ...] = ()


def read_table(
    table: Table, *, annex: str | None = None, section_years: tuple[int, ...] = (), head: TableHead | None = None
) -> TableReading:
    """The nodes of a task table, without one for the annex itself; none for a table of points, money, names, targets.

    `annex` is the path part of the annex that holds the table, named in doubts only. `section_years` are the years
    that the title names: the only one completes ticked quarters and months. `head` is that of the table before,
    used where this one has none and as many columns.
    """
    where = f"Bảng tại phụ lục {annex}" if annex else "Bảng trong kế hoạch"
    own = read_head(table)
    doubts: tuple[str, ...] = ()
    known = own or _continued(table, head)
    if known is None and (known := guess_head(table)):
        doubts = (_GUESSED.format(where=where),)
    if known is None:
        return TableReading(placed=_all(table, "table_other"))
    task = _task_column(table, known)
    if task is None:
        unnamed = (
            known.has(ColumnRole.LEAD) and known.has(ColumnRole.TIME) and not known.has(*_VALUES, ColumnRole.PLACE)
        )
        doubts = (_UNNAMED.format(where=where),) if unnamed else ()
        return TableReading(placed=_all(table, _name(known)), head=known, doubts=doubts)
    lines = read_lines(table, known, task, _group_column(table, known, task))
    nodes = nodes_of(lines, known, section_years)
    placed = _placed(table, known, {id(line) for read in lines for line, _ in read.text})
    return TableReading(nodes, placed, True, known, doubts)


def _continued(table: Table, head: TableHead | None) -> TableHead | None:
    if head is None or len(head.columns) != table.n_cols:
        return None
    return TableHead(head.columns, 0)


def _task_column(table: Table, head: TableHead) -> int | None:
    """The column whose cells are the tasks; None where the table gives no work."""
    acting = head.has(*_ACTING) or _ticked(table, head)
    tasks, contents = head.of(ColumnRole.TASK), head.of(ColumnRole.CONTENT)
    if tasks and (acting or not head.has(*_VALUES, ColumnRole.PERIOD)):
        return _task_of(table, head, tasks)
    if not tasks and contents and acting and _is_work(head):
        return _task_of(table, head, contents)
    if not tasks and not contents and head.has(ColumnRole.LEAD) and head.has(ColumnRole.TIME) and _is_work(head):
        return _wordy_column(table, head)
    return None


def _is_work(head: TableHead) -> bool:
    """A column "Nội dung" beside points, prices or persons is no work, unless a body answers for each line."""
    if head.has(ColumnRole.POINTS) or (head.has(ColumnRole.NAME) and not head.has(ColumnRole.TIME)):
        return False
    return head.has(ColumnRole.LEAD, ColumnRole.COORDINATING) or not head.has(*_VALUES)


def _ticked(table: Table, head: TableHead) -> bool:
    places = head.of(ColumnRole.PERIOD)
    said = [cell.text.strip() for cell in table.cells if cell.row >= head.n_rows and cell.col in places]
    marks = [text for text in said if text]
    return bool(marks) and all(len(text) == 1 and not text.isdigit() for text in marks)


def _task_of(table: Table, head: TableHead, places: tuple[int, ...]) -> int:
    """The task's column among several: not the one whose cells are titles merged over many lines."""
    for place in places[:-1]:
        if not _is_merged(table, head, place):
            return place
    return places[-1]


def _group_column(table: Table, head: TableHead, task: int) -> int | None:
    places = [place for place in head.of(ColumnRole.TASK, ColumnRole.CONTENT, ColumnRole.OTHER) if place < task]
    merged = [place for place in places if _is_merged(table, head, place)]
    return merged[-1] if merged else None


def _is_merged(table: Table, head: TableHead, place: int) -> bool:
    cells = [cell for cell in table.cells if cell.col == place and cell.row >= head.n_rows and cell.text.strip()]
    return any(cell.rowspan > 1 and cell.colspan == 1 for cell in cells)


def _wordy_column(table: Table, head: TableHead) -> int | None:
    """The one column without a known head that is wordy enough to state work."""
    wordy = []
    for place in head.of(ColumnRole.OTHER):
        cells = [cell for cell in table.cells if cell.col == place and cell.row >= head.n_rows and cell.text.strip()]
        if cells and sum(len(cell.text.split()) for cell in cells) / len(cells) >= _TASK_WORDS:
            wordy.append(place)
    return wordy[0] if len(wordy) == 1 else None


def _name(head: TableHead) -> str:
    for role, name in _NAMES.items():
        if head.has(role):
            return name
    return "table_other"


def _all(table: Table, name: str) -> tuple[Placed, ...]:
    return tuple((name, line) for line in table.lines)


def _placed(table: Table, head: TableHead, texts: set[int]) -> tuple[Placed, ...]:
    numbers = set(head.of(ColumnRole.NUMBER))
    placed = [
        (_place_name(cell, head, numbers), line)
        for cell in table.cells
        for line in cell.lines
        if id(line) not in texts
    ]
    return (*placed, *(("table_head", line) for line in table.repeated))


def _place_name(cell: Cell, head: TableHead, numbers: set[int]) -> str:
    if cell.row < head.n_rows:
        return "table_head"
    return "table_number" if cell.col in numbers else "table_field"
