"""Paragraphs into a tree: a stack of open items, whose ranks are learned from the document.

Which list stands inside which is not assumed: an item goes beside the open item of its own list; a list that
opens anew goes under the item that introduces it; and what was once seen above another list stays above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.plan.labelled import labelled
from extractors.plan.markers import Enumerator
from extractors.plan.paragraphs import Paragraph
from normalizers.fold import LOWER, UPPER, fold
from schemas.plan import Marker, Node, Role, Slice, Style

# The usual order of lists, from the top down; only a first guess where the document has not shown its own.
_USUAL = (
    "phan", "chuong", "letter", "roman", "arabic", "decimal1", "decimal2", "decimal3", "bracket", "alpha",
    "lower_roman", "paren", "paren_alpha", "star", "dash", "plus",
)  # fmt: skip
_INTRODUCES = re.compile(r":\s*[”\"*]*$")
_COMPLETE = re.compile(r"[.;,…]\s*[”\"')\]*]*$|/\./?$")
_UNNUMBERED_HEADING = re.compile(rf"^[^{LOWER}]*[{UPPER}]{{2}}[^{LOWER}]*$")
_HEADING_LIMIT = 160
"""Characters: an unnumbered heading in capitals is no longer than this."""
_TITLE_WORDS = 8
"""Words: a bullet that is the title of paragraphs is no longer than this."""
_PLAIN_TITLE_WORDS = 12
"""Words: an unmarked paragraph that is the title of bullets is no longer than this."""
_NO_TITLE = re.compile(r"[\d:.;,!?…%]")
_BULLET_FAMILIES = ("star", "dash", "plus")
_SIGNS_OF_ONE_RANK = frozenset({"star", "dash"})
"""Some plans set stars above dashes, some below, some mix them: only a colon says which."""
_HEADING_FAMILY = "heading"
_BOLD_FAMILY = "bold_heading"
_SECTIONS = ("phan", "chuong", "letter", "roman")
# The usual sections of a plan, which never stand inside one another.
_SECTION_NAME = re.compile(
    r"^(?:muc (?:dich|tieu)|yeu cau|chi tieu|noi dung|nhiem vu|giai phap|kinh phi|nguon luc|to chuc thuc hien"
    r"|thoi gian|tien do|lo trinh|phan cong|trach nhiem|can cu|doi tuong|pham vi)\b"
)
_LABELLED_FAMILY = "labelled"
_PARAGRAPH_FAMILY = "paragraph"
_INTRO_FAMILY = "intro"
_ROOT_FAMILY = "root"


@dataclass(slots=True)
class _Open:
    """An item under construction."""

    family: str
    number: int
    marker: Marker | None
    text: str
    slices: tuple[Slice, ...] = ()
    children: list[_Open | Node] = field(default_factory=list)

    @property
    def introduces(self) -> bool:
        """Whether it ends with a colon, or is a mere title."""
        return bool(_INTRODUCES.search(self.text)) or not _COMPLETE.search(self.text)

    @property
    def is_bullet(self) -> bool:
        return self.family in _BULLET_FAMILIES


@dataclass(frozen=True, slots=True)
class TableNodes:
    """The nodes that a table gave, to be hung where the table stands."""

    nodes: tuple[Node, ...]


def is_unnumbered_heading(paragraph: Paragraph) -> bool:
    """Whether an unmarked paragraph is a heading: short and in capitals."""
    return (
        paragraph.enumerator is None
        and len(paragraph.text) <= _HEADING_LIMIT
        and bool(_UNNUMBERED_HEADING.match(paragraph.text))
        and not _COMPLETE.search(paragraph.text)
    )


def is_bold_heading(paragraph: Paragraph) -> bool:
    """Whether an unmarked paragraph is a heading by its type: short, bold, without a final sign."""
    return (
        paragraph.enumerator is None
        and paragraph.bold
        and len(paragraph.text) <= _HEADING_LIMIT
        and not _COMPLETE.search(paragraph.text)
    )


def _has_sections(blocks: Sequence[Paragraph | TableNodes]) -> bool:
    """Whether any section is numbered (A, I, Phần …), or an item is numbered before anything bold stands alone."""
    found = [block for block in blocks if isinstance(block, Paragraph)]
    if any(block.enumerator and block.enumerator.family in _SECTIONS for block in found):
        return True
    first = next((block for block in found if is_bold_heading(block) or block.enumerator), None)
    return first is None or first.enumerator is not None


class _Segmenter:
    def __init__(self, numbered: bool = True) -> None:
        self.numbered = numbered
        self.root = _Open(_ROOT_FAMILY, 0, None, ":")
        self.stack: list[_Open] = [self.root]
        self.above: dict[str, set[str]] = {}

    def place(self, paragraph: Paragraph, leads_on: bool, bulleted: bool = False) -> None:
        """Hang a paragraph into the tree; `leads_on`: a marked item or a table comes next; `bulleted`: a bullet."""
        if found := paragraph.enumerator:
            self._place_marked(found, paragraph)
        elif is_unnumbered_heading(paragraph):
            self._place_heading(paragraph)
        elif not self.numbered and is_bold_heading(paragraph):
            self._place_bold(paragraph)
        else:
            self._place_unmarked(paragraph, leads_on, bulleted)

    def place_labelled(self, paragraph: Paragraph) -> None:
        """Hang a paragraph that numbers itself by a word beside the one before it, or where paragraphs stand."""
        if any(open_.family == _LABELLED_FAMILY for open_ in self.stack):
            while self.top.family != _LABELLED_FAMILY:
                self.stack.pop()
            self.stack.pop()
        else:
            self._close_paragraphs()
        self._push(_Open(_LABELLED_FAMILY, 0, None, paragraph.text, paragraph.slices))

    def place_table(self, table: TableNodes) -> None:
        """Hang the nodes of a table under the nearest marked item that introduces them."""
        while self.top is not self.root and not self._holds_table():
            self.stack.pop()
        self.top.children.extend(table.nodes)

    def _holds_table(self) -> bool:
        if self.top.family in (_PARAGRAPH_FAMILY, _INTRO_FAMILY) or self.top.is_bullet:
            return False
        return self.top.introduces or any(
            isinstance(child, Node) or child.marker is None for child in self.top.children
        )

    @property
    def top(self) -> _Open:
        return self.stack[-1]

    def _push(self, item: _Open) -> None:
        families = {open_.family for open_ in self.stack}
        self.above.setdefault(item.family, set()).update(families)
        self.top.children.append(item)
        self.stack.append(item)

    def _place_marked(self, found: Enumerator, paragraph: Paragraph) -> None:
        if any(open_.family == found.family for open_ in self.stack) and not self._starts_inner_list(found):
            while self.top.family != found.family:
                self.stack.pop()
            self.stack.pop()
        else:
            while self.top is not self.root and not self._goes_under(found):
                self.stack.pop()
        self._push(_Open(found.family, found.number, found.marker, paragraph.text, paragraph.slices))

    def _starts_inner_list(self, found: Enumerator) -> bool:
        """Whether a list that begins again at 1 stands inside an item of another list that was opened since."""
        if found.number != 1 or found.is_bullet:
            return False
        last = next(open_ for open_ in reversed(self.stack) if open_.family == found.family)
        return last is not self.top and last.number >= 1 and self.top.is_bullet and _ends_with_colon(self.top)

    def _goes_under(self, found: Enumerator) -> bool:
        top = self.top
        if {top.family, found.family} == _SIGNS_OF_ONE_RANK:
            return _ends_with_colon(top) or (_is_short_title(top) and top.family == "star")
        if top.family in self.above.get(found.family, ()) and found.family not in self.above.get(top.family, ()):
            return top.family != _PARAGRAPH_FAMILY or _ends_with_colon(top)
        if found.family in self.above.get(top.family, ()):
            return False
        if top.family == _PARAGRAPH_FAMILY:
            return _ends_with_colon(top)
        if top.introduces and (found.number <= 1 or _rank(found.family) > _rank(top.family)):
            return True
        return _rank(found.family) > _rank(top.family)

    def _place_heading(self, paragraph: Paragraph) -> None:
        while self.top.family not in (_HEADING_FAMILY, "roman", "letter", "phan", "chuong", _ROOT_FAMILY):
            self.stack.pop()
        if self.top.family == _HEADING_FAMILY and self.top.children:
            self.stack.pop()
        marker = Marker(Style.HEADING, "", "")
        self._push(_Open(_HEADING_FAMILY, 0, marker, paragraph.text, paragraph.slices))

    def _place_bold(self, paragraph: Paragraph) -> None:
        """Hang a heading that only its bold type shows: under a heading without content, else beside it."""
        section = bool(_SECTION_NAME.match(fold(paragraph.text)))
        while self.top.family not in (_HEADING_FAMILY, _BOLD_FAMILY, _ROOT_FAMILY):
            self.stack.pop()
        while self.top.family == _BOLD_FAMILY and self.top.children:
            self.stack.pop()
            if not section:
                break
        marker = Marker(Style.HEADING, "", "")
        self._push(_Open(_BOLD_FAMILY, 0, marker, paragraph.text, paragraph.slices))

    def _place_unmarked(self, paragraph: Paragraph, leads_on: bool, bulleted: bool) -> None:
        self._close_paragraphs()
        titled = bulleted and _is_plain_title(paragraph.text)
        introduces = titled or (_ends_with_colon_text(paragraph.text) and leads_on)
        family = _INTRO_FAMILY if introduces else _PARAGRAPH_FAMILY
        item = _Open(family, 0, None, paragraph.text, paragraph.slices)
        self.top.children.append(item)
        if introduces:
            self.stack.append(item)

    def _close_paragraphs(self) -> None:
        """Close what an unmarked paragraph cannot stand under."""
        while self.top.family in (_PARAGRAPH_FAMILY, _INTRO_FAMILY) or (
            self.top.is_bullet and not _ends_with_colon(self.top) and not _is_short_title(self.top)
        ):
            self.stack.pop()
        if self.top.family == _LABELLED_FAMILY and not self.top.introduces:
            self.stack.pop()


def _is_short_title(item: _Open) -> bool:
    """Whether a bullet is only the title of the paragraphs below it: "- Nông nghiệp công nghệ cao"."""
    words = item.text.split()
    return bool(words) and len(words) <= _TITLE_WORDS and not _NO_TITLE.search(item.text)


def _is_plain_title(text: str) -> bool:
    """Whether an unmarked paragraph in front of a bullet is the title of a list: short, without any sign."""
    return len(text.split()) <= _PLAIN_TITLE_WORDS and not _COMPLETE.search(text) and text[:1].isupper()


def _rank(family: str) -> int:
    return _USUAL.index(family) if family in _USUAL else 0


def _ends_with_colon_text(text: str) -> bool:
    return bool(_INTRODUCES.search(text))


def _ends_with_colon(item: _Open) -> bool:
    return _ends_with_colon_text(item.text)


def _node(item: _Open | Node) -> Node:
    if isinstance(item, Node):
        return item
    children = tuple(_node(child) for child in item.children)
    role = Role.HEADING if item.family == _INTRO_FAMILY else Role.ITEM
    return Node(item.marker, "", item.text, item.slices, children, role)


def label(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The same nodes, each with its part of the path; bullets and unmarked paragraphs are counted.

    A paragraph that only introduces (role heading, no marker) and a heading without a number are no level: their
    children are counted with their neighbours. Nodes that have a label (those of tables) keep it.
    """
    return _labelled(nodes, {})


def _labelled(nodes: Sequence[Node], counts: dict[str, int]) -> tuple[Node, ...]:
    labelled = []
    for node in nodes:
        transparent = _is_transparent(node)
        own = "" if transparent else _own_label(node, counts)
        children = _labelled(node.children, counts if transparent else {})
        labelled.append(replace(node, label=own, children=children))
    return tuple(labelled)


def _is_transparent(node: Node) -> bool:
    if node.marker is None:
        return node.role is Role.HEADING
    return node.marker.style is Style.HEADING


_SIGNS = {Style.DASH: "-", Style.PLUS: "+", Style.PARAGRAPH: "¶"}


def _own_label(node: Node, counts: dict[str, int]) -> str:
    style = node.marker.style if node.marker else Style.PARAGRAPH
    if style not in _SIGNS or (node.fields is not None):
        return node.label or (node.marker.label if node.marker else "")
    sign = _SIGNS[style]
    counts[sign] = counts.get(sign, 0) + 1
    return f"{sign}{counts[sign]}"


def _unmarked_text(block: Paragraph | TableNodes) -> str:
    return block.text if isinstance(block, Paragraph) and block.enumerator is None else ""


def segment(blocks: Sequence[Paragraph | TableNodes]) -> tuple[Node, ...]:
    """The tree of one part of a plan; roles are not yet assigned.

    >>> from schemas.source import Line
    >>> from extractors.plan.paragraphs import learn_layout, read_paragraphs
    >>> lines = [Line("I. MỤC ĐÍCH"), Line("1. Mục đích:"), Line("- Một."), Line("- Hai."), Line("2. Yêu cầu:")]
    >>> tree = segment(read_paragraphs(lines, learn_layout(lines)))
    >>> [child.label for child in tree[0].children[0].children]
    ['-1', '-2']
    """
    segmenter = _Segmenter(_has_sections(blocks))
    counted = labelled([_unmarked_text(block) for block in blocks])
    for index, block in enumerate(blocks):
        if isinstance(block, TableNodes):
            segmenter.place_table(block)
            continue
        if index in counted:
            segmenter.place_labelled(block)
            continue
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        marked = after.enumerator if isinstance(after, Paragraph) else None
        segmenter.place(block, isinstance(after, TableNodes) or bool(marked), bool(marked and marked.is_bullet))
    return label([_node(item) for item in segmenter.root.children])
