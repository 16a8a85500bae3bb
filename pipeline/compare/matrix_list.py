"""The matrix of few plans, every cell written out: result, what is missing, the rows that prove it."""

from __future__ import annotations

from html import escape
from itertools import groupby

from pipeline.compare.matrix import Matrix, share_met, short_name
from pipeline.compare.matrix_words import COLOURS, DECIDED, said_of
from schemas.criteria import Cell, Criterion, Evidence

_LONGEST = 400


def matrix_list(matrix: Matrix) -> str:
    """A table with a line for each criterion and a column for each plan."""
    heads = "".join(
        f"<th>{escape(short_name(one.plan))}<br><small>mức đáp ứng {share_met(one):.0%}</small></th>"
        for one in matrix.comparisons
    )
    lines = [f"<table class='list'><thead><tr><th>Mã</th><th>Tiêu chí</th>{heads}</tr></thead><tbody>"]
    numbered = list(enumerate(matrix.criteria.criteria))
    titles = dict(matrix.criteria.groups)
    width = 2 + len(matrix.comparisons)
    for group, members in groupby(numbered, key=lambda one: one[1].group):
        if group:
            lines.append(f"<tr class='group'><td colspan='{width}'>{escape(group)} {escape(titles[group])}</td></tr>")
        lines += [_line(criterion, [one.cells[at] for one in matrix.comparisons]) for at, criterion in members]
    return "\n".join([*lines, "</tbody></table>"])


def _line(criterion: Criterion, cells: list[Cell]) -> str:
    made = "".join(f"<td style='background:#{COLOURS[cell.label]}'>{cell_html(cell)}</td>" for cell in cells)
    return f"<tr><td>{escape(criterion.id)}</td><td class='text'>{escape(criterion.text)}</td>{made}</tr>"


def cell_html(cell: Cell) -> str:
    """The cell's result, what is said of it and its rows, as HTML."""
    said = said_of(cell)
    mark = f"{DECIDED} " if cell.decided_by else ""
    machine = f" (máy: {cell.proposed_label.lower()})" if cell.proposed_label else ""
    lines = [f"<p><b>{mark}{cell.label}</b>{escape(machine)}{': ' if said else ''}{escape(said)}</p>"]
    lines += [_row(row, "") for row in cell.rows]
    lines += [_row(row, "gần đúng: ") for row in cell.candidates]
    return "".join(lines)


def _row(row: Evidence, before: str) -> str:
    text = row.text if len(row.text) <= _LONGEST else f"{row.text[:_LONGEST]}…"
    kind = "bổ trợ, " if row.support else ""
    said = f"{before}<span class='path'>{escape(row.path)}</span> {escape(text)}"
    return f"<p class='row'>{said} <small>({kind}khả năng {row.probability:.0%})</small></p>"
