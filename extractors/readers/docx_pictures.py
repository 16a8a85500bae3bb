"""Word files that hold a scan: each page a picture pasted into an empty document."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from docx.document import Document
from docx.oxml.ns import qn
from PIL import Image, UnidentifiedImageError

from extractors.readers.image_files import FORMATS, MOST_PAGES, page_picture
from extractors.readers.scan import PageReading, read_page
from schemas.errors import UnreadableFile
from schemas.source import Block, Line, SourceFile, Table

# Letters and digits: a document with fewer is a cover of its pictures; dots: a smaller picture is an emblem.
FEW_LETTERS, LEAST_DOTS = 200, 400_000
MOST_BYTES = 50 << 20
UNREAD = "Tệp có {n} ảnh lớn có thể chứa chữ mà chưa được đọc; đề nghị gửi riêng ảnh hoặc bản quét PDF nếu cần."
BROKEN = "Một ảnh trong tệp “{name}” bị hỏng nên không đọc được; đề nghị kiểm tra lại tệp."
UNSHOWN = (
    *(KeyError, OSError, SyntaxError, ValueError, zlib.error, zipfile.BadZipFile),
    *(UnidentifiedImageError, Image.DecompressionBombError),
)
EMBED = qn("r:embed")


def letters_in(blocks: list[Block]) -> int:
    """How many letters and digits stand in lines that are content."""
    lines = [line for block in blocks for line in (block.lines if isinstance(block, Table) else (block,))]
    return sum(
        char.isalnum() for line in lines if isinstance(line, Line) and line.noise is None for char in line.text
    )


def pictured_pages(document: Document, source: SourceFile) -> list[PageReading]:
    """What is read on the large pictures of a document, in its order, each as a page."""
    readings: list[PageReading] = []
    for data in _large_pictures(document, source):
        number = len(readings) + 1
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                readings.append(read_page(page_picture(image, number, source.name)))
        except (OSError, SyntaxError, ValueError, UnreadableFile):
            readings.append(PageReading([], 0.0, (0.0, 0.0), (BROKEN.format(name=source.name),)))
    return readings


def count_pictures(document: Document, source: SourceFile) -> int:
    """How many large pictures a document holds."""
    return sum(1 for _ in _large_pictures(document, source))


def _large_pictures(document: Document, source: SourceFile) -> Iterator[bytes]:
    names = dict.fromkeys(_picture_parts(document))
    if not names:
        return
    with zipfile.ZipFile(source.path) as archive:
        for name in list(names)[:MOST_PAGES]:
            try:
                with archive.open(name) as stream:
                    data = stream.read(MOST_BYTES)
                with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                    large = image.width * image.height >= LEAST_DOTS
            except (
                KeyError,
                OSError,
                zlib.error,
                zipfile.BadZipFile,
                UnidentifiedImageError,
                Image.DecompressionBombError,
                SyntaxError,
                ValueError,
            ):
                continue  # an emblem in a drawing's own format, or a picture that Word does not show either
            if large:
                yield data


def _picture_parts(document: Document) -> Iterator[str]:
    """The names of the parts of the pictures, in the order in which the body shows them."""
    relations = document.part.rels
    for element in document.element.body.iter(qn("a:blip")):
        relation = relations.get(element.get(EMBED) or "")
        if relation is not None and not relation.is_external:
            yield str(relation.target_part.partname).lstrip("/")
