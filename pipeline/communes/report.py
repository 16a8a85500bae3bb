"""Which communes of a province have sent a plan for the year, only a draft, an old one, or none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from normalizers.places import Place, Succession
from pipeline.communes.placing import Placed, place_document
from pipeline.exports.columns import document_name
from pipeline.store.queries import find_documents
from pipeline.store.store import Store
from schemas.errors import CommunesError

NO_PROVINCE = "Không có tỉnh, thành phố “{name}” trong danh mục đơn vị hành chính."


class Sent(StrEnum):
    """What a commune has sent, the best of its documents; the order is that of the report."""

    NONE = "none"
    OLD = "old"
    DRAFT = "draft"
    UNDATED = "undated"
    PLAN = "plan"


WORDS = {
    Sent.NONE: "chưa gửi kế hoạch",
    Sent.OLD: "chỉ có kế hoạch cũ",
    Sent.DRAFT: "mới có dự thảo",
    Sent.UNDATED: "có văn bản, chưa rõ năm",
    Sent.PLAN: "đã gửi kế hoạch",
}
_BEST = (Sent.PLAN, Sent.UNDATED, Sent.DRAFT, Sent.OLD, Sent.NONE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document of a commune: how it is cited, by what it was placed, its years, and what it counts as."""

    document_id: str
    name: str
    sent: Sent
    years: tuple[int, ...]
    basis: str
    former: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CommuneLine:
    """A commune of today and what it has sent; `sheets` are its documents, the best first."""

    code: str
    name: str
    sent: Sent
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The communes of a province for a year; `astray` are documents that no commune of the province can be told for.

    Each of `astray` is (how the document is cited, why, its files).
    """

    province: str
    year: int
    lines: tuple[CommuneLine, ...]
    astray: tuple[tuple[str, str, tuple[str, ...]], ...] = field(default=())

    def counts(self) -> dict[Sent, int]:
        """How many communes have sent what, each kind named."""
        counted = Counter(line.sent for line in self.lines)
        return {sent: counted[sent] for sent in Sent}

    def missing(self) -> tuple[CommuneLine, ...]:
        """The communes without a plan of the year, in the order of the kinds."""
        order = list(Sent)
        wanting = (line for line in self.lines if line.sent is not Sent.PLAN)
        return tuple(sorted(wanting, key=lambda line: order.index(line.sent)))

    def to_record(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "province": self.province,
            "year": self.year,
            "counts": {str(sent): count for sent, count in self.counts().items()},
            "communes": [asdict(line) for line in self.lines],
            "astray": [{"document": name, "reason": why, "files": list(files)} for name, why, files in self.astray],
        }


def report_from(record: Mapping[str, Any]) -> Report:
    """The report of a record that `Report.to_record` gave, also by way of JSON; KeyError where it is none."""
    lines = tuple(
        CommuneLine(
            one["code"],
            one["name"],
            Sent(one["sent"]),
            tuple(
                Sheet(**{**sheet, "sent": Sent(sheet["sent"]), "years": tuple(sheet["years"])})
                for sheet in one["sheets"]
            ),
        )
        for one in record["communes"]
    )
    astray = tuple((one["document"], one["reason"], tuple(one["files"])) for one in record["astray"])
    return Report(record["province"], record["year"], lines, astray)


def commune_report(store: Store, province: str, year: int) -> Report:
    """The report of a province; raises `CommunesError` where there is no such province."""
    return report_of(find_documents(store), province, year)


def report_of(documents: Iterable[Mapping[str, Any]], province: str, year: int) -> Report:
    """The report out of documents as the store gives them (with "communes" and "paths")."""
    full = sorted(Succession.load().today(province))
    if len(full) != 1:
        raise CommunesError(NO_PROVINCE.format(name=province))
    sheets: dict[str, list[Sheet]] = defaultdict(list)
    astray: list[tuple[str, str, tuple[str, ...]]] = []
    for document in documents:
        if document.get("superseded_by"):
            continue
        placed = place_document(document, document.get("communes") or (), full[0])
        if placed.commune and placed.commune.province == full[0]:
            sheets[placed.commune.code].append(_sheet(document, placed, year))
        elif not placed.above and is_plan(document):
            astray.append((_cited(document), placed.reason or _elsewhere(placed), tuple(document.get("paths") or ())))
    lines = tuple(_line(place, sheets.get(place.code, [])) for place in Succession.load().communes(full[0]))
    return Report(full[0], year, lines, tuple(astray))


def _line(place: Place, sheets: Sequence[Sheet]) -> CommuneLine:
    best = tuple(sorted(sheets, key=lambda sheet: (_BEST.index(sheet.sent), sheet.name)))
    return CommuneLine(place.code, place.full_name, best[0].sent if best else Sent.NONE, best)


def _sheet(document: Mapping[str, Any], placed: Placed, year: int) -> Sheet:
    return Sheet(
        str(document["document_id"]),
        _cited(document),
        sent_of(document, year) if is_plan(document) else Sent.NONE,
        tuple(document.get("plan_years") or ()),
        str(placed.basis),
        placed.former.full_name if placed.former else None,
        placed.reason,
    )


def is_plan(document: Mapping[str, Any]) -> bool:
    """Whether a document gives tasks at all: a letter without any is no plan."""
    return bool(document.get("n_rows"))


def sent_of(document: Mapping[str, Any], year: int) -> Sent:
    """What a document counts as: a plan that holds in `year`, a draft, one of before, or of no year that is told.

    >>> sent_of({"plan_years": [2025, 2026], "doc_number": "1/KH-UBND"}, 2026)
    <Sent.PLAN: 'plan'>
    >>> sent_of({"plan_years": [2026], "doc_number": None, "issued_date": None}, 2026)
    <Sent.DRAFT: 'draft'>
    """
    years = list(document.get("plan_years") or ()) or [int(day[:4]) for day in [document.get("issued_date")] if day]
    if years and max(years) < year:
        return Sent.OLD
    if document.get("is_draft") or _blank(document):
        return Sent.DRAFT
    return Sent.PLAN if years else Sent.UNDATED


def _blank(document: Mapping[str, Any]) -> bool:
    """A letterhead whose number and day nobody has filled in; a text without any letterhead says nothing of it."""
    return not (document.get("lacks_header") or document.get("doc_number") or document.get("issued_date"))


def _cited(document: Mapping[str, Any]) -> str:
    title = document.get("title")
    return document_name(document) + (f": {title}" if title else "")


def _elsewhere(placed: Placed) -> str:
    assert placed.commune is not None
    return f"Văn bản của {placed.commune.full_name}, {placed.commune.province}."
