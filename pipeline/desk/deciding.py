"""What a reviewer does to a row in one go: corrections and the act behind them are taken together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.desk.fields import changed
from pipeline.records import PAGE, Conflict, MergedRow
from pipeline.records.changes import Desk
from pipeline.records.merged import load_row
from pipeline.store.engine import writing
from pipeline.store.store import Store


def _save(desk: Desk, seen: MergedRow, filled: Mapping[str, str]) -> MergedRow:
    for name, value in changed(seen, filled).items():
        seen = desk.decide(seen.row.task_id, name, value, seen.version)
    return seen


def _approve(desk: Desk, seen: MergedRow, filled: Mapping[str, str]) -> MergedRow:
    seen = _save(desk, seen, filled)
    return desk.approve(seen.row.task_id, seen.version)


def _revert(desk: Desk, seen: MergedRow, _filled: Mapping[str, str]) -> MergedRow:
    for name, field in seen.fields.items():
        if field.human:
            seen = desk.revert(seen.row.task_id, name, seen.version)
    return seen


ACTS: dict[str, Callable[[Desk, MergedRow, Mapping[str, str]], MergedRow]] = {
    "save": _save,
    "approve": _approve,
    "revert": _revert,
    "reopen": lambda desk, seen, _: desk.reopen(seen.row.task_id, seen.version),
    "drop": lambda desk, seen, _: desk.drop(seen.row.task_id, seen.version),
    "undrop": lambda desk, seen, _: desk.undrop(seen.row.task_id, seen.version),
}
"""What the buttons of the page do, by their value."""


def act(store: Store, task_id: str, name: str, who: str, version: int, filled: Mapping[str, str]) -> MergedRow:
    """The row after the act `name` of `ACTS` by `who`, who saw it at `version`.

    Raises `Conflict` where somebody was faster, `BadValue` where a value means nothing, `NoSuchRow`.
    """
    with writing(store.engine) as connection:
        desk = Desk(connection, who, PAGE)
        seen = load_row(connection, task_id)
        if seen.version != version:
            raise Conflict(None, seen.row.to_record(), None, seen.changed_by, seen.version)
        return ACTS[name](desk, seen, filled)
