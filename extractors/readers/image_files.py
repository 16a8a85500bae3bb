"""Pictures as files (PNG, JPEG, TIFF, also of several pages) and as pages of a PDF → `PagePicture`."""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from extractors.readers.assemble import assemble
from extractors.readers.joined_tables import join_tables
from extractors.readers.page_image import Picture, likely_dpi
from extractors.readers.page_noise import mark_noise
from extractors.readers.scan import PagePicture, PageReading, read_page
from schemas.errors import FileTooLarge, UnreadableFile
from schemas.source import BBox, Block, Line, RawDocument, SourceFile, Table

log = logging.getLogger(__name__)
# Only these: other decoders of Pillow start outside programs (EPS) or are too little tested.
FORMATS = ("PNG", "JPEG", "TIFF")
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
MOST_PIXELS = 60_000_000
# Beyond it neither OpenCV nor Tesseract takes a picture.
MOST_SIDE = 30_000
MOST_RENDERED = 40_000_000
MOST_PAGES = 500
RENDER_DPI = 300
LEAST_DPI, MOST_DPI = 50, 1200
POINTS = 72.0
COVERS = 0.9

CUT_OFF = (
    "Tệp ảnh “{name}” bị hỏng từ trang {page} trở đi nên phần đó không đọc được; đề nghị quét lại rồi gửi bản khác."
)
BROKEN = "Tệp ảnh “{name}” bị hỏng hoặc chưa tải xong; đề nghị chụp hoặc quét lại rồi gửi bản khác."
LARGE = "Ảnh trong tệp “{name}” quá lớn ({what}); đề nghị quét lại ở 300 dpi rồi gửi lại."


def is_image(data: bytes) -> bool:
    """Whether the bytes begin as a PNG, JPEG or TIFF does."""
    return data.startswith(SIGNATURES)


def read_image(source: SourceFile) -> RawDocument:
    """The lines and tables read on the pages of a picture; raises UnreadableFile, FileTooLarge, MissingProgram."""
    found: list[PageReading] = []
    try:
        found.extend(read_page(page) for page in pictures(source))
    except UnreadableFile as error:
        if not found:
            raise
        lost = CUT_OFF.format(page=len(found) + 1, name=source.name)
        log.warning("%s: %s", lost, error.detail)
        found.append(PageReading([], 0.0, (0.0, 0.0), (lost,)))
    return scanned_document(source, found)


def scanned_document(source: SourceFile, readings: list[PageReading]) -> RawDocument:
    """The document of these pages."""
    blocks = reading_blocks(readings)
    facts = {"ocr_confidence": " ".join(f"{reading.confidence:.0f}" for reading in readings)}
    if turned := " ".join(str(page) for page, reading in enumerate(readings, 1) if reading.turned):
        facts["turned_pages"] = turned
    warnings = [warning for reading in readings for warning in reading.warnings]
    return assemble(source, "scan", blocks, n_pages=len(readings), warnings=warnings, facts=facts)


def reading_blocks(readings: list[PageReading]) -> list[Block]:
    """The blocks of these pages in order: what is no content named, tables over several pages joined."""
    lines = [[block for block in reading.blocks if isinstance(block, Line)] for reading in readings]
    marked = mark_noise(lines, [reading.size[1] for reading in readings])
    return join_tables(list(_woven([reading.blocks for reading in readings], marked)))


def _woven(pages: list[list[Block]], lines: list[list[Line]]) -> Iterator[Block]:
    for page, marked in zip(pages, lines, strict=True):
        rest = iter(marked)
        for block in page:
            yield block if isinstance(block, Table) else next(rest)


def pictures(source: SourceFile) -> Iterator[PagePicture]:
    """The pages of a picture file, upright as the camera noted."""
    try:
        with Image.open(io.BytesIO(source.path.read_bytes()), formats=FORMATS) as image:
            _check_pages(image, source.name)
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                yield page_picture(frame, number, source.name)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError) as error:
        raise UnreadableFile(BROKEN.format(name=source.name), detail=repr(error)) from error
    except Image.DecompressionBombError as error:
        raise FileTooLarge(LARGE.format(name=source.name, what="quá nhiều điểm ảnh"), detail=str(error)) from error


def _check_pages(image: Image.Image, name: str) -> None:
    """Refuse too many pages before the first is read; where the list of pages is damaged, each tells for itself."""
    count = 0
    with suppress(OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError):
        count = getattr(image, "n_frames", 1)
    if count > MOST_PAGES:
        raise FileTooLarge(LARGE.format(name=name, what=f"hơn {MOST_PAGES} trang"))


def page_picture(frame: Image.Image, number: int, name: str) -> PagePicture:
    """A picture of Pillow as the page of this number, upright; `name` is the file's, for a refusal.

    Raises FileTooLarge where it has more dots than any page.
    """
    if max(frame.size) > MOST_SIDE:
        raise FileTooLarge(LARGE.format(name=name, what=f"cạnh dài hơn {MOST_SIDE} điểm ảnh"))
    if frame.width * frame.height > MOST_PIXELS:
        raise FileTooLarge(LARGE.format(name=name, what=f"hơn {MOST_PIXELS // 1_000_000} triệu điểm ảnh"))
    dpi = _told_dpi(frame)
    upright = ImageOps.exif_transpose(frame)
    width, height = upright.size
    dpi = dpi if LEAST_DPI < dpi < MOST_DPI and width / dpi < 30 else likely_dpi(width, height)
    area = BBox(0.0, 0.0, width / dpi * POINTS, height / dpi * POINTS)
    return PagePicture(number, as_picture(upright), dpi, area)


def _told_dpi(frame: Image.Image) -> int:
    told = float((frame.info.get("dpi") or (0,))[0])
    return round(told) if math.isfinite(told) else 0


def as_picture(image: Image.Image) -> Picture:
    """The picture as an array, grey or RGB, what is transparent white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba).convert("RGB")
    mode = "L" if image.mode in ("1", "L", "I;16", "I", "F") else "RGB"
    return np.ascontiguousarray(np.asarray(image.convert(mode)), dtype=np.uint8)


def pdf_picture(page: Any, number: int) -> PagePicture:
    """The picture of a PDF page: the scan embedded in it as it is where it covers the page, else the page drawn."""
    width, height = page.get_size()
    area = BBox(0.0, 0.0, width, height)
    embedded = _embedded(page, width, height)
    if embedded is not None:
        dpi = max(LEAST_DPI, round(embedded.shape[1] / (width / POINTS)))
        return PagePicture(number, embedded, dpi, area)
    dpi = RENDER_DPI
    while width * height * (dpi / POINTS) ** 2 > MOST_RENDERED and dpi > LEAST_DPI:
        dpi -= 25
    bitmap = page.render(scale=dpi / POINTS, rev_byteorder=True)
    picture = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3]) if bitmap.n_channels >= 3 else _grey(bitmap)
    return PagePicture(number, picture, dpi, area)


def _grey(bitmap: Any) -> Picture:
    array = bitmap.to_numpy()
    return np.ascontiguousarray(array[:, :, 0] if array.ndim == 3 else array, dtype=np.uint8)


def _embedded(page: Any, width: float, height: float) -> Picture | None:
    """The one picture that covers the page unturned; None where the page must be drawn."""
    images = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=1))
    if len(images) != 1 or page.get_rotation():
        return None
    image = images[0]
    left, bottom, right, top = image.get_bounds()
    matrix = image.get_matrix()
    straight = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) < 1e-3 and abs(matrix.c) < 1e-3
    if not straight or (right - left) * (top - bottom) < COVERS * width * height:
        return None
    pixels = image.get_px_size()
    if pixels[0] * pixels[1] > MOST_PIXELS or max(pixels) > MOST_SIDE or pixels[0] < 300:
        return None
    try:
        bitmap = image.get_bitmap(render=False)
    except pypdfium2.PdfiumError:
        return None
    if bitmap.n_channels == 1:
        return _grey(bitmap)
    if bitmap.n_channels == 3:
        return np.ascontiguousarray(bitmap.to_numpy()[:, :, ::-1])
    return None
