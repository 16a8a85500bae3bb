"""Signed PDFs: the stamp is no text of the plan, number and day are, and a change after signing is told."""

from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from extractors.readers import open_source, read
from schemas.source import Noise, RawDocument
from tests.readers.making_signed import page_of, put_text, saved, signed, signer, updated

PLAN = Path(__file__).parents[2] / "sample_docs" / "typed" / "001_hong_chau.pdf"
STAMP = ["Ký bởi: Ủy ban nhân dân xã Hồng Châu", "Cơ quan: Thành phố Hải Phòng", "Ngày ký: 15/01/2026 10:22:33"]
CHAIRMAN, OFFICE = ("Phạm Quang Hùng", "UBND XÃ HỒNG CHÂU"), ("ỦY BAN NHÂN DÂN XÃ HỒNG CHÂU", "TP HẢI PHÒNG")
LAST = 8


@cache
def office_signed() -> bytes:
    """The plan as an office sends it: the chairman signs, then the registry fills in the number by its signature."""
    by_chairman = signed(PLAN.read_bytes(), signer(*CHAIRMAN), "Sig1", LAST, (330, 420, 560, 480), page_of(STAMP))
    number = page_of(["57"], size=12, width=24, height=16)
    return signed(by_chairman, signer(*OFFICE), "Sig2", 0, (112, 722, 136, 738), number)


def written(folder: Path, data: bytes) -> RawDocument:
    path = folder / "ke-hoach.pdf"
    path.write_bytes(data)
    return read(open_source(path))


def test_the_stamp_is_metadata_and_the_number_is_text(tmp_path: Path) -> None:
    document = written(tmp_path, office_signed())
    stamps = [line.text for line in document.lines if line.noise is Noise.STAMP]
    assert stamps == STAMP
    plain = read(open_source(PLAN))
    said = "".join("".join(line.text.split()) for line in document.lines if line.noise is None)
    assert said.replace("57", "", 1) == "".join("".join(line.text.split()) for line in plain.lines if not line.noise)
    assert [line.text for line in document.lines[:12] if "57" in line.text]
    told = document.facts["signatures"].split(" | ")
    assert [one.split(";")[0] for one in told] == [" – ".join(CHAIRMAN), " – ".join(OFFICE)]
    assert not document.warnings


def test_a_day_changed_after_signing_is_told(tmp_path: Path) -> None:
    changed = updated(office_signed(), 0, b" q BT /Helv 12 Tf 1 0 0 1 80 400 Tm (31/12/2027) Tj ET Q ")
    (warning,) = [one for one in written(tmp_path, changed).warnings if "sau khi ký số" in one]
    assert "trang 1" in warning


def test_what_a_viewer_appends_is_no_change(tmp_path: Path) -> None:
    """An update that touches no page (as when the proof of a certificate is stored) changes nothing that is read."""
    assert not written(tmp_path, updated(office_signed(), 0, b" ")).warnings


def test_bytes_changed_under_the_signature_are_told(tmp_path: Path) -> None:
    data = office_signed()
    at = data.index(b"/Creator")
    warnings = written(tmp_path, data[:at] + b"/CreatoR" + data[at + 8 :]).warnings
    assert any("không khớp với chữ ký số" in one for one in warnings)


def test_a_page_changed_between_two_signatures_is_told(tmp_path: Path) -> None:
    by_chairman = signed(PLAN.read_bytes(), signer(*CHAIRMAN), "Sig1", LAST, (330, 420, 560, 480), page_of(STAMP))
    changed = updated(by_chairman, 2, b" q BT /Helv 12 Tf 1 0 0 1 80 400 Tm (31/12/2027) Tj ET Q ")
    twice = signed(changed, signer(*OFFICE), "Sig2", 0, (112, 722, 136, 738), page_of(["57"], 12, 24, 16))
    assert any("sau chữ ký số đầu tiên (trang 3)" in one for one in written(tmp_path, twice).warnings)


def scanned(stamp: bool) -> bytes:
    """A page that is a picture of text, signed, with its number filled in."""
    typed = pypdfium2.PdfDocument(PLAN)
    picture = typed[0].render(scale=200 / 72, grayscale=True).to_pil().convert("RGB")
    pdf = pypdfium2.PdfDocument.new()
    page = pdf.new_page(595, 842)
    image = pypdfium2.PdfImage.new(pdf)
    bitmap = pypdfium2.PdfBitmap.from_pil(picture)
    image.set_bitmap(bitmap)
    image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page.insert_obj(image)
    page.gen_content()
    data = saved(pdf)
    return signed(data, signer(*OFFICE), "Sig1", 0, (330, 20, 560, 80), page_of(STAMP)) if stamp else data


@pytest.mark.slow
def test_a_scan_with_a_stamp_is_read_from_its_picture(tmp_path: Path) -> None:
    document = written(tmp_path, scanned(stamp=True))
    assert document.facts["page_classes"] == "none"
    assert len([line for line in document.lines if line.noise is None]) > 25
    assert [line.text for line in document.lines if line.noise is Noise.STAMP] == STAMP


@pytest.mark.slow
def test_a_number_typed_on_a_scan_is_read_in_its_line(tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(scanned(stamp=False))
    page = pdf[0]
    put_text(pdf, page, "57", 118, 726, 12)
    page.gen_content()
    lines = [line.text for line in written(tmp_path, saved(pdf)).lines]
    assert any("57" in line and "KH-UBND" in line for line in lines[:12]), lines[:12]
