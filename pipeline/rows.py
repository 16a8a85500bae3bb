"""Rows out of the tree and what was found in it: the contract's order of leads and times, readable in the code."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.facts.acting import find_actors
from extractors.facts.assignments import fields_actors
from extractors.facts.deadlines import Timing, combine, find_deadlines, read_time
from extractors.facts.deliverables import find_deliverable
from extractors.facts.inline import inline_assignments, later_order
from extractors.facts.targets import find_targets
from normalizers.bodies import body_key
from normalizers.fold import fold
from pipeline.assigned import Spoken
from pipeline.doubts import Draft, examine
from pipeline.headed import Headings
from pipeline.kinds import kind_of, named_kind
from pipeline.roles import Reading, node_key
from pipeline.row_lines import box_on, row_nodes, slices_of
from pipeline.unnamed import UNKNOWN_ACTOR, unknown_actor
from schemas.facts import Actors, AssignmentKind
from schemas.plan import Node, PlanTree, Role, path_of
from schemas.progress import advance
from schemas.restored import RestoredDocument
from schemas.task import Kind, LeadBasis, TaskRow

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ISSUER_ITSELF = re.compile(r"^(?:dia phuong|chinh quyen(?: dia phuong)?|phuong|xa|thi tran|dac khu|don vi minh)$")
# "Mục tiêu cụ thể đến năm 2030": the goals below are due then.
_UNTIL = re.compile(r"\bđến (?:hết )?năm 20\d\d\b")
_INNERMOST = 100
"""Depth of what a row's own words assign: nearer than any assigning item."""
# What closes a plan behind the section on money: "Yêu cầu các đơn vị …", "… Đề nghị các sở, ngành …".
_ORDERS = re.compile(r"(?:^|[.;]\s+)(?:(?P<asks>(?:Kính )?[Đđ]ề nghị)|[Yy]êu cầu|Giao)\s+(?=các|những|mỗi|từng|\w)")
Bodies = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A row's node with what stands above it and what was assigned to it."""

    above: tuple[Node, ...]
    heading: Led | None
    """Who leads by the nearest heading or introducing item, if one says so."""
    node: Node
    text: str
    spoken: tuple[Spoken, ...]
    actors: Actors
    issuer: str
    plan_year: int | None


@dataclass(frozen=True, slots=True)
class Led:
    """Who leads a row, who joins, and where that was found."""

    leads: Bodies = ()
    coordinating: Bodies = ()
    basis: LeadBasis | None = None
    request: bool = False


# --- who ---


def _nearest(spoken: tuple[Spoken, ...], wanted: Callable[[Spoken], object]) -> list[Spoken]:
    """The assignments of the nearest block that give what is wanted."""
    giving = [item for item in spoken if wanted(item)]
    deepest = max((item.depth for item in giving), default=0)
    return [item for item in giving if item.depth == deepest]


def _named(place: Place) -> Led | None:
    """1. The body named as acting in the item's first main clause, beside one that is expressly called chủ trì."""
    own = place.actors
    assigned = _assigned(place)
    if not own.leads or (own.staff_only and assigned):
        return None
    express = [
        item.said for item in _nearest(place.spoken, lambda item: item.said.leads) if item.said.expressly_leads
    ]
    beside = tuple(lead for said in express for lead in said.leads)
    return Led((*own.leads, *beside), (), LeadBasis.EXPLICIT, own.request)


def _assigned(place: Place) -> Led | None:
    """2. An assigning item that speaks of the row."""
    speaking = _nearest(place.spoken, lambda item: item.said.leads)
    if not speaking:
        return None
    return Led(tuple(lead for item in speaking for lead in item.said.leads), (), LeadBasis.ASSIGNMENT)


def _under_heading(place: Place) -> Led | None:
    """3. The nearest heading or introducing item that is a body, or whose subject is one."""
    return place.heading


def _headed(actors: Actors | None) -> Led | None:
    return Led(actors.leads, actors.coordinating, LeadBasis.HEADING, actors.request) if actors else None


def _asked_later(place: Place) -> Led | None:
    """The body that a further sentence of the item asks or tells to act."""
    actors = later_order(place.text)
    return Led(actors.leads, actors.coordinating, LeadBasis.EXPLICIT, actors.request) if actors else None


def _issuer(place: Place) -> Led | None:
    """4. The issuer."""
    return Led((place.issuer,), (), LeadBasis.ISSUER) if place.issuer else None


LEAD_ORDER: tuple[Callable[[Place], Led | None], ...] = (_named, _assigned, _under_heading, _asked_later, _issuer)
"""The contract's order; the first that gives one."""
NAMED_ONLY = (_named, _assigned)
"""For objectives, requirements, milestones and resources."""


def _of_table(place: Place) -> Led | None:
    fields = place.node.fields
    if fields is None:
        return None
    actors = fields_actors(fields.lead, fields.coordinating)
    if not actors.leads and not actors.coordinating:
        return None
    return Led(actors.leads, actors.coordinating, LeadBasis.ASSIGNMENT if actors.leads else None)


def _is_reference(place: Place) -> bool:
    return any(item.said.by_reference for item in place.spoken) and not any(item.said.leads for item in place.spoken)


def _who(place: Place, kind: Kind) -> Led:
    if (led := _of_table(place)) and led.leads:
        return led
    table_joins = led.coordinating if led else ()
    order = LEAD_ORDER if kind in (Kind.TASK, Kind.REQUEST) else NAMED_ONLY
    if _is_reference(place):
        order = (_named,)
    found = next((led for find in order if (led := find(place))), Led())
    joins = [*place.actors.coordinating, *found.coordinating, *table_joins]
    for item in _nearest(place.spoken, lambda item: item.said.coordinating):
        joins += item.said.coordinating
    return Led(found.leads, tuple(joins), found.basis, found.request)


def _distinct(names: Iterator[str] | Bodies, issuer: str, taken: set[str]) -> Bodies:
    kept = []
    for name in names:
        key = body_key(name, issuer)
        if key and key not in taken:
            taken.add(key)
            kept.append(name)
    return tuple(kept)


def _settled(led: Led, issuer: str) -> Led:
    """The same without repetitions; the administration in the abstract as actor is the issuer."""
    taken: set[str] = set()
    leads = tuple(issuer if issuer and _ISSUER_ITSELF.match(fold(name).strip()) else name for name in led.leads)
    return Led(_distinct(leads, issuer, taken), _distinct(led.coordinating, issuer, taken), led.basis, led.request)


# --- when ---


def _own_time(place: Place) -> Timing | None:
    fields = place.node.fields
    if fields is not None and fields.time.strip():
        return read_time(fields.time, head=fields.time_head, plan_year=place.plan_year)
    found = find_deadlines(place.text, plan_year=place.plan_year)
    return combine(found) if found else None


def _assigned_time(place: Place) -> Timing | None:
    speaking = _nearest(place.spoken, lambda item: item.said.kind is AssignmentKind.TIME and item.said.text)
    if not speaking:
        return None
    return read_time("; ".join(item.said.text for item in speaking), plan_year=place.plan_year)


def _introduced_time(place: Place) -> Timing | None:
    """The time of the nearest introducing item: "Năm 2026:", "1. Đợt 1: Từ ngày … đến ngày …"."""
    for heading in reversed(place.above):
        if heading.fields is not None or not heading.text:
            continue
        found = find_deadlines(heading.text, plan_year=place.plan_year)
        timing = combine(found) if found else Timing()
        if (
            not timing.period
            and named_kind(heading.text) is Kind.OBJECTIVE
            and (until := _UNTIL.search(heading.text))
        ):
            timing = read_time(until.group(), plan_year=place.plan_year)
        if timing.period:
            return timing
    return None


TIME_ORDER: tuple[Callable[[Place], Timing | None], ...] = (_own_time, _assigned_time, _introduced_time)


def _when(place: Place) -> Timing:
    """The first that knows a day or a recurrence; else the first that at least has words."""
    said: Timing | None = None
    for find in TIME_ORDER:
        timing = find(place)
        if timing and timing.period:
            return timing
        said = said or timing
    return said or Timing()


# --- the row ---


def _whole_text(node: Node) -> str:
    """The item's words, running on through its details with their markers."""
    parts = [node.text]
    for child in node.children:
        if child.role is Role.DETAIL:
            mark = child.marker.written if child.marker else ""
            parts.append(f"{mark} {_whole_text(child)}".strip())
    return " ".join(part for part in parts if part)


def _section(above: tuple[Node, ...], node: Node) -> Node | None:
    return next((item for item in (*above, node) if item.label and item.role is not Role.DETAIL), None)


def _places(reading: Reading, spoken: dict[int, list[Spoken]], tree: PlanTree) -> Iterator[Place]:
    issuer = tree.header.issuer or ""
    years = set(_YEAR.findall(tree.header.title or ""))
    plan_year = int(years.pop()) if len(years) == 1 else None
    headings = Headings()
    for above, node in row_nodes(reading.nodes):
        text = _whole_text(node)
        alone = node.fields is None or not (node.fields.lead.strip() or node.fields.coordinating.strip())
        actors = find_actors(text) if alone else Actors()
        inline = inline_assignments(text) if alone else ()
        said = (*spoken.get(node_key(node), ()), *(Spoken(len(above) + _INNERMOST, one) for one in inline))
        yield Place(above, _headed(headings.leads(above)), node, text, said, actors, issuer, plan_year)


def _draft(place: Place, tree: PlanTree) -> Draft:
    asked = place.actors.request or bool(place.heading and place.heading.request and not place.actors.leads)
    kind = kind_of(place.above, place.node, asked)
    if kind is Kind.TASK and _binds_all(place):
        kind = Kind.REQUIREMENT
    if kind in (Kind.RESOURCE, Kind.MILESTONE) and _follows_items(place) and (orders := _ORDERS.search(place.text)):
        kind = Kind.REQUEST if orders["asks"] else Kind.TASK
    led = _settled(_who(place, kind), place.issuer)
    timing = _when(place)
    section = _section(place.above, place.node)
    unknown = unknown_actor(place.text, section.text) if section and led.basis is LeadBasis.ISSUER else None
    return Draft(
        place=path_of(place.above, place.node), kind=kind, text=place.text, leads=led.leads, joins=led.coordinating,
        basis=led.basis if led.leads else None, period=timing.period,
        time_text=(timing.text or "").strip(" .;,") or None,
        time_doubts=timing.doubts,
        actor_doubts=(*place.actors.doubts, *([UNKNOWN_ACTOR.format(name=unknown)] if unknown else ())),
        by_reference=_is_reference(place),
        qualifier=timing.qualifier, tree=tree, lines=tuple(piece.line for piece in slices_of(place.node)),
    )  # fmt: skip


def _binds_all(place: Place) -> bool:
    """Whether an unmarked paragraph straight under its section, behind marked items, names nobody who acts."""
    return not place.actors.leads and _follows_items(place)


def _follows_items(place: Place) -> bool:
    """Whether it is an unmarked paragraph straight under its section (no annex), behind marked items."""
    sections = [item for item in place.above if item.label]
    if place.node.marker is not None or place.node.fields is not None or len(sections) != 1:
        return False
    if sections[0].label.startswith("PL"):
        return False
    before = []
    for child in sections[0].children:
        if child is place.node:
            break
        before.append(child)
    return any(child.marker for child in before)


def _task_id(document_id: str, path: str, text: str, seen: dict[tuple[str, str], int]) -> str:
    seen[path, text] = seen.get((path, text), 0) + 1
    digest = hashlib.sha256(f"{path}\n{text}\n{seen[path, text]}".encode()).hexdigest()
    return f"{document_id}-{digest[:10]}"


def _deliverable(place: Place) -> str | None:
    fields = place.node.fields
    if fields is not None and fields.deliverable.strip():
        return " ".join(fields.deliverable.split())
    said = next((item.said.text for item in place.spoken if item.said.kind is AssignmentKind.DELIVERABLE), None)
    return said.strip(" .;") if said else find_deliverable(place.text)


def _monitoring(place: Place) -> Bodies:
    return tuple(
        lead for item in place.spoken if item.said.kind is AssignmentKind.MONITORING for lead in item.said.leads
    )


def _row(place: Place, draft: Draft, document_id: str, seen: dict[tuple[str, str], int]) -> TaskRow:
    advance()
    lines = [piece.line for piece in slices_of(place.node)]
    section = _section(place.above, place.node)
    target = next(iter(find_targets(place.text)), None)
    confidence, reasons = examine(draft)
    page = next((line.page for line in lines if line.page), None)
    return TaskRow(
        path=draft.place, kind=draft.kind, text=draft.text, lead=draft.leads, coordinating=draft.joins,
        start=draft.period.start, due=draft.period.due, recurrence=draft.period.recurrence,
        task_id=_task_id(document_id, draft.place, draft.text, seen), document_id=document_id,
        section=section.label if section else None, section_title=section.text if section else None,
        heading_path=tuple(item.text for item in place.above if item.text),
        page=page, bbox=box_on(lines, page),
        char_start=min((line.start for line in lines), default=None),
        char_end=max((line.end for line in lines), default=None),
        source_text="\n".join(dict.fromkeys(line.source_text for line in lines)),
        lead_basis=draft.basis, deadline_text=draft.time_text, deadline_qualifier=draft.qualifier,
        target_text=target.text if target else None, target_value=target.value if target else None,
        target_unit=target.unit if target else None, target_comparator=target.comparator if target else None,
        deliverable=_deliverable(place), monitoring=_monitoring(place),
        confidence=confidence, needs_review=bool(reasons), review_reasons=reasons,
    )  # fmt: skip


def assemble(
    reading: Reading, spoken: dict[int, list[Spoken]], tree: PlanTree, restored: RestoredDocument
) -> tuple[TaskRow, ...]:
    """The rows of a plan in document order; `spoken` are the assignments of each row (`assigned.spoken_of`)."""
    seen: dict[tuple[str, str], int] = {}
    document_id = restored.raw.source.document_id
    return tuple(_row(place, _draft(place, tree), document_id, seen) for place in _places(reading, spoken, tree))
