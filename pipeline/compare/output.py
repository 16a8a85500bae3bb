"""What the commands of comparison write: tables, JSON, workbooks, pages."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from pipeline.compare.bodies_in_time import Flag
from pipeline.compare.diff import Diff
from pipeline.compare.diff_report import HEADS, diff_html, diff_lines, write_diff_xlsx
from pipeline.compare.forms import DiffFormat, Format
from pipeline.compare.matrix import FEW, Matrix, make_matrix, notes_of, share_met, short_name
from pipeline.compare.matrix_html import matrix_html
from pipeline.compare.matrix_xlsx import write_matrix_xlsx
from schemas.criteria import DOUBT_WORD, STATUS_WORDS, Comparison, CriteriaSet

PLACE_HEADS = ("Xã, phường", "Mức", *STATUS_WORDS.values(), DOUBT_WORD, "Ngoài tiêu chí")
WEAKEST = 10
NEEDS_FILE = "Bảng tính cần nơi ghi: thêm -o TỆP."


def write_comparisons(
    comparisons: Sequence[Comparison],
    flagged: Sequence[Sequence[Flag]],
    criteria: CriteriaSet,
    form: Format,
    out: Path | None,
) -> None:
    """Write the comparisons: one record or a list of them as JSON, else their matrix."""
    matrix = make_matrix(criteria, comparisons, flagged)
    if form is Format.JSON:
        records = [
            one.to_record() | {"flags": [asdict(flag) for flag in found]}
            for one, found in zip(comparisons, flagged, strict=True)
        ]
        write_json(records[0] if len(records) == 1 else records, out)
    elif form is Format.HTML:
        write_text(matrix_html(matrix), out)
    elif form is Format.TABLE:
        _print(matrix, flagged)
    elif out is None:
        raise typer.BadParameter(NEEDS_FILE, param_hint="-o")
    else:
        with out.open("wb") as stream:
            write_matrix_xlsx(matrix, stream)


def write_diff(diff: Diff, form: DiffFormat, out: Path | None) -> None:
    """Write the difference of two plans."""
    if form is DiffFormat.JSON:
        write_json(diff.to_record(), out)
    elif form is DiffFormat.HTML:
        write_text(diff_html(diff), out)
    elif form is DiffFormat.TABLE:
        from pipeline.cli.output import print_table

        print_table(HEADS, diff_lines(diff), wide=(2, 4))
        print("\n".join(diff.summary()))
    elif out is None:
        raise typer.BadParameter(NEEDS_FILE, param_hint="-o")
    else:
        with out.open("wb") as stream:
            write_diff_xlsx(diff, stream)


def write_json(value: Any, out: Path | None) -> None:
    """Write a value as JSON, letters as they are."""
    write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", out)


def write_text(text: str, out: Path | None) -> None:
    """Write a text to the file, or print it."""
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def _print(matrix: Matrix, flagged: Sequence[Sequence[Flag]]) -> None:
    from pipeline.cli.output import print_table

    alone = len(matrix.comparisons) == 1
    if len(matrix.comparisons) > FEW:
        print_table(PLACE_HEADS, _places(matrix))
        print("Tiêu chí yếu nhất:")
        print_table(("Mã", "Tiêu chí", "Mức"), _weakest(matrix), wide=(1,))
    else:
        plans = [short_name(one.plan) for one in matrix.comparisons]
        heads = ("Mã", "Tiêu chí", *(("Kết quả", "Mục", "Thiếu gì, khác gì") if alone else plans))
        print_table(heads, _lines(matrix, alone), wide=(1, 4) if alone else (1,))
        for one in matrix.comparisons:
            print(f"{one.plan}: mức đáp ứng {share_met(one):.0%}; việc ngoài tiêu chí: {len(one.orphans)}.")
    for note, plans in notes_of(matrix).items():
        print(f"Lưu ý{f' ({plans_said})' if (plans_said := ', '.join(plans)) else ''}: {note}")
    for one, found in zip(matrix.comparisons, flagged, strict=True):
        for flag in found:
            print(f"{short_name(one.plan)}, {flag.where}: “{flag.words}” {flag.reason}. Thay bằng: {flag.successor}.")


def _places(matrix: Matrix) -> list[tuple[str, ...]]:
    """A line for each place: its share, its cells by result, its tasks outside the criteria."""
    lines = []
    for one in matrix.comparisons:
        labels = Counter(cell.label for cell in one.cells)
        counts = [str(labels[word]) for word in (*STATUS_WORDS.values(), DOUBT_WORD)]
        lines.append((short_name(one.plan), f"{share_met(one):.0%}", *counts, str(len(one.orphans))))
    return lines


def _weakest(matrix: Matrix) -> list[tuple[str, ...]]:
    return [(one.criterion.id, one.criterion.text, f"{one.share:.0%}") for one in matrix.weakest()[:WEAKEST]]


def _lines(matrix: Matrix, alone: bool) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for at, criterion in enumerate(matrix.criteria.criteria):
        cells = [one.cells[at] for one in matrix.comparisons]
        if alone:
            rows = ", ".join(row.path for row in cells[0].rows)
            said = "; ".join([*cells[0].remarks, *([cells[0].reason] if cells[0].reason else [])])
            lines.append((criterion.id, criterion.text, cells[0].label, rows, said))
        else:
            lines.append((criterion.id, criterion.text, *(cell.label for cell in cells)))
    return lines
