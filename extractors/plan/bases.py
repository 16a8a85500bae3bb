"""Legal bases: the documents that the paragraphs above the plan cite ("Căn cứ …", "Thực hiện …", "Theo …")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.plan.citations import AMENDED, KIND, KINDS, Citation, find_citations, stops
from extractors.plan.sheet import Sheet, join_lines, paragraph_end
from normalizers.fold import fold
from schemas.plan import LegalBasis

# "Theo đề nghị của Sở Nội vụ tại Tờ trình số …" proposes, it founds nothing
_PROPOSAL = re.compile(r"[-+*•\s]*(?:theo|xet|can cu) (?:de nghi|to trinh|de xuat)|xet\b|theo (?:bao cao|y kien)")
# "… hướng dẫn của Bộ Nội vụ tại Công văn số …"
_SAID_BY = re.compile(
    r"[\s,]*(?:\bva\s+)?\b(?:y kien )?(?:huong dan|chi dao|ket luan|yeu cau|"
    r"y kien)\s+(?:cua\s+)?(?P<issuer>[^;.]{2,70}?)\s+tai\s*\Z"
)
_OF = re.compile(r"[\s,]*cua\s+")
_ABOUT = re.compile(r"\s*(?:,\s*)?(?:ve viec|v/v|ve)\s*:?\s+")
# where the name of the body that issued a cited document ends
_ISSUER_END = re.compile(
    r"[;,:\"]|\((?!ubnd|hdnd|mttq)|\.(?:\s|\Z)|\Z|\b(?:ve viec|v/v|ve|ban hanh|phe duyet|quy dinh|huong dan|"
    r"sua doi|thuc hien|trien khai|giao|cong bo|thong bao|"
    r"phat dong|to chuc|tang cuong|phan cong|kiem tra|phoi hop|thong qua|kien toan|thanh lap|dieu chinh|bo sung|"
    r"tai|day manh|ket luan)\b"
)
_VERBS_IN_CAPITALS = ("ban hanh", "phe duyet", "quy dinh", "ve viec", "ve", "sua doi")  # "của Chính phủ Quy định …"
# "Căn cứ các Quyết định của Thủ tướng Chính phủ về phê duyệt quy hoạch: Quyết định số …; Quyết định số …"
_ANNOUNCED = re.compile(
    rf"(?:can cu|thuc hien|theo)\s+cac\s+(?P<type>{KIND})\s+cua\s+(?P<issuer>[^:;]{{3,60}}?)\s+(?:ve|phe duyet|"
    rf"ban hanh)\b[^:;]*:"
)
_ISSUER_LAST = re.compile(
    r"\s+cua\s+(?P<issuer>(?:ban |uy ban|ubnd|hdnd|hoi dong|bo |chinh phu|thu tuong|tinh uy|thanh uy|dang uy|"
    r"huyen uy|quan uy|so |phong |chu tich|quoc hoi)"
    r"[^;:.]{2,90})\Z"
)
# the sentence that leads in the plan is no basis: "…; UBND phường ban hành Kế hoạch …"
_LEAD_IN = re.compile(
    r"[;.,]\s+(?:uy ban nhan dan|ubnd|uy ban mttq|ban thuong truc|ban thuong vu|dang uy|phong|so|truong|cong an|"
    r"hdnd)\b[^;.]{0,110}?"
    r"\b(?:xay dung|ban hanh|phat dong)\b[^;]*\Z"
)
# "(sau đây gọi tắt là Kế hoạch)"
_HEREAFTER = re.compile(r"\s*\((?:sau đây|gọi tắt|viết tắt)[^)]*\)?")
_JOINS_NEXT = re.compile(r"[\s,;]*(?:\b(?:va|cung voi)\b)?\s*(?:(?:cac|can cu|thuc hien|theo)\s+)*\Z")


def read_bases(sheet: Sheet) -> tuple[LegalBasis, ...]:
    """The legal bases that the lines of a document's preamble state, in order, each once."""
    bases: list[LegalBasis] = []
    known: set[tuple[str | None, ...]] = set()
    for paragraph in paragraphs(sheet):
        for basis in bases_of(paragraph):
            key = (basis.number,) if basis.number else (basis.doc_type, basis.date, basis.subject)
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

    >>> told = "Căn cứ Nghị quyết số 16-NQ/TU ngày 30/12/2024 của Thành ủy; Kế hoạch số 5/KH-UBND ngày 02/01/2025"
    >>> [basis.number for basis in bases_of(told + " của UBND thành phố về thực hiện Quyết định số 7/QĐ-TTg")]
    ['16-NQ/TU', '5/KH-UBND']
    """
    folded = fold(paragraph)
    if _PROPOSAL.match(folded):
        return []
    cut = _LEAD_IN.search(folded)
    text, folded = (paragraph[: cut.start() + 1], folded[: cut.start() + 1]) if cut else (paragraph, folded)
    cited = find_citations(text, folded)
    found = [
        _basis(text, folded, citation, following.start if following else len(text))
        for citation, following in zip(cited, [*cited[1:], None][: len(cited)], strict=True)
    ]
    announced = _ANNOUNCED.match(folded)
    if not announced:
        return found
    issuer = text[announced.start("issuer") : announced.end("issuer")]
    kind = KINDS[announced["type"]]
    return [replace(basis, issuer=basis.issuer or issuer) if basis.doc_type == kind else basis for basis in found]


def _basis(text: str, folded: str, citation: Citation, high: int) -> LegalBasis:
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
    """Where what belongs to a citation may end: at ";", at a full stop, before "và" or "," of the next one."""
    yield from (at for at in stops(folded, low, ";.") if at < high)
    said = _SAID_BY.search(folded, low, high)
    if said:
        yield said.start()
    tail = _JOINS_NEXT.search(folded[low:high])
    yield low + tail.start() if tail else high


def _clean_subject(text: str) -> str:
    amended = AMENDED.search(fold(text))
    text = text[: amended.start()] if amended else text
    text = _HEREAFTER.sub("", text)
    about = _ABOUT.match(fold(text))
    return text[about.end() if about else 0 :].strip(" ,;.")
