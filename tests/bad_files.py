"""Bad files, each made here, with the exit code that each must give."""

from __future__ import annotations

import hashlib
import io
import os
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from docx import Document

PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def pdf(words: str = "KE HOACH") -> bytes:
    """A PDF of one page with a line of text, "" for a page without text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode() if words else b""
    return _pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )


def _pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )


def encrypted_pdf() -> bytes:
    """A PDF whose user password is not empty (standard handler, 40 bits)."""
    identity, rights = b"0123456789abcdef", struct.pack("<i", -44)
    user = (b"mat khau" + PADDING)[:32]
    owner = _rc4(hashlib.md5(user).digest()[:5], user)
    key = hashlib.md5(user + owner + rights + identity).digest()[:5]
    handler = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >>" % (
        owner.hex().encode(),
        _rc4(key, PADDING).hex().encode(),
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        handler,
    ]
    identifier = identity.hex().encode()
    return _pdf_of(objects, b"/Encrypt 4 0 R /ID [<%s> <%s>]" % (identifier, identifier))


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def docx() -> bytes:
    """A Word file without a word in it."""
    stream = io.BytesIO()
    Document().save(stream)
    return stream.getvalue()


def noise_png(side: int = 200) -> bytes:
    """An image of noise: nothing that could be read."""
    dice = random.Random(7)
    lines = b"".join(b"\0" + dice.randbytes(side) for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


BAD: dict[str, tuple[Callable[[], bytes], set[int]]] = {
    "rong.pdf": (lambda: b"", {6}),
    "cut.pdf": (lambda: pdf()[:200], {2}),
    "cut.docx": (lambda: docx()[:9000], {2}),
    "khoa.pdf": (encrypted_pdf, {4}),
    "chuong-trinh.pdf": (lambda: b"MZ\x90\x00" + random.Random(1).randbytes(3000), {5}),
    "anh-dat-ten-sai.docx": (lambda: b"GIF89a" + random.Random(2).randbytes(500), {5}),
    "khong-chu.docx": (docx, {6}),
    "khong-chu.txt": (lambda: b" \n\n  \t\n", {6}),
    "nhieu.png": (noise_png, {6, 8}),
}
"""File name → (its bytes, exit codes that are right)."""

GOOD_TEXT = "KẾ HOẠCH\nI. NỘI DUNG\n1. Tổ chức đối thoại với nhân dân trong Quý II/2026.\n"


def make_bad(folder: Path) -> dict[Path, set[int]]:
    """Write every bad file into `folder`; return their exit codes."""
    made = {}
    for name, (content, codes) in BAD.items():
        path = folder / name
        path.write_bytes(content())
        made[path] = codes
    if os.geteuid() != 0:
        locked = folder / "cam-doc.txt"
        locked.write_text("x")
        locked.chmod(0)
        made[locked] = {2}
    return made
