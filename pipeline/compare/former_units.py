"""Communes, towns and provinces that ended on 30 June 2025, named as if they still governed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from normalizers.fold import LOWER, UPPER
from normalizers.places import FIRST_DAY, Gazetteer, Succession

_NAME = rf"[{UPPER}][{LOWER}]+(?:\s+[{UPPER}][{LOWER}]+){{0,3}}"
_GOVERNING = r"UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân|Đảng ủy|Thành ủy|Tỉnh ủy|Công an"
_UNIT = re.compile(rf"\b(?:{_GOVERNING})\s+(?:(xã|phường|tỉnh|thành phố)\s+)({_NAME})")  # "UBND phường Dư Hàng Kênh"
_ABOVE = ("tỉnh", "thành phố")


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A unit that ended: where its name stands in the text, the words, and who follows it, in Vietnamese."""

    start: int
    end: int
    words: str
    successor: str


def former_units(text: str, day: str | None, province: str | None) -> Iterator[FormerUnit]:
    """The ended units that a text of this ISO day names with a governing body.

    A commune is looked for in the plan's province of today only: its name alone stands for many.
    """
    if day is None or day < FIRST_DAY:
        return
    for found in _UNIT.finditer(text):
        level, words = found.group(1), found.group(2).split()
        for size in range(len(words), 0, -1):
            name = f"{level} {' '.join(words[:size])}"
            successor = _above(name, level) if level in _ABOVE else _commune(name, level, province)
            if successor is not None:
                if successor:
                    end = found.start(2) + len(" ".join(words[:size]))
                    yield FormerUnit(found.start(), end, text[found.start() : end], successor)
                break


def _above(name: str, level: str) -> str | None:
    """Who follows a province or a town of one; "" where it is there today, None where no such name is known."""
    places = [place for place in Gazetteer.load().find(name) if place.level == level]
    if not places:
        return None
    if any(place.current for place in places):
        return ""
    if all(place.full_name == place.province for place in places):
        return ", ".join(sorted(Succession.load().today(name))) or "tỉnh, thành phố mới"
    return "UBND cấp xã, hoặc UBND tỉnh, thành phố, tùy nhiệm vụ"


def _commune(name: str, level: str, province: str | None) -> str | None:
    if province is None:
        return None
    if any(place.level == level and place.current for place in Gazetteer.load().find(name, province)):
        return ""
    units = Succession.load().find(name, [province])
    if not units:
        return None
    today = Succession.load().by_code
    return " hoặc ".join(dict.fromkeys(today[code].full_name for unit in units for code in unit.became))
