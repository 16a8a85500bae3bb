"""`giaoviec compare`, `giaoviec criteria` and `giaoviec diff`: functions for the command line."""

from __future__ import annotations

import enum
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.compare.match import Matcher
from pipeline.compare.matrix import Matrix, make_matrix, share_met
from pipeline.compare.matrix_html import matrix_html
from pipeline.compare.matrix_xlsx import write_matrix_xlsx
from pipeline.compare.plans import Plan, read_plans
from pipeline.compare.sets import load_set
from schemas.criteria import Comparison
from schemas.errors import DONE, DONE_WITH_WARNINGS, PlanError

DEFAULT_SET = "hai_phong_5049"
NEEDS_FILE = "Bảng tính cần nơi ghi: thêm -o TỆP."


class CompareFormat(enum.StrEnum):
    """What `compare` writes."""

    TABLE = "table"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"


def compare_plans(plans: Sequence[Plan], matcher: Matcher) -> list[Comparison]:
    """The plans against the matcher's set, in order."""
    return [matcher.compare_plan(plan) for plan in plans]


def compare_command(files: Sequence[Path], set_id: str, form: str, out: Path | None) -> int:
    """Compare the files and write the answer; returns the exit code. Raises CriteriaError for an unknown set."""
    matcher = Matcher(load_set(set_id))
    plans, refused = read_plans(files)
    for file, error in refused:
        print(f"giaoviec: {file}: {error}", file=sys.stderr)
    comparisons = compare_plans(plans, matcher)
    if comparisons:
        _write(comparisons, matcher, CompareFormat(form), out)
    return _exit_code([error for _, error in refused], bool(plans))


def _exit_code(refused: Sequence[PlanError], any_done: bool) -> int:
    if not refused:
        return DONE
    return DONE_WITH_WARNINGS if any_done else max(error.exit_code for error in refused)


def _write(comparisons: Sequence[Comparison], matcher: Matcher, form: CompareFormat, out: Path | None) -> None:
    matrix = make_matrix(matcher.criteria, comparisons)
    if form is CompareFormat.JSON:
        records = [one.to_record() for one in comparisons]
        _json(records[0] if len(records) == 1 else records, out)
    elif form is CompareFormat.HTML:
        _text(matrix_html(matrix), out)
    elif form is CompareFormat.TABLE:
        _print(matrix)
    elif out is None:
        raise typer.BadParameter(NEEDS_FILE, param_hint="-o")
    else:
        with out.open("wb") as stream:
            write_matrix_xlsx(matrix, stream)


def _print(matrix: Matrix) -> None:
    from pipeline.cli.output import print_table

    alone = len(matrix.comparisons) == 1
    heads = ("Mã", "Tiêu chí", "Kết quả", "Mục", "Thiếu gì, khác gì") if alone else _heads(matrix)
    lines: list[tuple[str, ...]] = []
    for at, criterion in enumerate(matrix.criteria.criteria):
        cells = [one.cells[at] for one in matrix.comparisons]
        if alone:
            rows = ", ".join(row.path for row in cells[0].rows)
            said = "; ".join([*cells[0].remarks, *([cells[0].reason] if cells[0].reason else [])])
            lines.append((criterion.id, criterion.text, cells[0].label, rows, said))
        else:
            lines.append((criterion.id, criterion.text, *(cell.label for cell in cells)))
    print_table(heads, lines, wide=(1, 4) if alone else (1,))
    for one in matrix.comparisons:
        print(f"{one.plan}: mức đáp ứng {share_met(one):.0%}; việc ngoài tiêu chí: {len(one.orphans)}.")
        for note in one.notes:
            print(f"  Lưu ý: {note}")


def _heads(matrix: Matrix) -> tuple[str, ...]:
    return ("Mã", "Tiêu chí", *(one.plan for one in matrix.comparisons))


def _text(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def _json(value: Any, out: Path | None) -> None:
    _text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", out)


def compare(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP…", help="Kế hoạch, hoặc bảng nhiệm vụ .json đã đọc.")],
    set_id: Annotated[str, typer.Option("--set", help="Mã bộ tiêu chí, hoặc tệp YAML.")] = DEFAULT_SET,
    form: Annotated[CompareFormat, typer.Option("--format", "-f", help="Dạng kết quả.")] = CompareFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp để ghi; bỏ trống thì in ra.")] = None,
) -> None:
    """Đối chiếu kế hoạch với bộ tiêu chí: đáp ứng, một phần, thiếu, cần xem; kèm dòng chứng minh."""
    raise typer.Exit(compare_command(files, set_id, form, out))
