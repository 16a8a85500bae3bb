"""Malformed, hostile and odd files of word processors, each made here, with the exit codes that are right for it."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

from tests.bad_files import GOOD_TEXT, docx
from tests.readers.making_docx import cell, level, numbered, numbering, p, root, table
from tests.readers.making_docx import docx as written

READ = frozenset({0, 3})
PLAN = "".join(p(line) for line in GOOD_TEXT.splitlines())
DOCUMENT, TYPES = "word/document.xml", "[Content_Types].xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
TYPES_OF_OFFICE = {"xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "epub": "META-INF/container.xml"}
LIST = [level(0, "lowerRoman", "%1.", start=2_000_000_000)]


def plan(body: str = PLAN, **parts: str) -> bytes:
    """A .docx with this body."""
    stream = io.BytesIO()
    written(stream, body, **parts)
    return stream.getvalue()


def repacked(change: Callable[[dict[str, bytes]], object], flags: int = 0) -> bytes:
    """A .docx whose parts were changed by hand."""
    with zipfile.ZipFile(io.BytesIO(plan())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    data = stream.getvalue()
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01") if flags else data


def with_part(name: str, data: str | bytes) -> bytes:
    """A .docx in which one part holds this."""
    return repacked(lambda parts: parts.__setitem__(name, data.encode() if isinstance(data, str) else data))


def zipped(**parts: str) -> bytes:
    """A zip archive of these parts ("__" for a slash)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return stream.getvalue()


def office(kind: str) -> bytes:
    """A file of another office program."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(TYPES, "<Types/>")
        archive.writestr(TYPES_OF_OFFICE[kind], "<x/>")
    return stream.getvalue()


def bomb(unpacked: int) -> bytes:
    """A .docx whose text unpacks to this many bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TYPES, b"<Types/>")
        with archive.open(DOCUMENT, "w", force_zip64=True) as part:
            for _ in range(unpacked >> 20):
                part.write(b" " * (1 << 20))
    return stream.getvalue()


def crowd(entries: int) -> bytes:
    """A .docx of many parts."""
    return repacked(lambda parts: parts.update({f"word/media/{n}.png": b"" for n in range(entries)}))


def entity() -> bytes:
    """A .docx with entities that grow tenfold nine times."""
    text = root("document", f"<w:body>{p('&a9;')}</w:body>")
    return with_part(DOCUMENT, text.replace("?><w", f'?><!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><w'))


def nested(depth: int, inner: str) -> bytes:
    """A .docx with elements in each other."""
    opened, closed = inner.split("|")
    return plan(PLAN + opened * depth + p("x") + closed * depth)


def doubled() -> bytes:
    """A .docx with two texts under one name."""
    stream = io.BytesIO(plan())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/document.xml ".strip(), root("document", f"<w:body>{p('khác')}</w:body>"))
    return stream.getvalue()


def damaged_inside() -> bytes:
    """A .docx with some of its packed bytes changed."""
    data = bytearray(docx())
    dice = random.Random(3)
    for _ in range(60):
        data[dice.randrange(2000, len(data) // 2)] = dice.randrange(256)
    return bytes(data)


def ole(name: str) -> bytes:
    """The outside of an OLE file that names this stream."""
    return OLE + bytes(504) + name.encode("utf-16-le") + bytes(2000)


def odt(text: str = GOOD_TEXT, more: str = "") -> bytes:
    """An OpenDocument text."""
    office_names = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = "".join(f"<t:p>{line}</t:p>" for line in text.splitlines())
    content = (
        f'<o:document-content xmlns:o="{office_names}office:1.0" xmlns:t="{office_names}text:1.0" o:version="1.2">'
        f"<o:body><o:text>{lines}</o:text></o:body></o:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        f'<m:manifest xmlns:m="{office_names}manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        f'<m:file-entry m:full-path="content.xml" m:media-type="text/xml">{more}</m:file-entry></m:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def rtf(inner: str = "K\\u7870?HO\\u7840?CH\\par 1. Vi\\u7879?c") -> bytes:
    """A rich text file."""
    return ("{\\rtf1\\ansi\\ansicpg1258 " + inner + "}").encode()


SPANNED = f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>{p("x")}</w:tc></w:tr></w:tbl>'
STYLES = root(
    "styles",
    '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>',
)
HEADER_RELATION = (
    '<Relationship Id="h" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" '
    'Target="document.xml"/>'
)

DOCUMENTS: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "cut-100.docx": (lambda: docx()[:100], frozenset({2})),
    "cut-third.docx": (lambda: docx()[: len(docx()) // 3], frozenset({2})),
    "cut-half.docx": (lambda: docx()[: len(docx()) // 2], frozenset({2})),
    "cut-300.docx": (lambda: plan()[:-300], frozenset({2})),
    "cut-22.docx": (lambda: docx()[:-22], frozenset({2})),
    "cut-zeroed.docx": (lambda: plan()[: len(plan()) // 2] + bytes(len(plan()) // 2), frozenset({2})),
    "damaged.docx": (damaged_inside, frozenset({2, 6})),
    "junk-before.docx": (lambda: b"\r\n\r\n" + plan(), READ | {2, 5}),
    "no-text-part.docx": (lambda: repacked(lambda parts: parts.pop(DOCUMENT)), frozenset({2})),
    "no-types.docx": (lambda: repacked(lambda parts: parts.pop(TYPES)), frozenset({2, 5})),
    "no-rels.docx": (lambda: repacked(lambda parts: parts.pop("_rels/.rels")), frozenset({2})),
    "no-body.docx": (lambda: with_part(DOCUMENT, root("document", "")), frozenset({2, 6})),
    "other-root.docx": (lambda: with_part(DOCUMENT, root("styles", "")), frozenset({2, 6})),
    "not-xml.docx": (lambda: with_part(DOCUMENT, b"\x00\x01" * 500), frozenset({2})),
    "bad-utf8.docx": (lambda: plan().replace(b"DUNG", b"D\xff\xfeG"), frozenset({2})),
    "bad-header.docx": (lambda: plan(header1="<w:hdr"), frozenset({2})),
    "bad-styles.docx": (lambda: plan(styles="không phải XML"), frozenset({2})),
    "bad-footnotes.docx": (lambda: plan(footnotes="<w:footnotes"), frozenset({2})),
    "tables-80-deep.docx": (lambda: nested(80, "<w:tbl><w:tr><w:tc>|</w:tc></w:tr></w:tbl>"), READ | {7}),
    "header-is-body.docx": (lambda: with_part("word/_rels/document.xml.rels", rels(HEADER_RELATION)), READ | {2}),
    "entities.docx": (entity, frozenset({2})),
    "doubled.docx": (doubled, frozenset({2})),
    "locked-zip.docx": (lambda: repacked(lambda parts: None, flags=1), frozenset({4})),
    "locked-ole.docx": (lambda: ole("EncryptedPackage"), frozenset({4})),
    "bomb-200mb.docx": (lambda: bomb(200 << 20), frozenset({7})),
    "entries.docx": (lambda: crowd(3000), frozenset({7})),
    "grid-span.docx": (lambda: plan(SPANNED), frozenset({7})),
    "grid-span-odd.docx": (lambda: plan(PLAN + SPANNED.replace("2000000000", "²")), READ),
    "grid-span-minus.docx": (lambda: plan(PLAN + SPANNED.replace("2000000000", "-5")), READ),
    "cells-60k.docx": (lambda: plan(table(*[[cell(p("x"))] * 100] * 600)), frozenset({7})),
    "paragraphs-200k.docx": (lambda: plan("<w:p/>" * 10 + p("x") * 200_000), frozenset({7})),
    "tables-in-tables.docx": (lambda: nested(120, "<w:tbl><w:tr><w:tc>|</w:tc></w:tr></w:tbl>"), frozenset({7})),
    "nested-5000.docx": (lambda: nested(5000, "<w:sdt>|</w:sdt>"), frozenset({7})),
    "nested-200.docx": (lambda: nested(200, "<w:sdt><w:sdtContent>|</w:sdtContent></w:sdt>"), frozenset({7})),
    "styles-loop.docx": (lambda: plan(p("KẾ HOẠCH", '<w:pStyle w:val="A"/>'), styles=STYLES), READ),
    "roman-vast.docx": (lambda: plan(numbered("Việc") * 3, numbering=numbering(LIST, [])), READ | {2}),
    "number-odd.docx": (
        lambda: plan(PLAN + p("x", '<w:numPr><w:ilvl w:val="²"/><w:numId w:val="x"/></w:numPr>')),
        READ,
    ),
    "level-99.docx": (lambda: plan(numbered("Việc", level=99), numbering=numbering(LIST, [])), READ | {2}),
    "one-paragraph-8mb.docx": (lambda: plan(p("Tổ chức thực hiện kế hoạch. " * 300_000)), frozenset({7})),
    "khong-chu.docx": (docx, frozenset({6})),
    "khoa.doc": (lambda: ole("EncryptedPackage"), frozenset({4})),
    "bang-tinh.xls": (lambda: ole("Workbook"), frozenset({2})),
    "bang-tinh.xlsx": (lambda: office("xlsx"), frozenset({2})),
    "trinh-chieu.pptx": (lambda: office("pptx"), frozenset({5})),
    "sach.epub": (lambda: office("epub"), frozenset({5})),
    "goi.zip": (lambda: zipped(a__ke_hoach="x" * 500), frozenset({5})),
    "goi-cut.zip": (lambda: zipped(a__ke_hoach="x" * 5000)[:3000], frozenset({2, 5})),
    "khoa.odt": (lambda: odt(more='<manifest:encryption-data m:checksum="x"/>'), frozenset({2, 4})),
}
"""File name → (its bytes, exit codes that are right)."""

SLOW_DOCUMENTS: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "tot.odt": (odt, READ),
    "cut.odt": (lambda: odt()[:-200], frozenset({2})),
    "tot.rtf": (rtf, READ),
    "rtf-deep.rtf": (lambda: rtf("{" * 50_000 + "x"), READ | {2, 6, 9}),
    "rtf-cut.rtf": (lambda: rtf()[:40], READ | {2, 6}),
    "doc-junk.doc": (lambda: ole("WordDocument"), frozenset({2, 6})),
    "bomb-1500mb.docx": (lambda: bomb(1500 << 20), frozenset({7})),
    "paragraphs-2m.docx": (lambda: plan("<w:p/>" * 2_000_000), frozenset({7})),
}
"""The same, of files that take long to make or to refuse."""


def rels(inner: str) -> str:
    """A part of relations."""
    home = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{home}">{inner}</Relationships>'
