"""`READERS`, the one table of formats: how each is known by its bytes and which function reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.readers.docx import read_docx
from extractors.readers.docx_package import is_cut_zip, is_docx
from extractors.readers.html import is_html, read_html
from extractors.readers.image_files import is_image, read_image
from extractors.readers.legacy import is_legacy_file, read_legacy
from extractors.readers.mht import is_mht, read_mht
from extractors.readers.pdf import is_pdf, read_pdf
from extractors.readers.spreadsheet import is_xls, is_xlsx, read_xls, read_xlsx
from extractors.readers.text import is_text, read_text
from schemas.errors import UnreadableFile, UnsupportedFormat
from schemas.source import RawDocument, SourceFile

UNKNOWN = (
    "Chưa đọc được loại tệp của “{name}”; đề nghị gửi bản .docx, .pdf, .htm, .txt, .doc, .rtf, .odt, .xlsx, .xls "
    "hoặc ảnh chụp .png, .jpg, .tif."
)
CUT = "Tệp “{name}” bị cắt cụt, có thể chưa tải xong; đề nghị tải hoặc chép lại tệp rồi gửi lại."
GONE = "Không mở được tệp “{name}”; đề nghị kiểm tra tệp còn ở chỗ cũ và có quyền đọc."


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: `suffixes` are its usual ones, `sniff` knows it by its bytes, `read` reads it."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[SourceFile], RawDocument]


# Tried from the top: what anything could be (text) stands last.
READERS: tuple[Reader, ...] = (
    Reader("pdf", (".pdf",), is_pdf, read_pdf),
    Reader("docx", (".docx", ".docm", ".dotx"), is_docx, read_docx),
    Reader("xlsx", (".xlsx", ".xlsm"), is_xlsx, read_xlsx),
    Reader("xls", (".xls",), is_xls, read_xls),
    Reader("legacy", (".doc", ".rtf", ".odt"), is_legacy_file, read_legacy),
    Reader("scan", (".png", ".jpg", ".jpeg", ".tif", ".tiff"), is_image, read_image),
    Reader("mht", (".mht", ".mhtml"), is_mht, read_mht),
    Reader("html", (".htm", ".html", ".xhtml"), is_html, read_html),
    Reader("text", (".txt", ".md"), is_text, read_text),
)


def read(source: SourceFile) -> RawDocument:
    """The document of a file, read by the reader that knows its bytes; its suffix decides nothing.

    Raises UnsupportedFormat where no reader does, else what the reader raises (see schemas.errors).
    """
    try:
        data = source.path.read_bytes()
    except OSError as error:
        raise UnreadableFile(GONE.format(name=source.name), detail=str(error)) from error
    for reader in READERS:
        if reader.sniff(data):
            return reader.read(source)
    if is_cut_zip(data):
        raise UnreadableFile(CUT.format(name=source.name), detail="a zip archive without its end")
    raise UnsupportedFormat(UNKNOWN.format(name=source.name))
