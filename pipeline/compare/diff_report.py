"""The difference of two plans as lines, as a workbook and as a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from html import escape
from typing import IO

from pipeline.compare.cadence import in_words
from pipeline.compare.diff import CHANGE_WORDS, Change, Diff, Move
from pipeline.compare.sheets import Book, Lines, fill
from schemas.task import TaskRow

HEADS = ("Thay đổi", "Mục cũ", "Nội dung cũ", "Mục mới", "Nội dung mới", "Chủ trì", "Thời hạn, nhịp", "Gần nhất")
COLOURS = {
    Change.KEPT: "FFFFFF",
    Change.REWORDED: "FFE699",
    Change.SPLIT: "D9E1F2",
    Change.MERGED: "D9E1F2",
    Change.DROPPED: "F4B084",
    Change.NEW: "A9D08E",
}
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")  # "2026-06-30"
_RULE = re.compile(r"FREQ=\S+")  # "FREQ=MONTHLY;INTERVAL=3"
_POINTS = ".,;:“”\"'"
_STYLE = """
body{font-family:"Be Vietnam Pro","Segoe UI",Arial,sans-serif;margin:1.2rem;color:#222;font-size:14px}
h1{font-size:1.3rem}table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.3rem .5rem;vertical-align:top}
thead th{position:sticky;top:0;background:#1f4e79;color:#fff}td.path{color:#1f4e79;font-family:Consolas,monospace}
del{background:#fbd5c5;text-decoration:line-through}ins{background:#d5ecc6;text-decoration:none;font-weight:600}
@media print{thead th{position:static}tr{break-inside:avoid}@page{size:A4 landscape;margin:10mm}}
"""


def diff_lines(diff: Diff) -> list[tuple[str, ...]]:
    """A line for each move, in the order of `HEADS`."""
    return [_cells(move) for move in diff.moves]


def _cells(move: Move) -> tuple[str, ...]:
    return (
        CHANGE_WORDS[move.change],
        _joined(row.path for row in move.old),
        _joined(_texts(move.old)),
        _joined(row.path for row in move.new),
        _joined(_texts(move.new)),
        _moved(move.lead, "không giao"),
        _moved((_time(move.time[0]), _time(move.time[1])) if move.time else None, "không nêu"),
        _joined(row.path for row in move.near),
    )


def _texts(rows: Sequence[TaskRow]) -> Iterable[str]:
    return (row.text for row in rows)


def _joined(pieces: Iterable[str]) -> str:
    return "\n".join(pieces)


def _time(written: str) -> str:
    """Days and cadence as staff write them.

    >>> _time("2025-01-01 – 2025-12-31; FREQ=MONTHLY")
    '01/01/2025 – 31/12/2025; 01 lần/tháng'
    """
    days = _DAY.sub(lambda found: f"{found[3]}/{found[2]}/{found[1]}", written)
    return _RULE.sub(lambda found: in_words(found[0]), days)


def _moved(change: tuple[str, str] | None, nothing: str) -> str:
    return f"{change[0] or nothing} → {change[1] or nothing}" if change else ""


def write_diff_xlsx(diff: Diff, stream: IO[bytes]) -> None:
    """Write the difference as a workbook: the summary, then a line for each move."""
    with Book(stream) as book:
        lines = Lines(book, book.sheet("Tóm tắt"), [f"{diff.old} → {diff.new}"], [100], 100)
        for sentence in diff.summary():
            lines.add([sentence])
        moves = Lines(book, book.sheet("Từng nhiệm vụ"), HEADS, [11, 14, 55, 14, 55, 32, 24, 16], 55)
        for move in diff.moves:
            moves.add(_cells(move), {0: fill(COLOURS[move.change])})
        moves.filtered()


def marked(old: str, new: str) -> tuple[str, str]:
    """Both texts as HTML, with the words marked that only one of them has, points set aside.

    >>> marked("Họp hằng quý", "Họp hằng tháng")
    ('Họp hằng <del>quý</del>', 'Họp hằng <ins>tháng</ins>')
    """
    words = old.split(), new.split()
    keys = [[one.casefold().strip(_POINTS) or one for one in side] for side in words]
    matcher = SequenceMatcher(None, keys[0], keys[1], False)
    sides: tuple[list[str], list[str]] = ([], [])
    for kind, first, last, start, end in matcher.get_opcodes():
        for side, tag, piece in ((0, "del", words[0][first:last]), (1, "ins", words[1][start:end])):
            text = escape(" ".join(piece))
            if text:
                sides[side].append(text if kind == "equal" else f"<{tag}>{text}</{tag}>")
    return " ".join(sides[0]), " ".join(sides[1])


def diff_html(diff: Diff) -> str:
    """The difference as one page that needs nothing else."""
    title = escape(f"{diff.old} → {diff.new}")
    heads = "".join(f"<th>{name}</th>" for name in HEADS)
    lines = [
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title>",
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><ul>",
        *(f"<li>{escape(sentence)}</li>" for sentence in diff.summary()),
        f"</ul><table><thead><tr>{heads}</tr></thead><tbody>",
    ]
    for move in diff.moves:
        cells = [escape(cell).replace("\n", "<br>") for cell in _cells(move)]
        if move.change is Change.REWORDED:
            cells[2], cells[4] = marked(move.old[0].text, move.new[0].text)
        made = "".join(f"<td>{cell}</td>" for cell in cells[1:])
        lines.append(f"<tr><td style='background:#{COLOURS[move.change]}'>{cells[0]}</td>{made}</tr>")
    return "\n".join([*lines, "</tbody></table></body></html>\n"])
