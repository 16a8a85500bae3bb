"""What is found in the words of an item: bodies and their part, deadlines, targets, assignments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Qualifier(StrEnum):
    """How a deadline binds."""

    BEFORE = "before"
    """trước ngày …"""
    BY = "by"
    """chậm nhất ngày …, đến hết …"""
    ON = "on"
    """ngày …"""
    FROM = "from"
    """từ ngày …, năm 2027 trở đi"""
    WITHIN = "within"
    """trong tháng 3, năm 2026, Quý II"""
    EVERY = "every"
    """hằng năm, định kỳ"""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day (ISO) and RRULE texts (RFC 5545, without the prefix, joined by a space)."""

    start: str | None = None
    due: str | None = None
    recurrence: str | None = None

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.start or self.due or self.recurrence)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`text[start:end]` says when the work is done; `doubt` says why the period is empty or unsure, if it is."""

    text: str
    start: int
    end: int
    period: Period
    qualifier: Qualifier | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A quantified target: "từ 90% trở lên" is value 90, unit "%", comparator ">="."""

    text: str
    value: float | None
    unit: str
    comparator: str
    """One of ">=", ">", "=", "<=", "<"."""


@dataclass(frozen=True, slots=True)
class Actors:
    """The bodies of a clause by their part; names as written, without markers or the issuer's expansion."""

    leads: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    request: bool = False
    """Whether the work is asked of the leads ("Đề nghị …", "Mời …")."""
    doubts: tuple[str, ...] = ()
    staff_only: bool = False
    """Whether the leads are staff in general ("cán bộ, công chức"), who never displace an assigned body."""
    abstract: str | None = None
    """The administration named as acting ("phường", "địa phương"): the issuer acts, no body is named."""


class AssignmentKind(StrEnum):
    """What an assigning item fills in."""

    ACTORS = "actors"
    """leads and coordinating bodies"""
    TIME = "time"
    DELIVERABLE = "deliverable"
    MONITORING = "monitoring"
    UNSCORED = "unscored"
    """Thành phần, Địa điểm, Nhận báo cáo: no row, fills no scored field."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What an assigning item says. `expressly_leads`: the body is called *chủ trì*.

    `markers` are the labels of the items it names ("(1)", "a", "2.1"), empty where it speaks of the whole block;
    `places` are items elsewhere, as path fragments ("A/III/2.1"). `by_reference`: it only refers to another
    document ("Theo phân công tại Quyết định số …"), so that the lists stay empty and the rows ask for review.
    """

    kind: AssignmentKind
    leads: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    expressly_leads: bool = False
    markers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    by_reference: bool = False
    text: str = ""
    """The words behind the label: the time, the deliverable, the monitoring bodies."""
