"""The matrix of many plans: a heat map, a line for each place; a cell opens its proof by its address, no script."""

from __future__ import annotations

from html import escape
from itertools import groupby
from pathlib import Path

from pipeline.compare.matrix import Matrix, share_met, short_name
from pipeline.compare.matrix_list import cell_html
from pipeline.compare.matrix_words import COLOURS, sign
from schemas.criteria import Cell, Comparison, Criterion, Status

_CLASSES = dict(zip(COLOURS, "abcd", strict=True))


def page_style() -> str:
    """The style of the page, with the colours of the cells."""
    fills = "".join(f".map .{_CLASSES[word]}{{background:#{colour}}}\n" for word, colour in COLOURS.items())
    return Path(__file__).with_name("matrix.css").read_text(encoding="utf-8") + fills


def matrix_map(matrix: Matrix) -> str:
    """The heat map, then the panel of every cell."""
    criteria = matrix.criteria.criteria
    lines = ["<div class='scroll'><table class='map'>", _head(matrix), "<tbody>"]
    lines += [_line(at, one) for at, one in enumerate(matrix.comparisons)]
    lines += ["</tbody>", _foot(matrix), "</table></div>"]
    for at, one in enumerate(matrix.comparisons):
        lines += [
            _panel(at, place, one, criterion, cell)
            for place, (criterion, cell) in enumerate(zip(criteria, one.cells, strict=True))
        ]
    return "\n".join(lines)


def _head(matrix: Matrix) -> str:
    titles = dict(matrix.criteria.groups)
    groups = ""
    for group, members in groupby(matrix.criteria.criteria, key=lambda one: one.group):
        said = escape(f"{group} {titles.get(group, '')}".strip())
        groups += f"<th colspan='{len(list(members))}' title='{said}'>{said}</th>"
    names = "".join(
        f"<th title='{escape(one.text)}'><span>{escape(one.id)}</span></th>" for one in matrix.criteria.criteria
    )
    first = "<th class='name' rowspan='2'>Xã, phường</th><th class='share' rowspan='2'>Mức</th>"
    return f"<thead><tr>{first}{groups}</tr><tr>{names}</tr></thead>"


def _line(at: int, one: Comparison) -> str:
    share = share_met(one)
    bar = f"background-image:linear-gradient(90deg,#bdd7ee {share:.0%},transparent {share:.0%})"
    name = escape(short_name(one.plan))
    cells = "".join(
        f"<td class='{_CLASSES[cell.label]}'><a href='#o{at}-{place}'>{sign(cell)}</a></td>"
        for place, cell in enumerate(one.cells)
    )
    head = f"<th class='name' title='{escape(one.plan)}'>{name}</th><th class='share' style='{bar}'>{share:.0%}</th>"
    return f"<tr>{head}{cells}</tr>"


def _foot(matrix: Matrix) -> str:
    shares = {one.criterion.id: one for one in matrix.weakest()}
    met = [shares[one.id].share for one in matrix.criteria.criteria]
    whole = sum(met) / max(1, len(met))
    cells = "".join(f"<td>{share:.0%}</td>" for share in met)
    return f"<tfoot><tr><th class='name'>Chung các nơi</th><th class='share'>{whole:.0%}</th>{cells}</tr></tfoot>"


def _panel(at: int, place: int, one: Comparison, criterion: Criterion, cell: Cell) -> str:
    title = f"<h3>{escape(short_name(one.plan))} · {escape(criterion.id)}</h3>"
    empty = "" if cell.rows or cell.candidates or cell.status is Status.MISSING else "<p>Không có dòng nào.</p>"
    asked = f"<p><small>Tiêu chí: {escape(criterion.text)}</small></p>"
    shut = "<a class='shut' href='#dong'>Đóng ✕</a>"
    return f"<div class='open' id='o{at}-{place}'>{shut}{title}{asked}{cell_html(cell)}{empty}</div>"
