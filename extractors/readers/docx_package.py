"""The parts of a .docx, checked before anything is unpacked, and mended where only a picture is missing."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from schemas.errors import EncryptedFile, FileTooLarge, ReadError, UnreadableFile
from schemas.source import SourceFile

MOST_ENTRIES = 2000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARAGRAPHS = 100_000
MOST_CELLS = 50_000
BLOCK = 1 << 20
ENCRYPTED_FLAG = 0x1
ZIP_BEGIN, ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
READ_SUFFIXES = (".xml", ".rels")
WORD = "Word"

BROKEN = "Tệp Word “{name}” bị hỏng hoặc chưa tải xong; đề nghị mở bằng Word rồi lưu lại và gửi bản khác."
LOCKED = "Tệp Word “{name}” có mật khẩu; đề nghị bỏ mật khẩu rồi gửi lại."
UNSAFE = (
    "Tệp Word “{name}” chứa khai báo không an toàn nên không được mở; đề nghị mở bằng Word rồi lưu lại thành bản mới."
)
LARGE = "Tệp Word “{name}” quá lớn khi giải nén ({what}); đề nghị tách nhỏ rồi gửi lại."

PARAGRAPH = re.compile(rb"<(?:\w+:)?p[ />]")
CELL = re.compile(rb"<(?:\w+:)?tc[ />]")
DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.I)
# The Strict kind of Open XML names its parts by other addresses; word for word the same otherwise.
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(officeDocument|wordprocessingml|drawingml|schemaLibrary)")
STRICT_HOMES = {
    b"officeDocument": b"http://schemas.openxmlformats.org/officeDocument/2006",
    b"wordprocessingml": b"http://schemas.openxmlformats.org/wordprocessingml/2006",
    b"drawingml": b"http://schemas.openxmlformats.org/drawingml/2006",
    b"schemaLibrary": b"http://schemas.openxmlformats.org/schemaLibrary/2006",
}
TOO_DEEP = "đoạn quá dài hoặc lồng quá nhiều lớp"
# The parser's own word for a text or a depth beyond its limits.
CUT_OFF = "ERR_RESOURCE_LIMIT"
DOCUMENT = qn("w:document")
MAIN_TYPE = b"wordprocessingml.document.main+xml"
OTHER_MAIN_TYPES = re.compile(
    rb"application/vnd\.(?:ms-word\.document\.macroEnabled|openxmlformats-officedocument\.wordprocessingml\.template|"
    rb"ms-word\.template\.macroEnabledTemplate)\.main\+xml"
)
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def is_docx(data: bytes) -> bool:
    """Whether the bytes are a zip archive with a Word document in it, whole or cut off."""
    if not data.startswith(b"PK"):
        return False
    return (b"word/" in data or b"word\\document.xml" in data) and (
        b"[Content_Types].xml" in data or is_cut_zip(data)
    )


def is_cut_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip archive but have lost its end, where the list of its parts stands."""
    return data.startswith(ZIP_BEGIN) and ZIP_END not in data


def open_document(source: SourceFile) -> Document:
    """The document in a .docx.

    Raises UnreadableFile (damaged, DTD or doubled parts inside), EncryptedFile or FileTooLarge.
    """
    parts = package_parts(source)
    _check_size(parts, source.name)
    try:
        document = docx.Document(io.BytesIO(_mended(parts)))
    except etree.XMLSyntaxError as error:
        if CUT_OFF in str(error.error_log):
            raise FileTooLarge(LARGE.format(name=source.name, what=TOO_DEEP), detail=repr(error)) from error
        raise UnreadableFile(BROKEN.format(name=source.name), detail=repr(error)) from error
    except (KeyError, ValueError, AttributeError, PackageNotFoundError) as error:
        raise UnreadableFile(BROKEN.format(name=source.name), detail=repr(error)) from error
    if document.element.tag != DOCUMENT or document.element.body is None:
        raise UnreadableFile(BROKEN.format(name=source.name), detail="no body")
    return document


def package_parts(source: SourceFile, program: str = WORD) -> dict[str, bytes]:
    """The text parts of an Office file of `program` (as it is called in a refusal), by name; other parts are empty.

    Raises UnreadableFile (damaged, DTD or doubled parts inside), EncryptedFile or FileTooLarge.
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            parts = _parts(archive, source.name)
        for part, data in parts.items():
            if part.endswith(READ_SUFFIXES) and DECLARATION.search(_head(data)):
                raise UnreadableFile(UNSAFE.format(name=source.name), detail=part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableFile(BROKEN.format(name=source.name).replace(WORD, program), detail=str(error)) from error
    except ReadError as error:
        raise type(error)(str(error).replace(WORD, program), error.detail) from error
    return parts


def _parts(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """The text parts of the archive, counted while they are unpacked (sizes in the directory may lie).

    Pictures and the like are only named: what is not read cannot do harm, and may be damaged.
    """
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise FileTooLarge(LARGE.format(name=name, what=f"hơn {MOST_ENTRIES} phần"))
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise EncryptedFile(LOCKED.format(name=name))
    if len({entry.filename for entry in entries}) < len(entries):
        raise UnreadableFile(BROKEN.format(name=name), detail="two parts of one name")
    left = MOST_UNPACKED
    parts: dict[str, bytes] = {}
    for entry in entries:
        if not entry.filename.endswith(READ_SUFFIXES):
            parts[entry.filename.replace("\\", "/")] = b""
            continue
        with archive.open(entry) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            raise FileTooLarge(LARGE.format(name=name, what=f"hơn {MOST_UNPACKED // BLOCK} MB"))
        parts[entry.filename.replace("\\", "/")] = data
    return parts


def _check_size(parts: dict[str, bytes], name: str) -> None:
    for pattern, most, what in ((PARAGRAPH, MOST_PARAGRAPHS, "đoạn"), (CELL, MOST_CELLS, "ô bảng")):
        for part, data in parts.items():
            if part.startswith("word/") and sum(1 for _ in pattern.finditer(data)) > most:
                raise FileTooLarge(LARGE.format(name=name, what=f"hơn {most} {what}"))


def _head(data: bytes) -> str:
    """What stands before the root element could be in any encoding that XML may use."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        encoding = (
            "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le" if data[:1] == b"<" else "utf-16-be"
        )
        return data.decode(encoding, errors="ignore")
    return data.decode("latin-1")


def _mended(parts: dict[str, bytes]) -> bytes:
    """The archive again: Strict addresses made usual, relations to parts that are not there left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for part, data in parts.items():
            if part.endswith((".xml", ".rels")):
                data = STRICT.sub(lambda found: STRICT_HOMES[found[1]], data)
            if part.endswith(".rels"):
                data = _without_dangling(part, data, parts)
            elif part == "[Content_Types].xml":
                data = OTHER_MAIN_TYPES.sub(b"application/vnd.openxmlformats-officedocument." + MAIN_TYPE, data)
            archive.writestr(part, data)
    return stream.getvalue()


def _without_dangling(part: str, data: bytes, parts: dict[str, bytes]) -> bytes:
    try:
        root = etree.fromstring(data, PARSER)
    except etree.XMLSyntaxError:
        return data
    folder = part.rsplit("_rels/", 1)[0]
    for relation in list(root.iter(RELATIONSHIPS)):
        if relation.get("TargetMode") != "External" and _target(folder, relation.get("Target") or "") not in parts:
            root.remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _target(folder: str, target: str) -> str:
    steps: list[str] = []
    for step in (target if target.startswith("/") else folder + target).split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
