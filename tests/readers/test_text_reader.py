"""Plain text: encodings, emphasis, page numbers."""

import codecs
import unicodedata

import pytest

from extractors.readers import open_source, read
from extractors.readers.emphasis import strip_emphasis
from extractors.readers.text import text_blocks
from schemas.source import Line, Noise, Table

SAID = "Ủy ban nhân dân xã Hồng Châu\n1. Tuyên truyền, phổ biến đến toàn thể cán bộ, công chức\n"


@pytest.mark.parametrize(
    "data",
    [
        SAID.encode(),
        codecs.BOM_UTF8 + SAID.encode(),
        SAID.encode("utf-16"),
        SAID.encode("utf-16-le"),
        SAID.encode("utf-16-be"),
        SAID.replace("\n", "\r\n").encode(),
    ],
)
def test_every_encoding_gives_the_same_lines(tmp_path, data):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert [line.text for line in read(open_source(path)).lines] == SAID.splitlines()


def windows_1258(text):
    """Letters with their hats and horns as one byte, tones as one more."""
    made = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tone = next((part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"), "")
        made.append(unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts) + tone)
    return "".join(made).encode("cp1258")


def test_windows_1258(tmp_path):
    said = "Căn cứ Quyết định của Chủ tịch Ủy ban nhân dân thành phố, đường phố"
    path = tmp_path / "a.txt"
    path.write_bytes(windows_1258(said))
    assert read(open_source(path)).text == said


def test_old_encoding_is_converted_and_said(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "UÛY BAN NHAÂN DAÂN TÆNH\nCaên cöù Luaät Toå chöùc HÑND vaø UBND ngaøy 26/11/2003;\n"
        "Ñieàu 1. Pheâ duyeät Keá hoaïch",
        encoding="utf-8",
    )
    document = read(open_source(path))
    assert document.lines[1].text == "Căn cứ Luật Tổ chức HĐND và UBND ngày 26/11/2003;"
    assert document.facts["legacy_encoding"] == "vni"
    assert document.warnings


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["**KẾ HOẠCH**  "], [("KẾ HOẠCH  ", True)]),
        (["## II. NỘI DUNG"], [("II. NỘI DUNG", True)]),
        (["**ỦY BAN NHÂN DÂN", "**", "THÀNH PHỐ"], [("ỦY BAN NHÂN DÂN", True), ("", False), ("THÀNH PHỐ", False)]),
        (["** **"], [(" ", False)]),
        (["* *"], [(" ", False)]),
        (["**Điều 2. **Quyết"], [("Điều 2. Quyết", False)]),
        (["*Nơi nhận:*"], [("Nơi nhận:", False)]),
        (["* Nơi nhận:"], [("* Nơi nhận:", False)]),
        (["hướng dẫn (*)", "(*) Ghi chú: 5*3"], [("hướng dẫn (*)", False), ("(*) Ghi chú: 5*3", False)]),
        (["- *Xây dựng hình ảnh thân thiện*"], [("- Xây dựng hình ảnh thân thiện", False)]),
        (["***Yêu cầu***"], [("Yêu cầu", True)]),
        (["1\\. Mục đích"], [("1. Mục đích", False)]),
        (["** Thuận lợi cơ bản", "tăng thu*"], [("* Thuận lợi cơ bản", False), ("tăng thu", False)]),
        (["**Đơn vị** **tính**"], [("Đơn vị tính", True)]),
    ],
)
def test_emphasis(lines, expected):
    assert strip_emphasis(lines) == expected


def test_gaps_rules_and_page_numbers_are_told():
    body = [f"Dòng thứ {number} của trang" for number in range(20)]
    blocks = text_blocks("\n".join(["A", "", "", "B", "-------", *body, "2", *body, "3", *body]))
    lines = [block for block in blocks if isinstance(block, Line)]
    assert lines[1].blank_before == 2
    assert lines[2].noise is Noise.RULE
    assert [line.text for line in lines if line.noise is Noise.PAGE_NUMBER] == ["2", "3"]


def test_numbers_of_a_list_are_no_page_numbers():
    blocks = text_blocks("\n".join(f"{number}\nNội dung {number}" for number in range(1, 9)))
    assert not any(block.noise for block in blocks if isinstance(block, Line))


def test_a_text_without_tables_has_none():
    assert not any(isinstance(block, Table) for block in text_blocks("A | B\nC | D"))
