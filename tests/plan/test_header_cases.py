"""Letterhead, title and end of a document, by case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.plan.frame import read_frame
from schemas.plan import Frame
from schemas.source import Line

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "headers.yaml").read_text("utf-8")
)


def frame_of(lines: list[str]) -> Frame:
    return read_frame(tuple(Line(text) for text in lines))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_header(case: dict[str, Any]) -> None:
    header = frame_of(case["lines"]).header
    found = {name: getattr(header, name) for name in case["expected"]}
    assert {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()} == case[
        "expected"
    ]


@pytest.mark.parametrize("case", [case for case in CASES if "parts" in case], ids=lambda case: case["label"])
def test_parts(case: dict[str, Any]) -> None:
    parts = frame_of(case["lines"]).parts
    assert [f"{part.kind} {part.annex}" if part.annex else str(part.kind) for part in parts] == case["parts"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_parts_cover_every_block_once(case: dict[str, Any]) -> None:
    parts = frame_of(case["lines"]).parts
    assert [part.first for part in parts[1:]] == [part.last for part in parts[:-1]]
    assert (parts[0].first, parts[-1].last) == (0, len(case["lines"]))
