"""TCVN3, VNI and capital fonts: read as they were printed, in every format."""

from pathlib import Path

import pytest

from extractors.readers import open_source, read
from normalizers.legacy import TCVN3, VNI, from_legacy
from tests.readers.making_docx import docx, p, r

HEAD = "ñy ban nh©n d©n x· Hång Ch©u"
TASK = "Phßng V¨n ho¸ chñ tr×, phèi hîp víi C«ng an x· thùc hiÖn tr\xadíc ngµy 30/6/2026."
SAID = "Phòng Văn hoá chủ trì, phối hợp với Công an xã thực hiện trước ngày 30/6/2026."


def font(name):
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("ñY BAN NH¢N D¢N X· HåNG CH¢U", "ỦY BAN NHÂN DÂN XÃ HỒNG CHÂU"),
        ("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("- CT, c¸c PCT UBND X· Hång Ch©u", "- CT, các PCT UBND Xã Hồng Châu"),
        ("cña ñy ban nh©n d©n x·; ñy viªn", "của Ủy ban nhân dân xã; ủy viên"),
        ("Sè 173-KH/BDVTU-UBNDTP nh-", "Số 173-KH/BDVTU-UBNDTP như"),
        ("tõ ngµy 15/01/2026   ®Õn hÕt", "từ ngày 15/01/2026   đến hết"),
    ],
)
def test_capitals_that_tcvn3_cannot_write(old, said):
    assert from_legacy(old, TCVN3) == said


def test_a_capital_font_shows_capitals(tmp_path):
    """Word by run: a heading in .VnTimeH, a task in .VnTime, a note that was typed in Unicode later."""
    body = (
        p(runs=r(HEAD, font(".VnTimeH")))
        + p(runs=r(TASK, font(".VnTime")))
        + p(runs=r("Đã sửa năm 2026 tại xã Hồng Châu", font("Times New Roman")))
    )
    document = read(open_source(docx(tmp_path / "a.docx", body)))
    assert [line.text for line in document.lines] == [
        "ỦY BAN NHÂN DÂN XÃ HỒNG CHÂU",
        SAID,
        "Đã sửa năm 2026 tại xã Hồng Châu",
    ]
    assert document.facts["legacy_encoding"] == TCVN3
    assert document.warnings


def test_unicode_typed_in_an_old_font_stays(tmp_path):
    """Word shows such letters in another font; their code says what they are."""
    text = "Ủy ban nhân dân xã giao Công an xã là cơ quan thường trực, chịu trách nhiệm"
    document = read(open_source(docx(tmp_path / "a.docx", p(runs=r(text, font(".VnTime"))))))
    assert [line.text for line in document.lines] == [text]
    assert not document.warnings


def test_vni_run_by_run(tmp_path):
    old = "UÛy ban nhaân daân xaõ toå chöùc thöïc hieän tröôùc ngaøy 30/6/2026"
    document = read(open_source(docx(tmp_path / "a.docx", p(runs=r(old, font("VNI-Times"))))))
    assert [line.text for line in document.lines] == [from_legacy(old, VNI)]
    assert from_legacy(old, VNI) == "Ủy ban nhân dân xã tổ chức thực hiện trước ngày 30/6/2026"


@pytest.mark.parametrize("suffix", [".txt", ".htm"])
def test_old_text_and_old_pages(tmp_path, suffix):
    text = "\n".join((HEAD, TASK, TASK))
    path = Path(tmp_path / f"a{suffix}")
    page = f"<html><body><p>{'</p><p>'.join(text.splitlines())}</p></body></html>"
    path.write_bytes((text if suffix == ".txt" else page).encode("cp1252"))
    assert [line.text for line in read(open_source(path)).lines] == ["Ủy ban nhân dân xã Hồng Châu", SAID, SAID]


STYLES = """<style><!--
 /* Style Definitions */
 p.MsoNormal, li.MsoNormal, div.MsoNormal
	{mso-style-parent:"";margin:0cm;font-size:14.0pt;font-family:".VnTime","serif";mso-ascii-font-family:Arial;}
h1 {font-weight:bold;font-family:".VnTimeH","sans-serif";}
span.Later {mso-style-name:Later;font-family:"Times New Roman","serif";}
td {font: 12pt '.VnTime'}
--></style>"""


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (f"<h1>{HEAD}</h1><p class=MsoNormal>{TASK}</p>", ["ỦY BAN NHÂN DÂN XÃ HỒNG CHÂU", SAID]),
        (
            f"<p class=MsoNormal style='font-family:\".VnTimeH\"'>{HEAD}</p><p class='MsoNormal other'>{TASK}</p>",
            ["ỦY BAN NHÂN DÂN XÃ HỒNG CHÂU", SAID],
        ),
        (
            f"<p><font face='.VnTimeH'>{HEAD}</font></p><p><font face='.VnTime'><b>Phß</b>{TASK[3:]}</font></p>",
            ["ỦY BAN NHÂN DÂN XÃ HỒNG CHÂU", SAID],
        ),
        (
            f"<div class=MsoNormal>{TASK}<p><span class=Later>Đã sửa năm 2026: {HEAD[14:]}</span></p></div>",
            [SAID, f"Đã sửa năm 2026: {HEAD[14:]}"],
        ),
        (
            f"<table><tr><td>{TASK}<td style='font-family:.VnTimeH'>{HEAD}</table>",
            [SAID, "ỦY BAN NHÂN DÂN XÃ HỒNG CHÂU"],
        ),
    ],
)
def test_fonts_of_a_web_page(tmp_path, page, said):
    """Named in a style sheet, at the element, or by a font tag, as Word saves its pages; a letter in two elements."""
    path = tmp_path / "a.htm"
    path.write_text(f"<html><head>{STYLES}</head><body>{page}</body></html>", encoding="utf-8")
    document = read(open_source(path))
    assert [line.text for line in document.lines] == said
    assert document.facts["legacy_encoding"] == TCVN3
    assert document.warnings


def test_vni_parted_by_two_elements(tmp_path):
    old = "UÛy ban nhaân daân xaõ toå chöùc thöïc hieän tröôùc nga<b>øy</b> 30/6/2026"
    page = f"<p style='font-family:VNI-Times'>{old}</p>"
    path = tmp_path / "a.htm"
    path.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    said = [line.text for line in read(open_source(path)).lines]
    assert said == ["Ủy ban nhân dân xã tổ chức thực hiện trước ngày 30/6/2026"]


def test_unicode_in_an_old_font_of_a_page_stays(tmp_path):
    said = "Ủy ban nhân dân xã giao Công an xã là cơ quan thường trực, chịu trách nhiệm"
    path = tmp_path / "a.htm"
    path.write_text(f"<html><body><p style='font-family:.VnTime'>{said}</p></body></html>", encoding="utf-8")
    document = read(open_source(path))
    assert [line.text for line in document.lines] == [said]
    assert not document.warnings
