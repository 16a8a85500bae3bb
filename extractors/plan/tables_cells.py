"""A cell's printed lines into paragraphs and text: a cell is narrow, so most of its line ends mean nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from normalizers.fold import fold
from schemas.source import Cell, Line

_Begins = Callable[[str, str], bool]
_BULLET = re.compile(r"^\s*(?:[-–—•+*]\s*(?=\w)|\(?(?:\d{1,2}|[a-zđ])[).]\s+)")
_BODY_START = re.compile(
    r"^(?:so|cac so|ban|phong|cac phong|ubnd|uy ban|hdnd|hoi|cong an|trung tam|van phong|cac|bo|cuc|chi cuc|doan"
    r"|truong|tram|dang uy|bao|dai|vien|mttq|ubmttq|mat tran|lien doan|cong chuc|thuong truc|lanh dao|chu tich"
    r"|pho chu tich|bo phan|to|toa an|kho bac|thue|ngan hang|benh vien|don vi|co quan|doanh nghiep|cong ty|vu)\b"
)  # "Sở Tài chính" below "Các sở, ngành" begins another body, "Thành phố" below "Công an" does not
_OPEN_BODY = re.compile(
    r"(?:^|\s)(?:lanh dao|van phong|thuong truc|chu tich|truong|giam doc|dai dien|va|voi|cua|thuoc|cung|cac"
    r"|truong ban|thu truong|bo phan|thanh vien|nguoi dung dau)$|[,(&/–-]$"
    r"|^(?:so|phong|ban|bo|cuc|hoi|doan|to|don vi|co quan|uy ban|trung tam|ban chi huy|chi cuc|chi doan|chi hoi)$"
)  # a line that ends so goes on in the next
_TIME_START = re.compile(r"^(?:quy|thang|nam|truoc|tu|hang|dinh ky|thuong xuyen|ngay|cham nhat|trong)\b")
_SENTENCE_END = re.compile(r"[.;!?]\s*$")
_NOTHING = re.compile(r"^[\s\-–—_.…/*x]*$")
_SPACES = re.compile(r"\s+")


def body_paragraphs(cell: Cell) -> list[str]:
    """The paragraphs of a cell of bodies.

    >>> body_paragraphs(Cell(0, 0, (Line("Lãnh đạo"), Line("Sở Y tế"), Line("Công an"), Line("Thành phố"))))
    ['Lãnh đạo Sở Y tế', 'Công an Thành phố']
    """
    return _joined(cell, lambda above, below: bool(_BODY_START.match(below)) and not _OPEN_BODY.search(above))


def time_paragraphs(cell: Cell) -> list[str]:
    """The paragraphs of a cell of times."""
    return _joined(cell, lambda above, below: bool(_TIME_START.match(below)) and above[-1:].isdigit())


def prose_paragraphs(cell: Cell) -> list[list[Line]]:
    """The lines of a cell of running text, paragraph by paragraph; lines without words go with their neighbours."""
    groups: list[list[Line]] = []
    for line in cell.lines:
        if groups and not _begins_prose(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def clean(text: str) -> str:
    """The text with single spaces; "" where it only holds dashes or dots.

    >>> clean(" - "), clean("Quý  I")
    ('', 'Quý I')
    """
    text = _SPACES.sub(" ", text).strip()
    return "" if _NOTHING.match(text.casefold()) and text.casefold() != "x" else text


def _joined(cell: Cell, begins: _Begins) -> list[str]:
    said: list[str] = []
    for line in cell.lines:
        text = clean(line.text)
        if not text:
            continue
        if said and not _begins(said[-1], text, begins):
            said[-1] = f"{said[-1]} {text}"
        else:
            said.append(text)
    return said


def _begins(above: str, below: str, begins: _Begins) -> bool:
    if _BULLET.match(below) or _SENTENCE_END.search(above):
        return True
    return not below[:1].islower() and begins(fold(above), fold(below))


def _begins_prose(above: Line, below: Line) -> bool:
    if above.paragraph is not None and above.paragraph == below.paragraph:
        return False
    text, before = below.text.strip(), above.text.strip()
    if not text or not before:
        return False
    if _BULLET.match(text):
        return True
    marked = _SENTENCE_END.search(before) or above.paragraph is not None or below.blank_before
    return bool(marked) and not text[:1].islower() and not before.endswith((":", ","))
