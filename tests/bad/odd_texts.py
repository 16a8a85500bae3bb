"""Odd text files, web pages, mails and sheets, with what each owes: how it is read, or how it is refused."""

from __future__ import annotations

import base64
import io
import random
import unicodedata
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import openpyxl

from tests.bad.bad_pdfs import SHOWN, one_page, stream
from tests.bad.bad_texts import page_of
from tests.bad.bad_words import PLAN, ole, rtf
from tests.bad.warned_files import Owed
from tests.bad_files import GOOD_TEXT

TASK = "Tổ chức đối thoại với nhân dân"
LONG_LINE = "2. " + "Tổ chức tuyên truyền " * 500
CLOSED = "Giao Công an xã nộp phạt"
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def mail(attached: bool = False) -> bytes:
    """A mail whose text is packed, with a plan on it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@b.vn", "c@d.vn", "Kế hoạch"
    made.set_content(GOOD_TEXT, cte="base64")
    if attached:
        made.add_attachment(one_page(stream(SHOWN)), maintype="application", subtype="pdf", filename="a.pdf")
    return made.as_bytes()


def web_archive() -> bytes:
    """A web page saved as one file (.mht), as Word does; often named .doc."""
    head = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=x"\r\n\r\n--=x\r\n'
        "Content-Transfer-Encoding: base64\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(page_of(f"<p>1. {TASK}</p>")) + b"\r\n--=x--\r\n"


def flat_odt() -> bytes:
    """An OpenDocument text in one file of XML."""
    lines = "".join(f"<text:p>{line}</text:p>" for line in GOOD_TEXT.splitlines())
    names = f'xmlns:office="{OASIS}office:1.0" xmlns:text="{OASIS}text:1.0" office:version="1.2"'
    kind = 'office:mimetype="application/vnd.oasis.opendocument.text"'
    body = f"<office:body><office:text>{lines}</office:text></office:body>"
    return f"{XML}<office:document {names} {kind}>{body}</office:document>".encode()


def word_2003() -> bytes:
    """A Word document of 2003 in one file of XML."""
    home = "http://schemas.microsoft.com/office/word/2003/wordml"
    start = '<?mso-application progid="Word.Document"?>'
    return f'{XML}{start}<w:wordDocument xmlns:w="{home}"><w:body>{PLAN}</w:body></w:wordDocument>'.encode()


def flat_word() -> bytes:
    """A Word document of today in one file of XML."""
    home = "http://schemas.microsoft.com/office/2006/xmlPackage"
    return f'{XML}<pkg:package xmlns:pkg="{home}"><pkg:part>{PLAN}</pkg:part></pkg:package>'.encode()


def sheet(
    change: Callable[[Any, Any], object] = lambda book, page: None, old: bytes = b"", new: bytes = b""
) -> bytes:
    """A workbook with a table of tasks, changed; `old` bytes of its parts become `new`."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn"])
    for number in range(5):
        page.append([number + 1, f"{TASK} {number}", "Văn phòng", "Công an xã", "30/6/2026"])
    change(book, page)
    stream = io.BytesIO()
    book.save(stream)
    if not old:
        return stream.getvalue()
    made = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return made.getvalue()


def hidden_sheet(book: Any, _page: Any) -> None:
    """Add a sheet that does not show."""
    other = book.create_sheet("ẩn")
    other.sheet_state = "hidden"
    other.append([1, CLOSED, "x"])


def read(made: Callable[[], bytes], said: str = "", never: str = "") -> Owed:
    """What is read as the plan that it is."""
    return Owed(made, read=TASK, said=said, never=never)


ODD_TEXTS: dict[str, Owed] = {
    "utf32.txt": read(lambda: GOOD_TEXT.encode("utf-32")),
    "utf32-no-bom.txt": Owed(lambda: (GOOD_TEXT * 5).encode("utf-32-le"), refused=5),
    "cr-only.txt": read(lambda: GOOD_TEXT.replace("\n", "\r").encode()),
    "line-separators.txt": read(lambda: GOOD_TEXT.replace("\n", "\u2028").encode()),
    "form-feeds.txt": read(lambda: GOOD_TEXT.replace("\n", "\f").encode()),
    "two-boms.txt": read(lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD_TEXT.encode()),
    "bom-inside.txt": read(lambda: GOOD_TEXT.replace("1.", "\ufeff1.").encode()),
    "line-10000.txt": read(lambda: (GOOD_TEXT + LONG_LINE).encode()),
    "null-tail.txt": Owed(lambda: GOOD_TEXT.encode() + bytes(5000), refused=5),
    "null-head.txt": Owed(lambda: bytes(50) + GOOD_TEXT.encode(), refused=5),
    "cut-letter.txt": read(lambda: GOOD_TEXT.encode() + "Một".encode()[:-2], said="bị hỏng"),
    "stray-bytes.txt": read(lambda: GOOD_TEXT.encode() + b"\xc0\xaf\xc0\xae", said="bị hỏng"),
    "decomposed.txt": read(lambda: unicodedata.normalize("NFD", GOOD_TEXT).encode()),
    "turned-round.txt": read(lambda: (GOOD_TEXT + "2. Giao \u202eax na gnôC\u202c.\n").encode(), said="đảo chiều"),
    "emoji.txt": read(lambda: (GOOD_TEXT + "2. 🎉👨‍👩‍👧 Tổ chức tập huấn.\n").encode()),
    "dates-that-are-none.txt": read(lambda: (GOOD_TEXT + "2. Báo cáo trước ngày 31/02/2026, 99/99/9999.\n").encode()),
    "numbers-vast.txt": read(lambda: (GOOD_TEXT + f"2. Việc trong Quý {'9' * 40}/2026.\n").encode()),
    "mail.eml": Owed(mail, refused=5),
    "mail-with-plan.eml": Owed(lambda: mail(attached=True), refused=5),
    "archive.mht": read(web_archive),
    "archive.doc": read(web_archive),
    "signed.p7m": Owed(lambda: b"\x30\x82\x10\x00\x06\x09" + random.Random(3).randbytes(4000), refused=5),
    "signed-letters.p7m": Owed(
        lambda: b"-----BEGIN PKCS7-----\n" + base64.encodebytes(random.Random(3).randbytes(4000)), refused=5
    ),
    "packed.txt": Owed(lambda: base64.encodebytes(one_page(stream(SHOWN))), refused=5),
    "address.txt": Owed(lambda: b"data:application/pdf;base64," + base64.b64encode(one_page(b"")), refused=5),
    "flat-word.xml": Owed(flat_word, refused=5),
    "outlook.msg": Owed(lambda: ole("__substg1.0_0037001F"), refused=5),
    "word-2.doc": Owed(lambda: b"\xdb\xa5\x2d\x00" + bytes(380) + b"KE HOACH" * 50, refused=5),
    "write.wri": Owed(lambda: b"\x31\xbe\x00\x00\x00\xab" + bytes(122) + b"KE HOACH" * 50, refused=5),
    "perfect.doc": Owed(lambda: b"\xffWPC\x10\x00\x00\x00\x01\x0a" + bytes(200) + b"KE HOACH" * 50, refused=5),
    "video.mp4": Owed(lambda: b"\x00\x00\x00\x20ftypisom" + random.Random(1).randbytes(3000), refused=5),
    "link.lnk": Owed(lambda: b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(300), refused=5),
    "ke-hoach.pdf.exe": Owed(lambda: b"MZ" + bytes(3000), refused=5),
    "page.doc": read(lambda: page_of(f"<p>KẾ HOẠCH</p><p>1. {TASK}.</p>")),
    "not-shown.htm": read(
        lambda: page_of(f"<p>1. {TASK}.</p><p style='display:none'>2. {CLOSED}.</p><p hidden>3. {CLOSED}.</p>"),
        never=CLOSED,
    ),
    "other-charset.htm": read(lambda: page_of(f"<p>KẾ HOẠCH</p><p>1. {TASK}.</p>").replace(b"utf-8", b"x-none")),
    "frames.htm": Owed(lambda: b"<html><frameset cols='50%,50%'><frame src='a.htm'></frameset></html>", refused=6),
    "comment-open.htm": Owed(lambda: page_of("<p>KẾ HOẠCH</p><!--" + "-" * 100_000), read="KẾ HOẠCH"),
    "far-cell.xlsx": read(lambda: sheet(lambda _, page: page.__setitem__("XFD1048576", "x"))),
    "merged-sheet.xlsx": Owed(
        lambda: sheet(lambda _, page: page.merge_cells("A7:B8"), b"A7:B8", b"A7:XFD1048576"), refused=7
    ),
    "hidden-sheet.xlsx": read(lambda: sheet(hidden_sheet), said="bị ẩn", never=CLOSED),
    "many-sheets.xlsx": Owed(
        lambda: sheet(lambda book, _: [book.create_sheet(f"s{n}") for n in range(150)]), refused=7
    ),
    "formulas.xlsx": read(lambda: sheet(lambda _, page: page.append([6, "=1+1", "=2"])), said="công thức"),
    "empty.xlsx": Owed(lambda: sheet(lambda _, page: page.delete_rows(1, 9)), refused=6),
    "locked.xlsx": Owed(lambda: ole("EncryptedPackage"), refused=4),
}
"""File name → what it owes."""

CONVERTED: dict[str, Owed] = {
    "flat.fodt": read(flat_odt),
    "word-2003.doc": read(word_2003),
    "marked.rtf": Owed(lambda: b"\xef\xbb\xbf" + rtf(), read="HOẠCH"),
    "vast-binary.rtf": Owed(lambda: b"{\\rtf1\\ansi \\bin2147483647 abc}", refused=2),
    "odd-numbers.rtf": Owed(lambda: rtf("\\uc-5\\u-99999999? \\li99999999999 KE HOACH\\par"), read="KE HOACH"),
}
"""The same, of files that LibreOffice converts."""
