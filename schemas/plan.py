"""What parsing hands over: the document's frame (metadata, parts) and the tree of its numbered items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from schemas.source import Line


class Level(StrEnum):
    """The level of government of an issuer, as the scorer and the gold files write it."""

    XA = "xã"
    PHUONG = "phường"
    DAC_KHU = "đặc khu"
    THI_TRAN = "thị trấn"
    HUYEN = "huyện"
    QUAN = "quận"
    THI_XA = "thị xã"
    THANH_PHO = "thành phố"
    TINH = "tỉnh"
    TRUNG_UONG = "trung ương"
    SO = "sở"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A document that the plan is founded on; fields it does not state are None. `date` is ISO."""

    doc_type: str
    number: str | None = None
    date: str | None = None
    issuer: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class PlanHeader:
    """The document's metadata; what it does not state is None, an empty string never stands for it.

    `issuer` is spelled out ("Ủy ban nhân dân phường Lê Chân"). `number` is None where it is blank ("Số: /KH-UBND").
    `doubts` name fields that were found in an unusual way or contradict each other.
    """

    issuer: str | None = None
    issuer_level: str | None = None
    doc_type: str | None = None
    number: str | None = None
    issued_date: str | None = None
    place: str | None = None
    title: str | None = None
    plan_years: tuple[int, ...] = ()
    signer: str | None = None
    signer_title: str | None = None
    recipients: tuple[str, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    is_draft: bool = False
    lacks_header: bool = False
    doubts: tuple[str, ...] = ()
    attached_to: LegalBasis | None = None
    """The document that an annex in a file of its own says it comes with."""


class PartKind(StrEnum):
    """What a stretch of the document is."""

    LETTERHEAD = "letterhead"
    TITLE = "title"
    BASES = "bases"
    DECISION = "decision"
    """Điều 1, Điều 2 … of a Decision that carries the plan."""
    BODY = "body"
    CLOSING = "closing"
    RECIPIENTS = "recipients"
    SIGNATURE = "signature"
    ANNEX_HEAD = "annex_head"
    ANNEX = "annex"


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks `first` to `last` - 1 of the document are of `kind`; `annex` is the annex's path part ("PL", "PL1")."""

    kind: PartKind
    first: int
    last: int
    annex: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The header and the parts, in order, which cover every block once."""

    header: PlanHeader
    parts: tuple[Part, ...]


class Style(StrEnum):
    """The look of an enumerator."""

    PART = "part"
    """Phần I, Phần thứ nhất, PHẦN A."""
    LETTER = "letter"
    """A., B. above Roman sections."""
    ROMAN = "roman"
    CHAPTER = "chapter"
    ARABIC = "arabic"
    """1. 2. 3."""
    DECIMAL = "decimal"
    """1.1. 1.1 1.1.2."""
    ALPHA = "alpha"
    """a) a. đ)"""
    PAREN = "paren"
    """(1) (a) (i)"""
    BRACKET = "bracket"
    """1) 2)"""
    DASH = "dash"
    PLUS = "plus"
    PARAGRAPH = "paragraph"
    TABLE_ROW = "table_row"
    HEADING = "unnumbered_heading"


@dataclass(frozen=True, slots=True)
class Marker:
    """An enumerator at the start of a line: its look, its part of a path, and as it was written."""

    style: Style
    label: str
    written: str


@dataclass(frozen=True, slots=True)
class Slice:
    """`line.text[start:end]`: the way from a node's text back to the file."""

    line: Line
    start: int
    end: int


class Role(StrEnum):
    """What a node is for the table."""

    HEADING = "heading"
    """Only introduces its children."""
    ITEM = "item"
    """Becomes a row."""
    ASSIGNMENT = "assignment"
    """Fills fields of other rows."""
    DETAIL = "detail"
    """Runs on in the text of the row above it."""
    STATEMENT = "statement"
    """Reports a present state, points to an annex, explains: no row."""
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class TableFields:
    """The cells of a task line in a table, by the meaning of their columns; "" where there is no such cell.

    `time_head` is the head of the time column (its year completes the cells).
    """

    lead: str = ""
    coordinating: str = ""
    time: str = ""
    time_head: str = ""
    deliverable: str = ""
    monitoring: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """An item of the plan; `label` is its part of the path, `text` its own words without the marker, joined.

    A node has no pointer to its parent: `walk` yields the ancestors.
    """

    marker: Marker | None
    label: str
    text: str
    slices: tuple[Slice, ...] = ()
    children: tuple[Node, ...] = ()
    role: Role = Role.ITEM
    fields: TableFields | None = None

    def with_children(self, children: tuple[Node, ...]) -> Node:
        """The same node with other children."""
        return replace(self, children=children)


@dataclass(frozen=True, slots=True)
class PlanTree:
    """The metadata, the items, and every line that is neither (`placed` by the name of what it is)."""

    header: PlanHeader
    nodes: tuple[Node, ...]
    placed: tuple[tuple[str, Line], ...] = ()
    unplaced: tuple[Line, ...] = ()
    doubts: tuple[str, ...] = ()


def walk(nodes: tuple[Node, ...], above: tuple[Node, ...] = ()) -> Iterator[tuple[tuple[Node, ...], Node]]:
    """Yield (ancestors, node) for each node in document order, ancestors from the top down."""
    for node in nodes:
        yield above, node
        yield from walk(node.children, (*above, node))


def path_of(ancestors: tuple[Node, ...], node: Node) -> str:
    """The path of a node by the contract: labels joined by "/", levels without a label left out.

    >>> path_of((Node(None, "II", ""), Node(None, "", "")), Node(None, "-1", ""))
    'II/-1'
    """
    return "/".join(part.label for part in (*ancestors, node) if part.label)
