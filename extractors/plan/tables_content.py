"""What the columns mean where nothing names them: told from the cells, or not at all."""

from __future__ import annotations

import re

from extractors.plan.tables_columns import Column, ColumnRole, TableHead
from normalizers.fold import fold
from schemas.source import Cell, Table

_NUMBER = re.compile(r"^\W{0,2}(?:[ivxlc]+|\d{1,3}(?:\.\d{1,3})*|[a-z])\W{0,2}$")
_BODY = re.compile(
    r"^\W*(?:cac )?(?:so|ban|phong|ubnd|uy ban|hdnd|hoi|cong an|trung tam|van phong|bo|cuc|chi cuc|doan|truong|tram"
    r"|dang uy|mttq|ubmttq|mat tran|cong chuc|thuong truc|lanh dao|chu tich|bo phan|co quan|don vi|thon|to dan pho)\b"
)
_TIME = re.compile(
    r"\b(?:thang|quy|nam) (?:[ivx]+\b|\d)|\d{1,2}/\d{1,4}|\bhang (?:nam|quy|thang|tuan)|thuong xuyen|^\W*20\d\d\b"
)
_MOST = 0.7  # of the cells of a column must look alike
_TASK_WORDS = 5
_FEWEST_ROWS = 2


def guess_head(table: Table) -> TableHead | None:
    """The columns of a table without a head: number, task, bodies and times; None where they cannot be told.

    The task's column is the wordiest; without a column of bodies, or of times beside numbers, nothing is guessed.
    """
    if table.n_rows < _FEWEST_ROWS or table.n_cols < 3:
        return None
    roles = [_role(table, place) for place in range(table.n_cols)]
    task = _wordiest(table, roles)
    if task is None or ColumnRole.LEAD not in roles or ColumnRole.NUMBER not in roles[:task]:
        return None
    roles[task] = ColumnRole.TASK
    first = roles.index(ColumnRole.LEAD)
    columns = [
        Column(ColumnRole.COORDINATING if role is ColumnRole.LEAD and place > first else role, "")
        for place, role in enumerate(roles)
    ]
    return TableHead(tuple(columns), 0)


def _said(table: Table, place: int) -> list[str]:
    cells: list[Cell] = [cell for cell in table.cells if cell.col == place and cell.colspan == 1]
    return [fold(cell.text).strip() for cell in cells if cell.text.strip()]


def _role(table: Table, place: int) -> ColumnRole:
    said = _said(table, place)
    if len(said) < _FEWEST_ROWS:
        return ColumnRole.OTHER
    for role, pattern in ((ColumnRole.NUMBER, _NUMBER), (ColumnRole.LEAD, _BODY), (ColumnRole.TIME, _TIME)):
        if sum(1 for text in said if pattern.search(text)) >= _MOST * len(said):
            return role
    return ColumnRole.OTHER


def _wordiest(table: Table, roles: list[ColumnRole]) -> int | None:
    lengths = {
        place: sum(len(text.split()) for text in said) / len(said)
        for place, role in enumerate(roles)
        if role is ColumnRole.OTHER and (said := _said(table, place))
    }
    place = max(lengths, key=lambda key: lengths[key], default=None)
    return place if place is not None and lengths[place] >= _TASK_WORDS else None
