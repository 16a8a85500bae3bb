"""Pages that lie on their side are noted, because their boxes are not those of the page as the file shows it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from extractors.readers import scan
from extractors.readers.image_files import scanned_document
from extractors.readers.pdf import read_pdf
from schemas.source import BBox, Line, SourceFile

SAMPLE = Path(__file__).parents[2] / "sample_docs" / "typed" / "000_le_chan.pdf"


def test_a_typed_page_on_its_side_is_noted(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(SAMPLE)
    document[1].set_rotation(90)
    path = tmp_path / "xoay.pdf"
    document.save(path)
    raw = read_pdf(SourceFile(path, path.name, hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size))
    assert raw.facts["turned_pages"] == "2"


def test_a_scanned_page_on_its_side_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    sides: list[tuple[int, ...]] = []

    def read(page: scan.PagePicture, _ocr: object) -> scan.PageReading:
        sides.append(page.picture.shape)
        return scan.PageReading([], 10.0 * len(sides), (page.area.x1, page.area.bottom))

    monkeypatch.setattr(scan, "_read", read)
    monkeypatch.setattr(scan, "_words", lambda reading: int(reading.confidence))
    picture = np.full((900, 600), 255, np.uint8)
    found = scan.read_page(scan.PagePicture(1, picture, 100, BBox(0, 0, 432, 648)), ocr=object())  # type: ignore[arg-type]
    assert found.turned
    source = SourceFile(Path("a.png"), "a.png", "0" * 64, 1)
    assert (
        scanned_document(source, [found, scan.PageReading([Line("Kế hoạch", page=2)], 90.0, (1.0, 1.0))]).facts[
            "turned_pages"
        ]
        == "1"
    )
