"""Odd PDFs, Word files and pictures, with what each owes: how it is read, or how it is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image
from pyhanko.pdf_utils.crypt import StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests.bad.bad_pdfs import JUNK, SHOWN, composite, one_page, pictured, stream
from tests.bad.bad_pictures import page, png, saved
from tests.bad.bad_words import DOCUMENT, PLAN, TYPES, plan, rels, repacked, with_part
from tests.bad.odd_texts import TASK
from tests.bad.warned_files import Owed
from tests.readers.making_docx import p, root

CLOSED = b"BT /F1 12 Tf 72 600 Td (2. Giao Cong an xa nop phat) Tj ET"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 6 0 R >> >>"
TYPE_3 = (
    b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 97 "
    b"/LastChar 97 /Widths [500] /CharProcs << /a 6 0 R >> /Encoding << /Type /Encoding /Differences [97 /a] >> "
    b"/Resources << /Font << /F1 5 0 R >> >> >>"
)


def shown(old: bytes = b"", new: bytes = b"") -> bytes:
    """A PDF with a line of text, `old` bytes of it changed to `new`."""
    return one_page(stream(SHOWN)).replace(old, new, 1) if old else one_page(stream(SHOWN))


def locked(password: str) -> bytes:
    """A PDF that is encrypted with AES of 256 bits; everybody may read it where the password is empty."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(shown())))
    writer._assign_security_handler(
        StandardSecurityHandler.build_from_pw(desired_owner_pass="chu", desired_user_pass=password)
    )
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def attached(cover: bytes, catalog: bytes = b"") -> bytes:
    """A PDF with another file inside, of which its own page says only `cover`."""
    names = b"/Names << /EmbeddedFiles << /Names [(a.pdf) 6 0 R] >> >>"
    spec, inner = b"<< /Type /Filespec /F (a.pdf) /EF << /F 7 0 R >> >>", stream(shown(), b"/Type /EmbeddedFile")
    made = one_page(stream(b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % cover), spec, inner)
    return made.replace(b"/Pages 2 0 R >>", b"/Pages 2 0 R %s %s >>" % (names, catalog), 1)


def layered() -> bytes:
    """A page with a task on a layer that is switched off."""
    made = one_page(stream(SHOWN + b" /OC /L BDC " + CLOSED + b" EMC"), b"<< /Type /OCG /Name (an) >>")
    layers = b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>"
    made = made.replace(b"/Pages 2 0 R >>", b"/Pages 2 0 R " + layers + b" >>", 1)
    return made.replace(b"/XObject << /X 6 0 R >>", b"/Properties << /L 6 0 R >>")


def noted() -> bytes:
    """A page with a note that a viewer writes on it by itself."""
    note = (
        b"<< /Type /Annot /Subtype /FreeText /Rect [72 600 400 640] /F 4 /DA (/F1 12 Tf) "
        b"/Contents (2. Hoan thanh truoc 30/6/2026) >>"
    )
    return one_page(stream(SHOWN), note, page=b"/MediaBox [0 0 595 842] /Annots [6 0 R]")


def linked(element: str, kind: str, target: str) -> bytes:
    """A .docx with an element that takes in another file."""
    body = f'<w:body>{PLAN}<w:{element} r:id="s" xmlns:r="{KINDS}"/></w:body>'
    relation = rels(f'<Relationship Id="s" Type="{KINDS}/{kind}" Target="{target}" TargetMode="External"/>')

    def change(parts: dict[str, bytes]) -> None:
        parts[DOCUMENT] = root("document", body).encode()
        parts["word/_rels/document.xml.rels"] = relation.encode()

    return repacked(change)


def written(method: int, slash: str = "/", zip64: bool = False) -> bytes:
    """A .docx packed in another way, with other slashes in its names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plan())) as source, zipfile.ZipFile(stream, "w", method) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo()
            entry.filename, entry.compress_type = name.replace("/", slash), method
            with target.open(entry, "w", force_zip64=zip64) as part:
                part.write(source.read(name))
    return stream.getvalue()


def typed(kind: bytes) -> bytes:
    """A .docx that says to be of another kind of Word file."""
    usual = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return repacked(lambda parts: parts.__setitem__(TYPES, parts[TYPES].replace(usual, kind)))


def tagged(tag: int, value: int) -> bytes:
    """A TIFF in which one tag has this value."""
    data = bytearray(saved(page(), "TIFF"))
    at = struct.unpack_from("<I", data, 4)[0]
    for place in range(at + 2, at + 2 + 12 * struct.unpack_from("<H", data, at)[0], 12):
        if struct.unpack_from("<H", data, place)[0] == tag:
            struct.pack_into("<HHII", data, place, tag, 4, 1, value)
    return bytes(data)


def no_resolution() -> bytes:
    """A TIFF whose resolution is a number divided by nothing."""
    data = bytearray(saved(page(), "TIFF", dpi=(300, 300)))
    at = struct.unpack_from("<I", data, 4)[0]
    for place in range(at + 2, at + 2 + 12 * struct.unpack_from("<H", data, at)[0], 12):
        tag, _, _, value = struct.unpack_from("<HHII", data, place)
        if tag in (282, 283):
            struct.pack_into("<II", data, value, 300, 0)
    return bytes(data)


def vast_jpeg() -> bytes:
    """A JPEG that says it is vast."""
    data = saved(page(), "JPEG")
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", 65500, 65500) + data[at + 9 :]


def mirrored() -> bytes:
    """A photo that its EXIF says to turn over."""
    exif = Image.Exif()
    exif[0x0112] = 2
    return saved(page("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT), "JPEG", exif=exif)


SEEN, WORD = "KE HOACH so 12", Owed(plan, read=TASK)
PAPERS: dict[str, Owed] = {
    "aes-256.pdf": Owed(lambda: locked(""), read=SEEN),
    "aes-256-locked.pdf": Owed(lambda: locked("mat khau"), refused=4),
    "xref-vast.pdf": Owed(lambda: shown(b"xref\n0 7\n", b"xref\n0 999999999\n"), read=SEEN),
    "size-vast.pdf": Owed(lambda: shown(b"/Size 7", b"/Size 2147483647"), read=SEEN),
    "start-vast.pdf": Owed(lambda: shown()[: shown().rindex(b"startxref")] + b"startxref\n" + b"9" * 20, read=SEEN),
    "no-start.pdf": Owed(lambda: shown()[: shown().rindex(b"startxref")], read=SEEN),
    "no-head.pdf": Owed(lambda: shown()[9:], refused=2),
    "version-9.pdf": Owed(lambda: shown(b"%PDF-1.4", b"%PDF-9.9"), read=SEEN),
    "null-pages.pdf": Owed(lambda: shown(b"[3 0 R]", b"[null 99 0 R]"), refused=6),
    "no-contents.pdf": Owed(lambda: shown(b"/Contents 4 0 R", b"/Contents 44 0 R"), refused=6),
    "inline-vast.pdf": Owed(
        lambda: one_page(stream(SHOWN + b" q BI /W 100000 /H 100000 /BPC 8 /CS /RGB ID abc EI Q")), read=SEEN
    ),
    "form-in-itself.pdf": Owed(lambda: one_page(stream(SHOWN + b" /X Do"), stream(b"/X Do", FORM)), read=SEEN),
    "type-3-in-itself.pdf": Owed(
        lambda: one_page(stream(SHOWN), stream(b"500 0 d0 /F1 1 Tf (a) Tj"), font=TYPE_3), said="không nhìn thấy"
    ),
    "units.pdf": Owed(lambda: one_page(stream(SHOWN), page=b"/MediaBox [0 0 595 842] /UserUnit 75000"), read=SEEN),
    "box-of-words.pdf": Owed(lambda: one_page(stream(SHOWN), page=b"/MediaBox [(a) (b) 595 842]"), read=SEEN),
    "length-minus.pdf": Owed(lambda: one_page(b"<< /Length -5 >>\nstream\n%s\nendstream" % SHOWN), read=SEEN),
    "packed-cut.pdf": Owed(
        lambda: one_page(stream(zlib.compress(SHOWN * 200)[:60], b"/Filter /FlateDecode")), refused=6
    ),
    "lzw-junk.pdf": Owed(lambda: one_page(stream(JUNK, b"/Filter /LZWDecode")), refused=6),
    "map-in-itself.pdf": Owed(lambda: composite(to_unicode=b"/A usecmap endcmap"), said="không thấy tên loại"),
    "portfolio.pdf": Owed(lambda: attached(b"Open this portfolio", b"/Collection << >>"), said="đính kèm"),
    "attachment.pdf": Owed(lambda: attached(b"KE HOACH so 12"), read=SEEN, said="đính kèm"),
    "layer-off.pdf": Owed(layered, read=SEEN, said="không nhìn thấy", never="nộp phạt"),
    "blackened.pdf": Owed(
        lambda: one_page(stream(SHOWN + b" " + CLOSED + b" 0 g 60 590 300 30 re f")),
        read=SEEN,
        said="không nhìn thấy",
        never="nộp phạt",
    ),
    "framed.pdf": Owed(
        lambda: one_page(stream(b"0.9 g 60 590 300 30 re f 0 g " + SHOWN + b" " + CLOSED + b" 60 595 300 0.5 re f")),
        read="nop phat",
    ),
    "note.pdf": Owed(noted, read=SEEN, said="ghi chú"),
    "sub-document.docx": Owed(
        lambda: linked("subDoc", "subDocument", "file:///C:/a.docx"), read=TASK, said="tệp khác"
    ),
    "chunk.docx": Owed(lambda: linked("altChunk", "aFChunk", "http://127.0.0.1:9/a.htm"), read=TASK, said="tệp khác"),
    "backslashes.docx": Owed(lambda: written(zipfile.ZIP_DEFLATED, "\\"), read=TASK),
    "zip-64.docx": Owed(lambda: written(zipfile.ZIP_DEFLATED, zip64=True), read=TASK),
    "lzma.docx": Owed(lambda: written(zipfile.ZIP_LZMA), read=TASK),
    "long-comment.docx": Owed(lambda: plan()[:-2] + struct.pack("<H", 60_000) + b"x" * 60_000, read=TASK),
    "escaping.docx": Owed(lambda: repacked(lambda parts: parts.update({"../../a.xml": b"<a/>"})), read=TASK),
    "macros.docm": Owed(lambda: typed(b"application/vnd.ms-word.document.macroEnabled.main+xml"), read=TASK),
    "template.dotx": Owed(
        lambda: typed(b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"), read=TASK
    ),
    "bom.docx": Owed(lambda: with_part(DOCUMENT, b"\xef\xbb\xbf" + root("document", PLAN_BODY).encode()), read=TASK),
    "moved.docx": Owed(
        lambda: plan(
            PLAN + "<w:p><w:moveFrom w:id='1' w:author='a'><w:r><w:t>2. Bỏ việc này.</w:t></w:r></w:moveFrom></w:p>"
        ),
        read=TASK,
        said="sửa",
        never="Bỏ việc",
    ),
    "two-ends.docx.pdf": WORD,
    "PLAN.PDF": Owed(shown, read=SEEN),
    "no-suffix": Owed(shown, read=SEEN),
    "vast.jpg": Owed(vast_jpeg, refused=7),
    "strip-beyond.tif": Owed(lambda: tagged(273, 0x7FFFFFFF), refused=2),
    "width-vast.tif": Owed(lambda: tagged(256, 0x7FFFFFFF), refused=7),
    "width-zero.tif": Owed(lambda: tagged(256, 0), refused=2),
    "icc-bomb.png": Owed(
        lambda: png(300, 300, zlib.compress(b"\0" * 90_300), (b"iCCP", b"a\0\0" + zlib.compress(bytes(150_000_000)))),
        refused=2,
    ),
    "psd.jpg": Owed(lambda: b"8BPS\x00\x01" + bytes(3000), refused=5),
    "avif.jpg": Owed(lambda: b"\x00\x00\x00\x1cftypavif" + bytes(900), refused=5),
    "djvu.pdf": Owed(lambda: b"AT&TFORM\x00\x00\x10\x00DJVM" + bytes(3000), refused=5),
}
"""File name → what it owes."""
PLAN_BODY = f"<w:body>{PLAN}{p('')}</w:body>"

RECOGNISED: dict[str, Owed] = {
    "progressive.jpg": Owed(lambda: saved(page("RGB"), "JPEG", progressive=True), read="HOACH"),
    "16-bit.png": Owed(lambda: saved(page().convert("I;16").point(lambda grey: grey * 257), "PNG"), read="HOACH"),
    "group-4.tif": Owed(lambda: saved(page("1"), "TIFF", compression="group4"), read="HOACH"),
    "fax.tif": Owed(
        lambda: saved(
            page("1"), "TIFF", compression="group3", save_all=True, append_images=[page("1")], dpi=(204, 98)
        ),
        read="HOACH",
    ),
    "big.tif": Owed(lambda: saved(page(), "TIFF", big_tiff=True), read="HOACH"),
    "no-resolution.tif": Owed(no_resolution, read="HOACH"),
    "mirrored.jpg": Owed(mirrored, read="HOACH"),
    "junk-after.jpg": Owed(lambda: saved(page(), "JPEG") + JUNK, read="HOACH"),
    "ccitt-junk.pdf": Owed(
        lambda: pictured(
            2000,
            JUNK,
            b"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode "
            b"/DecodeParms << /K -1 /Columns 2000 >>",
        ),
        said="không thấy tên loại",
    ),
}
"""The same, of pictures that are recognised."""
