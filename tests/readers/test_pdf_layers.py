"""A Vietnamese layer that another OCR laid under the picture is believed only where our own reading agrees."""

from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from extractors.readers import open_source, pdf, read
from extractors.readers.scan import PageReading
from schemas.source import BBox, Line, RawDocument, Word
from tests.readers.making_signed import put_text, saved

OURS = [
    "Phòng Văn hóa chủ trì tổ chức tuyên truyền trước ngày 30/6/2026 trên địa bàn xã",
    "Công an xã phối hợp thực hiện nhiệm vụ theo Kế hoạch số 57/KH-UBND của Ủy ban nhân dân",
]


def layered(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str], pages: int = 2) -> RawDocument:
    """Pages under a picture with these unpainted lines; the picture is read as `OURS`."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        page = document.new_page(595, 842)
        image = pypdfium2.PdfImage.new(document)
        image.set_bitmap(pypdfium2.PdfBitmap.new_native(400, 560, pypdfium2.raw.FPDFBitmap_BGR))
        image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
        page.insert_obj(image)
        for at, line in enumerate(lines * 3):
            pdfium.FPDFTextObj_SetTextRenderMode(put_text(document, page, line, 80, 700 - 20 * at, 11), 3)
        page.gen_content()
    path = folder / "a.pdf"
    path.write_bytes(saved(document))
    box = BBox(80, 100, 500, 112)
    read_lines = [Line(text, page=1, bbox=box, words=(Word(text, box, 96.0),)) for text in OURS * 3]
    monkeypatch.setattr(pdf, "read_page", lambda page: PageReading(read_lines, 96.0, (595.0, 842.0)))
    return read(open_source(path))


def test_a_layer_that_says_what_we_read_is_kept(tmp_path, monkeypatch):
    made = layered(tmp_path, monkeypatch, OURS)
    assert made.facts["ocr_layer"].startswith("kept")
    assert "ocr_confidence" not in made.facts
    assert made.facts["layer_pages"] == "1 2"
    assert not made.warnings


def test_a_poor_layer_is_read_anew_on_every_page(tmp_path, monkeypatch):
    made = layered(
        tmp_path, monkeypatch, [line.replace("ủ", "ú").replace("ổ", "ố").replace("h", "b") for line in OURS]
    )
    assert made.facts["ocr_layer"].startswith("read anew")
    assert made.facts["ocr_confidence"] == "1:96 2:96"
    assert [line.text for line in made.lines] == OURS * 6
    assert "old_layer_1" in made.facts
    assert "layer_pages" not in made.facts


def test_other_figures_are_told_with_both_readings(tmp_path, monkeypatch):
    made = layered(tmp_path, monkeypatch, [OURS[0].replace("30/6/2026", "30/8/2026"), OURS[1]])
    assert any("“30/6/2026”" in warning and "“30/8/2026”" in warning for warning in made.warnings)
