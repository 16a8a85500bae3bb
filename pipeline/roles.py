"""What each node of the tree is for the table: heading, row, assignment, detail, or a mere statement.

These are rules 1, 2, 3 and 7 of the contract's "What becomes a row", over the tree that `extractors.plan` gives
and the sentences that `extractors.facts` understands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby

from extractors.facts.acting import find_actors
from extractors.facts.assignments import assigning_heading, parse_assignment
from extractors.facts.inline import states_step
from extractors.plan.segment import label
from normalizers.bodies import is_body
from normalizers.fold import UPPER, fold
from pipeline.described import is_described_by
from schemas.facts import Assignment, AssignmentKind
from schemas.plan import Node, Role, Style
from schemas.progress import advance

_INTRODUCES = re.compile(r":\s*[”\"*]*$")
_UNENDED = re.compile(r"[^.;!?…/]\s*[”\"')\]]*$")
_TITLE_WORDS = 24
"""Words: a title that ends with a full stop is no longer than this."""
_LONG_TITLE_WORDS = 80
"""Words: a numbered heading without any final sign and without an inner sentence is no longer than this."""
_LABEL_WORDS = 12
"""Words: an item without children that ends with a colon and is no longer only names what stands beside it."""
_SCRAP_WORDS = 8
_SCRAPS = 4
"""Paragraphs: so many short ones in a row, none ended, are the cells of a table and no items."""
_INNER_SENTENCE = re.compile(r"[.;]\s+[“\"(]?[" + UPPER + "]")
_OWN_DAY = re.compile(r"\bngày \d{1,2}(?:[/-]| tháng \d)|\btháng \d{1,2}/\d{4}|\b\d{1,2}/\d{1,2}/\d{4}")
_QUOTED = re.compile(r"^[“\"'‘]")
_DONE_TO = re.compile(r"\w.*\b(?:doi voi|cho cac doi tuong|tai cac don vi)\b[^.;]*:\s*$")
_EXAMPLES = re.compile(r"\b(?:nhu|vi du|chang han)\s*:\s*$")
_SLOGAN = re.compile(r"^(?:khau hieu|phuong cham|cau khau hieu|thong diep)\b")
# "Chủ đề: “…”", "1. Chủ đề thi đua": what a campaign is called, which nobody can carry out.
_THEME = re.compile(r"^(?:chu de|khau hieu|thong diep|phuong cham|ten goi)\b")
_ALL_QUOTED = re.compile(r"^[^“\"”:]*:?\s*[“\"][^“\"”]+[”\"]\s*[.;]?$")
_BRACKET = re.compile(r"\([^()]*\)")
_WHERE = re.compile(r"\s+(?:ở|tại|trên địa bàn|có liên quan)\s")
_STATEMENT = re.compile(
    r"^\(?(?:chi tiet|noi dung chi tiet|danh muc|co (?:bieu|phu luc|danh sach)|kem theo|gui kem|bieu mau|xem)\b"
    r".{0,120}(?:phu luc|kem theo|bieu|danh sach|dinh kem)"
    r"|^(?:ke hoach|quy che|chuong trinh)(?: phoi hop)?(?: nay)? co hieu luc (?:thi hanh )?(?:ke )?tu (?:ngay|khi) ky"
    r"|^theo (?:quy dinh|huong dan) (?:ve|cua|tai)\b[^.;:]*$"
    r"|^(?:hien nay|trong thoi gian qua|thoi gian qua|nhung nam qua|tinh den|den nay|ket qua dat duoc)\b"
    r"(?!.*\b(?:phai|can|yeu cau)\b)"
)
_CLOSING = re.compile(
    r"tren day la\b|trong qua trinh (?:trien khai |to chuc )?(?:trien khai |thuc hien\b)"
    r"|(?:moi (?:thong tin|chi tiet|vuong mac)|thong tin|chi tiet)\b[^.:]{0,40}\blien he\b"
)
# The formulas of a Decision that carries no plan of its own: what it approves, its force, who carries it out.
_DECIDES = re.compile(
    r"^dieu \d+\s*[.:]?\s*(?:phe duyet|ban hanh)\b"
    r"|^(?:dieu \d+\s*[.:]?\s*)?quyet dinh nay (?:co hieu luc|thay the)\b"
    r"|^dieu \d+\s*[.:].*\bchiu trach nhiem (?:thi hanh|thuc hien) quyet dinh nay\b"
)
# "Công an xã: 06 đồng chí.": how many take part.
_HEADCOUNT = re.compile(
    r"^[^:]{3,60}:\s*(?:khoang\s|tu\s)?\d+(?:\s?-\s?\d+)?\s(?:dong chi|nguoi|thanh vien|dai bieu|can bo|chien si"
    r"|hoc sinh|doan vien|hoi vien)\s*[.;]?$"
)
# "< 10,6 ‰", "15.850 người": a figure alone, whose words stand elsewhere.
_FIGURE = re.compile(r"^[<>≤≥~=]*\s*\d[\d.,/]*\s*(?:%|‰|\w+)?$")
# Headings under which a plan reports what is, and assigns nothing: "I. THỰC TRẠNG", "Đánh giá nguy cơ".
_REPORTS = re.compile(
    r"^(?:(?:khai quat|danh gia|nhan dinh|tom tat|phan tich)(?: chung)?\s+)?(?:ve\s+)?(?:cac\s+|nhung\s+|mot so\s+)?"
    r"(?:thuc trang|tinh hinh|hien trang|dac diem|boi canh|su can thiet|co so (?:phap ly|thuc tien|chinh tri)|"
    r"can cu phap ly|ket qua(?! (?:can dat|du kien|mong doi|dau ra|phai dat))|ton tai|han che|kho khan|thuan loi|"
    r"uu diem|nguyen nhan|nguy co|nhan dinh|du bao)\b(?!.*\b(?:nhiem vu|giai phap|bien phap|bao cao)\b)"
)
# Headings and labels that say whom or what the plan touches.
_SCOPE = re.compile(r"^(?:pham vi|doi tuong|dia ban|(?:thoi ky|nien do) (?:kiem tra|giam sat|thanh tra|bao cao))\b")
# A section that says who or what qualifies ("Đối tượng, tiêu chuẩn"), and nothing that is done.
_QUALIFIES = re.compile(
    r"^(?:doi tuong|tieu chuan|dieu kien)\b(?!.*\b(?:noi dung|nhiem vu|hoat dong|bien phap|giai phap)\b)"
)
_SCOPE_OWN = re.compile(
    r"^(?:(?:pham vi|doi tuong|dia ban)\b[^:]*(?::| la )\s*)?"
    r"(?:cac|toan the|tat ca|moi|can bo|nguoi|ca nhan|to chuc|tap the|doanh nghiep|ho gia dinh|"
    r"trong pham vi|tren dia ban|tren pham vi|tai cac|doi voi)\b"
)
# What stands about a table or under the text: "[1] …", "(Kèm theo Kế hoạch số …)", "Đơn vị tính: …", "Biểu số 02".
_NOTE = re.compile(
    r"^(?:\[\d{1,3}\]\s?\S|\([^()]*\b(?:phu luc|kem theo|bieu|mau|danh sach|dinh kem)\b.*\)[.;]?$"
    r"|(?:don vi(?: tinh)?|dvt)\s*:\s*(?:\S+\s*){1,5}$|(?:mau bieu|bieu mau|bieu|mau|phu luc)(?: so)? [\w./-]{1,6}$)"
)
_BULLETS = (Style.DASH, Style.PLUS)
_TITLES = (Style.PART, Style.LETTER, Style.ROMAN, Style.HEADING)


@dataclass(frozen=True, slots=True)
class Reading:
    """The tree with roles and labels, and what each assigning node says (by the identity of its first slice)."""

    nodes: tuple[Node, ...]
    assignments: dict[int, tuple[Assignment, ...]] = field(default_factory=dict)

    def said(self, node: Node) -> tuple[Assignment, ...]:
        """What an assigning node says."""
        return self.assignments.get(node_key(node), ())


def node_key(node: Node) -> int:
    """A node's identity through copies: that of the line that it begins on, and where."""
    if not node.slices:
        return id(node)
    first = node.slices[0]
    return hash((id(first.line), first.start))


def introduces(text: str) -> bool:
    """Whether a text ends with a colon."""
    return bool(_INTRODUCES.search(text))


def is_title(node: Node) -> bool:
    """Whether a node with children says nothing complete of its own: a title or an introduction.

    >>> is_title(Node(None, "1", "Mục đích"))
    True
    """
    text = node.text.strip()
    if not text or introduces(text) or (node.marker and node.marker.style is Style.HEADING):
        return True
    if _UNENDED.search(text) and (len(text.split()) <= _TITLE_WORDS or _is_long_title(node)):
        return True
    if len(text.split()) > _TITLE_WORDS or _INNER_SENTENCE.search(text):
        return False
    return not (_states_an_act(text) or _labels_an_act(text) or _is_dated_act(text))


def _is_dated_act(text: str) -> bool:
    """Whether a full sentence says what is done and on which days: "Tổ chức … (từ ngày 15/11 đến 15/12/2026)."."""
    return bool(_OWN_DAY.search(text)) and not _UNENDED.search(text) and states_step(text)


def _labels_an_act(text: str) -> bool:
    """Whether a label stands before a complete act: "Tuyên truyền: Đẩy mạnh tuyên truyền trên đài."."""
    act = text.partition(":")[2].strip()
    return bool(act) and not _UNENDED.search(text) and states_step(act)


def _is_long_title(node: Node) -> bool:
    """Whether a numbered item without a final sign is one long heading: no inner sentence, no body that acts."""
    text = node.text.strip()
    if node.marker is None or node.marker.style in _BULLETS or len(text.split()) > _LONG_TITLE_WORDS:
        return False
    return not _INNER_SENTENCE.search(text) and not _states_an_act(text)


def _states_an_act(text: str) -> bool:
    """Whether a body acts in it, beyond being named: "UBND xã tổ chức …", not "Sở Nội vụ"."""
    return bool(find_actors(text).leads) and not is_body(text.rstrip(".: "))


class _Assigner:
    """Assigns roles from the top down, so that a child knows the assigning heading that it stands under."""

    def __init__(self) -> None:
        self.assignments: dict[int, tuple[Assignment, ...]] = {}

    def roles(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(self.role(node) for node in nodes)

    def role(self, node: Node) -> Node:
        advance()
        if _is_of_table(node):
            return node.with_children(self.roles(node.children))
        heading = assigning_heading(node.text)
        if heading and not _plans_by_time(node, heading):
            return self._assigning(node, heading)
        if not (heading or _is_section(node) or _introduces_acts(node)) and (said := parse_assignment(node.text)):
            self.assignments[node_key(node)] = said
            return replace(node, role=Role.ASSIGNMENT, children=self._unscored(node.children))
        return self._item(node.with_children(_without_scraps(_reported(node, self.roles(node.children)))))

    def _assigning(self, node: Node, heading: Assignment) -> Node:
        """An item that is only the label of an assignment: its children say who or when, or state acts."""
        self.assignments[node_key(node)] = (heading,) if _says_something(heading) else ()
        if heading.kind is AssignmentKind.UNSCORED:
            return replace(node, role=Role.ASSIGNMENT, children=self._unscored(node.children))
        children = []
        for child in node.children:
            if said := parse_assignment(child.text, under=heading):
                self.assignments[node_key(child)] = said
                children.append(replace(child, role=Role.ASSIGNMENT, children=self._unscored(child.children)))
            else:
                children.append(self.role(child))
        return replace(node, role=Role.ASSIGNMENT, children=tuple(children))

    def _unscored(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(replace(node, role=Role.ASSIGNMENT, children=self._unscored(node.children)) for node in nodes)

    def _item(self, node: Node) -> Node:
        others = [child for child in node.children if child.role is not Role.ASSIGNMENT and not _is_note(child)]
        if not node.children:
            return node if _leads_to_table(node) else replace(node, role=_leaf_role(node))
        if not others:
            noted = not any(child.role is Role.ASSIGNMENT for child in node.children)
            heads = noted and node.marker is not None and node.marker.style in _TITLES and is_title(node)
            return replace(node, role=Role.HEADING) if heads else self._leaf_of_assignments(node)
        if is_described_by(node, others):
            return replace(node, role=Role.ITEM, children=_as_details(node.children))
        if not is_title(node):
            return replace(node, role=Role.ITEM)
        if _details(node, others):
            return replace(node, role=Role.ITEM, children=_as_details(node.children))
        return replace(node, role=Role.HEADING)

    @staticmethod
    def _leaf_of_assignments(node: Node) -> Node:
        """An item all of whose children assign is the row, unless acts stand under its assigning headings."""
        acts = any(below.role is Role.ITEM for child in node.children for below in child.children)
        return replace(node, role=Role.HEADING if acts and is_title(node) else Role.ITEM)


def _introduces_acts(node: Node) -> bool:
    """Whether a body and its partners stand above what they do: "Sở A chủ trì, phối hợp với Sở B:" and acts below."""
    return introduces(node.text) and any(
        not parse_assignment(child.text) and assigning_heading(child.text) is None and states_step(child.text)
        for child in node.children
    )


def _plans_by_time(node: Node, heading: Assignment) -> bool:
    """Whether a section "Thời gian thực hiện" says what is done when, step by step, so that its items are rows."""
    if heading.kind is not AssignmentKind.TIME or not node.children or not node.marker:
        return False
    if node.marker.style not in (*_TITLES, Style.ARABIC):
        return False
    steps = sum(bool(child.children) or states_step(child.text) for child in node.children)
    return 2 * steps >= len(node.children)


def _is_note(node: Node) -> bool:
    """Whether it is a footnote or what stands about a table, which makes no heading of the item above it."""
    if node.marker is not None or node.children:
        return False
    own = fold(node.text).strip()
    return bool(_NOTE.match(own) or (own.startswith("(") and _STATEMENT.search(own)))


def _leads_to_table(node: Node) -> bool:
    """Whether it is an unmarked paragraph that only introduced the table below it."""
    return node.marker is None and node.role is Role.HEADING and introduces(node.text)


def _reported(heading: Node, children: tuple[Node, ...]) -> tuple[Node, ...]:
    """The children of a heading, without rows where it reports what is, or says whom the plan touches."""
    title = fold(heading.text)
    if not heading.children or len(title.split()) > _TITLE_WORDS:
        return children
    if _REPORTS.match(title):
        return tuple(_stated(child) for child in children)
    if _THEME.match(title):
        return tuple(_stated(child) if _ALL_QUOTED.match(child.text) else child for child in children)
    if _SCOPE.match(title) or _QUALIFIES.match(title):
        qualifies = bool(_QUALIFIES.match(title))
        return tuple(
            _stated(child) if _is_scope(child) or (qualifies and _is_idle(child)) else child for child in children
        )
    return children


def _without_scraps(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """The children, without rows in a run of scraps: the cells of a table that the text gives one by one."""
    kept: list[Node] = []
    for scraps, nodes in groupby(children, _is_scrap):
        run = tuple(nodes)
        kept += [_stated(node) for node in run] if scraps and len(run) >= _SCRAPS else run
    return tuple(kept)


def _is_scrap(node: Node) -> bool:
    text = node.text.strip()
    bare = (
        node.marker is None
        and not node.children
        and node.fields is None
        and node.role in (Role.ITEM, Role.HEADING, Role.STATEMENT)
    )
    return bare and len(text.split()) <= _SCRAP_WORDS and bool(_UNENDED.search(text)) and not introduces(text)


def _stated(node: Node) -> Node:
    role = Role.STATEMENT if node.role is Role.ITEM else node.role
    return replace(node, role=role, children=tuple(_stated(child) for child in node.children))


def _is_scope(node: Node) -> bool:
    """Whether it says whom or what the plan touches: "Đối tượng: các chi bộ, đảng viên", and no act."""
    label_, colon, named = node.text.partition(":")
    if colon and _SCOPE.match(fold(label_)):
        return not (_states_an_act(named) or states_step(named))
    if not node.children and is_body(node.text.rstrip(".;, ")):
        return True
    return bool(_SCOPE_OWN.match(fold(node.text))) and not _states_an_act(node.text)


def _is_idle(node: Node) -> bool:
    """Whether neither it nor what stands under it says an act."""
    if _states_an_act(node.text) or states_step(node.text):
        return False
    return all(_is_idle(child) for child in node.children)


def _is_of_table(node: Node) -> bool:
    """Whether it is a line or a group of lines of a table, whose roles the table's reader knows."""
    if node.fields is not None or (node.marker and node.marker.style is Style.TABLE_ROW):
        return True
    return node.marker is None and any(child.fields is not None for child in node.children)


def _says_something(said: Assignment) -> bool:
    return bool(said.leads or said.coordinating or said.text or said.by_reference)


def _is_section(node: Node) -> bool:
    return bool(node.marker and node.marker.style in _TITLES and node.children)


def _leaf_role(node: Node) -> Role:
    bullet = node.marker is not None and node.marker.style in _BULLETS
    if _is_note(node):
        return Role.STATEMENT
    if not bullet and _CLOSING.match(fold(node.text)):
        return Role.CLOSING
    own = fold(node.text)
    if _STATEMENT.search(own) or _HEADCOUNT.match(own) or (_SCOPE.match(own) and _is_scope(node)):
        return Role.STATEMENT
    if node.marker is None and (_FIGURE.match(node.text.strip()) or _DECIDES.search(own)):
        return Role.STATEMENT
    if _THEME.match(own) and _ALL_QUOTED.match(node.text.strip()):
        return Role.STATEMENT
    if introduces(node.text) and len(node.text.split()) <= _LABEL_WORDS and not _states_an_act(node.text):
        return Role.HEADING
    if node.marker and node.marker.style in _TITLES and is_title(node) and ":" not in node.text.rstrip(": "):
        return Role.HEADING
    return Role.ITEM


def _details(node: Node, others: list[Node]) -> bool:
    """Whether the children are mere details: slogans, names, those to whom the act is done."""
    if not introduces(node.text) or any(child.children for child in others):
        return False
    if _EXAMPLES.search(fold(node.text)):
        return True
    names = sum(_is_name(child.text) for child in others)
    if names and _DONE_TO.search(fold(node.text)):
        return True
    tests: tuple[Callable[[str], bool], ...] = (_is_quoted, _is_name)
    first = others[0].text
    return any(test(first) and sum(map(test, (child.text for child in others))) * 3 >= len(others) for test in tests)


def _is_quoted(text: str) -> bool:
    return bool(_QUOTED.match(text) or _SLOGAN.match(fold(text)))


def _is_name(text: str) -> bool:
    return is_body(_WHERE.split(_BRACKET.sub("", text), maxsplit=1)[0].rstrip(".;, "))


def _as_details(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(
        node if node.role is Role.ASSIGNMENT else replace(node, role=Role.DETAIL, children=_as_details(node.children))
        for node in nodes
    )


def assign_roles(nodes: tuple[Node, ...]) -> Reading:
    """The nodes with roles and final labels, and what the assigning ones say."""
    assigner = _Assigner()
    return Reading(label(assigner.roles(nodes)), assigner.assignments)
