"""What every reader promises, whatever it reads."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.readers import READERS, open_source, read
from extractors.readers.assemble import assemble, clean
from schemas.errors import EncryptedFile, NoTextFound, UnreadableFile, UnsupportedFormat
from schemas.source import Cell, Line, RawDocument, SourceFile, Table

SAMPLES = Path(__file__).parents[2] / "sample_docs"
SOURCE = SourceFile(Path("a.txt"), "a.txt", "0" * 64, 1)
TEXTS = st.text(st.sampled_from(list("aĂễ1-. \t\u00a0\u00ad\ufffe\u200b\ufeff\r\u0301\u0302ơ\n")), max_size=12)


def check(document: RawDocument) -> None:
    assert document.text == "\n".join(line.text for line in document.lines)
    for line in document.lines:
        assert line.text
        assert document.text[line.start : line.end] == line.text
        assert unicodedata.is_normalized("NFC", line.text)
        assert line.text == clean(line.text)


@given(st.lists(st.tuples(TEXTS, st.integers(0, 3), st.booleans()), max_size=8))
def test_any_lines_come_out_clean_and_in_place(parts):
    """Offsets, order and characters are right for any lines, those of tables included."""
    blocks = [
        Table((Cell(0, 0, (Line(text),)),), 1, 1) if in_table else Line(text, blank_before=blank)
        for text, blank, in_table in parts
    ]
    if not any(clean(part) for text, _, _ in parts for part in text.splitlines()):
        with pytest.raises(NoTextFound):
            assemble(SOURCE, "test", blocks)
        return
    check(assemble(SOURCE, "test", blocks))


@given(TEXTS)
def test_clean_twice_is_clean_once(text):
    assert clean(clean(text)) == clean(text)


@given(st.lists(st.sampled_from(["Một", "Hai", ""]), min_size=1, max_size=6))
def test_an_empty_line_is_the_gap_above_the_next(texts):
    if not any(texts):
        return
    document = assemble(SOURCE, "test", [Line(text, blank_before=0 if text else 1) for text in texts])
    gaps = [bool(at and not texts[at - 1]) for at, text in enumerate(texts) if text]
    assert [bool(line.blank_before) for line in document.lines] == gaps


def test_a_letterhead_in_one_line_comes_as_its_two_halves():
    text = "ỦY BAN NHÂN DÂN\t\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    document = assemble(SOURCE, "test", [Line(text, paragraph=0), Line("KẾ HOẠCH", paragraph=1)])
    assert [line.text for line in document.lines] == [*text.split("\t\t"), "KẾ HOẠCH"]
    assert [line.paragraph for line in document.lines] == [0, 1, 2]


@pytest.mark.parametrize(
    "name",
    ["text/001_hong_chau.txt", "typed/001_hong_chau.docx", "typed/001_hong_chau.pdf", "text/004_nam_trieu_ocr.txt"],
)
def test_samples_keep_the_promises(name):
    document = read(open_source(SAMPLES / name))
    check(document)
    assert len(document.lines) > 100


def test_the_name_decides_nothing(tmp_path):
    """A PDF named .docx is read as the PDF that it is."""
    path = tmp_path / "ke-hoach.docx"
    path.write_bytes((SAMPLES / "typed/000_le_chan.pdf").read_bytes())
    assert read(open_source(path)).reader == "pdf"


def test_the_same_bytes_are_the_same_document(tmp_path):
    one, other = tmp_path / "a.txt", tmp_path / "b.txt"
    one.write_text("Kế hoạch", encoding="utf-8")
    other.write_text("Kế hoạch", encoding="utf-8")
    assert open_source(one).document_id == open_source(other).document_id
    assert open_source(one).size == len("Kế hoạch".encode())


def test_what_is_not_there_or_empty_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="Không tìm thấy tệp"):
        open_source(tmp_path / "thieu.pdf")
    with pytest.raises(UnreadableFile, match="không phải là một tệp"):
        open_source(tmp_path)
    (tmp_path / "rong.pdf").touch()
    with pytest.raises(NoTextFound, match="0 byte"):
        open_source(tmp_path / "rong.pdf")


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"MZ\x90\x00\x03" + b"\x00" * 200,
        b"PK\x03\x04" + b"\x00" * 90 + b"PK\x05\x06" + b"\x00" * 18,
    ],
)
def test_an_unknown_binary_is_refused(tmp_path, data):
    path = tmp_path / "la.docx"
    path.write_bytes(data)
    with pytest.raises(UnsupportedFormat, match="Chưa đọc được loại tệp"):
        read(open_source(path))


@pytest.mark.parametrize("name", ["typed/000_le_chan.pdf", "typed/000_le_chan.docx", "scans/000_le_chan.page1.png"])
def test_a_truncated_file_is_refused(tmp_path, name):
    data = (SAMPLES / name).read_bytes()
    path = tmp_path / Path(name).name
    path.write_bytes(data[: len(data) // 3])
    with pytest.raises((UnreadableFile, UnsupportedFormat)):
        read(open_source(path))


def test_a_locked_pdf_asks_for_its_password(tmp_path):
    path = tmp_path / "khoa.pdf"
    path.write_bytes(locked_pdf())
    with pytest.raises(EncryptedFile, match="bỏ mật khẩu"):
        read(open_source(path))


def test_every_reader_says_what_it_reads():
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert all(suffix.startswith(".") for reader in READERS for suffix in reader.suffixes)


def test_a_source_keeps_its_own_name(tmp_path):
    path = tmp_path / "Kế hoạch số 1.txt"
    path.write_text("1. Tuyên truyền", encoding="utf-8")
    source = open_source(path)
    assert replace(source, path=path).name == "Kế hoạch số 1.txt"


def locked_pdf() -> bytes:
    """A PDF whose password check fails for the empty password."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"11" * 32 + b">/U<" + b"22" * 32 + b">>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>"
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer"
        + trailer
        + b"startxref\n%d\n%%%%EOF" % len(out)
    )
