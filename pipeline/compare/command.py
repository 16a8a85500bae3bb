"""`giaoviec compare`, `giaoviec diff`, `giaoviec criteria`: functions for the command line."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.compare.forms import DiffFormat, Format
from schemas.errors import DONE, DONE_WITH_WARNINGS, PlanError, UnreadableFile

DEFAULT_SET = "hai_phong_5049"
PLANS = "Kế hoạch (PDF, DOCX, ảnh, văn bản…), hoặc bảng nhiệm vụ .json đã đọc."

criteria_app = typer.Typer(help="Bộ tiêu chí: xem, kiểm tra, lập từ kế hoạch, nhập từ bảng.", no_args_is_help=True)


class Verdict(enum.StrEnum):
    """The statuses, for the command line."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"


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
    files: Annotated[list[Path], typer.Argument(metavar="TỆP…", help=PLANS)],
    set_id: Annotated[str, typer.Option("--set", help="Mã bộ tiêu chí, hoặc tệp YAML.")] = DEFAULT_SET,
    form: Annotated[Format, typer.Option("--format", "-f", help="Dạng kết quả.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp để ghi; bỏ trống thì in ra.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="Tệp ghi quyết định của cán bộ trên từng ô.")] = None,
) -> None:
    """Đối chiếu kế hoạch với bộ tiêu chí: đáp ứng, một phần, thiếu, cần xem; kèm dòng chứng minh."""
    raise typer.Exit(compare_command(files, set_id, form, out, decisions))


def diff(
    old: Annotated[Path, typer.Argument(metavar="CŨ", help=PLANS)],
    new: Annotated[Path, typer.Argument(metavar="MỚI", help=PLANS)],
    form: Annotated[DiffFormat, typer.Option("--format", "-f", help="Dạng kết quả.")] = DiffFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp để ghi; bỏ trống thì in ra.")] = None,
) -> None:
    """So hai kế hoạch theo từng nhiệm vụ: giữ, đổi lời, bỏ, mới, tách, gộp, đổi chủ trì, đổi thời hạn."""
    raise typer.Exit(diff_command(old, new, form, out))


@criteria_app.command("list")
def list_sets() -> None:
    """Liệt kê các bộ tiêu chí có sẵn."""
    from pipeline.compare.sets import load_set, set_ids

    for name in set_ids():
        found = load_set(name)
        valid = f"từ {found.valid_from or '?'} đến {found.valid_to or 'nay'}"
        print(f"{name}  {len(found.criteria)} tiêu chí, bản {found.version}, {valid}: {found.title}")


@criteria_app.command("check")
def check_set(name: Annotated[str, typer.Argument(metavar="BỘ", help="Mã bộ tiêu chí, hoặc tệp YAML.")]) -> None:
    """Kiểm tra một bộ tiêu chí; sai thì nói tệp và dòng."""
    from pipeline.compare.sets import load_set

    found = load_set(name)
    unread = sum(one.needs.derived for one in found.criteria)
    print(f"{found.id}: đúng, {len(found.criteria)} tiêu chí, {unread} tiêu chí chưa có cách đọc (máy tự suy).")


@criteria_app.command("from-plan")
def from_plan(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help=PLANS)],
    set_id: Annotated[str, typer.Option("--id", help="Mã của bộ mới.")] = "bo_moi",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp YAML để ghi; bỏ trống thì in ra.")] = None,
) -> None:
    """Lập bản thảo bộ tiêu chí từ nhiệm vụ của một kế hoạch cấp trên, để người sửa."""
    from pipeline.compare.draft import draft_from_plan, to_yaml
    from pipeline.compare.output import write_text
    from pipeline.compare.plans import read_plans

    plans, refused = read_plans([file])
    if not plans:
        raise refused[0][1] if refused else UnreadableFile(f"Không đọc được {file.name}.")
    write_text(to_yaml(draft_from_plan(plans[0], set_id)), out)


@criteria_app.command("import")
def import_set(
    file: Annotated[
        Path, typer.Argument(metavar="TỆP", help="Phụ lục có bảng STT, tiêu chí, điểm: .xlsx hoặc .docx.")
    ],
    set_id: Annotated[str, typer.Option("--id", help="Mã của bộ mới.")] = "bo_moi",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp YAML để ghi; bỏ trống thì in ra.")] = None,
) -> None:
    """Nhập bộ tiêu chí từ bảng của phụ lục quyết định."""
    from pipeline.compare.draft import import_table, to_yaml
    from pipeline.compare.output import write_text

    write_text(to_yaml(import_table(file, set_id)), out)


@criteria_app.command("decide")
def decide(
    plan: Annotated[str, typer.Argument(metavar="KẾ_HOẠCH", help="Tên cơ quan ban hành, như trong kết quả.")],
    criterion: Annotated[str, typer.Argument(metavar="TIÊU_CHÍ", help="Mã tiêu chí.")],
    status: Annotated[Verdict, typer.Argument(metavar="KẾT_QUẢ", help="covered, partial hoặc missing.")],
    by: Annotated[str, typer.Option(help="Người quyết định.")],
    decisions: Annotated[Path, typer.Option(help="Tệp ghi quyết định.")],
    set_id: Annotated[str, typer.Option("--set", help="Mã bộ tiêu chí.")] = DEFAULT_SET,
    note: Annotated[str, typer.Option(help="Lý do.")] = "",
) -> None:
    """Ghi quyết định của cán bộ cho một ô; các lần chạy sau giữ nguyên."""
    from pipeline.compare.decisions import Decision, add_decision
    from pipeline.compare.sets import load_set
    from schemas.criteria import Status

    found = load_set(set_id)
    if criterion not in {one.id for one in found.criteria}:
        raise typer.BadParameter(f"Bộ {set_id} không có tiêu chí {criterion}.")
    add_decision(decisions, Decision(plan, found.id, criterion, Status(status), by, note))
