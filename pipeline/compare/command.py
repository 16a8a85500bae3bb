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
from pipeline.compare.plans import Plan, read_plans
from pipeline.compare.sets import load_set
from schemas.criteria import Comparison
from schemas.errors import DONE, DONE_WITH_WARNINGS, PlanError

DEFAULT_SET = "hai_phong_5049"


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
    if form is CompareFormat.JSON:
        records = [one.to_record() for one in comparisons]
        _json(records[0] if len(records) == 1 else records, out)


def _json(value: Any, out: Path | None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def compare(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP…", help="Kế hoạch, hoặc bảng nhiệm vụ .json đã đọc.")],
    set_id: Annotated[str, typer.Option("--set", help="Mã bộ tiêu chí, hoặc tệp YAML.")] = DEFAULT_SET,
    form: Annotated[CompareFormat, typer.Option("--format", "-f", help="Dạng kết quả.")] = CompareFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp để ghi; bỏ trống thì in ra.")] = None,
) -> None:
    """Đối chiếu kế hoạch với bộ tiêu chí: đáp ứng, một phần, thiếu, cần xem; kèm dòng chứng minh."""
    raise typer.Exit(compare_command(files, set_id, form, out))
