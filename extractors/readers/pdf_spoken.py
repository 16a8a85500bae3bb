"""Words that a PDF says in place of the letters it shows (/ActualText): the page's own letters may be others."""

from __future__ import annotations

import ctypes
import re
from typing import Any

import pypdfium2.raw as pdfium

KEY = b"ActualText"
MOST_OBJECTS = 20_000
MOST_BYTES = 4096
TELLING = re.compile(r"\d|\w{4}")
"""What may change a task; joined letters, bullets and hyphens are named in this way by honest programs."""
SPOKEN = (
    "Trang {page}: tệp khai chữ thay thế cho chữ in trên trang (“{sample}”); nội dung đọc được có thể khác bản in, "
    "đề nghị đối chiếu."
)
SAMPLE = 40


def spoken_remark(page: Any, number: int) -> str | None:
    """Return the sentence about words that stand in place of a page's letters, None where none tell."""
    for at in range(min(pdfium.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page.raw, at)
        for nth in range(max(0, pdfium.FPDFPageObj_CountMarks(item))):
            text = _actual_text(pdfium.FPDFPageObj_GetMark(item, nth))
            if TELLING.search(text):
                return SPOKEN.format(page=number, sample=text[:SAMPLE])
    return None


def _actual_text(mark: Any) -> str:
    length = ctypes.c_ulong()
    room = ctypes.create_string_buffer(MOST_BYTES)
    letters = ctypes.cast(room, ctypes.POINTER(pdfium.FPDF_WCHAR))
    if not pdfium.FPDFPageObjMark_GetParamStringValue(mark, KEY, letters, MOST_BYTES, ctypes.byref(length)):
        return ""
    return " ".join(room.raw[: max(0, min(length.value, MOST_BYTES) - 2)].decode("utf-16-le", "replace").split())
