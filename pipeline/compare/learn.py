"""Weights of the features, learned from the worked example and from changed plans.

`python -m pipeline.compare.learn` writes weights.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.compare.features import FEATURES, ReadCriterion, counts_alone, meet
from pipeline.compare.judge import WEIGHTS_FILE, Judge, load_judge
from pipeline.compare.match import Matcher
from pipeline.compare.prepared import prepare_rows
from pipeline.compare.sets import load_set
from pipeline.compare.variants import variants
from schemas.criteria import Status
from schemas.task import TaskRow

Floats = npt.NDArray[np.float64]
_RIDGE = 0.02
_STEPS = 40
_WORKED_WEIGHT = 8.0
"""A pair of the worked example counts for several of the changed plans: it is another commune's own wording."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row held against a criterion, and whether it meets it."""

    criterion: str
    features: dict[str, float]
    meets: bool
    weight: float


def worked_pairs(rows: Sequence[TaskRow], worked: dict[str, dict[str, object]], matcher: Matcher) -> Iterator[Pair]:
    """The pairs of the worked example's firm cells."""
    firm = {name: cell for name, cell in worked.items() if not cell["doubtful"]}
    for wanted, path, features in _all_pairs(rows, matcher):
        cell = firm.get(wanted.criterion.id)
        if cell is not None:
            cited = cell["rows"]
            assert isinstance(cited, list)
            yield Pair(wanted.criterion.id, features, path in cited, _WORKED_WEIGHT)


def variant_pairs(rows: Sequence[TaskRow], matcher: Matcher, count: int, seed: int) -> Iterator[Pair]:
    """The pairs of changed plans: a row with its own criterion, and every row with a criterion that lost its row."""
    for one in variants(rows, matcher.criteria, count, seed):
        for wanted, path, features in _all_pairs(one.rows, matcher):
            answer = one.answers.get(wanted.criterion.id)
            own = path == wanted.criterion.source_path
            if answer is Status.MISSING or (answer is not None and own):
                yield Pair(wanted.criterion.id, features, answer is not Status.MISSING, 1.0)


def _all_pairs(rows: Iterable[TaskRow], matcher: Matcher) -> Iterator[tuple[ReadCriterion, str, dict[str, float]]]:
    for row in prepare_rows(rows):
        if not counts_alone(row):
            continue
        for wanted in matcher.read:
            meeting = meet(row, matcher.weights, wanted, half=True)
            if meeting is not None:
                yield wanted, row.row.path, meeting.features


def fit(pairs: Sequence[Pair], like: Judge) -> Judge:
    """A judge with weights learned by logistic regression with a ridge, thresholds as in `like`."""
    values = np.array([[1.0, *(pair.features[name] for name in FEATURES)] for pair in pairs])
    answers = np.array([float(pair.meets) for pair in pairs])
    weight = np.array([pair.weight for pair in pairs])
    found = _newton(values, answers, weight / weight.sum())
    named = {name: round(float(value), 3) for name, value in zip(FEATURES, found[1:], strict=True)}
    return Judge(named, round(float(found[0]), 3), like.meets, like.unsure, like.sure)


def _newton(values: Floats, answers: Floats, weight: Floats) -> Floats:
    width = values.shape[1]
    ridge = np.eye(width) * _RIDGE / width
    ridge[0, 0] = 0.0
    found = np.zeros(width)
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-np.clip(values @ found, -30, 30)))
        slope = values.T @ (weight * (guess - answers)) + ridge @ found
        curve = (values * (weight * guess * (1 - guess))[:, None]).T @ values + ridge + 1e-9 * np.eye(width)
        found = found - np.linalg.solve(curve, slope)
    return found


def write(judge: Judge) -> None:
    """Write the weights file."""
    lines = ["# Trọng số của từng đặc trưng; `python -m pipeline.compare.learn` viết lại tệp này."]
    lines += [f"{name}: {value}" for name, value in judge.weights.items()]
    lines += [f"intercept: {judge.intercept}"]
    lines += ["# Từ mức nào là đáp ứng; giữa hai mức nào là “cần xem”.", f"meets: {judge.meets}"]
    lines += [f"unsure: {judge.unsure}", f"sure: {judge.sure}"]
    WEIGHTS_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Learn from the worked example and the changed plans, and write the weights."""
    from pipeline.compare.accuracy import SET, load_samples

    samples = load_samples()
    matcher = Matcher(load_set(SET))
    pairs = [
        *worked_pairs(samples.worked_rows, samples.worked, matcher),
        *variant_pairs(samples.source_rows, matcher, 20, seed=100),
    ]
    judge = fit(pairs, load_judge())
    write(judge)
    print(len(pairs), judge)


if __name__ == "__main__":
    main()
