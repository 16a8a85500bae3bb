"""The document's kind and title: "KẾ HOẠCH" and the lines below it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.plan.sheet import Seen, Sheet, join_lines, marker, paragraph_end
from normalizers.fold import fold

DOC_TYPES = {
    "ke hoach": "Kế hoạch",
    "ke hoach hanh dong": "Kế hoạch hành động",
    "ke hoach cong tac": "Kế hoạch công tác",
    "ke hoach phoi hop": "Kế hoạch phối hợp",
    "ke hoach lien tich": "Kế hoạch liên tịch",
    "phuong an": "Phương án",
    "chuong trinh": "Chương trình",
    "chuong trinh hanh dong": "Chương trình hành động",
    "chuong trinh cong tac": "Chương trình công tác",
    "chuong trinh phoi hop": "Chương trình phối hợp",
    "de an": "Đề án",
    "du an": "Dự án",
    "quyet dinh": "Quyết định",
    "huong dan": "Hướng dẫn",
    "thong bao": "Thông báo",
    "chi thi": "Chỉ thị",
    "nghi quyet": "Nghị quyết",
    "cong dien": "Công điện",
    "quy che": "Quy chế",
}
"""Kinds of document by the fold of their heading: the one place to add a kind."""

PLAN_TYPES = frozenset(kind for kind in DOC_TYPES.values() if kind.startswith(("Kế", "Phương", "Chương", "Đề", "Dự")))

_BY_LENGTH = sorted(DOC_TYPES, key=len, reverse=True)
_TYPE_ONLY = {kind.replace(" ", ""): name for kind, name in DOC_TYPES.items()}
# "KẾ HOẠCH TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH NĂM 2026": the kind and the title in one line
_TYPE_FIRST = re.compile(rf"({'|'.join(_BY_LENGTH)})\s+(?=\S)")
# "(Ban hành kèm theo Quyết định số 5/QĐ-UBND ngày …)"
ATTACHED = re.compile(r"\(?\s*(?:(?:duoc )?ban hanh )?(?:kem|dinh kem)(?: theo)? |\(?\s*ban hanh theo ")
_ABOUT = re.compile(r"(?:v/v|ve viec)[\s:]+")
# how a preamble begins: "Căn cứ Luật …", "Thực hiện Quyết định số …", "Nhằm triển khai …"
_BASE = re.compile(
    r"[-+*•\s]*(?:can cu\b|cin ctr|xet (?:de nghi|to trinh)|theo (?:de nghi|chi dao|tinh than|cong van|ke hoach|"
    r"huong dan)"
    r"|kinh gui|nham\b|tren co so|sau khi\b|de (?:kip thoi|tiep tuc|trien khai|thuc hien|chu dong|bao dam|dam bao)"
    r"|thi hanh\b)"
)
_BASE_CITING = re.compile(
    r"[-+*•\s]*(?:tiep tuc )?(?:(?:to chuc )?(?:thuc hien|trien khai|quan triet))(?: \S+){0,4}?"
    r" (?:luat|nghi quyet|nghi dinh|quyet dinh|ke hoach(?: hanh dong)?|chi thi|cong van|thong tri|thong bao|"
    r"huong dan|chuong trinh"
    r"(?: hanh dong)?|ket luan|van ban|thong tu|de an) (?:so\b|s\S{1,2} \d|\d)"
)
_ISSUES = re.compile(
    r"(?:uy ban|ubnd|hdnd|hoi dong|phong|so|bo|ban|dang uy|truong|chi bo|cong an|trung tam|hoi|doan)\b.{0,90}?"
    r"\b(?:xay dung|ban hanh|trien khai|to chuc|phat dong|lap)\b"
)
_DECIDES = re.compile(r"\W*quyet\s+dinh\s*:\W*\Z")
# "năm 2026", "giai đoạn 2026 - 2030", "2026-2028"; no dates, numbers, terms or outlooks
_NOT_PLANNED = re.compile(
    r"(?:ngay\s+\d{1,2}\s*(?:thang|[/.-])\s*\d{1,2}\s*(?:nam|[/.-])\s*\d{4})|thang \d{1,2} nam \d{4} cua"
    r"|\d+/\d{4}/\S+|nhiem ky\s+\d{4}\s*[-/]\s*\d{4}|(?:tam nhin|dinh huong)(?: den)?(?: nam)? \d{4}"
)
_YEARS = re.compile(
    r"(?<![\d/.])((?:19|20)\d{2})(?:\s*(?:-|den(?: het)?(?: nam)?)\s*(?:nam )?((?:19|20)\d{2}))?(?![\d/])"
)
_PART_OF_YEAR = re.compile(r"(?<!\d )\b(?:quy\s+[ivx]{1,3}|thang\s+\d{1,2})\s*/\s*(?=\d{4}\b)")  # "quý I/2026"
_LONGEST_TITLE = 2_000
"""Letters: what is longer is no title, and its years are not sought."""
_LAST_YEAR = re.compile(r"den (?:het |cuoi )?nam\s*\Z")


def kind_of(seen: Seen) -> str | None:
    """The kind of document that the line names, if it is a heading that does nothing else ("KẾ HOẠCH")."""
    if not (seen.upper or seen.line.bold or seen.line.centered) or _DECIDES.match(seen.fold):
        return None
    return _TYPE_ONLY.get(re.sub(r"[\W_]+", "", seen.fold))


def kind_in_front(seen: Seen) -> tuple[str, int] | None:
    """The kind with which a heading in capitals begins and where its title starts, or None."""
    found = _TYPE_FIRST.match(seen.fold) if seen.upper and not kind_of(seen) else None
    return (DOC_TYPES[found.group(1)], found.end()) if found else None


def find_title(sheet: Sheet, low: int = 0, high: int | None = None) -> int | None:
    """The index of the line that names the document's kind, at or after `low`, or None.

    A heading that only names the kind goes before one that begins with it; numbered headings are none.
    """
    high = len(sheet) if high is None else high
    for at in range(low, high):
        if kind_of(sheet[at]):
            return at
        if marker(sheet[at].text) and at > low + 3:
            break
    for at in range(low, min(high, low + 40)):
        if kind_in_front(sheet[at]):
            return at
        if is_preamble(sheet[at]):
            break
    return None


def is_preamble(seen: Seen) -> bool:
    """Whether the line opens a legal basis or the sentence that leads in the plan."""
    return bool(_BASE.match(seen.fold) or _BASE_CITING.match(seen.fold))


def title_end(sheet: Sheet, at: int) -> int:
    """The index behind the last line of the title whose kind stands in line `at`."""
    end = at + 1
    capitals = bool(kind_in_front(sheet[at]))
    has_words = capitals
    while end < len(sheet):
        seen = sheet[end]
        if ATTACHED.match(seen.fold):
            end = _bracket_end(sheet, end)
            has_words = True
            continue
        if marker(seen.text) or (has_words and _title_is_over(sheet, end, capitals)):
            break
        if not has_words and is_preamble(seen) and not seen.upper and seen.fold.startswith(("can cu", "cin ctr")):
            break
        capitals = capitals or seen.upper
        has_words = True
        end += 1
    return end


def _bracket_end(sheet: Sheet, at: int) -> int:
    if "(" not in sheet[at].text:
        return paragraph_end(sheet, at)
    for end in range(at, min(at + 6, len(sheet))):
        if ")" in sheet[end].text:
            return end + 1
    return at + 1


def _title_is_over(sheet: Sheet, at: int, capitals: bool) -> bool:
    """Whether line `at` no longer belongs to a title that has words already."""
    seen, before = sheet[at], sheet[at - 1]
    if is_preamble(seen) or seen.cell != before.cell or (seen.upper and ISSUER_LINE.match(seen.fold)):
        return True
    if capitals and not seen.upper:
        if not any(map(str.isalpha, seen.text)):
            return seen.starts and not before.text.rstrip().endswith((",", "-", "–"))
        return not (seen.text[:1].islower() or before.text.rstrip().endswith((",", "-")))
    if capitals or seen.text[:1].islower() or before.text.rstrip().endswith((",", "-", "–")):
        return False
    if _ISSUES.match(seen.fold) or seen.fold.rstrip().endswith(":"):
        return True
    last = paragraph_end(sheet, at)
    return seen.starts and sum(len(line.text) for line in sheet[at:last]) > 160


ISSUER_LINE = re.compile(
    r"(?:uy ban nhan dan|ubnd|thu tuong|chu tich|giam doc|bo truong|hoi dong nhan dan|ban thuong)\b"
)


def title_text(sheet: Sheet, at: int, end: int) -> str | None:
    """The title's words without the kind and without the bracket that names a Decision, None if there are none."""
    lines: list[str] = []
    first = kind_in_front(sheet[at])
    if first:
        lines.append(sheet[at].text[first[1] :])
    place = at + 1
    while place < end:
        if ATTACHED.match(sheet[place].fold):
            place = _bracket_end(sheet, place)
            continue
        lines.append(sheet[place].text)
        place += 1
    text = join_lines(lines)
    about = _ABOUT.match(fold(text))
    return (text[about.end() :] if about else text).strip() or None


def title_years(title: str | None, issued: str | None = None) -> tuple[int, ...]:
    """The years that a title plans for, in order; dates, numbers, terms of office and outlooks are left out.

    "đến năm 2030" alone runs from the year of issue (ISO date `issued`), if that is known.

    >>> title_years("Phát triển kinh tế số giai đoạn 2026 - 2028, tầm nhìn đến năm 2045")
    (2026, 2027, 2028)
    >>> title_years("Bầu cử đại biểu Hội đồng nhân dân các cấp nhiệm kỳ 2026 - 2031")
    ()
    """
    years: set[int] = set()
    text = _NOT_PLANNED.sub(" ", _PART_OF_YEAR.sub(" nam ", fold((title or "")[:_LONGEST_TITLE])))
    for found in _YEARS.finditer(text):
        first, last = int(found.group(1)), int(found.group(2) or found.group(1))
        if issued and not found.group(2) and _LAST_YEAR.search(text[: found.start()]):
            first = min(int(issued[:4]), last)
        if first <= last <= first + 30:
            years.update(range(first, last + 1))
    return tuple(sorted(years))


def plan_years(of_title: tuple[int, ...], dates: Iterable[str | None]) -> tuple[int, ...]:
    """The title's years, else every year from the first to the last of the rows' `dates` (ISO, None is skipped).

    >>> plan_years((), ["2025-01-01", None, "2027-12-31"])
    (2025, 2026, 2027)
    """
    years = sorted(int(date[:4]) for date in dates if date)
    if of_title or not years:
        return of_title
    return tuple(range(years[0], years[-1] + 1))
