"""The plans of the store against a set: only what changed is compared again, and which plan stands for each place."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from normalizers.fold import fold, search_key
from pipeline.compare.bodies_in_time import Flag, flags
from pipeline.compare.decisions import settled
from pipeline.compare.match import Matcher
from pipeline.compare.matrix import WORTH
from pipeline.compare.phrases import lexicon
from pipeline.compare.plans import Plan, plans_of_listing
from pipeline.store.cell_decisions import CellDecision, decisions_on
from pipeline.store.comparisons import (
    Change,
    Compared,
    HeldPlan,
    cell_statuses,
    fingerprints,
    held_plans,
    load_comparisons,
    record_changes,
    save_comparisons,
    status_counts,
)
from pipeline.store.queries import find_whole_documents
from pipeline.store.store import Store
from schemas.criteria import Cell, Comparison, Status

RULES = "2"
"""Raised by hand when the same words would be judged otherwise by a changed rule in the code."""
BATCH = 50
"""Plans whose rows are in memory at once."""
COMMUNE_LEVELS = frozenset({"xã", "phường", "đặc khu", "thị trấn"})
PLANS = ("ke hoach", "chuong trinh", "phuong an", "de an")
"""How the kinds of documents begin that a place answers criteria with."""
_RELEVANT = 0.5
"""Share of what a place's best document meets, from which another of its documents may stand for it."""

Statuses = Mapping[str, Status]


@dataclass(frozen=True, slots=True)
class Updated:
    """What a run did: documents held, compared again now, and what became different in the matrix."""

    criteria_set: str
    held: int
    compared: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A place of the matrix: the plan that stands for it, its comparison with people's decisions over it."""

    plan: HeldPlan
    comparison: Comparison
    flags: tuple[Flag, ...]


def set_key(matcher: Matcher) -> str:
    """The sha256 of the set, the weights, the words and the rules that a comparison depends on."""
    whole = [RULES, repr(matcher.criteria), repr(matcher.judge), repr(lexicon())]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()


def update_stored(store: Store, matcher: Matcher) -> Updated:
    """Compare the documents that are new or changed since they were compared; one look where nothing is.

    A plan's rows are those that people see: as corrected, without dropped ones, with added ones.
    """
    held, key, name = held_plans(store), set_key(matcher), matcher.criteria.id
    known = fingerprints(store, name)
    wanted = {one.document_id: _fingerprint(one, key) for one in held}
    changed = [one for one in held if known.get(one.document_id) != wanted[one.document_id]]
    if not changed:
        return Updated(name, len(held), 0, ())
    before = _seen(store, name, [one for one in held if one.document_id in known])
    for first in range(0, len(changed), BATCH):
        plans = _with_rows(store, changed[first : first + BATCH])
        save_comparisons(store, [_compared(matcher, plan, wanted[plan.document_id]) for plan in plans])
    changes = tuple(_changes(name, before, _seen(store, name, held)))
    record_changes(store, changes)
    return Updated(name, len(held), len(changed), changes)


def _fingerprint(plan: HeldPlan, key: str) -> str:
    """A digest of what the machine read, what people made of it since, and the set with its rules."""
    decided = f" {plan.decided}" if plan.decided else ""
    return hashlib.sha256(f"{plan.content_hash}{decided} {key}".encode()).hexdigest()


def _with_rows(store: Store, wanted: Sequence[HeldPlan]) -> Iterator[Plan]:
    keys = [one.document_id for one in wanted]
    found = {plan.document_id: plan for plan in plans_of_listing(find_whole_documents(store, keys))}
    for one in wanted:
        if one.document_id in found:  # else it was taken out of the store between two looks
            yield replace(found[one.document_id], name=one.place)


def _compared(matcher: Matcher, plan: Plan, fingerprint: str) -> Compared:
    return Compared(matcher.compare_plan(plan), fingerprint, tuple(asdict(flag) for flag in flags(plan)))


def columns(store: Store, criteria_set: str, communes: Iterable[str] = ()) -> list[Column]:
    """The plan of each place against the set, people's decisions over it, by the places' names.

    With `communes` (names with or without marks) only theirs.
    """
    chosen = choose(held_plans(store), _met(store, criteria_set))
    names = [search_key(name) for name in communes]
    if names:
        chosen = [plan for plan in chosen if any(_is_of(plan, name) for name in names)]
    made = load_comparisons(store, criteria_set, [plan.document_id for plan in chosen])
    decided = decisions_on(store, criteria_set)
    return [
        Column(plan, _settled(made[plan.document_id].comparison, decided.get(plan.plan_key, {})), _flags(made, plan))
        for plan in sorted(chosen, key=lambda plan: search_key(plan.place))
        if plan.document_id in made
    ]


def _is_of(plan: HeldPlan, name: str) -> bool:
    known = (search_key(plan.issuer or ""), search_key(plan.commune or ""))
    return name == plan.document_id or any(one == name or one.endswith(f" {name}") for one in known)


def _flags(made: Mapping[str, Compared], plan: HeldPlan) -> tuple[Flag, ...]:
    return tuple(Flag(**one) for one in made[plan.document_id].flags)


def _settled(done: Comparison, decided: Mapping[str, CellDecision]) -> Comparison:
    def cell_of(cell: Cell) -> Cell:
        word = decided.get(cell.criterion)
        if word is None or word.status is None:
            return cell
        return settled(cell, word.status, word.decided_by, word.note)

    return replace(done, cells=tuple(cell_of(cell) for cell in done.cells))


def choose(held: Iterable[HeldPlan], met: Mapping[str, float]) -> list[HeldPlan]:
    """The plan that stands for each place: of those that speak to the set the newest that is no draft.

    `met` is how many criteria each document meets that was compared, by its id; one met in part counts half.
    A plan speaks to the set where it meets at least half of what the place's best document meets. Documents of other
    kinds (reports, decisions) and of levels above the communes take no part.
    """
    places: dict[str, list[HeldPlan]] = defaultdict(list)
    for plan in held:
        if plan.document_id in met and takes_part(plan):
            places[plan.place_key].append(plan)
    return [_of_place(plans, met) for plans in places.values()]


def _met(store: Store, criteria_set: str) -> dict[str, float]:
    """How many criteria each compared document meets."""
    return {
        key: sum(WORTH[status] * count for status, count in counts.items())
        for key, counts in status_counts(store, criteria_set).items()
    }


def takes_part(plan: HeldPlan) -> bool:
    """Whether a document may stand for a place: a plan by its kind, of a commune, or of nobody knows whom."""
    kind = fold(plan.doc_type or "")
    return (not kind or kind.startswith(PLANS)) and (plan.issuer_level or "xã") in COMMUNE_LEVELS


def _of_place(plans: Sequence[HeldPlan], met: Mapping[str, float]) -> HeldPlan:
    enough = max(met[plan.document_id] for plan in plans) * _RELEVANT
    return max(
        (plan for plan in plans if met[plan.document_id] >= enough),
        key=lambda plan: (not plan.is_draft, _day(plan), met[plan.document_id], plan.document_id),
    )


def _day(plan: HeldPlan) -> date:
    return plan.issued_date or date(plan.year or 1, 1, 1)


Seen = dict[str, tuple[HeldPlan, Statuses]]


def _seen(store: Store, criteria_set: str, held: Sequence[HeldPlan]) -> Seen:
    """The matrix as it stands: place → its plan and the statuses of its cells, decided ones as decided."""
    decided = decisions_on(store, criteria_set)
    chosen = choose(held, _met(store, criteria_set))
    statuses = cell_statuses(store, criteria_set, [plan.document_id for plan in chosen])
    found: Seen = {}
    for plan in chosen:
        mine = {name: word.status for name, word in decided.get(plan.plan_key, {}).items() if word.status}
        found[plan.place_key] = (plan, {**statuses[plan.document_id], **mine})
    return found


def _changes(criteria_set: str, before: Seen, after: Seen) -> Iterator[Change]:
    for place, (plan, statuses) in after.items():
        old, was = before.get(place, (None, {}))
        if old is None or old.document_id != plan.document_id:
            gone = old.document_id if old else None
            yield Change(criteria_set, place, plan.place, None, gone, plan.document_id)
        for criterion, status in statuses.items():
            if criterion in was and was[criterion] is not status:
                yield Change(criteria_set, place, plan.place, criterion, str(was[criterion]), str(status))
    for place, (plan, _) in before.items():
        if place not in after:
            yield Change(criteria_set, place, plan.place, None, plan.document_id, None)
