"""What is slow to load, loaded once by whoever starts, and handed in."""

from __future__ import annotations

from dataclasses import dataclass

from normalizers.restore import Restorer


@dataclass(frozen=True, slots=True)
class Kit:
    """The tools of the walk."""

    restorer: Restorer


def load_kit() -> Kit:
    """The tools of the walk, ready; raises AssetError where a word list or model is missing or changed."""
    from extractors.facts.nlp import item

    item("Ủy ban nhân dân xã tổ chức thực hiện.")
    return Kit(Restorer.load())
