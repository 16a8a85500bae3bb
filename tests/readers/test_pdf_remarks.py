"""What a PDF holds beside its pages is said, and a page is read as it is shown."""

from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from extractors.readers import open_source, read
from extractors.readers.pdf_remarks import XFA
from tests.bad.bad_pdfs import CATALOG, SHOWN, one_page, stream
from tests.readers.making_signed import put_text, saved

PLAN = "KE HOACH so 12 nam 2026 cua Uy ban nhan dan xa"
TYPED = "Phòng Văn hóa chủ trì tổ chức tuyên truyền trước ngày 30/6/2026"


def warnings_of(folder: Path, data: bytes) -> tuple[str, ...]:
    path = folder / "a.pdf"
    path.write_bytes(data)
    return read(open_source(path)).warnings


def test_two_files_in_one_are_told(tmp_path: Path) -> None:
    one, other = one_page(stream(SHOWN)), one_page(stream(SHOWN.replace(b"so 12", b"so 13")))
    assert any("nối liền nhau" in warning for warning in warnings_of(tmp_path, one + other))
    assert not any("nối liền nhau" in warning for warning in warnings_of(tmp_path, one))


def test_an_attachment_is_told(tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(one_page(stream(SHOWN)))
    pdf.new_attachment("phu-luc.xlsx").set_data(b"PK")
    assert any("1 tệp đính kèm" in warning for warning in warnings_of(tmp_path, saved(pdf)))


def test_a_form_that_only_one_program_shows_is_told(tmp_path: Path) -> None:
    data = one_page(stream(SHOWN), stream(b"<xdp:xdp/>"), b"<< /Fields [] /XFA 6 0 R /NeedsRendering true >>")
    form = CATALOG.replace(b">>", b"/AcroForm 7 0 R /NeedsRendering true >>")
    assert XFA in warnings_of(tmp_path, data.replace(CATALOG, form))


def test_a_comment_beside_the_text_is_told(tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(one_page(stream(SHOWN)))
    page = pdf[0]
    note = pdfium.FPDFPage_CreateAnnot(page.raw, pdfium.FPDF_ANNOT_TEXT)
    pdfium.FPDFAnnot_SetRect(note, pdfium.FS_RECTF(100, 700, 120, 680))
    said = "xem lại hạn\0".encode("utf-16-le")
    pdfium.FPDFAnnot_SetStringValue(note, b"Contents", (pdfium.FPDF_WCHAR * (len(said) // 2)).from_buffer_copy(said))
    pdfium.FPDFPage_CloseAnnot(note)
    assert any("1 ghi chú" in warning for warning in warnings_of(tmp_path, saved(pdf)))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(tmp_path: Path, turn: int) -> None:
    pdf = pypdfium2.PdfDocument.new()
    page = pdf.new_page(595, 842)
    put_text(pdf, page, TYPED, 80, 500, 13)
    put_text(pdf, page, TYPED.replace("30/6", "31/7"), 80, 460, 13)
    page.gen_content()
    page.set_rotation(turn)
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(pdf))
    assert sorted(line.text for line in read(open_source(path)).lines) == [TYPED, TYPED.replace("30/6", "31/7")]
