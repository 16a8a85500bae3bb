"""Word's automatic numbering: the labels that are counted by the word processor and are no text of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph


class Pattern(IntEnum):
    """The list definitions of a document; the value is the `abstractNumId`."""

    OUTLINE = 0
    """`1.`, and under it `1.1.`"""
    PAREN = 1
    """`(1)`"""
    DASH = 2
    """`-`"""


OUTLINE_LABEL = re.compile(r"(?P<top>\d{1,2})\.(?:(?P<sub>\d{1,2})\.)?\s+")
PAREN_LABEL = re.compile(r"\((?P<top>\d{1,2})\)\s+")
DASH_LABEL = re.compile(r"-\s+")
LEVELS: dict[Pattern, tuple[tuple[str, str], ...]] = {
    Pattern.OUTLINE: (("decimal", "%1."), ("decimal", "%1.%2.")),
    Pattern.PAREN: (("decimal", "(%1)"),),
    Pattern.DASH: (("bullet", "-"),),
}
"""The number format and the text of each level of each definition."""


@dataclass(frozen=True, slots=True)
class AutomaticLabel:
    """A label that the word processor prints: which list, which level of it, and the paragraph's text after it."""

    list_id: int
    level: int
    rest: str


class Numberer:
    """Takes the labels off the paragraphs of a plan, one after another, and gives each to a list of the document.

    A list begins where its label is 1 (or anew under each Roman heading), as a clerk begins one; a label that does
    not follow the one before it is left in the text.
    """

    def __init__(self, document: Document) -> None:
        self._numbering: Any = document.part.numbering_part.element
        for child in list(self._numbering):
            self._numbering.remove(child)
        for pattern in Pattern:
            self._numbering.append(_definition(pattern))
        self._lists: dict[Pattern, int] = {Pattern.DASH: self._new_list(Pattern.DASH)}
        self._counted: dict[Pattern, tuple[int, int]] = {}

    def take(self, text: str) -> AutomaticLabel | None:
        """The label of `text` as a part of a list; None where it has none that can be counted."""
        if match := DASH_LABEL.match(text):
            return AutomaticLabel(self._lists[Pattern.DASH], 0, text[match.end() :])
        if match := PAREN_LABEL.match(text):
            return self._count(Pattern.PAREN, (int(match["top"]), 0), text[match.end() :])
        if match := OUTLINE_LABEL.match(text):
            return self._count(Pattern.OUTLINE, (int(match["top"]), int(match["sub"] or 0)), text[match.end() :])
        return None

    def _count(self, pattern: Pattern, number: tuple[int, int], rest: str) -> AutomaticLabel | None:
        if number == (1, 0):
            self._lists[pattern] = self._new_list(pattern)
        else:
            top, sub = self._counted.get(pattern, (0, 0))
            if number not in ((top + 1, 0), (top, sub + 1)) or pattern not in self._lists:
                return None
        self._counted[pattern] = number
        return AutomaticLabel(self._lists[pattern], 1 if number[1] else 0, rest)

    def _new_list(self, pattern: Pattern) -> int:
        list_id: int = 1 + sum(child.tag.endswith("}num") for child in self._numbering)
        restarts = "".join(
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
            for level in range(len(LEVELS[pattern]))
        )
        self._numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{list_id}">'
                f'<w:abstractNumId w:val="{int(pattern)}"/>{restarts}</w:num>'
            )
        )
        return list_id


def set_label(paragraph: Paragraph, label: AutomaticLabel, *, bold: bool) -> None:
    """Makes `paragraph` an item of the list of `label`, the label printed bold or not."""
    properties: Any = paragraph._p.get_or_add_pPr()
    numbered = properties.get_or_add_numPr()
    numbered.get_or_add_ilvl().val = label.level
    numbered.get_or_add_numId().val = label.list_id
    if bold:
        properties.append(parse_xml(f"<w:rPr {nsdecls('w')}><w:b/></w:rPr>"))


def _definition(pattern: Pattern) -> Any:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="720"/></w:pPr></w:lvl>'
        for level, (form, text) in enumerate(LEVELS[pattern])
    )
    return parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{int(pattern)}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
