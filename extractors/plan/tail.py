"""The last words of a plan: an unmarked paragraph behind nested items binds the whole plan, not the last item.

Rule 4 of the contract: "Another unmarked paragraph after the last item that binds the whole plan is a row … with the
path section/¶n".
"""

from __future__ import annotations

import re
from dataclasses import replace

from schemas.plan import Node, Role

# "Yêu cầu các ban, ngành … thực hiện Kế hoạch này", "UBND xã yêu cầu các đơn vị nghiêm túc thực hiện.":
# binds the plan, not the item it stands under.
_BINDS_ALL = re.compile(
    r"(?:(?:Yêu cầu|Đề nghị) )?(?:[Cc]ác|[Tt]hủ trưởng|[Nn]gười đứng đầu)\b"
    r"(?=.*\b[Kk]ế hoạch (?:này|trên)\b).*\bthực hiện\b"
    r"|(?:(?:UBND|Ủy ban nhân dân|Chủ tịch|Giám đốc|Ban [Cc]hỉ đạo)[^.,;:]{0,60}\s)?(?:[Yy]êu cầu|[Đđ]ề nghị)\s"
    r"(?:các|[Tt]hủ trưởng|[Nn]gười đứng đầu|[Tt]rưởng các)\b[^.;]*\b(?:thực hiện|triển khai)\b[^.;]*(?:\./)?\.?$"
    r"|Kế hoạch (?:phối hợp (?:này )?|này )(?:thay thế|có hiệu lực|được (?:triển khai|phổ biến|quán triệt))\b"
)


def _is_paragraph(node: Node) -> bool:
    return node.marker is None and not node.children and node.role is not Role.HEADING


def _without_tail(node: Node, depth: int) -> tuple[Node, tuple[Node, ...]]:
    """The node without the unmarked paragraphs at its very end, and these; `depth` 1 is an item of the section."""
    if not node.children:
        return node, ()
    last = node.children[-1]
    if not _is_paragraph(last):
        inner, tail = _without_tail(last, depth + 1)
        return replace(node, children=(*node.children[:-1], inner)), tail
    kept = list(node.children)
    tail_: list[Node] = []
    while kept and _is_paragraph(kept[-1]):
        tail_.insert(0, kept.pop())
    if depth < 2 and not any(child.marker for child in kept):
        own = next((at for at, child in enumerate(tail_) if _BINDS_ALL.match(child.text)), len(tail_))
        return replace(node, children=(*kept, *tail_[:own])), tuple(tail_[own:])
    return replace(node, children=tuple(kept)), tuple(tail_)


def lift_tail(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes of a plan's body, with closing paragraphs of nested items moved under the last section.

    A paragraph straight under an item of the section stays there, unless marked items stand between or it says
    that it binds the whole plan.

    >>> item = Node(None, "", "Trình UBND xã.", children=(Node(None, "", "Các đơn vị thực hiện nghiêm túc."),))
    >>> [node.children for node in lift_tail((Node(None, "IV", "TỔ CHỨC", children=(item,)),))] == [(item,)]
    True
    """
    if not nodes or not nodes[-1].children:
        return nodes
    section = nodes[-1]
    last = section.children[-1]
    if last.marker is None:
        return nodes
    inner, tail = _without_tail(last, 1)
    if not tail:
        return nodes
    return (*nodes[:-1], replace(section, children=(*section.children[:-1], inner, *tail)))
