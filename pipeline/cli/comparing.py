"""`giaoviec compare` and `giaoviec diff`: plans against a set of criteria, and against each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Data, Database, settings_of
from pipeline.compare.forms import DiffFormat, Format
from schemas.errors import DONE, DONE_WITH_WARNINGS, PlanError

if TYPE_CHECKING:
    from pipeline.store.store import Store

DEFAULT_SET = "hai_phong_5049"
OR_STORED = "Bỏ trống: mọi xã, phường trong cơ sở dữ liệu."
NO_PLAN_OF = "Cơ sở dữ liệu không có kế hoạch nào của “{name}”."
NO_PLANS = "Cơ sở dữ liệu chưa có kế hoạch cấp xã nào; hãy đọc tệp vào trước bằng lệnh “giaoviec ingest”."
FILES_OR_STORED = "Chỉ dùng khi không nêu tệp: lệnh lấy kế hoạch từ cơ sở dữ liệu."
DECISIONS_OF_STORE = "Chỉ dùng với tệp; quyết định trong cơ sở dữ liệu luôn được áp dụng."
PLANS = "Kế hoạch (PDF, DOCX, ảnh, văn bản…), hoặc bảng nhiệm vụ .json đã đọc."


def compare_command(
    files: Sequence[Path], set_id: str, form: str, out: Path | None = None, decisions: Path | None = None
) -> int:
    """Compare the files with a set and write the answer; returns the exit code.

    Raises CriteriaError for an unknown or wrong set.
    """
    from pipeline.compare.bodies_in_time import flags
    from pipeline.compare.decisions import decided, load_decisions
    from pipeline.compare.match import Matcher
    from pipeline.compare.output import write_comparisons
    from pipeline.compare.plans import read_plans
    from pipeline.compare.sets import load_set

    matcher = Matcher(load_set(set_id))
    plans, refused = read_plans(files)
    _say_refused(refused)
    settled = load_decisions(decisions) if decisions else ()
    comparisons = [decided(matcher.compare_plan(plan), settled) for plan in plans]
    if comparisons:
        write_comparisons(comparisons, [flags(plan) for plan in plans], matcher.criteria, Format(form), out)
    return _exit_code([error for _, error in refused], bool(plans))


def matrix_command(store: Store, set_id: str, communes: Sequence[str], form: str, out: Path | None = None) -> int:
    """Bring the stored comparisons up to date and write the matrix of the places; returns the exit code."""
    from pipeline.compare.match import Matcher
    from pipeline.compare.output import write_comparisons
    from pipeline.compare.sets import load_set
    from pipeline.compare.stored import columns, update_stored

    matcher = Matcher(load_set(set_id))
    update_stored(store, matcher)
    found = columns(store, matcher.criteria.id, communes)
    for name in communes:
        if not columns(store, matcher.criteria.id, [name]):
            typer.echo(f"giaoviec: {NO_PLAN_OF.format(name=name)}", err=True)
    if not found:
        if not communes:
            typer.echo(f"giaoviec: {NO_PLANS}", err=True)
        return DONE_WITH_WARNINGS
    comparisons, flagged = [one.comparison for one in found], [one.flags for one in found]
    write_comparisons(comparisons, flagged, matcher.criteria, Format(form), out)
    return DONE


def diff_command(old: Path, new: Path, form: str, out: Path | None = None) -> int:
    """Write what became of each duty from the old plan to the new; returns the exit code."""
    from pipeline.compare.diff import diff_plans
    from pipeline.compare.output import write_diff
    from pipeline.compare.plans import read_plans

    plans, refused = read_plans([old, new])
    _say_refused(refused)
    if len(plans) != 2:
        return max(error.exit_code for _, error in refused)
    write_diff(diff_plans(*plans), DiffFormat(form), out)
    return DONE


def _say_refused(refused: Sequence[tuple[Path, PlanError]]) -> None:
    from pipeline.cli.output import say_refused

    for file, error in refused:
        say_refused(file, error)


def _exit_code(refused: Sequence[PlanError], any_done: bool) -> int:
    if not refused:
        return DONE
    return DONE_WITH_WARNINGS if any_done else max(error.exit_code for error in refused)


def compare(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[TỆP…]", help=f"{PLANS} {OR_STORED}")] = None,
    set_id: Annotated[str, typer.Option("--set", help="Mã bộ tiêu chí, hoặc tệp YAML.")] = DEFAULT_SET,
    commune: Annotated[
        list[str] | None, typer.Option(help="Chỉ xã, phường này trong cơ sở dữ liệu; lặp lại được.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="Dạng kết quả.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp để ghi; bỏ trống thì in ra.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="Tệp ghi quyết định của cán bộ (khi đối chiếu tệp).")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Đối chiếu kế hoạch với bộ tiêu chí: đáp ứng, một phần, thiếu, cần xem; kèm dòng chứng minh."""
    if files and commune:
        raise typer.BadParameter(FILES_OR_STORED, param_hint="--commune")
    if files:
        raise typer.Exit(compare_command(files, set_id, form, out, decisions))
    if decisions:
        raise typer.BadParameter(DECISIONS_OF_STORE, param_hint="--decisions")
    raise typer.Exit(matrix_command(store_of(data, database), set_id, commune or (), form, out))


def diff(
    old: Annotated[Path, typer.Argument(metavar="CŨ", help=PLANS)],
    new: Annotated[Path, typer.Argument(metavar="MỚI", help=PLANS)],
    form: Annotated[DiffFormat, typer.Option("--format", "-f", help="Dạng kết quả.")] = DiffFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp để ghi; bỏ trống thì in ra.")] = None,
) -> None:
    """So hai kế hoạch theo từng nhiệm vụ: giữ, đổi lời, bỏ, mới, tách, gộp, đổi chủ trì, đổi thời hạn."""
    raise typer.Exit(diff_command(old, new, form, out))


def store_of(data: Path | None, database: str | None) -> Store:
    """The store that the options name."""
    from pipeline.store.store import Store

    return Store.open(settings_of(data, database).database_url)
