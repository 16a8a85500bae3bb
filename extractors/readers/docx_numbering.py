"""The numbers that Word prints before paragraphs, which stand nowhere in their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from normalizers.enumerators import format_number

PLACEHOLDER = re.compile(r"%([1-9])")
PLUS = frozenset("+\uf02b")
DASHES = frozenset("-–—−\uf02d\u2010\u2011")
LEVELS = 9


@dataclass(slots=True)
class Level:
    """How one level of a list is numbered."""

    style: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    paragraph_style: str = ""


@dataclass(slots=True)
class ListDefinition:
    """A list of the document: its abstract definition, and the starts that it overrides."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of every list in the order in which they come."""

    def __init__(self, root: Element | None) -> None:
        self._lists = dict(_lists(root)) if root is not None else {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def level_of_style(self, number: str, style: str) -> int:
        """The level of list `number` that belongs to a paragraph style; 0 where none does."""
        definition = self._lists.get(number)
        levels = definition.levels if definition else {}
        return next((at for at, level in levels.items() if style and level.paragraph_style == style), 0)

    def label(self, number: str, at: int) -> str:
        """What is printed before the next paragraph of list `number` on level `at`; "" where nothing is."""
        definition = self._lists.get(number)
        if definition is None or at not in definition.levels:
            return ""
        level = definition.levels[at]
        self._count(number, definition, at)
        if level.style == "bullet":
            return _bullet(definition.levels, at)
        return self._number(definition, at)

    def _count(self, number: str, definition: ListDefinition, at: int) -> None:
        counts = self._counts.setdefault(definition.abstract, {})
        if (number, at) not in self._begun and at in definition.starts:
            counts[at] = definition.starts[at] - 1
        self._begun.add((number, at))
        counts[at] = counts.get(at, definition.levels[at].start - 1) + 1
        for deeper in [level for level in counts if level > at]:
            restart = definition.levels[deeper].restart if deeper in definition.levels else None
            if restart is None or (restart > 0 and at < restart):
                del counts[deeper]

    def _number(self, definition: ListDefinition, at: int) -> str:
        level = definition.levels[at]
        counts = self._counts[definition.abstract]

        def printed(found: re.Match[str]) -> str:
            shown = int(found[1]) - 1
            other = definition.levels.get(shown, Level())
            if shown == at and other.style == "none":
                return ""
            style = "decimal" if level.legal and other.style != "bullet" else other.style
            return format_number(counts.get(shown, other.start), style)

        return PLACEHOLDER.sub(printed, level.text)


def _bullet(levels: dict[int, Level], at: int) -> str:
    """The sign that stands for a bullet: what it shows where it is a dash or plus, else one that differs by level."""
    glyph = levels[at].text.strip()
    if glyph and glyph[0] in PLUS:
        return "+"
    if not glyph or glyph[0] in DASHES or at == 0:
        return "-"
    above = levels.get(at - 1)
    return "+" if above is not None and above.style == "bullet" and _bullet(levels, at - 1) == "-" else "-"


def _lists(root: Element) -> Iterator[tuple[str, ListDefinition]]:
    abstracts = {_value(one, "abstractNumId"): one for one in root.findall(qn("w:abstractNum"))}
    named = {style: one for one in abstracts.values() if (style := _value(one.find(qn("w:styleLink")), "val"))}
    for number in root.findall(qn("w:num")):
        abstract_id = _value(number.find(qn("w:abstractNumId")), "val")
        abstract = abstracts.get(abstract_id)
        if abstract is None:
            continue
        link = _value(abstract.find(qn("w:numStyleLink")), "val")
        levels = _levels(named.get(link, abstract) if link else abstract)
        definition = ListDefinition(abstract_id, levels)
        for override in number.findall(qn("w:lvlOverride")):
            _override(definition, override)
        yield _value(number, "numId"), definition


def _override(definition: ListDefinition, override: Element) -> None:
    at = _whole(_value(override, "ilvl"), 0)
    level = override.find(qn("w:lvl"))
    if level is not None:
        definition.levels[at] = _level(level)
        definition.starts[at] = definition.levels[at].start
    start = override.find(qn("w:startOverride"))
    if start is not None:
        definition.starts[at] = _whole(_value(start, "val"), 1)


def _levels(abstract: Element) -> dict[int, Level]:
    return {_whole(_value(one, "ilvl"), 0): _level(one) for one in abstract.findall(qn("w:lvl"))}


def _level(element: Element) -> Level:
    restart = element.find(qn("w:lvlRestart"))
    legal = element.find(qn("w:isLgl"))
    return Level(
        style=_value(element.find(qn("w:numFmt")), "val") or "decimal",
        text=_value(element.find(qn("w:lvlText")), "val"),
        start=_whole(_value(element.find(qn("w:start")), "val"), 1),
        restart=None if restart is None else _whole(_value(restart, "val"), 0),
        legal=legal is not None and _value(legal, "val") not in ("0", "false"),
        paragraph_style=_value(element.find(qn("w:pStyle")), "val"),
    )


def _value(element: Element | None, name: str) -> str:
    if element is None:
        return ""
    return element.get(qn(f"w:{name}")) or ""


def _whole(text: str, default: int) -> int:
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 9 else default
