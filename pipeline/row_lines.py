"""The lines that a row stands on, and where they lie on the pages that it runs over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from schemas.plan import Node, Role, Slice, walk
from schemas.source import BBox, Line
from schemas.task import RowPlace, TaskRow


def row_nodes(nodes: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], Node]]:
    """Yield (ancestors, node) for each node that becomes a row, in document order."""
    for above, node in walk(nodes):
        if node.role is not Role.ITEM or any(item.role is Role.DETAIL for item in above):
            continue
        if node.fields is not None and any(child.role is Role.ITEM for child in node.children):
            continue  # a task cell with several paragraphs: each is a row
        yield above, node


def slices_of(node: Node) -> list[Slice]:
    """The pieces of lines of the item and of the details that its text runs on through."""
    own = list(node.slices)
    for child in node.children:
        if child.role is Role.DETAIL:
            own += slices_of(child)
    return own


def box_on(lines: Iterable[Line], page: int | None) -> BBox | None:
    """The rectangle around those of the lines that lie on a page, None where none has a place."""
    boxes = [line.bbox for line in lines if line.bbox and line.page == page]
    if not boxes:
        return None
    return BBox(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def further_places(nodes: tuple[Node, ...], rows: Sequence[TaskRow]) -> tuple[RowPlace, ...]:
    """Where the rows lie on the pages after their own; `rows` are those of `row_nodes(nodes)`, in their order."""
    return tuple(place for (_, node), row in zip(row_nodes(nodes), rows, strict=True) for place in _beyond(node, row))


def _beyond(node: Node, row: TaskRow) -> Iterator[RowPlace]:
    lines = [piece.line for piece in slices_of(node)]
    for page in sorted({line.page for line in lines if line.page is not None} - {row.page}):
        box = box_on(lines, page)
        if box is not None:
            yield RowPlace(row.task_id, page, box)
