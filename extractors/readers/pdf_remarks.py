"""What a PDF holds beside its pages, told to staff: electronic forms, attachments, a second file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

XFA = (
    "Tệp là biểu mẫu điện tử (XFA) chỉ hiện đủ nội dung trong Adobe Acrobat; đề nghị mở bằng Acrobat, in ra PDF "
    "rồi gửi lại."
)
ATTACHED = "Tệp PDF có {n} tệp đính kèm bên trong chưa được đọc; đề nghị tách ra và gửi riêng nếu cần."
DOUBLED = "Tệp gồm nhiều tệp PDF nối liền nhau, chỉ tệp cuối được đọc; đề nghị tách ra rồi gửi lại từng tệp."
COMMENTED = "Trang {page}: có {n} ghi chú bên lề (comment) không thuộc văn bản nên không được đọc."
HIDDEN = "Trang {page}: có chữ ẩn không nhìn thấy khi in ({sample}) nên không được đọc; đề nghị kiểm tra lại tệp."
# A file that begins where another one has just ended.
SECOND_FILE = re.compile(rb"%%EOF\s{0,4}%PDF-\d")
LAYERS = (b"/OCProperties", b"/OCG")
PACKED_OBJECTS = b"/ObjStm"
SAMPLE = 40


def remarks(pdf: Any, data: bytes) -> Iterator[str]:
    """The sentences about the document as a whole."""
    if pdfium.FPDF_GetFormType(pdf.raw) in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
        yield XFA
    attached = pdfium.FPDFDoc_GetAttachmentCount(pdf.raw)
    if attached > 0:
        yield ATTACHED.format(n=attached)
    if SECOND_FILE.search(data):
        yield DOUBLED


def has_layers(data: bytes) -> bool:
    """Whether the file may have layers that can be switched off; their list may stand in a packed object."""
    return any(name in data for name in LAYERS) or PACKED_OBJECTS in data


def hidden_remark(page: int, text: str) -> str:
    """The sentence about text that nobody sees on a page."""
    words = " ".join(text.split())
    return HIDDEN.format(page=page, sample=f"“{words[:SAMPLE]}{'…' if len(words) > SAMPLE else ''}”")
