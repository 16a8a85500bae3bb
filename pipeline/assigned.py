"""Which rows an assigning item speaks of (rule 3 of the contract): the way from assignments to items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from normalizers.fold import fold
from pipeline.kinds import is_joint, named_kind
from pipeline.roles import Reading, node_key
from schemas.facts import Assignment
from schemas.plan import Node, Role, walk
from schemas.task import Kind

_SEES_TO_IT = re.compile(r"^(?:to chuc (?:thuc hien|trien khai)|phan cong|trach nhiem)\b")
_FIRST = 2
"""The run that opens stands first, or second behind what holds no rows."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """An assignment that speaks of a row, and the depth of the block in which it stands (deeper is nearer)."""

    depth: int
    said: Assignment


@dataclass(frozen=True, slots=True)
class _Group:
    """Assigning items that stand together, and the items of which they speak."""

    assigning: tuple[Node, ...]
    targets: tuple[Node, ...]


def _groups(siblings: tuple[Node, ...]) -> Iterator[_Group]:
    """Each run of assigning siblings with the items since the run before; a run that opens has the items after it.

    What opens ("Thời gian: …", before any row) speaks of all items up to the next run, which speaks of them too.
    """
    runs = [
        (assigns, tuple(nodes)) for assigns, nodes in groupby(siblings, lambda node: node.role is Role.ASSIGNMENT)
    ]
    before: tuple[Node, ...] = ()
    for place, (assigns, nodes) in enumerate(runs):
        if not assigns:
            before = nodes
            continue
        opens = place < _FIRST and not _has_rows(before)
        after = runs[place + 1][1] if opens and place + 1 < len(runs) else ()
        yield _Group(nodes, tuple(node for node in (*before, *after) if not (opens and _is_about(node))))


def _has_rows(nodes: tuple[Node, ...]) -> bool:
    """Whether any of them is work to be done: purposes and requirements in front of a plan's time are none."""
    return any(node.role is Role.ITEM for _, node in walk(tuple(node for node in nodes if not _is_about(node))))


def _is_about(node: Node) -> bool:
    """Whether a section says why the work is done, what pays for it, or who sees to it, and is not the work."""
    if node.role is not Role.HEADING:
        return False
    named = is_joint(node.text) or named_kind(node.text) in (Kind.OBJECTIVE, Kind.REQUIREMENT, Kind.RESOURCE)
    return named or bool(_SEES_TO_IT.match(fold(node.text)))


def _sayings(node: Node, reading: Reading) -> Iterator[Assignment]:
    yield from reading.said(node)
    for child in node.children:
        if child.role is Role.ASSIGNMENT:
            yield from _sayings(child, reading)


def _bare(label: str) -> str:
    return label.strip("().").casefold()


def _named(nodes: tuple[Node, ...], markers: tuple[str, ...]) -> list[Node]:
    """The nodes below that bear one of the markers, with brackets or without."""
    exact = [node for _, node in walk(nodes) if node.label in markers]
    if exact:
        return exact
    wanted = {_bare(marker) for marker in markers}
    return [node for _, node in walk(nodes) if node.marker and _bare(node.label) in wanted]


def _placed(nodes: tuple[Node, ...], place: str) -> list[Node]:
    """The nodes whose path ends with the place, levels between its parts left out ("A/III/2.1")."""
    wanted = [_bare(part) for part in place.split("/") if part]
    found = []
    for above, node in walk(nodes):
        path = [_bare(item.label) for item in (*above, node) if item.label]
        if wanted and path[-1:] == wanted[-1:] and _is_subsequence(wanted, path):
            found.append(node)
    return found


def _is_subsequence(wanted: list[str], path: list[str]) -> bool:
    rest = iter(path)
    return all(part in rest for part in wanted)


class _Speaker:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.spoken: dict[int, list[Spoken]] = {}
        self.doubts: list[tuple[Node, str]] = []

    def block(
        self, parent: Node | None, siblings: tuple[Node, ...], depth: int, around: tuple[Node, ...] = ()
    ) -> None:
        for group in _groups(siblings):
            for assigning in group.assigning:
                for said in _sayings(assigning, self.reading):
                    self.speak(said, assigning, group, parent, (siblings, around), depth)
        for node in siblings:
            if node.role is not Role.ASSIGNMENT:  # what its children say is said by it
                self.block(node, node.children, depth + 1, siblings)

    def speak(
        self,
        said: Assignment,
        where: Node,
        group: _Group,
        parent: Node | None,
        near: tuple[tuple[Node, ...], ...],
        depth: int,
    ) -> None:
        """Add what is said to the rows it speaks of; named items are sought in the blocks `near`, the inner first."""
        if said.places:
            targets = [node for place in said.places for node in _placed(self.reading.nodes, place)]
        elif said.markers:
            found = (_named(nodes, said.markers) for nodes in (group.targets, *near))
            targets = next((nodes for nodes in found if nodes), [])
        else:
            targets = list(group.targets)
            if parent is not None and parent.role is Role.ITEM:
                self.add(parent, depth, said)
        if (said.places or said.markers) and not targets:
            self.doubts.append((where, "phân công cho mục không tìm thấy: " + ", ".join(said.markers or said.places)))
        for target in targets:
            for _, node in walk((target,)):
                self.add(node, depth, said)

    def add(self, node: Node, depth: int, said: Assignment) -> None:
        if node.role is Role.ITEM:
            self.spoken.setdefault(node_key(node), []).append(Spoken(depth, said))


def spoken_of(reading: Reading) -> tuple[dict[int, list[Spoken]], list[tuple[Node, str]]]:
    """For each row (by `node_key`) the assignments that speak of it, and the assigning items that find no row."""
    speaker = _Speaker(reading)
    speaker.block(None, reading.nodes, 0)
    return speaker.spoken, speaker.doubts
