"""The probability that a row meets a criterion, from named features with weights that a person can read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipeline.compare.features import FEATURES
from schemas.errors import CriteriaError

WEIGHTS_FILE = Path(__file__).with_name("weights.yaml")


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights of the features; `meets` at and above this probability, a doubt between `unsure` and `sure`."""

    weights: Mapping[str, float]
    intercept: float
    meets: float
    unsure: float
    sure: float

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability that the row meets the criterion, 0–1."""
        total = self.intercept + sum(self.weights[name] * features[name] for name in FEATURES)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def is_doubtful(self, probability: float) -> bool:
        """Whether a person must look."""
        return self.unsure <= probability < self.sure


@cache
def load_judge(path: Path = WEIGHTS_FILE) -> Judge:
    """The judge of the weights file; CriteriaError where a weight is missing."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    missing = [name for name in (*FEATURES, "intercept", "meets", "unsure", "sure") if name not in data]
    if missing:
        raise CriteriaError(f"Tệp trọng số {path.name} thiếu: {', '.join(missing)}.")
    return Judge({name: float(data[name]) for name in FEATURES}, *(float(data[name]) for name in _OTHERS))


_OTHERS = ("intercept", "meets", "unsure", "sure")
