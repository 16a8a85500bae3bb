"""A Word file with nothing but pictures of pages is read from them; large pictures beside text are said."""

from pathlib import Path

import numpy as np
import pytest
from docx import Document
from docx.shared import Cm
from PIL import Image

from extractors.readers import docx_pictures, open_source, read
from extractors.readers.scan import PageReading
from schemas.source import BBox, Line, Word

SAID = "Phòng Văn hóa chủ trì tổ chức tuyên truyền trước ngày 30/6/2026"


def pictured(folder: Path, text: str, pictures: int = 2) -> Path:
    picture = folder / "trang.png"
    Image.fromarray(np.full((1100, 800), 255, np.uint8)).save(picture)
    document = Document()
    document.add_paragraph(text)
    for _ in range(pictures):
        Image.fromarray(np.full((1100, 800 + _), 255, np.uint8)).save(picture)
        document.add_picture(str(picture), width=Cm(16))
    document.save(str(folder / "a.docx"))
    return folder / "a.docx"


def test_pictures_of_pages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = BBox(80, 100, 500, 112)
    line = Line(SAID, page=1, bbox=box, words=(Word(SAID, box, 95.0),))
    monkeypatch.setattr(docx_pictures, "read_page", lambda page: PageReading([line], 95.0, (595.0, 842.0)))
    document = read(open_source(pictured(tmp_path, "")))
    assert [line.text for line in document.lines] == [SAID, SAID]
    assert document.facts["ocr_confidence"] == "95 95"


def test_pictures_beside_text_are_said(tmp_path: Path) -> None:
    document = read(open_source(pictured(tmp_path, f"{SAID}. " * 8)))
    assert document.warnings == (docx_pictures.UNREAD.format(n=2),)
