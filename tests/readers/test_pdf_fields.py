"""Number and day that a registry fills into a PDF as fields are read in their place."""

from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.readers import open_source, read

ROOT = Path(__file__).resolve().parents[2]


def test_a_number_written_into_a_field_is_read_in_its_line(tmp_path: Path):
    """The free-text annotation stands in the blank of "Số: /KH-UBND" on the first page."""
    source = ROOT / "sample_docs" / "typed" / "001_hong_chau.pdf"
    before = next(line for line in read(open_source(source)).lines if line.text.startswith("Số"))
    assert before.bbox is not None
    file = tmp_path / "filled.pdf"
    _write_into_blank(source, file, before.bbox.x0, before.bbox.top, before.bbox.bottom)
    lines = [line.text for line in read(open_source(file)).lines]
    assert any(line.startswith("Số") and "57" in line and "/KH-UBND" in line for line in lines[:12]), lines[:12]


def _write_into_blank(source: Path, file: Path, left: float, top: float, bottom: float) -> None:
    pdf = pypdfium2.PdfDocument(source)
    page = pdf[0]
    height = page.get_height()
    note = pdfium.FPDFPage_CreateAnnot(page.raw, pdfium.FPDF_ANNOT_STAMP)
    rect = pdfium.FS_RECTF(left + 22, height - top, left + 36, height - bottom)
    pdfium.FPDFAnnot_SetRect(note, rect)
    font = pdfium.FPDFText_LoadStandardFont(pdf.raw, b"Times-Roman")
    text = pdfium.FPDFPageObj_CreateTextObj(pdf.raw, font, 11)
    letters = "57\x00".encode("utf-16-le")
    pdfium.FPDFText_SetText(text, (pdfium.FPDF_WCHAR * (len(letters) // 2)).from_buffer_copy(letters))
    pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, left + 24, height - bottom + 3)
    pdfium.FPDFAnnot_AppendObject(note, text)
    pdfium.FPDFPage_CloseAnnot(note)
    pdf.save(file)
