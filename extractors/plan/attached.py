"""An annex as a file of its own: the clause that says which document it comes with, and its own title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.plan.bases import bases_of
from extractors.plan.citations import KIND
from extractors.plan.sheet import Sheet, join_lines
from normalizers.fold import fold
from schemas.plan import LegalBasis

# "(Kèm theo Kế hoạch số 12/KH-UBND ngày …)", "(Ban hành kèm theo Quyết định số …)", "Đính kèm Công văn …"
_CLAUSE = re.compile(
    rf"\W*(?:(?:duoc )?ban hanh )?(?:kem(?: theo)?|dinh kem(?: theo)?|theo)\s+(?P<cited>(?:{KIND})\b.*)", re.S
)
_BLANK_NUMBER = re.compile(r"(so\s*:?)[\s.…_]*/", re.I)
_SAID_BY, _ABOUT = re.compile(r"\bcua\s+(?P<body>\S.*)"), re.compile(r"\s(?:ve viec|ve|v/v)\s")
_SEARCHED = 25
_LONGEST = 6
_TITLE_HEAD = re.compile(r"\W*phu\s+luc(?:\s+so)?(?:\s*:?\s*(?:\d{1,2}|[ivx]{1,5}))?\W*\Z")


@dataclass(frozen=True, slots=True)
class Attachment:
    """The lines `start` to `end` - 1 of a sheet that say with which document an annex comes, and that document."""

    start: int
    end: int
    document: LegalBasis


def find_attachment(sheet: Sheet) -> Attachment | None:
    """The clause near the top of the lines; None where they name no document that they come with."""
    for at in range(min(_SEARCHED, len(sheet))):
        if _CLAUSE.match(sheet[at].fold):
            end = _clause_end(sheet, at)
            cited = cited_document(join_lines([seen.text for seen in sheet[at:end]]))
            return Attachment(at, end, cited) if cited else None
    return None


def cited_document(clause: str) -> LegalBasis | None:
    """The document that a clause "kèm theo …" names; its number and day are None where they are blank.

    >>> found = cited_document("(Kèm theo Kế hoạch số 12/KH-UBND ngày 15/01/2026 của Ủy ban nhân dân xã Hồng Châu)")
    >>> found.doc_type, found.number, found.date, found.issuer
    ('Kế hoạch', '12/KH-UBND', '2026-01-15', 'Ủy ban nhân dân xã Hồng Châu')
    >>> cited_document("(Kèm theo Kế hoạch số      /KH-UBND ngày   /01/2026 của UBND xã Hồng Châu)").number is None
    True
    """
    found = _CLAUSE.match(fold(clause))
    if found is None:
        return None
    said = clause[found.start("cited") :].strip().rstrip(")*. ")
    cited = bases_of(f"Căn cứ {said[:1].upper()}{said[1:]}")
    if cited:
        return cited[0]
    kind = re.match(KIND, found["cited"])
    by, about = _SAID_BY.search(fold(said)), _ABOUT.search(fold(said))
    issuer = said[by.start("body") : about.start() if about else None].strip() if by else None
    subject = said[about.end() :].strip() if about else None
    return LegalBasis(said[: kind.end()].capitalize() if kind else "", None, None, issuer, subject)


def annex_title(sheet: Sheet) -> str | None:
    """The title in the lines of an annex's head, without "PHỤ LỤC" and the clause; None where it has none."""
    lines: list[str] = []
    for seen in sheet:
        if _CLAUSE.match(seen.fold):
            break
        if not _TITLE_HEAD.match(seen.fold):
            lines.append(seen.text)
    return join_lines(lines) or None


def _clause_end(sheet: Sheet, at: int) -> int:
    """The index behind the clause: at its closing bracket, else at the end of its line."""
    if not sheet[at].text.lstrip("* ").startswith("("):
        return at + 1
    for end in range(at, min(at + _LONGEST, len(sheet))):
        if ")" in sheet[end].text:
            return end + 1
    return at + 1


def attachment_in_text(text: str) -> LegalBasis | None:
    """The document that the first lines of a stored text say they come with, as `find_attachment` finds it.

    >>> attachment_in_text("PHỤ LỤC\\n(Kèm theo Kế hoạch số 12/KH-UBND\\nngày 15/01/2026)").number
    '12/KH-UBND'
    """
    lines = text.split("\n", _SEARCHED + _LONGEST)[: _SEARCHED + _LONGEST]
    for at, line in enumerate(lines[:_SEARCHED]):
        if _CLAUSE.match(fold(line)):
            closed = next((end for end in range(at, len(lines)) if ")" in lines[end]), at)
            return cited_document(join_lines(lines[at : closed + 1 if line.lstrip("* ").startswith("(") else at + 1]))
    return None
