"""Malformed, hostile and odd PDFs, each made here, with the exit codes that are right for it.

Read: 0 or 3. Else the class of the refusal: 2 damaged, 4 locked, 6 no text, 7 over a limit.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable

from tests.bad_files import PADDING, _rc4, encrypted_pdf, pdf

READ = frozenset({0, 3})
WORDS = "KE HOACH so 12 nam 2026 cua Uy ban nhan dan xa"
SHOWN = f"BT /F1 12 Tf 72 720 Td ({WORDS}) Tj ET".encode()
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
RESOURCES = b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> /Pattern << /P 6 0 R >> >>"


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(out) + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def packed(data: bytes, times: int = 1, more: bytes = b"") -> bytes:
    """A stream that unpacks to `times` times `data`."""
    packer = zlib.compressobj(9)
    small = b"".join(packer.compress(data) for _ in range(times)) + packer.flush()
    return stream(small, b"/Filter /FlateDecode " + more)


def one_page(content: bytes, *more: bytes, page: bytes = b"/MediaBox [0 0 595 842]", font: bytes = FONT) -> bytes:
    """A PDF of one page with this content object; `more` are objects from number 6 on."""
    entry = b"<< /Type /Page /Parent 2 0 R %s /Contents 4 0 R %s >>" % (page, RESOURCES)
    return pdf_of([CATALOG, PAGES, entry, content, font, *(more or (b"null",))])


def open_pdf() -> bytes:
    """A PDF that is encrypted with the empty password, as many programs write it; everybody may read it."""
    identity, rights = b"0123456789abcdef", struct.pack("<i", -44)
    owner = _rc4(hashlib.md5(PADDING).digest()[:5], PADDING)
    key = hashlib.md5(PADDING + owner + rights + identity).digest()[:5]
    content = _rc4(hashlib.md5(key + b"\x04\x00\x00\x00\x00").digest()[:10], SHOWN)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % RESOURCES
    handler = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >>"
    locks = handler % (owner.hex().encode(), _rc4(key, PADDING).hex().encode())
    identifier = identity.hex().encode()
    objects = [CATALOG, PAGES, page, stream(content), FONT, locks]
    return pdf_of(objects, b"/Encrypt 6 0 R /ID [<%s> <%s>]" % (identifier, identifier))


def laughs(levels: int = 10) -> bytes:
    """Forms that each call the next ten times."""
    forms = []
    for level in range(levels):
        own = f"/Resources << /XObject << /X {7 + level} 0 R >> /Font << /F1 5 0 R >> >>".encode()
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + own
        forms.append(stream(b"/X Do " * 10 if level < levels - 1 else SHOWN, entries))
    return one_page(stream(b"/X Do"), *forms)


def composite(widths: bytes = b"", to_unicode: bytes = b"") -> bytes:
    """A page in a CID font with these widths and this ToUnicode map."""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] %s >>" % (
        b"/ToUnicode 7 0 R" if to_unicode else b""
    )
    info = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    child = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A %s /W [%s] >>" % (info, widths)
    content = SHOWN + b" 0 0 200 200 re S 50 50 100 100 re S"
    return one_page(stream(content), child, stream(to_unicode), font=font)


def ruled(count: int, boxes: bool = False) -> bytes:
    """A page with text and many lines, as a drawn map has."""
    shape = b"%d %d 2 2 re S " if boxes else b"%d 10 m %d 800 l S 20 %d m 580 %d l S "
    made = bytearray(SHOWN + b" ")
    for at in range(count):
        made += shape % ((at % 140 * 4, at // 140 * 4) if boxes else (at % 590, at % 590, at % 800, at % 800))
    return one_page(packed(bytes(made)))


def many_pages(count: int, same: bool) -> bytes:
    """A PDF of many pages; or of one that is listed many times."""
    kids = b" ".join(b"%d 0 R" % (3 if same else 4 + at) for at in range(count))
    pages = b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 595 842] >>" % (kids, count)
    page = b"<< /Type /Page /Parent 2 0 R >>"
    return pdf_of([CATALOG, pages, page, *([] if same else [page] * count)])


def pictured(size: int, data: bytes, entries: bytes) -> bytes:
    """A page under one picture."""
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d %s" % (size, size, entries)
    return one_page(stream(b"595 0 0 842 0 0 cm /X Do"), stream(data, head))


def huge_mono(side: int = 35_000) -> bytes:
    """A page under a black and white picture of more than a thousand million dots, packed small."""
    packer = zlib.compressobj(9)
    line = b"\xff" * (side // 8)
    data = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    return pictured(side, data, b"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode")


def tiled() -> bytes:
    """A page filled with a pattern of steps far smaller than a dot."""
    entries = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001"
    tile = stream(b"0 0 1 1 re f", entries + b" /Resources << >>")
    return one_page(stream(b"/Pattern cs /P scn 0 0 595 842 re f"), tile)


def signed() -> bytes:
    """A signed PDF: the signature's appearance is printed on the page, its words are no words of the plan."""
    look = stream(
        b"BT /F1 8 Tf 2 20 Td (Ky boi: Uy ban nhan dan xa) Tj ET",
        b"/Type /XObject /Subtype /Form /BBox [0 0 200 40] /Resources << /Font << /F1 5 0 R >> >>",
    )
    seal = b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 100 200 100] /Contents <%s> >>" % (b"00" * 200)
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 4 /Rect [350 60 550 100] /V 8 0 R "
        b"/AP << /N 6 0 R >> >>"
    )
    page = b"/MediaBox [0 0 595 842] /Annots [7 0 R]"
    made = one_page(stream(SHOWN), look, field, seal, page=page)
    return made.replace(b"/Pages 2 0 R >>", b"/Pages 2 0 R /AcroForm << /Fields [7 0 R] /SigFlags 3 >> >>", 1)


def filled() -> bytes:
    """A form: the number of the plan stands in a text field with its appearance."""
    look = stream(
        b"/Tx BMC BT /F1 12 Tf 2 4 Td (57/KH-UBND) Tj ET EMC",
        b"/Type /XObject /Subtype /Form /BBox [0 0 120 20] /Resources << /Font << /F1 5 0 R >> >>",
    )
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (so) /V (57/KH-UBND) /F 4 /Rect [100 640 220 660] "
        b"/AP << /N 6 0 R >> >>"
    )
    content = SHOWN + b" BT /F1 12 Tf 72 644 Td (So:) Tj ET"
    made = one_page(stream(content), look, field, page=b"/MediaBox [0 0 595 842] /Annots [7 0 R]")
    return made.replace(b"/Pages 2 0 R >>", b"/Pages 2 0 R /AcroForm << /Fields [7 0 R] >> >>", 1)


def launching() -> bytes:
    """A PDF that would start a program and run a script where a viewer let it."""
    action = b"/OpenAction << /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) >> >>"
    return one_page(stream(SHOWN)).replace(b"/Pages 2 0 R >>", b"/Pages 2 0 R " + action + b" >>", 1)


def many_glyphs(count: int) -> bytes:
    """A page with far more letters than a page can show."""
    lines = (b"BT /F1 1 Tf 1 %d Td (%s) Tj ET\n" % (at % 800, b"%05d " % at * 80) for at in range(count // 480))
    return one_page(packed(b"".join(lines)))


def streams_in_streams() -> bytes:
    """Contents packed twice: a few kB become 300 MB."""
    inner = zlib.compressobj(9)
    small = b"".join(inner.compress(b" " * 1_000_000) for _ in range(300)) + inner.flush()
    return one_page(stream(zlib.compress(small, 9), b"/Filter [/FlateDecode /FlateDecode]"))


MAP = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"
JUNK = bytes(range(256)) * 8
LINKED = pdf_of([CATALOG, b"3 0 R", b"4 0 R", b"2 0 R"])
LOOPED = pdf_of([CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])
XFA = b"Please wait... If this message is not eventually replaced, your viewer may not be able to display this."

PDFS: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "rong.pdf": (lambda: b"", frozenset({6})),
    "chi-co-dau.pdf": (lambda: b"%PDF-1.7\n", frozenset({2})),
    "cut-200.pdf": (lambda: pdf()[:200], frozenset({2})),
    "cut-half.pdf": (lambda: one_page(stream(SHOWN * 50))[:1500], frozenset({2, 6})),
    "cut-end.pdf": (lambda: one_page(stream(SHOWN))[:-120], READ | {2}),
    "tail-zeroed.pdf": (lambda: one_page(stream(SHOWN))[:600] + bytes(9000), frozenset({2, 6}) | READ),
    "junk-before.pdf": (lambda: b"\r\n" * 400 + one_page(stream(SHOWN)), READ),
    "junk-after.pdf": (lambda: one_page(stream(SHOWN)) + JUNK * 20, READ),
    "two-in-one.pdf": (lambda: one_page(stream(SHOWN)) + one_page(stream(SHOWN)), READ),
    "khoa.pdf": (encrypted_pdf, frozenset({4})),
    "khoa-rong.pdf": (open_pdf, READ),
    "no-pages.pdf": (lambda: pdf_of([CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"]), frozenset({2})),
    "looped-tree.pdf": (lambda: LOOPED, frozenset({2, 6})),
    "ref-chain.pdf": (lambda: LINKED, frozenset({2, 6})),
    "ref-length.pdf": (lambda: one_page(b"<< /Length 4 0 R >>\nstream\n%s\nendstream" % SHOWN), READ | {2, 6}),
    "prev-loop.pdf": (lambda: one_page(stream(SHOWN)).replace(b"/Root 1 0 R ", b"/Root 1 0 R /Prev 9 "), READ | {2}),
    "deep-array.pdf": (lambda: one_page(stream(SHOWN), b"[" * 200_000 + b"]" * 200_000), READ | {2}),
    "deep-content.pdf": (lambda: one_page(stream(b"q " * 100_000 + SHOWN + b"[" * 50_000)), READ | {6}),
    "page-200in.pdf": (lambda: one_page(stream(SHOWN), page=b"/MediaBox [0 0 14400 14400]"), READ),
    "page-none.pdf": (lambda: one_page(stream(SHOWN), page=b""), READ | {2}),
    "page-zero.pdf": (lambda: one_page(stream(SHOWN), page=b"/MediaBox [0 0 0 0]"), READ | {2, 6}),
    "page-turned-box.pdf": (lambda: one_page(stream(SHOWN), page=b"/MediaBox [595 842 0 0]"), READ),
    "page-vast.pdf": (lambda: one_page(stream(SHOWN), page=b"/MediaBox [0 0 1e30 1e30]"), READ | {2, 6, 7}),
    "page-rotate-45.pdf": (lambda: one_page(stream(SHOWN), page=b"/MediaBox [0 0 595 842] /Rotate 45"), READ),
    "font-size-zero.pdf": (lambda: one_page(stream(SHOWN.replace(b"12 Tf", b"0 Tf"))), READ | {6}),
    "font-size-vast.pdf": (lambda: one_page(stream(SHOWN.replace(b"12 Tf", b"1e30 Tf"))), READ | {6}),
    "blank.pdf": (lambda: one_page(stream(b"")), frozenset({6})),
    "lines-60k.pdf": (lambda: ruled(30_000), READ),
    "boxes-18k.pdf": (lambda: ruled(18_000, boxes=True), READ),
    "boxes-4k.pdf": (lambda: ruled(4_000, boxes=True), READ),
    "listed-50000.pdf": (lambda: many_pages(50_000, same=True), frozenset({7})),
    "pages-600.pdf": (lambda: many_pages(600, same=False), frozenset({7})),
    "pages-400-blank.pdf": (lambda: many_pages(400, same=False), frozenset({6})),
    "jbig2-junk.pdf": (lambda: pictured(2000, JUNK, b"/ColorSpace /DeviceGray /Filter /JBIG2Decode"), frozenset({6})),
    "jpx-junk.pdf": (lambda: pictured(2000, JUNK, b"/Filter /JPXDecode"), frozenset({6})),
    "dct-junk.pdf": (lambda: pictured(2000, JUNK, b"/ColorSpace /DeviceRGB /Filter /DCTDecode"), frozenset({6})),
    "launch.pdf": (launching, READ),
    "signed.pdf": (signed, READ),
    "filled.pdf": (filled, READ),
    "xfa.pdf": (lambda: one_page(stream(b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % XFA)), READ),
    "glyphs-400k.pdf": (lambda: many_glyphs(400_000), frozenset({7})),
    "outlines.pdf": (
        lambda: one_page(packed(b"".join(b"%d %d 5 7 re f " % (at % 50 * 9, at) for at in range(800)))),
        READ | {6},
    ),
    "outside.pdf": (lambda: one_page(stream(SHOWN.replace(b"72 720", b"9000 9000"))), READ | {6}),
}
"""File name → (its bytes, exit codes that are right)."""

SLOW_PDFS: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "laughs.pdf": (laughs, READ | {2, 6, 7, 9}),
    "cid-widths.pdf": (lambda: composite(b"0 2000000000 500"), READ | {6}),
    "to-unicode.pdf": (lambda: composite(to_unicode=MAP), READ | {6, 7}),
    "flate-1gb.pdf": (lambda: one_page(packed(b" " * 1_000_000, 1000)), frozenset({2, 6, 7, 9})),
    "flate-twice.pdf": (streams_in_streams, READ | {2, 6, 7, 9}),
    "laughs-13.pdf": (lambda: laughs(13), READ | {2, 6, 7, 9}),
    "glyphs-4m.pdf": (lambda: many_glyphs(4_000_000), frozenset({7, 9})),
    "huge-mono.pdf": (huge_mono, frozenset({2, 6, 7, 9}) | READ),
    "tiled.pdf": (tiled, frozenset({6, 7, 9})),
    "page-200in-blank.pdf": (
        lambda: one_page(stream(b"14400 0 0 14400 0 0 cm /X Do"), page=b"/MediaBox [0 0 14400 14400]"),
        frozenset({6}),
    ),
    "contents-1m.pdf": (
        lambda: one_page(stream(SHOWN)).replace(b"/Contents 4 0 R", b"/Contents [" + b"4 0 R " * 300_000 + b"]"),
        READ | {2, 6, 7, 9},
    ),
}
"""The same, of files that take long to make or to refuse."""
