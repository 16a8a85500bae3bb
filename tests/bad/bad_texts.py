"""Malformed, hostile and odd text files, each made here, with the exit codes that are right for it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from tests.bad.bad_pictures import EPS, page, saved
from tests.bad.bad_words import plan
from tests.bad_files import GOOD_TEXT, pdf

READ = frozenset({0, 3})
LINE = "1. Tổ chức tuyên truyền, vận động nhân dân trong Quý II/2026.\n"


def page_of(inner: str, head: str = "") -> bytes:
    """A web page."""
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{inner}</body></html>'.encode()


SCRIPTED = (
    "<script>document.write('Việc giả')</script><p onclick='x()'>KẾ HOẠCH</p><p>1. Tổ chức đối thoại.</p>"
    "<iframe src='http://example.org/'></iframe><img src='file:///etc/passwd' onerror='x()'>"
)
HTML_TABLES = "<table><tr><td>"
VERTICAL = "<tr><td rowspan='²' colspan='²'>a</td><td colspan='99999999'>b</td></tr>"

TEXTS: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "tot.txt": (lambda: GOOD_TEXT.encode(), READ),
    "rong.txt": (lambda: b"", frozenset({6})),
    "mot-chu.txt": (lambda: b"a", READ),
    "chi-bom.txt": (lambda: b"\xef\xbb\xbf", frozenset({6})),
    "khoang-trang.txt": (lambda: b" \n\t\r\n" * 1000, frozenset({6})),
    "vo-hinh.txt": (lambda: "\u200b\u200d\ufeff\n\u00ad".encode() * 50, frozenset({6})),
    "chi-so.txt": (lambda: b"1234567890\n" * 300, READ),
    "utf16.txt": (lambda: (GOOD_TEXT * 5).encode("utf-16-le"), READ),
    "utf16-be.txt": (lambda: (GOOD_TEXT * 5).encode("utf-16-be"), READ),
    "utf16-odd.txt": (lambda: b"\xff\xfe" + GOOD_TEXT.encode("utf-16-le") + b"x", READ | {5}),
    "utf16-lone.txt": (lambda: b"\xff\xfe" + (GOOD_TEXT.encode("utf-16-le") + b"\x00\xd8") * 3, READ | {5}),
    "nulls.txt": (lambda: GOOD_TEXT.replace(" ", "\0").encode(), READ | {5}),
    "latin1.txt": (lambda: "Kế hoạch năm 2026".encode("cp1258", "replace") * 20, READ),
    "surrogates.txt": (lambda: GOOD_TEXT.encode() + b"\xed\xa0\x80\n" * 5, READ | {5}),
    "control.txt": (lambda: "".join(map(chr, range(1, 32))).encode() * 30 + GOOD_TEXT.encode(), READ | {5}),
    "escape.txt": (lambda: b"\x1b]0;hacked\x07\x1b[2J" + GOOD_TEXT.encode(), READ),
    "turned.txt": (lambda: GOOD_TEXT.replace("1.", "\u202e.1\u202c").encode(), READ),
    "zalgo.txt": (lambda: ("a" + "\u0301\u0323\u0300" * 10_000 + "\n" + GOOD_TEXT).encode(), READ | {7}),
    "du-lieu.csv": (lambda: "stt,nhiệm vụ,hạn\n1,Tổ chức đối thoại,30/6/2026\n".encode() * 20, READ | {5}),
    "du-lieu.json": (lambda: json.dumps({"rows": [GOOD_TEXT] * 9}).encode(), READ | {5}),
    "ma.py": (lambda: b"import os\nos.system('true')\n" * 30, READ | {5}),
    "thu.eml": (lambda: b"From: a@b\nSubject: KH\n\n" + GOOD_TEXT.encode(), READ | {5}),
    "hinh.svg": (
        lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>a</text></svg>',
        READ | {5},
    ),
    "eps.txt": (lambda: EPS * 9, frozenset({5})),
    "exe.docx": (lambda: b"MZ\x90\x00\x03" + random.Random(1).randbytes(3000), frozenset({5})),
    "elf.pdf": (lambda: b"\x7fELF\x02\x01\x01" + bytes(9) + random.Random(2).randbytes(3000), frozenset({5})),
    "may-mac.docx": (lambda: b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(60), frozenset({5})),
    "pdf-that.docx": (lambda: pdf("KE HOACH 2026"), READ),
    "docx-that.pdf": (plan, READ),
    "anh-that.pdf": (lambda: saved(page(), "JPEG"), READ),
    "chu-that.pdf": (lambda: GOOD_TEXT.encode(), READ),
    "rar.docx": (lambda: b"Rar!\x1a\x07\x01\x00" + random.Random(3).randbytes(900), frozenset({5})),
    "7z.pdf": (lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + random.Random(4).randbytes(900), frozenset({5})),
    "gzip.txt": (lambda: b"\x1f\x8b\x08\x00" + random.Random(5).randbytes(900), frozenset({5})),
    "ngau-nhien.bin": (lambda: random.Random(6).randbytes(5000), frozenset({5})),
    "sqlite.txt": (lambda: b"SQLite format 3\0" + random.Random(7).randbytes(4000), frozenset({5})),
    "html-kich-ban.htm": (lambda: page_of(SCRIPTED), READ),
    "html-bang.htm": (lambda: page_of(HTML_TABLES * 200 + "a" + "</td></tr></table>" * 200), frozenset({7})),
    "html-bang-5000.htm": (lambda: page_of(HTML_TABLES * 5000 + "a"), frozenset({7})),
    "html-div-100k.htm": (lambda: page_of("<div>" * 100_000 + "a"), frozenset({7})),
    "html-b-100k.htm": (lambda: page_of("<b>" * 100_000 + "KẾ HOẠCH"), frozenset({7})),
    "html-span.htm": (lambda: page_of(f"<p>KẾ HOẠCH</p><table>{VERTICAL * 3}</table>"), READ | {7}),
    "html-ol.htm": (
        lambda: page_of("<ol start='²' type='i'><li>a</ol><ol start='99999999' type='i'><li>b</ol>"),
        READ,
    ),
    "html-trong.htm": (lambda: page_of(""), frozenset({6})),
    "html-bang-80.htm": (lambda: page_of(HTML_TABLES * 80 + "KẾ HOẠCH"), READ),
    "html-div-240.htm": (lambda: page_of("<div>" * 240 + "KẾ HOẠCH"), READ),
    "html-cut.htm": (lambda: page_of("<p>KẾ HOẠCH năm 2026</p>")[:90], READ | {2}),
    "html-nulls.htm": (lambda: page_of("<p>KẾ\0 HOẠCH</p>\0"), READ | {2, 5}),
    "html-entity.htm": (
        lambda: (
            b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><p>KH &a; &#x110000; &#0;</p></html>'
        ),
        READ,
    ),
}
"""File name → (its bytes, exit codes that are right)."""

SLOW_TEXTS: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "dai-10mb.txt": (lambda: ("Tổ chức tuyên truyền, vận động nhân dân. " * 200_000).encode(), frozenset({7})),
    "khong-cach-59k.txt": (lambda: b"a" * 59_000, READ),
    "so-59k.txt": (lambda: b"1" * 59_000, READ),
    "dong-40k.txt": (lambda: LINE.encode() * 20_000, READ),
    "khong-cach-2mb.txt": (lambda: b"a" * 2_000_000, frozenset({7})),
    "so-2mb.txt": (lambda: b"1" * 2_000_000, frozenset({7})),
    "20mb.txt": (lambda: LINE.encode() * 260_000, frozenset({7})),
    "dong-200k.txt": (lambda: b"1. a\n" * 200_000, frozenset({7})),
    "ngoac.txt": (lambda: b"(" * 59_000 + b"\n" + b"[" * 50_000, READ | {7}),
    "cham.txt": (lambda: b". " * 29_000 + b"\n" + b"-" * 59_000 + b"\n" + b"..." * 19_000, READ | {7}),
    "tu-ngay.txt": (lambda: ("từ ngày 1 đến ngày " * 3_000).encode(), READ | {7}),
    "ngay.txt": (lambda: ("ngày 01/01/2026, " * 3_400).encode(), READ | {7}),
    "chu-tri.txt": (lambda: ("Sở Nội vụ chủ trì, phối hợp với " * 1_800).encode(), READ | {7}),
    "muc-sau.txt": (lambda: ("1." * 29_000 + " a\n" + "I. II. III. " * 4_900).encode(), READ | {7}),
    "can-cu.txt": (lambda: ("Căn cứ Luật số 1/2025/QH15; " * 2_100).encode(), READ | {7}),
    "o-bang.txt": (lambda: b"|\n" * 100_000 + b"a|b|c|d\n" * 20_000, READ | {7}),
    "hoa.txt": (lambda: ("ỦY BAN NHÂN DÂN XÃ " * 3_100).encode(), READ | {7}),
    "hon-tap.txt": (
        lambda: "".join(random.Random(9).choices("aăâđ 1.-/()Ộ,;:\n“”", k=200_000)).encode(),
        READ | {7},
    ),
    "html-o-60k.htm": (
        lambda: page_of("<table>" + "<tr>" + "<td>a" * 100 + "\n" + ("<tr>" + "<td>b" * 100) * 600),
        frozenset({7}),
    ),
    "html-5mb.htm": (lambda: page_of("<p>1. Tổ chức đối thoại.</p>" * 150_000), frozenset({7})),
}
"""The same, of files that take long to make or to read."""
