"""Files that could be read wrongly without a word: with what must be read, must not be a row, or must be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bad.bad_pdfs import SHOWN, filled, one_page, pdf_of, stream
from tests.bad.bad_words import DOCUMENT, PLAN, plan, rels, repacked, with_part
from tests.bad_files import GOOD_TEXT
from tests.readers.making_docx import p, root

CHANGED = (
    "<w:p><w:r><w:t>2. Hoàn thành trước </w:t></w:r>"
    "<w:ins w:id='1' w:author='a'><w:r><w:t>30/6/2026</w:t></w:r></w:ins>"
    "<w:del w:id='2' w:author='a'><w:r><w:delText>31/12/2026</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r></w:p>"
)
CONTROL = f"<w:sdt><w:sdtContent>{p('2. Tổ chức tập huấn chuyển đổi số.')}</w:sdtContent></w:sdt>"
INLINE_CONTROL = (
    "<w:p><w:r><w:t>2. Tổ chức </w:t></w:r><w:sdt><w:sdtContent><w:r><w:t>tập huấn</w:t></w:r></w:sdtContent></w:sdt>"
    "<w:r><w:t> chuyển đổi số.</w:t></w:r></w:p>"
)
BOX = (
    '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:drawing><wps:wsp '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:txbx><w:txbxContent>'
    f"{p('2. Tổ chức tập huấn chuyển đổi số.')}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>"
    "</mc:AlternateContent></w:r></w:p>"
)
HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>3. Giao Công an xã nộp phạt.</w:t></w:r></w:p>"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NULL_PICTURE = f'<Relationship Id="n" Type="{KINDS}/image" Target="NULL"/>'
OUTSIDE = (
    f'<Relationship Id="o" Type="{KINDS}/attachedTemplate" Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/>'
)
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
LOOSE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWO_PAGES = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
)
LINE = b"BT /F1 12 Tf 72 %d Td (%s) Tj ET "


@dataclass(frozen=True, slots=True)
class Owed:
    """What a file owes: `read` words that must be among its lines, `said` words of a warning, `never` in a row."""

    made: Callable[[], bytes]
    read: str = ""
    said: str = ""
    never: str = ""
    refused: int = 0


def strict() -> bytes:
    """A file in the strict form of Open XML, which Word can save."""
    return with_part(DOCUMENT, root("document", f"<w:body>{PLAN}</w:body>").replace(LOOSE, STRICT))


def macros() -> bytes:
    """A Word file with macros."""
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    relation = rels(f'<Relationship Id="v" Type="{kind}" Target="vbaProject.bin"/>')

    def add(parts: dict[str, bytes]) -> None:
        parts["word/vbaProject.bin"] = b"x" * 99
        parts["word/_rels/document.xml.rels"] = relation.encode()
        types = parts["[Content_Types].xml"].decode()
        default = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        parts["[Content_Types].xml"] = types.replace("</Types>", default).encode()

    return repacked(add)


def utf16_entity() -> bytes:
    """An entity that only shows when the part is decoded."""
    text = root("document", f"<w:body>{PLAN}{p('&x;')}</w:body>").split("?>", 1)[-1]
    head = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY x "trước 30/6/2026">]>'
    return with_part(DOCUMENT, (head + text).encode("utf-16"))


def invisible(how: bytes) -> bytes:
    """A page with a task that nobody sees: its letters are drawn in this way."""
    return one_page(stream(SHOWN + b" q " + how + b" " + LINE % (600, b"2. Giao Cong an xa nop phat") + b" Q"))


def other_text() -> bytes:
    """A line whose letters say one thing, and which says another to whoever copies it."""
    span = b"/Span << /ActualText (Thang 12) >> BDC " + LINE % (600, b"Hoan thanh thang 6") + b"EMC"
    return one_page(stream(SHOWN + b" " + span))


def miscounted() -> bytes:
    """A PDF that says that it has three pages, and lists two."""
    tree = b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 3 >>"
    return one_page(stream(SHOWN), TWO_PAGES).replace(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", tree)


def same_page_often() -> bytes:
    """One page that is listed ten times."""
    kids = b"3 0 R " * 10
    old = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return one_page(stream(SHOWN)).replace(old, b"<< /Type /Pages /Kids [%s] /Count 10 >>" % kids)


def with_script() -> bytes:
    """A PDF that runs a script when it is opened."""
    action = b"/Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
    return one_page(stream(SHOWN)).replace(b"/Pages 2 0 R >>", action, 1)


def turned(degrees: int) -> bytes:
    """A page that is shown turned."""
    return one_page(stream(SHOWN), page=b"/MediaBox [0 0 595 842] /Rotate %d" % degrees)


def old_letters() -> bytes:
    """A page in a font of the TCVN3 time."""
    words = "KÕ ho¹ch thùc hiÖn nhiÖm vô n¨m 2026. C¸c phßng ban chñ tr×, phèi hîp thùc hiÖn ®óng tiÕn ®é."
    content = b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % words.encode("cp1252", "replace")
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /.VnTime /Encoding /WinAnsiEncoding >>"
    return one_page(stream(content), font=font)


WARNED: dict[str, Owed] = {
    "changed.docx": Owed(lambda: plan(PLAN + CHANGED), read="trước 30/6/2026", said="sửa", never="31/12"),
    "control.docx": Owed(lambda: plan(PLAN + CONTROL), read="Tổ chức tập huấn chuyển đổi số"),
    "control-inline.docx": Owed(lambda: plan(PLAN + INLINE_CONTROL), read="Tổ chức tập huấn chuyển đổi số"),
    "box.docx": Owed(lambda: plan(PLAN + BOX), read="Tổ chức tập huấn chuyển đổi số"),
    "hidden.docx": Owed(lambda: plan(PLAN + HIDDEN), said="ẩn", never="nộp phạt"),
    "null-picture.docx": Owed(lambda: with_part("word/_rels/document.xml.rels", rels(NULL_PICTURE)), read="KẾ HOẠCH"),
    "outside.docx": Owed(lambda: with_part("word/_rels/document.xml.rels", rels(OUTSIDE)), read="KẾ HOẠCH"),
    "macro.docx": Owed(macros, said="macro", read="Tổ chức đối thoại"),
    "strict.docx": Owed(strict, read="Tổ chức đối thoại"),
    "utf16-entity.docx": Owed(utf16_entity, refused=2),
    "invisible.pdf": Owed(lambda: invisible(b"3 Tr"), said="không nhìn thấy", never="nop phat"),
    "white.pdf": Owed(lambda: invisible(b"1 1 1 rg"), said="không nhìn thấy", never="nop phat"),
    "tiny.pdf": Owed(lambda: invisible(b"0.005 0 0 0.005 0 0 cm"), said="không nhìn thấy", never="nop phat"),
    "other-text.pdf": Owed(other_text, said="chữ thay thế"),
    "miscounted.pdf": Owed(miscounted, said="trang"),
    "same-page.pdf": Owed(same_page_often, said="trang"),
    "script.pdf": Owed(with_script, read="KE HOACH"),
    "form.pdf": Owed(filled, read="57/KH-UBND"),
    "turned-90.pdf": Owed(lambda: turned(90), read="KE HOACH so 12"),
    "turned-180.pdf": Owed(lambda: turned(180), read="KE HOACH so 12"),
    "old-letters.pdf": Owed(old_letters, read="Kế hoạch thực hiện nhiệm vụ"),
    "no-pages.pdf": Owed(
        lambda: pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
        refused=6,
    ),
    "good.txt": Owed(lambda: GOOD_TEXT.encode(), read="Tổ chức đối thoại"),
}
