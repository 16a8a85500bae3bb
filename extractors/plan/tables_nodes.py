"""Lines of a task table into nodes: the numbers give the levels, unnumbered lines are counted in their group."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from extractors.plan.tables_cells import clean, prose_paragraphs
from extractors.plan.tables_columns import ColumnRole, TableHead
from extractors.plan.tables_rows import TableLine, cell_paragraphs, fields_of
from schemas.plan import Marker, Node, Role, Slice, Style, TableFields
from schemas.source import Line

_ROMAN = re.compile(r"^[IVXLC]+$")
_LETTER = re.compile(r"^[A-ZĐ]$")
_LOWER = re.compile(r"^[a-zđ]$")
_TITLE, _ARABIC, _ALPHA, _PAREN, _DASH, _PLUS = 3, 4, 10, 11, 12, 13
_INHERITED = ("lead", "coordinating", "time")


@dataclass(slots=True)
class _Item:
    line: TableLine | None
    rank: int
    label: str = ""
    fields: TableFields = field(default_factory=TableFields)
    children: list[_Item] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def nodes_of(lines: list[TableLine], head: TableHead, years: tuple[int, ...]) -> tuple[Node, ...]:
    """The lines as a tree; the nodes at the top have no parent."""
    root = _Item(None, -1)
    stack = [root]
    above: TableFields | None = None
    ranks = _Ranks(lines)
    for line in lines:
        rank = ranks.of(line, stack)
        while stack[-1].rank >= rank:
            stack.pop()
        item = _Item(line, rank, _label(line, stack[-1]), fields_of(line, head, above, years))
        above = item.fields if not line.wide else above
        stack[-1].children.append(item)
        stack.append(item)
    return tuple(_node(item, None) for item in root.children)


class _Ranks:
    """The level of each number; whether letters stand above Roman numerals is what the table shows first."""

    def __init__(self, lines: list[TableLine]) -> None:
        numbers = [line.number for line in lines]
        lettered = any(_LETTER.match(number) and not _ROMAN.match(number) for number in numbers)
        first = next((number for number in numbers if _ROMAN.match(number) or _LETTER.match(number)), "")
        self.roman_first = bool(_ROMAN.match(first))
        self.letters = lettered
        self.letter_before = ""

    def of(self, line: TableLine, stack: list[_Item]) -> int:
        """The rank of a line below the open ones."""
        number = line.number
        if not number:
            return self._unnumbered(line, stack)
        if _ROMAN.match(number) and not self._is_letter(number):
            return 1 if self.roman_first else 2
        if _LETTER.match(number):
            self.letter_before = number
            return 2 if self.roman_first else 1
        if number in "-+":
            return self._bullet(number, stack[-1])
        if number.startswith("("):
            return _PAREN
        return _ALPHA if _LOWER.match(number) else _ARABIC + number.count(".")

    def _bullet(self, number: str, last: _Item) -> int:
        beside = last.line is not None and not last.line.number and not last.line.wide and last.line.own
        return last.rank if beside else _DASH if number == "-" else _PLUS

    def _is_letter(self, number: str) -> bool:
        """C and D after B and C are letters, not hundreds."""
        return (
            self.letters
            and len(number) == 1
            and bool(self.letter_before)
            and (ord(number) == ord(self.letter_before) + 1)
        )

    def _unnumbered(self, line: TableLine, stack: list[_Item]) -> int:
        """A title stands above the numbers; a line without a number beside the last one, or below a bare one."""
        if line.wide:
            return _TITLE
        last = stack[-1]
        if last.line is None:
            return _ARABIC
        if not last.line.number and not last.line.wide:
            return last.rank
        return last.rank + 1 if last.line.wide or not last.line.own else last.rank


def _label(line: TableLine, parent: _Item) -> str:
    if line.number and line.number not in "-+":
        return line.number
    if line.wide:
        return ""
    sign = line.number or "T"
    parent.counts[sign] = parent.counts.get(sign, 0) + 1
    return f"{sign}{parent.counts[sign]}"


def _node(item: _Item, above: TableFields | None) -> Node:
    line = item.line
    assert line is not None
    fields = _inherited(item.fields, above)
    role = Role.HEADING if _only_introduces(item) else Role.ITEM
    slices = tuple(Slice(source, start, len(source.text)) for source, start in line.text)
    marker = Marker(Style.TABLE_ROW, item.label, line.written) if item.label else None
    children = tuple(_node(child, fields) for child in item.children)
    if role is Role.ITEM and not item.children and (parts := _parts(line, fields)):
        return Node(marker, item.label, "", (), parts, Role.HEADING)
    kept = fields if role is Role.ITEM else None
    return Node(marker, item.label, line.said, slices, children, role, kept)


def _only_introduces(item: _Item) -> bool:
    """A title across the table, or a line with lines below it that has no cells of its own or has them for those."""
    line = item.line
    assert line is not None
    if line.wide:
        return True
    if not item.children:
        return False
    answered = [child for child in item.children if child.line is not None and child.line.own]
    return not line.own or not answered


def _inherited(fields: TableFields, above: TableFields | None) -> TableFields:
    if above is None:
        return fields
    empty = {name: getattr(above, name) for name in _INHERITED if not getattr(fields, name)}
    return replace(fields, **empty)


def _parts(line: TableLine, fields: TableFields) -> tuple[Node, ...]:
    """A row for each paragraph of a task cell that has as many as its lead cell."""
    if line.task is None or len(line.cells.get(ColumnRole.LEAD, [])) != 1:
        return ()
    groups = prose_paragraphs(line.task)
    said = {
        role: _aligned(line, role, len(groups))
        for role in (ColumnRole.LEAD, ColumnRole.COORDINATING, ColumnRole.TIME)
    }
    leads = said[ColumnRole.LEAD]
    if len(groups) < 2 or leads is None:
        return ()
    starts = {id(source): start for source, start in line.text}
    return tuple(
        _part(place, group, starts, _of_part(fields, said, place)) for place, group in enumerate(groups, start=1)
    )


def _aligned(line: TableLine, role: ColumnRole, count: int) -> list[str] | None:
    cells = line.cells.get(role, [])
    said = cell_paragraphs(cells[0], role) if len(cells) == 1 else []
    return said if len(said) == count else None


def _of_part(fields: TableFields, said: dict[ColumnRole, list[str] | None], place: int) -> TableFields:
    changed = {role.value: texts[place - 1] for role, texts in said.items() if texts is not None}
    return replace(fields, **changed)


def _part(place: int, group: list[Line], starts: dict[int, int], fields: TableFields) -> Node:
    label = f"¶{place}"
    slices = tuple(Slice(source, starts.get(id(source), 0), len(source.text)) for source in group)
    text = clean(" ".join(piece.line.text[piece.start :] for piece in slices))
    return Node(Marker(Style.TABLE_ROW, label, ""), label, text, slices, (), Role.ITEM, fields)
