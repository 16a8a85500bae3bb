"""Files of old or other word processors (.doc, .rtf, .odt, XML): LibreOffice turns them into .docx."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from extractors.readers.docx import read_docx
from schemas.errors import EncryptedFile, MissingProgram, UnreadableFile, UnsupportedFormat
from schemas.source import RawDocument, SourceFile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF = b"{\\rtf"
ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
BOM = b"\xef\xbb\xbf"
# A whole document in one file of XML: OpenDocument's (.fodt), and Word's of 2003 (.xml, often named .doc).
FLAT_ODT = b"urn:oasis:names:tc:opendocument:xmlns:office"
FLAT_WORD = b"http://schemas.microsoft.com/office/word/2003/wordml"
HEAD_BYTES = 4000
WORD_STREAM = "WordDocument".encode("utf-16-le")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ODT_ENCRYPTED = b"manifest:encryption-data"
# Byte 10 and 11 of the Word stream's head: the flag that says "encrypted".
WORD_MAGIC = b"\xec\xa5"
WORD_ENCRYPTED = 0x0100
# Bytes that RTF holds as they are: LibreOffice goes on for minutes where more are promised than the file has.
RAW_BYTES = re.compile(rb"(?<!\\)(?:\\\\)*\\bin(\d+)")
SECONDS = 120
PROGRAMS = (
    "soffice",
    "libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)

MISSING = (
    "Tệp “{name}” là loại tệp cũ (.doc, .rtf, .odt) nên cần chương trình LibreOffice mà máy này chưa có; "
    "đề nghị cài LibreOffice, hoặc mở tệp bằng Word rồi lưu lại thành .docx."
)
FAILED = "Không chuyển được tệp “{name}” sang .docx; đề nghị mở bằng Word rồi lưu lại thành .docx và gửi lại."
LOCKED = "Tệp “{name}” có mật khẩu; đề nghị bỏ mật khẩu rồi gửi lại."
CUT_OFF = "Tệp “{name}” bị hỏng hoặc thiếu phần sau; đề nghị mở bằng Word rồi lưu lại thành .docx và gửi lại."
NOT_WORD = "Tệp “{name}” không phải là văn bản Word; đề nghị gửi bản .docx, .pdf hoặc .doc."


def is_legacy_file(data: bytes) -> bool:
    """Whether the bytes are of a .doc (or another OLE file), .rtf or .odt, or of such a document as XML."""
    return data.startswith((OLE, RTF, BOM + RTF)) or data[30:100].startswith(ODT) or _flat(data) is not None


def _flat(data: bytes) -> str | None:
    """The suffix by which LibreOffice knows a document of one XML file, None for anything else or with entities."""
    head = data.removeprefix(BOM)[:HEAD_BYTES]
    if not head.startswith(b"<?xml") or b"<!ENTITY" in data or b"<!DOCTYPE" in head:
        return None
    return ".fodt" if FLAT_ODT in head else ".xml" if FLAT_WORD in head else None


def read_legacy(source: SourceFile) -> RawDocument:
    """The document as LibreOffice understands it.

    Raises EncryptedFile, UnsupportedFormat (an OLE file that is no Word document), MissingProgram, UnreadableFile,
    and what `read_docx` raises.
    """
    _check(source.path.read_bytes(), source.name)
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise MissingProgram(MISSING.format(name=source.name))
    with tempfile.TemporaryDirectory(prefix="giaoviec-", ignore_cleanup_errors=True) as folder:
        converted = _converted(source, program, Path(folder))
        document = read_docx(replace(source, path=converted))
    return replace(document, source=source, reader="legacy")


def _check(data: bytes, name: str) -> None:
    if data.startswith(OLE):
        if ENCRYPTED_STREAM in data or _is_encrypted_word(data):
            raise EncryptedFile(LOCKED.format(name=name))
        if WORD_STREAM not in data:
            raise UnsupportedFormat(NOT_WORD.format(name=name))
    elif data.removeprefix(BOM).startswith(RTF):
        if any(len(data) - found.end() < int(found[1][:20]) for found in RAW_BYTES.finditer(data)):
            raise UnreadableFile(CUT_OFF.format(name=name))
    elif data.startswith(b"PK") and ODT_ENCRYPTED in data:
        raise EncryptedFile(LOCKED.format(name=name))


def _is_encrypted_word(data: bytes) -> bool:
    """The head of the Word stream stands at the start of a sector."""
    at = data.find(WORD_MAGIC, 512)
    while at >= 0:
        if at % 512 == 0:
            return bool(int.from_bytes(data[at + 10 : at + 12], "little") & WORD_ENCRYPTED)
        at = data.find(WORD_MAGIC, at + 1)
    return False


def _converted(source: SourceFile, program: str, folder: Path) -> Path:
    """The .docx that LibreOffice makes of a private copy, in a profile of its own, within a time limit."""
    data = source.path.read_bytes().removeprefix(BOM)
    copy = folder / f"in{_suffix(data)}"
    copy.write_bytes(data)
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(copy)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        start_new_session=not _leads_session(),
    )
    try:
        _, said = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        _stop(process)
        raise UnreadableFile(FAILED.format(name=source.name), detail="LibreOffice timed out") from error
    made = folder / "out" / "in.docx"
    if not made.is_file():
        raise UnreadableFile(FAILED.format(name=source.name), detail=said.decode(errors="replace")[-500:])
    return made


def _suffix(data: bytes) -> str:
    return ".doc" if data.startswith(OLE) else ".rtf" if data.startswith(RTF) else _flat(data) or ".odt"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and the processes that it started."""
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg") and not _leads_session():
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _leads_session() -> bool:
    """Whether this process was given a session of its own: then all that it starts ends with it, as one group."""
    return hasattr(os, "getsid") and os.getsid(0) == os.getpid()
