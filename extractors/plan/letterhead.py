"""The letterhead: number, place and date, and the body that issued the document, in whatever order they were read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from extractors.plan.sheet import Seen
from normalizers.fold import fold

# "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", also broken over lines and with slips of OCR in single letters
_STATE = r"c[o0]ng\s+h\w{1,2}a\s+xa\s+h[o0]i\s+ch\w\s+ngh[il1]a\s+vi[e\w]t\s+nam"
_PARTY = r"dang\s+c[o0]ng\s+san\s+vi[e\w]t\s+nam"
_MOTTO = r"d[o0]c\s+l[a\w]p\s*-\s*t[uw]\s+d[o0]\s*-\s*hanh\s+phuc"
# The Youth Union sets its own name where the State's stands; with a place below it, it is the issuer's name.
_UNION = (
    r"^[ \t]*doan (?:tncs|thanh nien cong san) ho chi minh[ \t]*$"
    r"(?!\n\s*(?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|dac khu|truong)\b)"
)
_NATIONAL = re.compile(rf"{_STATE}|{_PARTY}|{_MOTTO}|{_UNION}", re.MULTILINE)
_DRAFT = re.compile(r"\(?\bdu\s+thao\b(?:\s+lan\s+\d+)?[^\n]{0,12}")
# "Số: 49 /KH-UBND", "Số 12-KH/ĐU", "Số:   /KH-UBND" (blank), "Số: 12 /KH- PGD&ĐT"
_SYMBOL = r"[^\W\d_][\w&.]*(?: ?[-/]\s?[^\W\d_][\w&.]*)*"
NUMBER = re.compile(
    rf"\bs[o0]\s*[:.]?[\s.…]*(?P<digits>\d[\d.]*[a-z]?)?[\s.…]*(?P<symbol>[-/]\s?(?:\d{{4}}\s?[-/]\s?)?{_SYMBOL})"
)
_UNREAD_NUMBER = re.compile(rf"\bs[o0]\s*[:.]\s*[^\s/]{{1,6}}\s*[-/]\s?{_SYMBOL}")
# What stands in a blank that was not filled in: spaces, dots, or a stroke that OCR reads there.
_BLANK = r"[\s.…_]*(?:[-–]\s)?\s*"
# "Hải Phòng, ngày 28 tháng 02 năm 2025", "ngày   tháng   năm 2026"
_DATE = re.compile(
    rf"ng[a\w]y{_BLANK}(?P<day>\d{{1,2}})?{_BLANK}th[a\w]ng{_BLANK}(?P<month>\d{{1,2}})?{_BLANK}n[a\w]m"
    rf"{_BLANK}(?P<year>(?:19|20)\d{{2}})?"
)
# "Thái Nguyên, ngày 2/3/2026"
_SHORT_DATE = re.compile(
    r"ngay\s+(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})\s?[/.-]\s?(?P<year>(?:19|"
    r"20)\d{2})(?!\d)"
)
_UNREAD_DATE = re.compile(r"ngay\b[^\n]{0,30}?\bthang\b[^\n]{0,12}?\bnam\b\s*\d{0,4}")
_BEFORE_DATE = re.compile(r"(?P<place>(?:[^\W\d_][^\W\d_.'’]*\.?\s*-?\s*){1,7}),\s*\Z")
_ABOUT = re.compile(r"(?:v/v|ve viec)\b.*", re.DOTALL)
_STAMP = re.compile(
    r"(?:cong van den|den so|so den|ngay den|hoa toc|thuong khan|\bkhan\b|mat\b|sao y|ky boi|nguoi ky|thoi gian ky)"
)
_RULE = re.compile(r"[\s\-–—_*=.|]+")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the letterhead states; None where it does not, or where the place for it is blank.

    `bodies` are the issuing body's lines in capitals, top down; `found` tells whether there is a letterhead at all.
    """

    number: str | None = None
    issued: str | None = None
    place: str | None = None
    bodies: tuple[str, ...] = ()
    year: int | None = None
    is_draft: bool = False
    found: bool = False
    doubts: tuple[str, ...] = field(default=())


def is_letterhead(seen: Seen) -> bool:
    """Whether the line can only belong to a letterhead: motto, number or date line.

    The line of a Decision's attachment in brackets is none.
    """
    if seen.text.startswith("("):
        return False
    dated = _DATE.search(seen.fold) or _SHORT_DATE.search(seen.fold)
    alone = dated and dated.end() >= len(seen.fold) - 2 and len(seen.text) < 70 and "," in seen.text
    return bool(_NATIONAL.search(seen.fold) or (re.match(r"so\s*:", seen.fold) and NUMBER.match(seen.fold)) or alone)


def read_letterhead(lines: Iterable[Seen]) -> Letterhead:
    """The letterhead out of its lines, in the order in which the file has them."""
    text = "\n".join(seen.text for seen in lines)
    folded = fold(text)
    number, doubts = _number(text, folded)
    dated = _DATE.search(folded) or _SHORT_DATE.search(folded)
    issued, date_doubts = _issued(folded, dated)
    found = bool(_NATIONAL.search(folded) or NUMBER.search(folded) or dated)
    place = _place(text, folded, dated.start()) if dated else None
    bodies = _bodies(text, folded, dated.start() if dated else None, place)
    return Letterhead(
        number=number,
        issued=issued,
        place=place,
        bodies=bodies,
        year=int(dated["year"]) if dated and dated["year"] else None,
        is_draft=bool(_DRAFT.search(folded)),
        found=found or bool(bodies),
        doubts=(*doubts, *date_doubts),
    )


def clean_number(number: str) -> str:
    """The document number without spaces and full stops at its end.

    >>> clean_number("12 /KH- PGD&ĐT.")
    '12/KH-PGD&ĐT'
    """
    return re.sub(r"\s+", "", number).rstrip(".,;:-/")


def iso_date(day: str | None, month: str | None, year: str | None) -> str | None:
    """The ISO date, or None where a part is missing or there is no such day."""
    try:
        return date(int(year or ""), int(month or ""), int(day or "")).isoformat()
    except ValueError:
        return None


def _number(text: str, folded: str) -> tuple[str | None, list[str]]:
    found = NUMBER.search(folded)
    if found and found["digits"]:
        return clean_number(text[found.start("digits") : found.end("symbol")]), []
    if not found and _UNREAD_NUMBER.search(folded):
        return None, ["số văn bản đọc không rõ"]
    return None, []


def _issued(folded: str, dated: re.Match[str] | None) -> tuple[str | None, list[str]]:
    if dated is None:
        unread = _UNREAD_DATE.search(folded)
        return None, ["ngày ban hành đọc không rõ"] if unread else []
    issued = iso_date(dated["day"], dated["month"], dated["year"])
    whole = dated["day"] and dated["month"] and dated["year"]
    if whole and issued is None:
        return None, ["ngày ban hành không có trong lịch"]
    return issued, []


def _place(text: str, folded: str, at: int) -> str | None:
    """The place in front of ", ngày …"; what stands before it in the same line is no part of it."""
    head = text[:at]
    for other in (*_NATIONAL.finditer(folded, 0, at), *NUMBER.finditer(folded, 0, at)):
        head = " " * other.end() + head[other.end() :] if other.end() > len(head) - len(head.lstrip()) else head
    line = " ".join(head.rsplit("\n", 2)[-2:] if _wraps(head) else head.rsplit("\n", 1)[-1:])
    found = _BEFORE_DATE.search(line)
    if not found:
        return None
    words: list[str] = []
    for word in reversed(found["place"].split()):
        named = word[:1].isupper() and not (word.isupper() and len(word) > 3)
        if not (named or word in ("-", "–", "phố", "xã", "trấn", "khu")):
            break
        words.insert(0, word)
    while words and words[0][:1].islower():
        words.pop(0)
    return " ".join(words) or None


def _wraps(head: str) -> bool:
    """Whether the place began in the line above ("Thành phố Hồ" / "Chí Minh, ngày …")."""
    lines = head.rsplit("\n", 2)
    above = lines[-2].strip() if len(lines) > 1 else ""
    return bool(above) and not above.isupper() and not re.search(r"[\d/:_*]|-\w", above) and above[:1].isupper()


def _bodies(text: str, folded: str, dated: int | None, place: str | None) -> tuple[str, ...]:
    """The lines of the issuing body: capitals that are neither motto, number, date, draft mark nor stamp."""
    blanked = list(text)
    if place and dated is not None and (at := folded.rfind(fold(place.split()[0]), 0, dated)) >= 0:
        blanked[at:dated] = [letter if letter == "\n" else " " for letter in blanked[at:dated]]
    for pattern in (_NATIONAL, NUMBER, _UNREAD_NUMBER, _DATE, _SHORT_DATE, _UNREAD_DATE, _DRAFT, _ABOUT):
        for found in pattern.finditer(folded):
            for at in range(found.start(), found.end()):
                if blanked[at] != "\n":
                    blanked[at] = " "
    lines = "".join(blanked).split("\n")
    kept: list[str] = []
    for line in lines:
        words = " ".join(re.split(r"\s+", _RULE.sub(" ", line) if not _has_words(line) else line)).strip(" *_-|.")
        letters = [letter for letter in words if letter.isalpha()]
        if (
            len(letters) > 1
            and sum(map(str.isupper, letters)) >= 0.85 * len(letters)
            and not _STAMP.search(fold(words))
        ):
            kept.append(words)
    return tuple(kept)


def _has_words(line: str) -> bool:
    return any(letter.isalpha() for letter in line)
