"""Who leads the rows below a heading: the heading itself where it is a body, or where the headings beside it are."""

from __future__ import annotations

import re

from extractors.facts.acting import find_actors
from extractors.facts.heads import heading_bodies
from schemas.facts import Actors
from schemas.plan import Node, Role

# How the names of bodies begin that no list can hold: "Các doanh nghiệp …", "Trường …", "Chủ đầu tư …".
_NAME_LIKE = re.compile(
    r"(?:các |những |toàn thể )?(?:doanh nghiệp|công ty|tập đoàn|tổng công ty|trường|cơ sở|chủ đầu tư|nhà thầu|"
    r"hợp tác xã|cơ quan|đơn vị|tổ chức|hội|hiệp hội|ban|phòng|sở|trung tâm|viện|quỹ|báo|đài|chi cục|cục|tổ|đội|"
    r"văn phòng)\b",
    re.IGNORECASE,
)
_NAME_WORDS = 30
_MOSTLY = 0.6


class Headings:
    """The headings of one plan, whose nodes outlive it: each is read once for all the rows below it."""

    def __init__(self) -> None:
        self._below: dict[int, Actors | None] = {}
        self._known: dict[int, tuple[int, int]] = {}

    def leads(self, above: tuple[Node, ...]) -> Actors | None:
        """Who leads below these nodes, outermost first, by the nearest heading or introducing item that names one."""
        if not above:
            return None
        nearest = id(above[-1])
        if nearest not in self._below:
            self._below[nearest] = self._own(above) or self.leads(above[:-1])
        return self._below[nearest]

    def _own(self, above: tuple[Node, ...]) -> Actors | None:
        heading = above[-1]
        if heading.fields is not None:
            return None
        actors = heading_bodies(heading.text)
        if (actors is None or not actors.leads) and heading.role is Role.ITEM:
            actors = find_actors(heading.text)
        if (actors is None or not actors.leads) and len(above) > 1:
            actors = self._body_among_bodies(heading, above[-2])
        return actors if actors and actors.leads else None

    def _body_among_bodies(self, heading: Node, parent: Node) -> Actors | None:
        """An unknown name as heading, the headings beside it being bodies, is one too ("7. Các doanh nghiệp …")."""
        name = heading.text.rstrip(" .:;")
        if heading.role is not Role.HEADING or not heading.marker or len(name.split()) > _NAME_WORDS:
            return None
        if not _NAME_LIKE.match(name):
            return None
        marked, known = self._children(parent)
        return Actors(leads=(name,)) if marked > 1 and known >= _MOSTLY * (marked - 1) else None

    def _children(self, parent: Node) -> tuple[int, int]:
        """How many items below a node have a sign of their own, and how many of these are bodies."""
        if id(parent) not in self._known:
            marked = [heading_bodies(child.text) for child in parent.children if child.marker]
            self._known[id(parent)] = len(marked), sum(bool(actors and actors.leads) for actors in marked)
        return self._known[id(parent)]
