"""Digital signatures of a PDF: who signed and when, and whether what is shown was changed afterwards."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from asn1crypto import cms

# What a viewer may append behind a signature without touching a page is compared by sight, at this many dots an inch.
COMPARED_DPI = 60
POINTS = 72.0
MOST_SIGNATURES = 50
# The hash functions that signatures use, as the standard names them.
HASHES = ("sha256", "sha384", "sha512", "sha1", "sha224")
# What the padded end of a signature's place, or a damaged one, makes asn1crypto raise.
DAMAGED = (ValueError, TypeError, KeyError, IndexError, AttributeError)

CHANGED = "Tệp đã bị sửa sau khi ký số ({pages}); nội dung có thể khác bản đã ký, đề nghị đối chiếu với bản gốc."
REFILLED = "Tệp đã bị sửa sau chữ ký số đầu tiên ({pages}) rồi được ký lại; đề nghị đối chiếu với bản gốc."
BROKEN = "Nội dung tệp không khớp với chữ ký số của {signer}; tệp có thể đã bị sửa, đề nghị đối chiếu với bản gốc."
UNCHECKED = (
    "Tệp có phần được ghi thêm sau khi ký số mà không so sánh được với bản đã ký; đề nghị đối chiếu với bản gốc."
)
SOMEONE = "người ký không rõ tên"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature: `signer` and `organization` as its certificate says ("" where it does not), `signed_at` ISO 8601.

    `end` is how many bytes of the file it covers; `intact` whether they are those that were signed, None where
    that cannot be told.
    """

    signer: str
    organization: str
    signed_at: str
    end: int
    intact: bool | None

    @property
    def told(self) -> str:
        """One line for the document's facts."""
        named = " – ".join(part for part in (self.signer or SOMEONE, self.organization) if part)
        return f"{named}; {self.signed_at}" if self.signed_at else named


def read_signatures(pdf: Any, data: bytes) -> list[Signature]:
    """The signatures of a document of pypdfium2 whose bytes are `data`, by how much of the file they cover."""
    count = min(pdfium.FPDF_GetSignatureCount(pdf.raw), MOST_SIGNATURES)
    found = [_signature(pdfium.FPDF_GetSignatureObject(pdf.raw, at), data) for at in range(max(count, 0))]
    return sorted((one for one in found if one is not None), key=lambda one: one.end)


def signature_doubts(signatures: list[Signature], data: bytes) -> list[str]:
    """Why what is read may not be what was signed: a sentence each, none where all is well.

    What stands behind the last signature is compared with what it covers, page by page, by words and by sight;
    what a later signer added as a field (number and day) is no change, other words on a page are.
    """
    if not signatures:
        return []
    doubts = [BROKEN.format(signer=one.signer or SOMEONE) for one in signatures if one.intact is False]
    last, first = signatures[-1], signatures[0]
    if _goes_on(data, last.end):
        pages = changed_pages(data[: last.end], data, filled=True)
        doubts += [UNCHECKED] if pages is None else [CHANGED.format(pages=_named(pages))] if pages else []
    if first.end < last.end:
        pages = changed_pages(data[: first.end], data[: last.end], filled=False)
        doubts += [REFILLED.format(pages=_named(pages))] if pages else []
    return doubts


def changed_pages(before: bytes, after: bytes, *, filled: bool) -> list[int] | None:
    """The numbers of the pages that say or show something else after than before; None where one cannot be opened.

    `filled` compares what stands in fields and notes too, and how the page looks.
    """
    try:
        with closing(pypdfium2.PdfDocument(before)) as old, closing(pypdfium2.PdfDocument(after)) as new:
            return list(_changed(old, new, filled))
    except pypdfium2.PdfiumError:
        return None


def _changed(old: Any, new: Any, filled: bool) -> Iterator[int]:
    for at in range(max(len(old), len(new))):
        if at >= min(len(old), len(new)) or _look(old, at, filled) != _look(new, at, filled):
            yield at + 1


def _look(pdf: Any, at: int, filled: bool) -> tuple[str, bytes]:
    """The words of a page and a digest of how it looks."""
    with closing(pdf[at]) as page, closing(page.get_textpage()) as textpage:
        drawn = page.render(scale=COMPARED_DPI / POINTS, grayscale=True, may_draw_forms=filled, draw_annots=filled)
        return textpage.get_text_range(), hashlib.sha256(drawn.to_numpy().tobytes()).digest()


def _named(pages: list[int]) -> str:
    return "trang " + ", ".join(map(str, pages))


def _goes_on(data: bytes, end: int) -> bool:
    return bool(data[end:].strip())


def _signature(raw: Any, data: bytes) -> Signature | None:
    covered = _byte_range(raw)
    if len(covered) != 4 or not all(0 <= value <= len(data) for value in covered):
        return None
    end = covered[2] + covered[3]
    if end > len(data) or covered[2] < covered[1]:
        return None
    try:
        signed = cms.ContentInfo.load(_contents(raw))["content"]
        certificate, signer = _certificate(signed), signed["signer_infos"][0]
        attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
        told = attributes["signing_time"][0].native.isoformat() if "signing_time" in attributes else _time(raw)
        names = certificate.subject.native if certificate is not None else {}
        intact = _intact(signed, signer, attributes, data[: covered[1]] + data[covered[2] : end])
    except DAMAGED:
        return Signature("", "", _time(raw), end, None)
    return Signature(_name(names, "common_name"), _name(names, "organization_name"), told, end, intact)


def _intact(signed: Any, signer: Any, attributes: dict[str, Any], covered: bytes) -> bool | None:
    """Whether the digest in the signature is that of the bytes; None for kinds of signature without one."""
    name = signer["digest_algorithm"]["algorithm"].native
    kind = signed["encap_content_info"]["content_type"].native
    if name not in HASHES or "message_digest" not in attributes or kind != "data":
        return None
    return bool(attributes["message_digest"][0].native == hashlib.new(name, covered).digest())


def _certificate(signed: Any) -> Any:
    """The signer's certificate, None where it is not in the file."""
    serial = signed["signer_infos"][0]["sid"].chosen
    wanted = serial["serial_number"].native if isinstance(serial, cms.IssuerAndSerialNumber) else None
    certificates = [one.chosen for one in signed["certificates"]]
    return next(
        (one for one in certificates if one.serial_number == wanted), certificates[0] if certificates else None
    )


def _name(names: Any, part: str) -> str:
    said = names.get(part, "")
    return " ".join((said[-1] if isinstance(said, list) else said).split())


def _byte_range(raw: Any) -> list[int]:
    count = pdfium.FPDFSignatureObj_GetByteRange(raw, None, 0)
    values = (ctypes.c_int * count)()
    pdfium.FPDFSignatureObj_GetByteRange(raw, values, count)
    return list(values)


def _contents(raw: Any) -> bytes:
    size = pdfium.FPDFSignatureObj_GetContents(raw, None, 0)
    made = ctypes.create_string_buffer(size)
    pdfium.FPDFSignatureObj_GetContents(raw, made, size)
    return made.raw


def _time(raw: Any) -> str:
    """The day that the signature's own entry names (D:20260115102233+07'00'), "" where it has none."""
    size = pdfium.FPDFSignatureObj_GetTime(raw, None, 0)
    made = ctypes.create_string_buffer(size)
    pdfium.FPDFSignatureObj_GetTime(raw, made, size)
    digits = "".join(char for char in made.value.decode("ascii", "ignore")[2:16] if char.isdigit())
    if len(digits) < 8:
        return ""
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return f"{day}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}" if len(digits) == 14 else day
