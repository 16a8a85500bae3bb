"""The lines of a task table: number, task and cells of each, with merged cells held and broken lines mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.plan.tables_cells import body_paragraphs, clean, time_paragraphs
from extractors.plan.tables_columns import ColumnRole, TableHead, is_index_row, is_repeated_head
from normalizers.fold import fold
from schemas.plan import TableFields
from schemas.source import Cell, Line, Table

FIELD_ROLES = (
    ColumnRole.LEAD,
    ColumnRole.COORDINATING,
    ColumnRole.TIME,
    ColumnRole.DELIVERABLE,
    ColumnRole.MONITORING,
    ColumnRole.NOTE,
)
_OWN_ROLES = (ColumnRole.LEAD, ColumnRole.COORDINATING, ColumnRole.TIME, ColumnRole.PERIOD)
_BODY_ROLES = (ColumnRole.LEAD, ColumnRole.COORDINATING, ColumnRole.MONITORING)
_NUMBER = re.compile(
    r"^\W{0,2}(?P<label>(?:[IVXLC]+|\d{1,3}|[A-ZĐ])(?:\.\d{1,3}){0,3}|[a-zđ]|\([^()\s]{1,3}\)|\d{1,3}[a-zđ])[.):]*\s*$"
)  # "I", "1.", "1.2", "a)", "(1)"
_IN_TEXT = re.compile(
    r"^\s*(?P<written>(?P<label>[IVX]{1,5}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ](?=\))|\(\d{1,2}\)(?=\s))"
    r"(?:[.):]+|(?=\s[A-ZĐ]\w|$)|(?<=\)))\s*)(?=\S)"
)  # "I. Kinh tế số" in one cell
_SIGN = re.compile(r"^\s*(?P<sign>[-–—•●+*])\s*(?=\S|$)")
_DITTO = re.compile(r"^[\s\-–.]*(?:nt|″|\"|''|//|nhu tren)[\s\-–.]*$")
_TICK = re.compile(r"^\s*[x✓✔v●•*☑]\s*$")
_OWN_YEAR = re.compile(r"\b20\d\d\b")
_WHOLE_CELL_PARTS = re.compile(r"[\s;,.–-]*(?:(?:co quan|don vi|bo phan)\s+)?phoi hop\s*:\s*")
_LEAD_LABEL = re.compile(r"^\s*(?:[-–+]\s*)?(?:(?:co quan|don vi|bo phan)\s+)?(?:chu tri|thuc hien)\s*:\s*")


@dataclass(slots=True)
class TableLine:
    """A line of a table while it is read: `number` is "" where it has none, "-" for a bullet.

    `text` holds the lines of the task cell and where their own words begin; `cells` the cells of its columns by role,
    `own` whether lead, coordinating or time cells begin in this line, `wide` whether it is a title across the table.
    """

    number: str
    written: str
    text: list[tuple[Line, int]]
    task: Cell | None
    cells: dict[ColumnRole, list[Cell]] = field(default_factory=dict)
    ticks: list[str] = field(default_factory=list)
    own: bool = False
    own_lead: bool = False
    wide: bool = False

    @property
    def said(self) -> str:
        """The task cell's own words."""
        return clean(" ".join(line.text[start:] for line, start in self.text))


@dataclass(frozen=True, slots=True)
class _Columns:
    number: int | None
    group: int | None
    task: int
    head: TableHead


def read_lines(table: Table, head: TableHead, task: int, group: int | None) -> list[TableLine]:
    """The lines below the head; `task` and `group` are the columns of the task and of titles merged beside it."""
    numbers = [place for place in head.of(ColumnRole.NUMBER) if place < task]
    columns = _Columns(numbers[0] if numbers else None, group, task, head)
    lines: list[TableLine] = []
    grid = table.grid()
    for at, row in _body_rows(grid, head):
        if group is not None and (title := _title(row, at, columns)):
            lines.append(title)
        _read_row(row, at, columns, lines)
    return lines


def _body_rows(grid: list[list[Cell | None]], head: TableHead) -> Iterator[tuple[int, list[Cell | None]]]:
    for at in range(head.n_rows, len(grid)):
        row = grid[at]
        begins = any(cell is not None and cell.row == at and cell.text.strip() for cell in row)
        if begins and not is_repeated_head(row, head) and not (is_index_row(row) and at <= head.n_rows + 1):
            yield at, row


def _read_row(row: list[Cell | None], at: int, columns: _Columns, lines: list[TableLine]) -> None:
    line = _line(row, at, columns)
    if line is None:
        if lines:
            _hold(lines[-1], row, at, columns)
    elif lines and _goes_on(line, lines[-1]):
        lines[-1].text += line.text
        _hold(lines[-1], row, at, columns)
    else:
        lines.append(line)


def _goes_on(line: TableLine, above: TableLine) -> bool:
    """A line cut by the end of a page: no number, and its words begin in the middle of a sentence."""
    return not line.number and not line.wide and bool(above.text) and line.said[:1].islower() and not line.own_lead


def _title(row: list[Cell | None], at: int, columns: _Columns) -> TableLine | None:
    """The cell of the column beside the tasks that is merged over several of them."""
    cell = row[columns.group] if columns.group is not None else None
    if cell is None or cell.row != at or not cell.text.strip() or cell is row[columns.task]:
        return None
    number, written = _number(row, at, columns)
    return TableLine(number, written, [(line, 0) for line in cell.lines], cell, wide=True)


def _number(row: list[Cell | None], at: int, columns: _Columns) -> tuple[str, str]:
    cell = row[columns.number] if columns.number is not None else None
    if cell is None or cell.row != at or cell is row[columns.task]:
        return "", ""
    written = cell.text.strip()
    if _SIGN.match(written) and len(written) == 1:
        return "+" if written == "+" else "-", written
    found = _NUMBER.match(written)
    return (found["label"], written) if found else ("", written)


def _line(row: list[Cell | None], at: int, columns: _Columns) -> TableLine | None:
    task = row[columns.task]
    number, written = ("", "") if columns.group is not None else _number(row, at, columns)
    if task is not None and task.row == at and not task.text.strip():
        task = _words_of_title(row, at, columns) or task
    if task is None or task.row != at or not task.text.strip():
        return None
    text = [(line, 0) for line in task.lines]
    if not number:
        number, written, text = _number_in_text(text)
    line = TableLine(number, written, text, task, wide=_is_wide(row, task, columns))
    if not line.wide:
        _fill(line, row, at, columns)
    return line


def _words_of_title(row: list[Cell | None], at: int, columns: _Columns) -> Cell | None:
    """The only cell of the row with words, where a group's title stands in the column of numbers."""
    said = [cell for cell in row if cell is not None and cell.row == at and cell.text.strip()]
    alone = bool(said) and all(cell is said[0] for cell in said)
    return said[0] if alone and len(said[0].text.split()) > 2 else None


def _is_wide(row: list[Cell | None], task: Cell, columns: _Columns) -> bool:
    """Whether the cell runs over the columns that say who and when."""
    if task.col + task.colspan <= columns.task:
        return True
    acting = columns.head.of(*_OWN_ROLES)
    return bool(acting) and all(row[place] is task for place in acting)


def _number_in_text(text: list[tuple[Line, int]]) -> tuple[str, str, list[tuple[Line, int]]]:
    for place, (line, _) in enumerate(text):
        if not line.text.strip():
            continue
        found = _IN_TEXT.match(line.text)
        if found:
            return (
                found["label"].strip("()") if ")" not in found["label"] else found["label"],
                found["written"].strip(),
                [*text[:place], (line, found.end()), *text[place + 1 :]],
            )
        if sign := _SIGN.match(line.text):
            return "", sign["sign"], [*text[:place], (line, sign.end()), *text[place + 1 :]]
        break
    return "", "", text


def _fill(line: TableLine, row: list[Cell | None], at: int, columns: _Columns) -> None:
    for place, column in enumerate(columns.head.columns):
        cell = row[place] if place < len(row) else None
        if cell is None or cell is line.task or not cell.text.strip():
            continue
        if column.role is ColumnRole.PERIOD:
            _tick(line, cell, column.own if len(column.own) > 4 else column.text)
        elif column.role in FIELD_ROLES and not any(cell is known for known in line.cells.get(column.role, [])):
            line.cells.setdefault(column.role, []).append(cell)
        if cell.row == at and column.role in _OWN_ROLES and clean(cell.text):
            line.own = True
            line.own_lead = line.own_lead or column.role is ColumnRole.LEAD


def _hold(line: TableLine, row: list[Cell | None], at: int, columns: _Columns) -> None:
    """Cells below a task cell that reaches further down belong to its line too."""
    if not line.wide:
        _fill(line, row, at, columns)


def _tick(line: TableLine, cell: Cell, head: str) -> None:
    said = head if _TICK.match(cell.text) else f"{head}: {clean(cell.text)}"
    if clean(cell.text) and said not in line.ticks:
        line.ticks.append(said)


def fields_of(line: TableLine, head: TableHead, above: TableFields | None, years: tuple[int, ...]) -> TableFields:
    """The cells of a line as texts; "-nt-" stands for the cell above."""
    said = {role: _said(line, role) for role in FIELD_ROLES}
    if line.ticks and not said[ColumnRole.TIME]:
        said[ColumnRole.TIME] = _ticked(line.ticks, years)
    lead, coordinating = _parted(said[ColumnRole.LEAD], said[ColumnRole.COORDINATING])
    values = {
        "lead": lead,
        "coordinating": coordinating,
        "time": said[ColumnRole.TIME],
        "deliverable": said[ColumnRole.DELIVERABLE],
        "monitoring": said[ColumnRole.MONITORING],
        "note": said[ColumnRole.NOTE],
    }
    for name, value in values.items():
        if value and _DITTO.match(fold(value)):
            values[name] = str(getattr(above, name)) if above else ""
    return TableFields(**values, time_head=_time_head(head))


def cell_paragraphs(cell: Cell, role: ColumnRole) -> list[str]:
    """The paragraphs of a cell by what its column holds."""
    return body_paragraphs(cell) if role in _BODY_ROLES else time_paragraphs(cell)


def _said(line: TableLine, role: ColumnRole) -> str:
    cells = line.cells.get(role, [])
    between = " - " if role is ColumnRole.TIME and len({cell.col for cell in cells}) == 2 else "\n"
    return between.join(text for cell in cells if (text := "\n".join(cell_paragraphs(cell, role))))


def _ticked(ticks: list[str], years: tuple[int, ...]) -> str:
    """The heads of the ticked columns; the title's one year completes those without."""
    year = f"/{years[0]}" if len(years) == 1 else ""
    return ", ".join(tick if _OWN_YEAR.search(tick) or ":" in tick else f"{tick}{year}" for tick in ticks)


def _parted(lead: str, coordinating: str) -> tuple[str, str]:
    """A cell "Chủ trì: A; Phối hợp: B" in its two parts."""
    plain = fold(lead)
    begin = _LEAD_LABEL.match(plain)
    start = begin.end() if begin else 0
    found = _WHOLE_CELL_PARTS.search(plain, start)
    if found is None:
        return lead[start:].strip(), coordinating
    joined = "\n".join(part for part in (lead[found.end() :].strip(), coordinating) if part)
    return lead[start : found.start()].strip(), joined


def _time_head(head: TableHead) -> str:
    return " - ".join(clean(head.columns[place].text) for place in head.of(ColumnRole.TIME))
