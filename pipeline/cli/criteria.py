"""`giaoviec criteria`: sets of criteria seen, checked, drafted, imported, and people's decisions on cells."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.comparing import DEFAULT_SET, PLANS, store_of
from pipeline.cli.options import Data, Database
from schemas.errors import CriteriaError, UnreadableFile

if TYPE_CHECKING:
    from pipeline.compare.stored import Column
    from pipeline.store.store import Store

criteria_app = typer.Typer(
    help="Bộ tiêu chí: xem, kiểm tra, lập từ kế hoạch, nhập từ bảng; quyết định từng ô.", no_args_is_help=True
)
NO_SUCH_PLAN = "Cơ sở dữ liệu không có kế hoạch nào của “{name}” đã đối chiếu với bộ {set_id}."
SEVERAL_PLANS = "“{name}” ứng với nhiều kế hoạch: {found}; hãy nêu rõ tên cơ quan hoặc mã văn bản."


class Verdict(enum.StrEnum):
    """What a person says of a cell; the last takes an earlier word back."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"
    MACHINE = "machine"


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
    from pipeline.compare.annex import import_table
    from pipeline.compare.draft import to_yaml
    from pipeline.compare.output import write_text

    write_text(to_yaml(import_table(file, set_id)), out)


@criteria_app.command("decide")
def decide(
    plan: Annotated[str, typer.Argument(metavar="KẾ_HOẠCH", help="Xã, phường, cơ quan ban hành, hoặc mã văn bản.")],
    criterion: Annotated[str, typer.Argument(metavar="TIÊU_CHÍ", help="Mã tiêu chí.")],
    status: Annotated[
        Verdict, typer.Argument(metavar="KẾT_QUẢ", help="covered, partial, missing; machine: bỏ quyết định.")
    ],
    by: Annotated[str, typer.Option(help="Người quyết định.")],
    decisions: Annotated[
        Path | None, typer.Option(help="Ghi vào tệp này thay vì vào cơ sở dữ liệu; KẾ_HOẠCH là tên cơ quan ban hành.")
    ] = None,
    set_id: Annotated[str, typer.Option("--set", help="Mã bộ tiêu chí.")] = DEFAULT_SET,
    note: Annotated[str, typer.Option(help="Lý do.")] = "",
    data: Data = None,
    database: Database = None,
) -> None:
    """Ghi quyết định của cán bộ cho một ô; các lần chạy sau giữ nguyên."""
    from pipeline.compare.sets import load_set

    found = load_set(set_id)
    if criterion not in {one.id for one in found.criteria}:
        raise typer.BadParameter(f"Bộ {set_id} không có tiêu chí {criterion}.")
    if decisions is None:
        _decide_in_store(store_of(data, database), plan, (found.id, criterion), status, by, note)
        return
    from pipeline.compare.decisions import Decision, add_decision
    from schemas.criteria import Status

    if status is Verdict.MACHINE:
        raise typer.BadParameter("Chỉ bỏ được quyết định trong cơ sở dữ liệu.")
    add_decision(decisions, Decision(plan, found.id, criterion, Status(status), by, note))


def _decide_in_store(store: Store, name: str, cell: tuple[str, str], status: Verdict, by: str, note: str) -> None:
    from pipeline.store.cell_decisions import decide_cell
    from schemas.criteria import Status

    column = _column(store, name, cell[0])
    (held,) = [one for one in column.comparison.cells if one.criterion == cell[1]]
    said = None if status is Verdict.MACHINE else Status(status)
    decide_cell(store, column.plan, cell, said, by, note, proposed=held.proposed or held.status)
    print(f"Đã ghi quyết định về tiêu chí {cell[1]} của {column.plan.place}.")


def _column(store: Store, name: str, set_id: str) -> Column:
    """The place's column; CriteriaError where the name fits none or several."""
    from pipeline.compare.stored import columns

    found = columns(store, set_id, [name])
    if not found:
        raise CriteriaError(NO_SUCH_PLAN.format(name=name, set_id=set_id))
    if len(found) > 1:
        raise CriteriaError(SEVERAL_PLANS.format(name=name, found="; ".join(one.plan.place for one in found)))
    return found[0]
