"""The kind of a row: what the nearest heading that names a kind says."""

from __future__ import annotations

import re

from normalizers.fold import fold
from schemas.plan import Node, Role
from schemas.task import Kind

_LEAD_IN = r"^(?:[^\w]*(?:ve|cac|nhung|mot so|noi dung|phan)\s+)?"
_JOINT = re.compile(_LEAD_IN + r"muc (?:dich|tieu)\s*(?:,|-|va|/|;)?\s*(?:y nghia\s*(?:,|-|va)\s*)?yeu cau\b")
# The table of headings that name a kind; the first that fits counts. A heading that also names tasks names none.
_AND_WHERE = r"(?:,? (?:va )?(?:dia diem|tien do|lo trinh))?"
_CARRYING_OUT = r"(?: (?:to chuc )?(?:thuc hien|trien khai|tien hanh))?"
_PROVIDING = r"(?:nguon |co che |bao dam |dam bao |bo tri |du toan |du tru |phuong an huy dong |huy dong )?"
KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.OBJECTIVE, re.compile(_LEAD_IN + r"(?:muc (?:dich|tieu)|chi tieu)\b(?!.*\bnhiem vu\b)")),
    (Kind.REQUIREMENT, re.compile(_LEAD_IN + r"yeu cau\b(?!.*\b(?:nhiem vu|noi dung)\b)")),
    (
        Kind.MILESTONE,
        re.compile(_LEAD_IN + rf"(?:lo trinh|phan ky|(?:thoi gian|tien do){_AND_WHERE}{_CARRYING_OUT}\s*[:.]?\s*$)"),
    ),
    (
        Kind.RESOURCE,
        re.compile(
            _LEAD_IN + _PROVIDING + r"(?:kinh phi|nguon luc tai chinh|nguon von|tai chinh\s*$"
            r"|(?:dinh )?muc (?:thu|chi|dong gop)(?= |$)(?!.*\btieu))\b"
        ),
    ),
)
_HEADING_WORDS = 16
_MUST = re.compile(
    r"\b(?:phải|không được|cần(?! thiết| cù| trục)|yêu cầu (?=các|mỗi|từng|cán bộ|người|tổ chức))\b", re.IGNORECASE
)
_MAIN_CLAUSE = re.compile(r"^.*?[.;](?=\s|$)")


def named_kind(heading: str) -> Kind | None:
    """The kind that a heading names, or None; a joint "Mục đích, yêu cầu" is left to the item.

    >>> named_kind("V. Kinh phí thực hiện"), named_kind("NỘI DUNG VÀ THỜI GIAN THỰC HIỆN")
    (None, None)
    >>> named_kind("Kinh phí thực hiện:")
    <Kind.RESOURCE: 'resource'>
    >>> named_kind("Mức thu: 30.000 đồng/học sinh/ngày")
    <Kind.RESOURCE: 'resource'>
    """
    title = fold(heading.split(":")[0]).strip(" .")
    if not title or len(title.split()) > _HEADING_WORDS or _JOINT.match(title):
        return None
    return next((kind for kind, pattern in KINDS if pattern.search(title)), None)


def is_joint(heading: str) -> bool:
    """Whether a heading names purpose and requirement together."""
    return bool(_JOINT.match(fold(heading)))


def joint_kind(text: str) -> Kind:
    """The kind of an item straight under a joint heading: a requirement where its main clause obliges.

    >>> joint_kind("Việc tiếp công dân phải kịp thời, chính xác.")
    <Kind.REQUIREMENT: 'requirement'>
    """
    main = _MAIN_CLAUSE.match(text)
    return Kind.REQUIREMENT if _MUST.search(main.group() if main else text) else Kind.OBJECTIVE


def _names_nothing(heading: Node) -> bool:
    """Whether it is no heading: an assigning label ("Thời gian thực hiện:"), a paragraph that only introduces."""
    return heading.role is Role.ASSIGNMENT or (
        heading.marker is None and heading.fields is None and not heading.label
    )


def kind_of(ancestors: tuple[Node, ...], node: Node, asked: bool) -> Kind:
    """The kind of a row by its nearest heading, itself included where it carries its heading ("4. Kinh phí: …").

    `asked`: the work is asked of a body that the issuer does not command.
    """
    for heading in reversed((*ancestors, node)):
        if _names_nothing(heading) or (heading is node and ":" not in node.text):
            continue
        if kind := named_kind(heading.text):
            return kind
        if is_joint(heading.text):
            return joint_kind(node.text)
    return Kind.REQUEST if asked else Kind.TASK
