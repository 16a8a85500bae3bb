"""The matrix as one HTML page that needs nothing else: a heat map whose cells open their evidence."""

from __future__ import annotations

from html import escape

from pipeline.compare.matrix import Matrix, share_met
from pipeline.compare.matrix_xlsx import COLOURS, SIGNS
from schemas.criteria import DOUBT_WORD, STATUS_WORDS, Cell, Comparison, Criterion

_STYLE = """
body{font-family:"Be Vietnam Pro","Segoe UI",Arial,sans-serif;margin:1.2rem;color:#222;font-size:14px}
h1{font-size:1.3rem;margin:.2rem 0}h2{font-size:1.05rem;margin-top:1.6rem}.note{color:#6b5900;background:#fff8dc;
padding:.5rem .8rem;border-left:4px solid #e0b400;max-width:70rem}table{border-collapse:collapse}
th,td{border:1px solid #bbb;padding:.25rem .45rem;vertical-align:top}
thead th{position:sticky;top:0;background:#1f4e79;color:#fff;z-index:2}
.map th.plan{min-width:5.5rem;font-weight:600}.map td.text{max-width:34rem}.map td.c{text-align:center;padding:0}
.map details summary{cursor:pointer;list-style:none;padding:.35rem;font-weight:600}.map details[open]{text-align:left}
.map details[open] div{background:#fff;padding:.4rem;min-width:18rem;font-size:12.5px}.group td{background:#e8eef5;
font-weight:600}.legend span{display:inline-block;padding:.15rem .6rem;margin-right:.5rem;border:1px solid #bbb}
.path{color:#1f4e79;font-family:Consolas,monospace}q{quotes:none}@media print{thead th{position:static}
.map details summary{padding:.1rem}}
"""


def matrix_html(matrix: Matrix, stamp: str = "") -> str:
    """The page of the matrix, self-contained and without scripts; `stamp` is a meta element for its head."""
    title = escape(f"Đối chiếu kế hoạch với: {matrix.criteria.title}")
    parts = [
        "<!doctype html><html lang='vi'><head><meta charset='utf-8'>",
        f"<meta name='viewport' content='width=device-width'>{stamp}<title>{title}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{title}</h1>",
        _notes(matrix),
        _legend(),
        _map(matrix),
        _weakest(matrix),
        _problems(matrix),
        _orphans(matrix),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _notes(matrix: Matrix) -> str:
    notes = dict.fromkeys(note for one in matrix.comparisons for note in one.notes)
    return "".join(f"<p class='note'>{escape(note)}</p>" for note in notes)


def _legend() -> str:
    shown = (f"<span style='background:#{colour}'>{SIGNS[word]} {word}</span>" for word, colour in COLOURS.items())
    return f"<p class='legend'>{''.join(shown)} Bấm vào một ô để xem dòng chứng minh.</p>"


def _map(matrix: Matrix) -> str:
    heads = "".join(f"<th class='plan'>{escape(one.plan)}</th>" for one in matrix.comparisons)
    lines = [f"<table class='map'><thead><tr><th>Mã</th><th>Tiêu chí</th>{heads}</tr></thead><tbody>"]
    shares = "".join(f"<td class='c'><b>{share_met(one):.0%}</b></td>" for one in matrix.comparisons)
    lines.append(f"<tr><td></td><td>Mức đáp ứng (một phần tính một nửa)</td>{shares}</tr>")
    group = ""
    for at, criterion in enumerate(matrix.criteria.criteria):
        if criterion.group != group:
            group = criterion.group
            title = dict(matrix.criteria.groups).get(group, "")
            lines.append(f"<tr class='group'><td>{escape(group)}</td><td>{escape(title)}</td>")
            lines.append("<td></td>" * len(matrix.comparisons) + "</tr>")
        lines.append(_line(criterion, [one.cells[at] for one in matrix.comparisons]))
    return "\n".join([*lines, "</tbody></table>"])


def _line(criterion: Criterion, cells: list[Cell]) -> str:
    made = "".join(_cell(cell) for cell in cells)
    return f"<tr><td>{escape(criterion.id)}</td><td class='text'>{escape(criterion.text)}</td>{made}</tr>"


def _cell(cell: Cell) -> str:
    rows = "".join(
        f"<p><span class='path'>{escape(row.path)}</span> <q>{escape(row.text)}</q> ({row.probability:.0%})</p>"
        for row in (*cell.rows, *cell.candidates)
    )
    said = "; ".join([*cell.remarks, *([cell.reason] if cell.reason else [])])
    inside = f"<p><b>{cell.label}</b>{': ' if said else ''}{escape(said)}</p>{rows or '<p>Không có dòng nào.</p>'}"
    style = f"background:#{COLOURS[cell.label]}"
    return (
        f"<td class='c' style='{style}'><details><summary title='{escape(cell.label)}'>{SIGNS[cell.label]}</summary>"
        f"<div>{inside}</div></details></td>"
    )


def _weakest(matrix: Matrix) -> str:
    heads = "".join(f"<th>{word}</th>" for word in (*STATUS_WORDS.values(), DOUBT_WORD, "Mức"))
    lines = [f"<h2>Tiêu chí yếu nhất</h2><table><thead><tr><th>Mã</th><th>Tiêu chí</th>{heads}</tr></thead><tbody>"]
    for one in matrix.weakest()[:15]:
        counts = "".join(f"<td>{one.counts.get(status, 0)}</td>" for status in STATUS_WORDS)
        text = escape(one.criterion.text)
        lines.append(f"<tr><td>{escape(one.criterion.id)}</td><td>{text}</td>{counts}")
        lines.append(f"<td>{one.doubtful}</td><td>{one.share:.0%}</td></tr>")
    return "\n".join([*lines, "</tbody></table>"])


def _problems(matrix: Matrix) -> str:
    lines = ["<h2>Chủ trì, nhịp và thời hạn</h2><table><thead><tr><th>Kế hoạch</th><th>Tiêu chí</th><th>Vấn đề</th>"]
    lines.append("</tr></thead><tbody>")
    lines += [
        f"<tr><td>{escape(one.plan)}</td><td>{escape(one.criterion)}</td><td>{escape(one.words)}</td></tr>"
        for one in matrix.problems()
    ]
    return "\n".join([*lines, "</tbody></table>"])


def _orphans(matrix: Matrix) -> str:
    lines = ["<h2>Việc không thuộc tiêu chí nào (không phải là lỗi)</h2>"]
    lines += [_orphan(one) for one in matrix.comparisons if one.orphans]
    unmet = ", ".join(one.id for one in matrix.unmet())
    return "\n".join([*lines, f"<p><b>Tiêu chí chưa kế hoạch nào có:</b> {escape(unmet) or 'không'}</p>"])


def _orphan(one: Comparison) -> str:
    return f"<p><b>{escape(one.plan)}</b>: <span class='path'>{escape(', '.join(one.orphans))}</span></p>"
