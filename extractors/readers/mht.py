"""Word's "single file web page" (.mht): the page is one part of a message, its pictures are others."""

from __future__ import annotations

import codecs
import email
import re

from extractors.readers.html import BROKEN, decoded_page, read_page
from schemas.errors import UnreadableFile
from schemas.source import RawDocument, SourceFile

HEADER = re.compile(rb"\s*[A-Za-z][\w-]*:[ \t]")
PACKED = re.compile(rb"^content-type:\s*multipart/related\b", re.I | re.M)
# What only a letter has that was sent.
SENT = re.compile(rb"^(?:to|received|delivered-to|message-id):", re.I | re.M)
PAGES = ("text/html", "application/xhtml+xml")


def is_mht(data: bytes) -> bool:
    """Whether the bytes are a web page with its pictures in one file, and no e-mail."""
    head = re.split(rb"\r?\n\r?\n", data[:8192].lstrip(), maxsplit=1)[0]
    return bool(HEADER.match(head) and PACKED.search(head)) and not SENT.search(head)


def read_mht(source: SourceFile) -> RawDocument:
    """What the page in the file says, read as a web page; raises UnreadableFile where there is none in it."""
    packed = email.message_from_bytes(source.path.read_bytes())
    page = next((part for part in packed.walk() if part.get_content_type() in PAGES), None)
    data = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(data, bytes) or not data.strip():
        raise UnreadableFile(BROKEN.format(name=source.name), detail="no page in the file")
    return read_page(source, *_text(data, page.get_content_charset() or ""))


def _text(data: bytes, charset: str) -> tuple[str, str]:
    """The page's characters: as its part declares them, else as the page itself does."""
    try:
        return data.decode(codecs.lookup(charset).name), charset
    except (LookupError, UnicodeDecodeError):
        return decoded_page(data)
