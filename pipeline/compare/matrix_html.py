"""The matrix as one HTML page that needs nothing else: no script, no font, no address outside."""

from __future__ import annotations

from collections import defaultdict
from html import escape

from pipeline.compare.bodies_in_time import Flag
from pipeline.compare.matrix import FEW, Matrix, notes_of, short_name
from pipeline.compare.matrix_list import matrix_list
from pipeline.compare.matrix_map import matrix_map, page_style
from pipeline.compare.matrix_words import COLOURS, SIGNS
from schemas.criteria import DOUBT_WORD, STATUS_WORDS

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_WEAKEST = 15


def matrix_html(matrix: Matrix, stamp: str = "") -> str:
    """The page of the matrix, self-contained and without scripts; `stamp` is a meta element for its head."""
    title = escape(f"Đối chiếu kế hoạch với: {matrix.criteria.title}")
    few = len(matrix.comparisons) <= FEW
    parts = [
        "<!doctype html><html lang='vi'><head><meta charset='utf-8'>",
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<meta name='viewport' content='width=device-width'>{stamp}<title>{title}</title>",
        f"<style>{page_style()}</style></head><body>",
        f"<h1>{title}</h1>",
        _notes(matrix),
        _legend(few),
        matrix_list(matrix) if few else matrix_map(matrix),
        _weakest(matrix),
        _problems(matrix),
        _flags(matrix),
        _orphans(matrix),
        "</body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _notes(matrix: Matrix) -> str:
    lines = []
    for note, plans in notes_of(matrix).items():
        whose = f" ({', '.join(plans)})" if plans else ""
        lines.append(f"<p class='note'>{escape(note + whose)}</p>")
    return "".join(lines)


def _legend(few: bool) -> str:
    shown = (f"<span style='background:#{colour}'>{SIGNS[word]} {word}</span>" for word, colour in COLOURS.items())
    how = "" if few else " Bấm vào một ô để xem dòng chứng minh và chỗ còn thiếu; rê chuột lên mã để đọc tiêu chí."
    return f"<p class='legend'>{''.join(shown)}<span class='by'>✎ cán bộ quyết định</span>{how}</p>"


def _table(title: str, heads: list[str], lines: list[list[str]], said: str = "") -> str:
    """A section with a table of ready HTML cells; nothing where there are no lines."""
    if not lines:
        return ""
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for cells in lines)
    note = f"<p>{said}</p>" if said else ""
    return f"<h2>{title}</h2>{note}<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _weakest(matrix: Matrix) -> str:
    if len(matrix.comparisons) < 2:
        return ""
    lines = [
        [
            escape(one.criterion.id),
            escape(one.criterion.text),
            *(str(one.counts.get(status, 0)) for status in STATUS_WORDS),
            str(one.doubtful),
            f"{one.share:.0%}",
        ]
        for one in matrix.weakest()[:_WEAKEST]
    ]
    heads = ["Mã", "Tiêu chí", *STATUS_WORDS.values(), f"Trong đó {DOUBT_WORD.lower()}", "Mức"]
    return _table("Tiêu chí yếu nhất", heads, lines, "Số kế hoạch theo kết quả; mức: một phần tính một nửa.")


def _problems(matrix: Matrix) -> str:
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in matrix.problems():
        places[one.criterion, one.words].append(short_name(one.plan))
    order = {one.id: at for at, one in enumerate(matrix.criteria.criteria)}
    lines = [
        [escape(criterion), escape(words), str(len(plans)), _folded(plans)]
        for (criterion, words), plans in sorted(places.items(), key=lambda item: (order[item[0][0]], -len(item[1])))
    ]
    return _table("Chủ trì, nhịp và thời hạn", ["Mã", "Vấn đề", "Số kế hoạch", "Kế hoạch"], lines)


def _folded(names: list[str]) -> str:
    said = escape(", ".join(names))
    if len(names) <= FEW:
        return said
    return f"<details><summary>{escape(names[0])} và {len(names) - 1} nơi khác</summary>{said}</details>"


def _flags(matrix: Matrix) -> str:
    lines = [
        [escape(short_name(one.plan)), *_flag(flag)]
        for one, found in zip(matrix.comparisons, matrix.flags or (), strict=False)
        for flag in found
    ]
    return _table(
        "Cơ quan không còn, hoặc của nơi khác",
        ["Kế hoạch", "Mục", "Tên trong kế hoạch", "Vì sao", "Thay bằng"],
        lines,
    )


def _flag(flag: Flag) -> list[str]:
    return [
        _path(flag.where),
        *map(escape, (flag.words, flag.reason, flag.successor)),
    ]


def _path(said: str) -> str:
    return f"<span class='path'>{escape(said)}</span>"


def _orphans(matrix: Matrix) -> str:
    lines = [
        [
            escape(short_name(one.plan)),
            str(len(one.orphans)),
            f"<details><summary>xem mục</summary>{_path(', '.join(one.orphans))}</details>",
        ]
        for one in matrix.comparisons
        if one.orphans
    ]
    unmet = ", ".join(one.id for one in matrix.unmet())
    last = f"<p><b>Tiêu chí chưa kế hoạch nào có:</b> {escape(unmet) or 'không'}</p>"
    return _table("Việc không thuộc tiêu chí nào (không phải là lỗi)", ["Kế hoạch", "Số việc", "Mục"], lines) + last
