"""The filters of tasks, as options of `tasks` and `export`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.task import Kind

if TYPE_CHECKING:
    from pipeline.store.queries import TaskFilter

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
BAD_DAY = "Ngày phải viết 2026-06-30 hoặc 30/06/2026, không phải “{written}”."
ROLES = {"chu-tri": "lead", "phoi-hop": "coordinating", "theo-doi": "monitoring"}

Words = Annotated[str | None, typer.Argument(metavar="[TỪ]", help="Từ cần tìm, có dấu hoặc không dấu.")]
Commune = Annotated[str | None, typer.Option(help="Xã, phường, đặc khu, có dấu hoặc không dấu.")]
Body = Annotated[str | None, typer.Option(help="Cơ quan, đơn vị, có dấu hoặc không dấu.")]
Role = Annotated[str | None, typer.Option(help="Vai trò của cơ quan: chu-tri, phoi-hop hoặc theo-doi.")]
KindOption = Annotated[Kind | None, typer.Option("--kind", help="Loại dòng.", show_choices=True)]
DueFrom = Annotated[str | None, typer.Option(metavar="NGÀY", help="Hạn hoàn thành từ ngày này.")]
DueTo = Annotated[str | None, typer.Option(metavar="NGÀY", help="Hạn hoàn thành đến hết ngày này.")]
Review = Annotated[bool | None, typer.Option("--review/--no-review", help="Chỉ dòng cần (không cần) xem lại.")]
Document = Annotated[str | None, typer.Option(help="Mã văn bản.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Nhiều nhất bấy nhiêu dòng.")]


def make_filter(
    words: str | None,
    commune: str | None,
    body: str | None,
    role: str | None,
    kind: Kind | None,
    due_from: str | None,
    due_to: str | None,
    review: bool | None,
    document: str | None,
    limit: int | None,
) -> TaskFilter:
    """The filter of the options."""
    from pipeline.store.queries import TaskFilter

    return TaskFilter(
        commune=commune,
        body=body,
        role=_role(role),
        kind=str(kind) if kind else None,
        due_from=_day(due_from),
        due_to=_day(due_to),
        needs_review=review,
        words=words,
        document=document,
        limit=limit,
    )


def _role(written: str | None) -> str | None:
    if written is None or written in ROLES.values():
        return written
    if written not in ROLES:
        raise typer.BadParameter(f"Vai trò phải là một trong: {', '.join(ROLES)}.", param_hint="--role")
    return ROLES[written]


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(written, form).date()
        except ValueError:
            continue
    raise typer.BadParameter(BAD_DAY.format(written=written))
