"""Citations of documents in a sentence ("Quyết định số 5/QĐ-TTg ngày …"), and which of them are bases themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.plan.letterhead import clean_number, iso_date

KINDS = {
    "hien phap": "Hiến pháp",
    "bo luat": "Bộ luật",
    "luat": "Luật",
    "phap lenh": "Pháp lệnh",
    "nghi quyet lien tich": "Nghị quyết liên tịch",
    "nghi quyet": "Nghị quyết",
    "nghi dinh": "Nghị định",
    "quyet dinh": "Quyết định",
    "thong tu lien tich": "Thông tư liên tịch",
    "thong tu": "Thông tư",
    "chi thi": "Chỉ thị",
    "cong van": "Công văn",
    "cong dien": "Công điện",
    "ke hoach hanh dong": "Kế hoạch hành động",
    "ke hoach phoi hop": "Kế hoạch phối hợp",
    "ke hoach lien tich": "Kế hoạch liên tịch",
    "ke hoach": "Kế hoạch",
    "chuong trinh hanh dong": "Chương trình hành động",
    "chuong trinh cong tac": "Chương trình công tác",
    "chuong trinh phoi hop": "Chương trình phối hợp",
    "chuong trinh": "Chương trình",
    "huong dan": "Hướng dẫn",
    "thong bao ket luan": "Thông báo kết luận",
    "thong bao": "Thông báo",
    "thong tri": "Thông tri",
    "ket luan": "Kết luận",
    "quy dinh": "Quy định",
    "quy che phoi hop": "Quy chế phối hợp",
    "quy che": "Quy chế",
    "de an": "Đề án",
    "phuong an": "Phương án",
    "dieu le": "Điều lệ",
    "bao cao": "Báo cáo",
    "to trinh": "Tờ trình",
    "van ban hop nhat": "Văn bản hợp nhất",
    "van ban": "Văn bản",
    "lenh": "Lệnh",
}
"""Kinds of cited documents by fold: the one place to add a kind."""

KIND = "|".join(sorted(KINDS, key=len, reverse=True))
_SYMBOL = r"[^\W\d_][\w&.]*"
# "3177/QĐ-UBND", "16-NQ/TU", "72/2025/QH15", "66.2/2025/NQ-CP", "10- CTr/TU", "21NQ/TW" (hyphen lost at a line end)
_NUMBER = (
    r"\d+(?:\.\d+)?[a-z]?(?:\s?[-/]\s?\d{4}(?=\s?[-/]))?"
    rf"(?:(?:\s?[-/]\s?)?{_SYMBOL})(?:(?:\s?[-/](?=\S)|[-/]\s){_SYMBOL})*"
)
_NUMBERED = rf"s(?:o|[^\s\d]{{1,2}})\s*:?\s*(?P<number>{_NUMBER})"
_DATED = (
    r"(?:\s*,?\s*(?:ban hanh )?ngay\s*(?P<day>\d{1,2})\s*(?:[/.-]|thang)"
    r"\s*(?P<month>\d{1,2})\s*(?:[/.-]|nam)\s*(?P<year>\d{4}))"
)
# the number of a law stands behind its name, that of any other document behind its kind
_CITED = re.compile(rf"\b(?P<type>{KIND})\s+(?:{_NUMBERED})(?!\w){_DATED}?")
_BARE_NUMBER = re.compile(
    rf"\b(?P<type>{KIND})\s+(?P<number>\d+(?:\.\d+)?(?:\s?[-/]\s?\d{{4}})?\s?[-/]\s?{_SYMBOL}(?:[-/]{_SYMBOL})*){_DATED}?"
)
_LAW = re.compile(r"\b(?P<type>bo luat|luat|phap lenh|hien phap)\s+(?!so\b|s\S{1,2} \d)(?P<subject>\S.*)")
_LAW_NUMBER = re.compile(rf"\s*,?\s*{_NUMBERED}(?!\w)")
_LAW_DATE = re.compile(_DATED)
# where the name of a law ends
_LAW_END = re.compile(
    r"\s*(?:\bs[o0]\s*:?\s*\d|,?\s*\bngay\s*\d|;|:|\(|\.(?:\s|\Z)|,?\s*(?:da )?(?:duoc )?(?:sua doi, bo sung|"
    r"sua doi|bo sung)\b(?! mot so dieu)"
    r"|,?\s*\bduoc\b|,?\s*\bnam\s+\d{4}|,?\s*\b(?:19|20)\d{2}\b|,?\s*(?:va\s+)?(?:cac\s+)?(?:"
    + KIND
    + r")\s+(?=s[o0]\s*:?\s*\d|[a-z])"
    r"|,\s*(?:ubnd|uy ban)|\Z)"
)
# "Luật sửa đổi, bổ sung một số điều của Luật A và Luật B ngày …" is one law
_AMENDS = re.compile(r"sua doi\b")
_AMENDING_END = re.compile(
    r"\s*(?:,?\s*\bs[o0]\s*:?\s*\d|,?\s*\bngay\s*\d|;|:|\(|\.(?:\s|\Z)|"
    r",?\s*\bnam\s+\d{4}|\Z)"
)
# what opens a paragraph of bases, or a further basis within it
_CUE = re.compile(
    r"(?:\A|(?<=[;:.] )|(?<=[;:.]))[-+*•\s]*(?:\d+[.)]\s*)?(?:"
    r"can cu(?: vao)?|thuc hien|trien khai(?: thuc hien)?|theo|tiep tuc (?:trien khai )?thuc hien|thi hanh|"
    r"tren co so|quan triet(?: va)?|"
    r"nham (?:trien khai )?(?:thuc hien )?(?:thanh cong |tot |co hieu qua )?|de (?:trien khai |tiep tuc |"
    r"to chuc )?(?:thuc hien )?(?:tot |co hieu qua )?|"
    r"to chuc (?:trien khai )?thuc hien|cin ctr)\b[\s:]*"
)
_JOINT = re.compile(
    r"[\s,]*(?:(?:va|cung|cung voi|,)\s+)?(?:(?:cac|noi dung|muc tieu|tinh than|nhiem vu|can cu|thuc hien|"
    r"trien khai|theo)\s+)*\Z"
)
# "và hướng dẫn của Bộ Nội vụ tại Công văn số …"
_SAID_IN = re.compile(
    r"[\s,]*(?:va\s+)?(?:(?:y kien )?(?:huong dan|chi dao|ket luan|yeu cau|y kien))\b[^;.]{0,80}\btai\s+\Z"
)
_ATTACHED_TO = re.compile(r"\b(?:ban hanh )?kem theo\s+\Z")
AMENDED = re.compile(
    r"\b(?:duoc|da) (?:sua doi|bo sung|thay the)|\bsua doi,? bo sung (?:mot so dieu )?(?:tai|boi|theo)\b"
)
_BODY_IN_FRONT = re.compile(
    r"(?:bch|ban chap hanh|dang uy|bo chinh tri|trung uong|hdnd|hoi dong nhan dan|dai hoi|quoc hoi|chinh phu)"
)
# a resolution without a number: "Nghị quyết Đại hội …", "Nghị quyết của BCH Đảng bộ"
_WITHOUT_NUMBER = re.compile(
    r"\s*(?:cac\s+)?(?P<type>nghi quyet|chi thi|ket luan|dieu le)\s+(?P<of>(?:cua\s+)?)(?=\S)"
)
_BESIDE = re.compile(r"(?:,\s*(?:va\s+)?|\bva\s+|\bcung voi\s+)(?:(?:cac|can cu|thuc hien)\s+)*\Z")


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited document at `start` of a paragraph's text; its details end at `end`."""

    start: int
    end: int
    doc_type: str
    number: str | None
    date: str | None
    subject: str | None = None


def find_citations(text: str, folded: str) -> list[Citation]:
    """The citations that are bases themselves: at the head of an item, or joined to such a one."""
    found: list[Citation] = []
    at = 0
    for low, high in _items(folded):
        at, inside, fresh = low, False, True
        while (citation := _next(text, folded, at, high)) is not None:
            between = folded[at : citation.start]
            if fresh:
                top = any((_JOINT.match(between), _SAID_IN.match(between), _ATTACHED_TO.search(between)))
            else:
                top = not inside and _joined(between)
            if top:
                found.append(citation)
            inside = inside or not top
            fresh = False
            at = citation.end
    return found


def _items(folded: str) -> Iterator[tuple[int, int]]:
    """The stretches of a paragraph that begin with a cue or stand behind ";", ":" or a full stop."""
    cue = _CUE.match(folded)
    if not cue:
        return
    low = cue.end()
    for at in stops(folded, low, ";:."):
        if at < low:
            continue
        yield low, at
        again = _CUE.match(folded, at + 1)
        low = again.end() if again else at + 1
    yield low, len(folded)


def stops(folded: str, low: int, signs: str) -> Iterator[int]:
    """Where a stretch may end: one of `signs` outside quotes and brackets; a full stop only at a sentence's end."""
    quoted, depth = False, 0
    quotes = folded.count('"', low) % 2 == 0  # an odd one is a slip and would swallow the rest
    for at in range(low, len(folded)):
        letter = folded[at]
        quoted = quoted != (letter == '"' and quotes)
        depth = max(0, depth + (letter == "(") - (letter == ")"))
        if letter not in signs or quoted or depth:
            continue
        if letter != "." or folded[at + 1 : at + 2] in ("", " "):
            yield at


def _joined(between: str) -> bool:
    """Whether what stands between two citations lets the second be a basis beside the first."""
    if AMENDED.search(between):
        return False
    tail = _BESIDE.search(between)
    return bool(tail or (_SAID_IN.search(between) and re.search(r"\bva\b", between)))


def _next(text: str, folded: str, low: int, high: int) -> Citation | None:
    """The first citation at or after `low`; a law's name that holds further laws is one citation."""
    candidates = [_law(text, folded, low, high), _unnumbered(text, folded, low, high)]
    for pattern in (_CITED, _BARE_NUMBER):
        found = pattern.search(folded, low, high)
        if found:
            number = clean_number(text[found.start("number") : found.end("number")])
            dated = iso_date(found["day"], found["month"], found["year"])
            candidates.append(Citation(found.start(), found.end(), KINDS[found["type"]], number, dated))
    known = [citation for citation in candidates if citation]
    return min(known, key=lambda citation: (citation.start, -citation.end), default=None)


def _law(text: str, folded: str, low: int, high: int) -> Citation | None:
    """A law by its name: "Luật Dữ liệu số 60/2024/QH15 ngày 30 tháng 11 năm 2024"."""
    found = _LAW.search(folded, low, high)
    if not found or not text[found.start()].isupper():
        return None
    begin = found.start("subject")
    amends = _AMENDS.match(folded, begin, high)
    end = (_AMENDING_END if amends else _LAW_END).search(folded, begin, high)
    stop = end.start() if end else high
    number = _LAW_NUMBER.match(folded, stop, high)
    behind = number.end() if number else stop
    dated = _LAW_DATE.match(folded, behind, high)
    return Citation(
        found.start(),
        dated.end() if dated else behind,
        KINDS[found["type"]],
        clean_number(text[number.start("number") : number.end("number")]) if number else None,
        iso_date(dated["day"], dated["month"], dated["year"]) if dated else None,
        text[begin:stop].strip(" ,"),
    )


def _unnumbered(text: str, folded: str, low: int, high: int) -> Citation | None:
    """A resolution without a number at the head of an item ("Nghị quyết Đại hội …", "Nghị quyết của BCH Đảng bộ")."""
    found = _WITHOUT_NUMBER.match(folded, low, high)
    if not found or not text[found.start("type")].isupper() or not _BODY_IN_FRONT.match(folded, found.end()):
        return None
    return Citation(found.start("type"), found.start("of"), KINDS[found["type"]], None, None)
