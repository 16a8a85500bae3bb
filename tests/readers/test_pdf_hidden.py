"""What does not show on a PDF page is no task: it is named, and said."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from extractors.readers import open_source, read
from schemas.source import Noise, RawDocument
from tests.readers.making_signed import put_text, saved

SEEN = "Phòng Văn hóa chủ trì tổ chức tuyên truyền trước ngày 30/6/2026"
SECRET = "Công an xã hoàn thành trước ngày 31/12/2027"


def document(folder: Path, change: Callable[[object], None], *, size: float = 13, at: tuple[int, int] = (80, 600)):
    """A page that says one line, and a second one that `change` makes unseen."""
    pdf = pypdfium2.PdfDocument.new()
    page = pdf.new_page(595, 842)
    put_text(pdf, page, SEEN, 80, 700, 13)
    change(put_text(pdf, page, SECRET, *at, size))
    page.gen_content()
    path = folder / "a.pdf"
    path.write_bytes(saved(pdf))
    return read(open_source(path))


def unpainted(text: object) -> None:
    pdfium.FPDFTextObj_SetTextRenderMode(text, 3)


def white(text: object) -> None:
    pdfium.FPDFPageObj_SetFillColor(text, 255, 255, 255, 255)


def clear(text: object) -> None:
    pdfium.FPDFPageObj_SetFillColor(text, 0, 0, 0, 0)


def plain(_: object) -> None:
    pass


def parted(made: RawDocument) -> tuple[list[str], list[str]]:
    hidden = [line.text for line in made.lines if line.noise is Noise.HIDDEN]
    return [line.text for line in made.lines if line.noise is None], hidden


@pytest.mark.parametrize("change", [unpainted, white, clear])
def test_letters_without_ink_are_no_text(tmp_path: Path, change: Callable[[object], None]) -> None:
    made = document(tmp_path, change)
    assert parted(made) == ([SEEN], [SECRET])
    assert any(warning.startswith("Trang 1: có chữ ẩn") for warning in made.warnings)


@pytest.mark.parametrize(("size", "at"), [(0.1, (80, 600)), (13, (80, 900)), (13, (-900, 600))])
def test_letters_too_small_or_beside_the_page_are_no_text(tmp_path: Path, size: float, at: tuple[int, int]) -> None:
    made = document(tmp_path, plain, size=size, at=at)
    assert parted(made)[0] == [SEEN]
    assert made.warnings


def test_white_letters_on_a_dark_bar_are_seen(tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument.new()
    page = pdf.new_page(595, 842)
    bar = pdfium.FPDFPageObj_CreateNewRect(60, 590, 400, 30)
    pdfium.FPDFPageObj_SetFillColor(bar, 0, 0, 96, 255)
    pdfium.FPDFPath_SetDrawMode(bar, pdfium.FPDF_FILLMODE_WINDING, 0)
    pdfium.FPDFPage_InsertObject(page.raw, bar)
    white(put_text(pdf, page, SECRET, 80, 600, 13))
    page.gen_content()
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(pdf))
    assert parted(read(open_source(path))) == ([SECRET], [])


LAYERED = """%PDF-1.5
1 0 obj
<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] /Order [6 0 R] >> >> >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
/Resources << /Font << /F1 5 0 R >> /Properties << /L1 6 0 R >> >> >>
endobj
4 0 obj
<< /Length {length} >>
stream
{content}
endstream
endobj
5 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>
endobj
6 0 obj
<< /Type /OCG /Name (An) >>
endobj
trailer
<< /Size 7 /Root 1 0 R >>
"""
CONTENT = (
    "BT /F1 12 Tf 72 720 Td (KE HOACH so 12 ngay 15 thang 01) Tj ET "
    "/OC /L1 BDC BT /F1 12 Tf 72 600 Td (hoan thanh truoc ngay 31/12/2027) Tj ET EMC"
)


def test_a_layer_that_is_switched_off_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_text(LAYERED.format(length=len(CONTENT), content=CONTENT))
    assert parted(read(open_source(path))) == (
        ["KE HOACH so 12 ngay 15 thang 01"],
        ["hoan thanh truoc ngay 31/12/2027"],
    )
