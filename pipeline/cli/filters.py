"""The filters of tasks as options: a command that takes a `TaskFilter` named `wanted` gets all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from pipeline.task_filter import BadFilter, TaskFilter, read_day
from schemas.task import Kind

ROLES = {"chu-tri": "lead", "phoi-hop": "coordinating", "theo-doi": "monitoring"}
SORTS = {"van-ban": "document", "han": "due", "co-quan": "body", "loai": "kind", "xa": "commune"}
STATES = {"may": "machine", "da-sua": "corrected", "da-duyet": "approved", "them": "added"}
DAYS = frozenset({"due_from", "due_to"})
CHOICES: dict[str, dict[str, str]] = {"role": ROLES, "sort": SORTS, "status": STATES}


def _names(choices: dict[str, str]) -> str:
    return f"{', '.join(choices)}."


Commune = Annotated[str | None, typer.Option(help="Xã, phường, đặc khu, có dấu hoặc không dấu.")]
OPTIONS: dict[str, Any] = {
    "words": Annotated[str | None, typer.Argument(metavar="[TỪ]", help="Từ cần tìm, có dấu hoặc không dấu.")],
    "commune": Commune,
    "body": Annotated[str | None, typer.Option(help="Cơ quan, đơn vị, có dấu hoặc không dấu.")],
    "role": Annotated[str | None, typer.Option(help=f"Vai trò của cơ quan: {_names(ROLES)}")],
    "kind": Annotated[Kind | None, typer.Option("--kind", help="Loại dòng.", show_choices=True)],
    "due_from": Annotated[str | None, typer.Option(metavar="NGÀY", help="Hạn hoàn thành từ ngày này.")],
    "due_to": Annotated[str | None, typer.Option(metavar="NGÀY", help="Hạn hoàn thành đến hết ngày này.")],
    "overdue": Annotated[bool | None, typer.Option("--overdue/--not-overdue", help="Chỉ dòng đã (chưa) quá hạn.")],
    "recurring": Annotated[bool | None, typer.Option("--recurring/--once", help="Chỉ việc (không) định kỳ.")],
    "needs_review": Annotated[
        bool | None, typer.Option("--review/--no-review", help="Chỉ dòng cần (không cần) xem lại.")
    ],
    "status": Annotated[str | None, typer.Option(help=f"Đã qua tay ai chưa: {_names(STATES)}")],
    "conflict": Annotated[
        bool | None, typer.Option("--conflict/--no-conflict", help="Chỉ dòng máy đọc (không) khác người sửa.")
    ],
    "superseded": Annotated[
        bool | None, typer.Option("--superseded", help="Cả dòng của văn bản đã bị phiên bản mới thay thế.")
    ],
    "document": Annotated[str | None, typer.Option(help="Mã văn bản.")],
    "sort": Annotated[str | None, typer.Option(help=f"Xếp theo: {_names(SORTS)}")],
    "descending": Annotated[bool, typer.Option("--descending", help="Xếp ngược lại.")],
    "limit": Annotated[int | None, typer.Option(min=1, help="Nhiều nhất bấy nhiêu dòng.")],
}
"""A field of `TaskFilter` → its option: the one place to add a filter to the commands."""


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of `OPTIONS` in place of its parameter `wanted`."""
    own = [
        parameter
        for name, parameter in inspect.signature(command, eval_str=True).parameters.items()
        if name != "wanted"
    ]
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if name == "descending" else None,
            annotation=annotation,
        )
        for name, annotation in OPTIONS.items()
    ]
    own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]

    @wraps(command)
    def wrapper(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in OPTIONS}
        command(wanted=make_filter(chosen), **given)

    wrapper.__dict__["__signature__"] = inspect.Signature([*options, *own])
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in (*options, *own)}
    return wrapper


def make_filter(chosen: dict[str, Any]) -> TaskFilter:
    """The filter of the options' values; raises `typer.BadParameter` where one means nothing."""
    values = dict(chosen)
    for name, choices in CHOICES.items():
        values[name] = _choice(name, values[name], choices)
    for name in DAYS:
        if values[name] is not None:
            try:
                values[name] = read_day(values[name])
            except BadFilter as error:
                option = name.replace("_", "-")
                raise typer.BadParameter(str(error), param_hint=f"--{option}") from error
    return TaskFilter(**values)


def _choice(name: str, written: str | None, choices: dict[str, str]) -> str | None:
    if written is None or written in choices.values():
        return written
    if written not in choices:
        raise typer.BadParameter(f"Giá trị phải là một trong: {', '.join(choices)}.", param_hint=f"--{name}")
    return choices[written]
