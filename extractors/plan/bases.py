"""Legal bases: the documents that the paragraphs above the plan cite ("Căn cứ …", "Thực hiện …", "Theo …")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.plan.letterhead import clean_number, iso_date
from extractors.plan.sheet import Sheet, join_lines, paragraph_end
from normalizers.fold import fold
from schemas.plan import LegalBasis

_TYPES = {
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

_TYPE = "|".join(sorted(_TYPES, key=len, reverse=True))
_SYMBOL = r"[^\W\d_][\w&.]*"
# "3177/QĐ-UBND", "16-NQ/TU", "72/2025/QH15", "66.2/2025/NQ-CP", "10- CTr/TU", "21NQ/TW" (hyphen lost at a line end)
_NUMBER = rf"\d+(?:\.\d+)?[a-z]?(?:\s?[-/]\s?\d{{4}}(?=\s?[-/]))?(?:(?:\s?[-/]\s?)?{_SYMBOL})(?:(?:\s?[-/](?=\S)|[-/]\s){_SYMBOL})*"
_NUMBERED = rf"s(?:o|[^\s\d]{{1,2}})\s*:?\s*(?P<number>{_NUMBER})"
_DATED = r"(?:\s*,?\s*(?:ban hanh )?ngay\s*(?P<day>\d{1,2})\s*(?:[/.-]|thang)\s*(?P<month>\d{1,2})\s*(?:[/.-]|nam)\s*(?P<year>\d{4}))"
# the number of a law stands behind its name, that of any other document behind its kind
_CITED = re.compile(rf"\b(?P<type>{_TYPE})\s+(?:{_NUMBERED})(?!\w){_DATED}?")
_BARE_NUMBER = re.compile(
    rf"\b(?P<type>{_TYPE})\s+(?P<number>\d+(?:\.\d+)?(?:\s?[-/]\s?\d{{4}})?\s?[-/]\s?{_SYMBOL}(?:[-/]{_SYMBOL})*){_DATED}?"
)
_LAW = re.compile(r"\b(?P<type>bo luat|luat|phap lenh|hien phap)\s+(?!so\b|s\S{1,2} \d)(?P<subject>\S.*)")
_LAW_NUMBER = re.compile(rf"\s*,?\s*{_NUMBERED}(?!\w)")
_LAW_DATE = re.compile(_DATED)
# where the name of a law ends
_LAW_END = re.compile(
    r"\s*(?:\bs[o0]\s*:?\s*\d|,?\s*\bngay\s*\d|;|:|\(|\.(?:\s|\Z)|,?\s*(?:da )?(?:duoc )?(?:sua doi, bo sung|sua doi|bo sung)\b(?! mot so dieu)"
    r"|,?\s*\bduoc\b|,?\s*\bnam\s+\d{4}|,?\s*\b(?:19|20)\d{2}\b|,?\s*(?:va\s+)?(?:cac\s+)?(?:"
    + _TYPE
    + r")\s+(?=s[o0]\s*:?\s*\d|[a-z])"
    r"|,\s*(?:ubnd|uy ban)|\Z)"
)
_LAW_AMENDING = re.compile(r"sua doi,? bo sung")
# what opens a paragraph of bases, or a further basis within it
_CUE = re.compile(
    r"(?:\A|(?<=[;:.] )|(?<=[;:.]))[-+*•\s]*(?:\d+[.)]\s*)?(?:"
    r"can cu(?: vao)?|thuc hien|trien khai(?: thuc hien)?|theo|tiep tuc (?:trien khai )?thuc hien|thi hanh|tren co so|quan triet(?: va)?|"
    r"nham (?:trien khai )?(?:thuc hien )?(?:thanh cong |tot |co hieu qua )?|de (?:trien khai |tiep tuc |to chuc )?(?:thuc hien )?(?:tot |co hieu qua )?|"
    r"to chuc (?:trien khai )?thuc hien|cin ctr)\b[\s:]*"
)
_PROPOSAL = re.compile(r"[-+*•\s]*(?:theo|xet|can cu) (?:de nghi|to trinh|de xuat)|xet\b|theo (?:bao cao|y kien)")
_JOINT = re.compile(
    r"[\s,]*(?:(?:va|cung|cung voi|,)\s+)?(?:(?:cac|noi dung|muc tieu|tinh than|nhiem vu|can cu|thuc hien|trien khai|theo)\s+)*\Z"
)
# "và hướng dẫn của Bộ Nội vụ tại Công văn số …"
_SAID_IN = re.compile(
    r"[\s,]*(?:va\s+)?(?:(?:y kien )?(?:huong dan|chi dao|ket luan|yeu cau|y kien))\b[^;.]{0,80}\btai\s+\Z"
)
_SAID_BY = re.compile(
    r"[\s,]*(?:\bva\s+)?\b(?:y kien )?(?:huong dan|chi dao|ket luan|yeu cau|y kien)\s+(?:cua\s+)?(?P<issuer>[^;.]{2,70}?)\s+tai\s*\Z"
)
_ATTACHED_TO = re.compile(r"\b(?:ban hanh )?kem theo\s+\Z")
_AMENDED = re.compile(
    r"\b(?:duoc|da) (?:sua doi|bo sung|thay the)|\bsua doi,? bo sung (?:mot so dieu )?(?:tai|boi|theo)\b"
)
_OF = re.compile(r"[\s,]*cua\s+")
_ABOUT = re.compile(r"\s*(?:,\s*)?(?:ve viec|v/v|ve)\s*:?\s+")
# where the name of the body that issued a cited document ends
_ISSUER_END = re.compile(
    r"[;,:\"]|\((?!ubnd|hdnd|mttq)|\.(?:\s|\Z)|\Z|\b(?:ve viec|v/v|ve|ban hanh|phe duyet|quy dinh|huong dan|sua doi|thuc hien|trien khai|giao|cong bo|thong bao|"
    r"phat dong|to chuc|tang cuong|phan cong|kiem tra|phoi hop|thong qua|kien toan|thanh lap|dieu chinh|bo sung|tai|day manh|ket luan)\b"
)
_VERBS_IN_CAPITALS = ("ban hanh", "phe duyet", "quy dinh", "ve viec", "ve", "sua doi")  # "của Chính phủ Quy định …"
# "Căn cứ các Quyết định của Thủ tướng Chính phủ về phê duyệt quy hoạch: Quyết định số …; Quyết định số …"
_ANNOUNCED = re.compile(
    rf"(?:can cu|thuc hien|theo)\s+cac\s+(?P<type>{_TYPE})\s+cua\s+(?P<issuer>[^:;]{{3,60}}?)\s+(?:ve|phe duyet|ban hanh)\b[^:;]*:"
)
_ISSUER_LAST = re.compile(
    r"\s+cua\s+(?P<issuer>(?:ban |uy ban|ubnd|hdnd|hoi dong|bo |chinh phu|thu tuong|tinh uy|thanh uy|dang uy|huyen uy|quan uy|so |phong |chu tich|quoc hoi)"
    r"[^;:.]{2,90})\Z"
)
_BODY_IN_FRONT = re.compile(
    r"(?:bch|ban chap hanh|dang uy|bo chinh tri|trung uong|hdnd|hoi dong nhan dan|dai hoi|quoc hoi|chinh phu)"
)
# the sentence that leads in the plan is no basis: "…; UBND phường ban hành Kế hoạch …"
_LEAD_IN = re.compile(
    r"[;.,]\s+(?:uy ban nhan dan|ubnd|uy ban mttq|ban thuong truc|ban thuong vu|dang uy|phong|so|truong|cong an|hdnd)\b[^;.]{0,110}?"
    r"\b(?:xay dung|ban hanh|phat dong)\b[^;]*\Z"
)


# "(sau đây gọi tắt là Kế hoạch)"
_HEREAFTER = re.compile(r"\s*\((?:sau đây|gọi tắt|viết tắt)[^)]*\)?")


@dataclass(frozen=True, slots=True)
class _Citation:
    """A cited document at `start` of a paragraph's text; its details end at `end`."""

    start: int
    end: int
    doc_type: str
    number: str | None
    date: str | None
    subject: str | None = None


def read_bases(sheet: Sheet) -> tuple[LegalBasis, ...]:
    """The legal bases that the lines of a document's preamble state, in order, each once."""
    bases: list[LegalBasis] = []
    known: set[tuple[str, str | None, str | None, str | None]] = set()
    for paragraph in paragraphs(sheet):
        for basis in bases_of(paragraph):
            key = (
                (basis.number or "", None, None, None)
                if basis.number
                else ("", basis.doc_type, basis.date, basis.subject)
            )
            if key not in known:
                known.add(key)
                bases.append(basis)
    return tuple(bases)


def paragraphs(sheet: Sheet) -> Iterator[str]:
    """The lines as paragraphs; a line that opens a basis begins one even where no gap stands above it."""
    at = 0
    while at < len(sheet):
        end = at + 1
        stop = paragraph_end(sheet, at)
        while (
            end < len(sheet)
            and (end < stop or sheet[end].text[:1].islower())
            and not _opens(sheet[end].fold, sheet[end].text)
        ):
            end += 1
        yield join_lines([seen.text for seen in sheet[at:end]])
        at = end


def _opens(folded: str, text: str) -> bool:
    return text[:1] == "C" and folded.startswith(("can cu ", "cin ctr "))


def bases_of(paragraph: str) -> list[LegalBasis]:
    """The bases in one paragraph, several in one sentence included; documents that only a basis cites are none.

    >>> [basis.number for basis in bases_of("Căn cứ Nghị quyết số 16-NQ/TU ngày 30/12/2024 của Thành ủy; Kế hoạch số"
    ...                                     " 5/KH-UBND ngày 02/01/2025 của UBND thành phố về thực hiện Quyết định số 7/QĐ-TTg")]
    ['16-NQ/TU', '5/KH-UBND']
    """
    folded = fold(paragraph)
    if _PROPOSAL.match(folded):
        return []
    cut = _LEAD_IN.search(folded)
    text, folded = (paragraph[: cut.start() + 1], folded[: cut.start() + 1]) if cut else (paragraph, folded)
    cited = _top_level(text, folded)
    found = [
        _basis(text, folded, citation, following.start if following else len(text))
        for citation, following in zip(cited, [*cited[1:], None][: len(cited)], strict=True)
    ]
    announced = _ANNOUNCED.match(folded)
    if not announced:
        return found
    issuer = text[announced.start("issuer") : announced.end("issuer")]
    kind = _TYPES[announced["type"]]
    return [replace(basis, issuer=basis.issuer or issuer) if basis.doc_type == kind else basis for basis in found]


def _top_level(text: str, folded: str) -> list[_Citation]:
    """The citations that are bases themselves: at the head of an item, or joined to such a one."""
    found: list[_Citation] = []
    at = 0
    for low, high in _items(folded):
        at, inside, fresh = low, False, True
        while (citation := _next(text, folded, at, high)) is not None:
            between = folded[at : citation.start]
            if fresh:
                top = (
                    bool(_JOINT.match(between)) or bool(_SAID_IN.match(between)) or bool(_ATTACHED_TO.search(between))
                )
                top = top or _listed(between)
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
    quoted = False
    depth = 0
    for at in range(low, len(folded)):
        letter = folded[at]
        quoted = quoted != (letter == '"')
        depth += (letter == "(") - (letter == ")")
        ends = (
            letter == ";"
            or letter == ":"
            or (letter == "." and (at + 1 == len(folded) or (folded[at + 1] == " " and not folded[at - 1].isdigit())))
        )
        if ends and not quoted and depth <= 0:
            yield low, at
            again = _CUE.match(folded, at + 1)
            low = again.end() if again else at + 1
    yield low, len(folded)


def _listed(between: str) -> bool:
    """Whether words in front of an item's first citation only announce it ("các Quyết định của …")."""
    return not between.strip()


def _joined(between: str) -> bool:
    """Whether what stands between two citations lets the second be a basis beside the first."""
    if _AMENDED.search(between):
        return False
    tail = re.search(r"(?:,\s*(?:va\s+)?|\bva\s+|\bcung voi\s+)(?:(?:cac|can cu|thuc hien)\s+)*\Z", between)
    return bool(tail or (_SAID_IN.search(between) and re.search(r"\bva\b", between)))


def _next(text: str, folded: str, low: int, high: int) -> _Citation | None:
    """The first citation at or after `low`; a law's name that holds further laws is one citation."""
    numbered = _CITED.search(folded, low, high) or _BARE_NUMBER.search(folded, low, high)
    law = _law(text, folded, low, high)
    head = _unnumbered(text, folded, low, high)
    candidates = [citation for citation in (law, head) if citation]
    if numbered:
        day, month, year = numbered["day"], numbered["month"], numbered["year"]
        number = clean_number(text[numbered.start("number") : numbered.end("number")])
        candidates.append(
            _Citation(numbered.start(), numbered.end(), _TYPES[numbered["type"]], number, iso_date(day, month, year))
        )
    return min(candidates, key=lambda citation: (citation.start, -citation.end), default=None)


def _law(text: str, folded: str, low: int, high: int) -> _Citation | None:
    """A law by its name: "Luật Dữ liệu số 60/2024/QH15 ngày 30 tháng 11 năm 2024"."""
    found = _LAW.search(folded, low, high)
    if not found or not text[found.start()].isupper():
        return None
    begin = found.start("subject")
    end = _LAW_END.search(folded, begin, high)
    stop = end.start() if end else high
    number = _LAW_NUMBER.match(folded, stop, high)
    behind = number.end() if number else stop
    dated = _LAW_DATE.match(folded, behind, high)
    return _Citation(
        found.start(),
        dated.end() if dated else behind,
        _TYPES[found["type"]],
        clean_number(text[number.start("number") : number.end("number")]) if number else None,
        iso_date(dated["day"], dated["month"], dated["year"]) if dated else None,
        text[begin:stop].strip(" ,"),
    )


def _unnumbered(text: str, folded: str, low: int, high: int) -> _Citation | None:
    """A resolution without a number at the head of an item ("Nghị quyết Đại hội …", "Nghị quyết của BCH Đảng bộ")."""
    found = re.compile(
        r"\s*(?:cac\s+)?(?P<type>nghi quyet|chi thi|ket luan|dieu le)\s+(?P<of>(?:cua\s+)?)(?=\S)"
    ).match(folded, low, high)
    if not found or not text[found.start("type")].isupper() or not _BODY_IN_FRONT.match(folded, found.end()):
        return None
    return _Citation(found.start("type"), found.start("of"), _TYPES[found["type"]], None, None)


def _basis(text: str, folded: str, citation: _Citation, high: int) -> LegalBasis:
    """The basis with issuer and subject out of what follows the citation, up to the next one."""
    stop = next((low for low in _ends(folded, citation.end, high)), high)
    said = _SAID_BY.search(folded, max(0, citation.start - 110), citation.start)
    if citation.subject is not None:
        return LegalBasis(citation.doc_type, citation.number, citation.date, None, citation.subject or None)
    low, issuer = citation.end, None
    of = _OF.match(folded, low, stop)
    if of or (citation.number is None):
        begin = of.end() if of else low
        low = _issuer_end(text, folded, begin, stop)
        issuer = text[begin:low].strip(" ,") or None
    elif said:
        issuer = text[said.start("issuer") : said.end("issuer")]
    subject = _clean_subject(text[low:stop])
    last = _ISSUER_LAST.search(fold(subject)) if issuer is None else None
    if last:
        issuer, subject = subject[last.start("issuer") :].strip(" ,"), subject[: last.start()]
    return LegalBasis(citation.doc_type, citation.number, citation.date, issuer, subject or None)


def _issuer_end(text: str, folded: str, low: int, high: int) -> int:
    """Where a body's name ends: a sign, or a word of action, in capitals only if no body has it in its name."""
    for found in _ISSUER_END.finditer(folded, low, high):
        if text[found.start() : found.start() + 1].islower() or not found.group()[:1].isalpha():
            return found.start()
        if found.group() in _VERBS_IN_CAPITALS and found.start() > low:
            return found.start()
    return high


def _ends(folded: str, low: int, high: int) -> Iterator[int]:
    """Where what belongs to a citation may end: at ";", at a full stop, at ": ", before "và" or "," of the next one."""
    quoted, depth = False, 0
    for at in range(low, high):
        letter = folded[at]
        quoted = quoted != (letter == '"')
        depth += (letter == "(") - (letter == ")")
        if quoted or depth > 0:
            continue
        if letter == ";" or (letter == "." and (at + 1 == len(folded) or folded[at + 1] == " ")):
            yield at
    said = _SAID_BY.search(folded, low, high)
    if said:
        yield said.start()
    tail = re.search(r"[\s,;]*(?:\b(?:va|cung voi)\b)?\s*(?:(?:cac|can cu|thuc hien|theo)\s+)*\Z", folded[low:high])
    yield low + tail.start() if tail else high


def _clean_subject(text: str) -> str:
    amended = _AMENDED.search(fold(text))
    text = text[: amended.start()] if amended else text
    text = _HEREAFTER.sub("", text)
    about = _ABOUT.match(fold(text))
    return text[about.end() if about else 0 :].strip(" ,;.")
