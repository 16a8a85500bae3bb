"""How right the comparison is: `python -m pipeline.compare.accuracy`.

Wants the sample plans and the worked example of a full checkout.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.compare.bodies_in_time import flags
from pipeline.compare.edits import edit_f1
from pipeline.compare.judge import Judge
from pipeline.compare.learn import Pair, fit, variant_pairs, worked_pairs
from pipeline.compare.match import Matcher
from pipeline.compare.plans import Plan, plan_of
from pipeline.compare.sets import load_set
from pipeline.compare.variants import variants
from schemas.criteria import Comparison, Status
from schemas.task import Kind, TaskRow

SET = "hai_phong_5049"
_ROOT = Path(__file__).parents[2]
_JUDGED = _ROOT / "tests" / "compare"
_WORKED = _JUDGED / "worked_000.json"
MADE_PLAN = _JUDGED / "made_plan.txt"
TEXTS = _ROOT / "sample_docs" / "text"
_PLANS = ("000_le_chan.txt", "001_hong_chau.txt", "002_hai_phong_49.txt", "003_bac_son.txt")
_EDIT_SEEDS = range(10)
_VARIANTS, _SEED, _TRAINING_SEED, _TRAINING = 40, 2026, 100, 20
Answer = Callable[[Sequence[TaskRow]], dict[str, Status]]


@dataclass(frozen=True, slots=True)
class Samples:
    """The worked example's plan and cells, and the plan from which the set was rebuilt."""

    worked_rows: tuple[TaskRow, ...]
    worked: dict[str, dict[str, Any]]
    source_rows: tuple[TaskRow, ...]
    plans: tuple[Plan, ...] = ()


@cache
def load_samples() -> Samples:
    """The samples, read through the walk; exits with a sentence where the checkout lacks them."""
    if not _WORKED.is_file():
        sys.exit(f"Thiếu {_WORKED}: chỉ đo được trong bản mã nguồn đầy đủ.")
    from pipeline.kit import load_kit
    from pipeline.run import extract_file

    kit = load_kit()
    plans = [plan_of(extract_file(TEXTS / name, kit)) for name in _PLANS]
    cells = json.loads(_WORKED.read_text(encoding="utf-8"))["criteria"]
    return Samples(plans[0].rows, {cell["criterion"]: cell for cell in cells}, plans[1].rows, tuple(plans))


def statuses(comparison: Comparison) -> dict[str, Status]:
    """The status of each criterion."""
    return {cell.criterion: cell.status for cell in comparison.cells}


def macro_f1(pairs: Iterable[tuple[Status, Status]]) -> float:
    """The mean F1 of the classes that occur, from (right, given).

    >>> macro_f1([(Status.COVERED, Status.COVERED), (Status.MISSING, Status.MISSING)])
    1.0
    """
    counts = Counter(pairs)
    scores = []
    for status in Status:
        given = sum(n for (_, mine), n in counts.items() if mine is status)
        right = sum(n for (truth, _), n in counts.items() if truth is status)
        if given + right:
            scores.append(2 * counts[status, status] / (given + right))
    return sum(scores) / len(scores)


def worked_figures(comparison: Comparison, worked: dict[str, dict[str, Any]]) -> dict[str, float]:
    """On the worked example's firm cells: F1 of "some row meets it", right rows cited, status right."""
    firm = [(cell, worked[cell.criterion]) for cell in comparison.cells if not worked[cell.criterion]["doubtful"]]
    met = Counter((truth["status"] != "missing", cell.status is not Status.MISSING) for cell, truth in firm)
    wanted = [(cell, truth) for cell, truth in firm if truth["rows"]]
    cited = sum(bool({row.path for row in cell.rows} & set(truth["rows"][:1])) for cell, truth in wanted)
    doubtful = [(cell, worked[cell.criterion]) for cell in comparison.cells if worked[cell.criterion]["doubtful"]]
    return {
        "firm cells": len(firm),
        "F1 of met": 2 * met[True, True] / (2 * met[True, True] + met[True, False] + met[False, True]),
        "best row cited": cited / len(wanted),
        "status right": sum(cell.status == truth["status"] for cell, truth in firm) / len(firm),
        "heads of differences, F1": _heads_f1([(cell.differences, truth["differences"]) for cell, truth in firm]),
        "doubtful cells right": sum(cell.status == truth["status"] for cell, truth in doubtful) / len(doubtful),
        "cells for a person": sum(cell.doubtful for cell in comparison.cells),
    }


def _heads_f1(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> float:
    """The F1 of the heads of differences ("content missing"), each counted once a cell."""
    right = given = wanted = 0
    for mine, truth in pairs:
        first, second = ({one.split(":")[0] for one in side} for side in (mine, truth))
        right, given, wanted = right + len(first & second), given + len(first), wanted + len(second)
    return 2 * right / max(1, given + wanted)


def leave_one_out(pairs: Sequence[Pair], samples: Samples, matcher: Matcher) -> dict[str, float]:
    """The worked figures where each criterion's cell is judged by weights learned from the other criteria only."""
    cells = []
    for wanted in matcher.criteria.criteria:
        judge = fit([pair for pair in pairs if pair.criterion != wanted.id], matcher.judge)
        done = Matcher(matcher.criteria, judge).compare(samples.worked_rows)
        cells.append(next(cell for cell in done.cells if cell.criterion == wanted.id))
    return worked_figures(Comparison("", "", SET, "", tuple(cells), ()), samples.worked)


def baseline(matcher: Matcher, threshold: float) -> Answer:
    """TF-IDF cosine with one threshold: covered at and above it, else missing."""
    from pipeline.compare.prepared import cosine, prepare_rows

    def answer(rows: Sequence[TaskRow]) -> dict[str, Status]:
        vectors = [matcher.weights.vector(row.counts) for row in prepare_rows(rows)]
        best = {
            one.criterion.id: max((cosine(one.vector, vector) for vector in vectors), default=0.0)
            for one in matcher.read
        }
        return {name: Status.COVERED if value >= threshold else Status.MISSING for name, value in best.items()}

    return answer


def variant_score(answer: Answer, samples: Samples, matcher: Matcher, seed: int = _SEED) -> float:
    """The macro-F1 over the three statuses on plans changed by a seed that learning never saw."""
    pairs = []
    for one in variants(samples.source_rows, matcher.criteria, _VARIANTS, seed):
        given = answer(one.rows)
        pairs += [(truth, given[name]) for name, truth in one.answers.items()]
    return macro_f1(pairs)


def judged_duties(matcher: Matcher) -> Iterator[tuple[Status, Status]]:
    """Single duties in fresh words, each a plan of its own: (judged by hand, given) for its criterion."""
    for one in yaml.safe_load((_JUDGED / "judged_duties.yaml").read_text(encoding="utf-8")):
        row = TaskRow("II/1", Kind.TASK, one["text"], recurrence=one.get("recurrence"))
        yield Status(one["status"]), statuses(matcher.compare([row]))[one["criterion"]]


def made_plan(matcher: Matcher) -> Iterator[tuple[Status, Status]]:
    """A plan written for measuring, through the whole walk: (judged by hand, given) for every criterion."""
    from pipeline.kit import load_kit
    from pipeline.run import extract_file

    truth = yaml.safe_load(MADE_PLAN.with_suffix(".yaml").read_text(encoding="utf-8"))
    given = statuses(matcher.compare_plan(plan_of(extract_file(MADE_PLAN, load_kit()))))
    return ((Status(truth.get(name, Status.MISSING)), status) for name, status in given.items())


def covered_by_own(samples: Samples, matcher: Matcher) -> float:
    """The share of criteria that the plan they come from covers by their own row."""
    done = matcher.compare(samples.source_rows)
    own = {one.id: one.source_path for one in matcher.criteria.criteria}
    good = [
        cell.status is Status.COVERED and own[cell.criterion] in [row.path for row in cell.rows]
        for cell in done.cells
    ]
    return sum(good) / len(good)


def _print(title: str, figures: dict[str, float]) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name:40}{value:.3f}")


def _best_threshold(samples: Samples, matcher: Matcher) -> float:
    steps = [n / 20 for n in range(2, 16)]
    return max(steps, key=lambda at: variant_score(baseline(matcher, at), samples, matcher, _TRAINING_SEED))


def _baseline_on_worked(samples: Samples, matcher: Matcher) -> dict[str, float]:
    firm = {name: cell for name, cell in samples.worked.items() if not cell["doubtful"]}

    def figures(threshold: float) -> dict[str, float]:
        given = baseline(matcher, threshold)(samples.worked_rows)
        met = Counter((cell["status"] != "missing", given[name] is not Status.MISSING) for name, cell in firm.items())
        right = sum(given[name] == cell["status"] for name, cell in firm.items()) / len(firm)
        f1 = 2 * met[True, True] / max(1, 2 * met[True, True] + met[True, False] + met[False, True])
        return {"F1 of met": f1, "status right": right, "threshold": threshold}

    return max((figures(n / 20) for n in range(2, 16)), key=lambda one: one["F1 of met"])


def _judged(judge: Judge, matcher: Matcher) -> Answer:
    other = Matcher(matcher.criteria, judge)
    return lambda rows: statuses(other.compare(rows))


def main() -> None:
    """Print every figure."""
    samples = load_samples()
    matcher = Matcher(load_set(SET))
    worked = list(worked_pairs(samples.worked_rows, samples.worked, matcher))
    changed = list(variant_pairs(samples.source_rows, matcher, _TRAINING, _TRAINING_SEED))
    _print("Worked example (Lê Chân)", worked_figures(matcher.compare(samples.worked_rows), samples.worked))
    _print("  each criterion with weights of the others", leave_one_out([*worked, *changed], samples, matcher))
    blind = Matcher(matcher.criteria, fit(changed, matcher.judge))
    _print("  weights from Hồng Châu only", worked_figures(blind.compare(samples.worked_rows), samples.worked))
    at = _best_threshold(samples, matcher)
    _print(
        "Hồng Châu",
        {
            "covered by own row": covered_by_own(samples, matcher),
            "macro-F1 of changed plans": variant_score(_judged(matcher.judge, matcher), samples, matcher),
            "baseline: cosine, one threshold": variant_score(baseline(matcher, at), samples, matcher),
        },
    )
    _print(
        "Judged by hand before the program was run on them, macro-F1",
        {"single duties": macro_f1(judged_duties(matcher)), "a whole plan": macro_f1(made_plan(matcher))},
    )
    _print("Baseline on the worked example, the best threshold for it", _baseline_on_worked(samples, matcher))
    _print("Differences of edited plans, F1", {plan.name: edit_f1(plan, _EDIT_SEEDS) for plan in samples.plans})
    print("Bodies out of their time or place")
    for plan in samples.plans:
        for flag in flags(plan):
            print(f"  {plan.name} | {flag.where} | {flag.words} | {flag.successor}")


if __name__ == "__main__":
    main()
