"""Word documents: what prints is what is read."""

import pytest

from extractors.readers import open_source, read
from schemas.errors import EncryptedFile, FileTooLarge, NoTextFound, UnreadableFile
from schemas.source import Line, Noise, Table
from tests.readers.making_docx import cell, docx, level, numbered, numbering, p, r, root, table

DEL = '<w:del w:id="1" w:author="a"><w:r><w:delText>xóa</w:delText></w:r></w:del>'


def lines(path):
    return [line.text for line in read(open_source(path)).lines]


def test_numbers_that_word_prints_are_written_out(tmp_path):
    levels = [
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%2."),
        level(2, "lowerLetter", "%3)"),
        level(3, "bullet", "-"),
    ]
    body = "".join(
        [
            numbered("MỤC ĐÍCH", level=0),
            numbered("Mục đích", level=1),
            numbered("Tuyên truyền", level=2),
            numbered("Niêm yết", level=3),
            numbered("Tập huấn", level=2),
            numbered("Yêu cầu", level=1),
            numbered("NỘI DUNG", level=0),
            numbered("Công khai", level=1),
        ]
    )
    path = docx(tmp_path / "a.docx", body, numbering=numbering(levels, [""]))
    assert lines(path) == [
        "I. MỤC ĐÍCH",
        "1. Mục đích",
        "a) Tuyên truyền",
        "- Niêm yết",
        "b) Tập huấn",
        "2. Yêu cầu",
        "II. NỘI DUNG",
        "1. Công khai",
    ]


def test_several_levels_in_one_number_legal_and_restarted(tmp_path):
    levels = [
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%1.%2.", more="<w:isLgl/>"),
        level(2, "decimal", "%1.%2.%3.", more='<w:lvlRestart w:val="1"/><w:isLgl/>'),
    ]
    start = '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = "".join(
        [
            numbered("A", level=0),
            numbered("B", level=1),
            numbered("C", level=2),
            numbered("D", level=1),
            numbered("E", level=2),
            numbered("F", number=2, level=1),
        ]
    )
    path = docx(tmp_path / "a.docx", body, numbering=numbering(levels, ["", start]))
    assert lines(path) == ["I. A", "1.1. B", "1.1.1. C", "1.2. D", "1.2.2. E", "1.5. F"]


@pytest.mark.parametrize(("glyph", "shown"), [("\uf0b7", "-"), ("–", "-"), ("+", "+"), ("\uf02b", "+"), ("o", "-")])
def test_bullets_become_the_signs_of_officialese(tmp_path, glyph, shown):
    path = docx(tmp_path / "a.docx", numbered("Việc"), numbering=numbering([level(0, "bullet", glyph)], [""]))
    assert lines(path) == [f"{shown} Việc"]


def test_a_bullet_under_a_bullet_is_told_apart(tmp_path):
    levels = [level(0, "bullet", "\uf0b7"), level(1, "bullet", "o")]
    body = numbered("Một") + numbered("Hai", level=1)
    assert lines(docx(tmp_path / "a.docx", body, numbering=numbering(levels, [""]))) == ["- Một", "+ Hai"]


def test_a_number_may_come_from_the_style(tmp_path):
    styles = root(
        "styles",
        '<w:style w:type="paragraph" w:styleId="Muc"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Muc"/></w:style>',
    )
    body = p("Một", '<w:pStyle w:val="Con"/>') + p(
        "Không", '<w:pStyle w:val="Con"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    path = docx(tmp_path / "a.docx", body, styles=styles, numbering=numbering([level(0, "decimal", "%1.")], [""]))
    assert lines(path) == ["1. Một", "Không"]


def test_revisions_are_read_as_accepted(tmp_path):
    moved = "<w:moveFrom><w:r><w:t>đi</w:t></w:r></w:moveFrom><w:moveTo>" + r(" đến") + "</w:moveTo>"
    runs = r("Hoàn thành trước ") + DEL + '<w:ins w:id="2" w:author="a">' + r("15/3/2026") + "</w:ins>" + moved
    document = read(open_source(docx(tmp_path / "a.docx", p(runs=runs))))
    assert document.text == "Hoàn thành trước 15/3/2026 đến"
    assert any("Track Changes" in warning for warning in document.warnings)


def test_paragraphs_whose_end_was_deleted_are_one(tmp_path):
    mark = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    assert lines(docx(tmp_path / "a.docx", p("Phối hợp ", mark) + p("với Công an xã"))) == ["Phối hợp với Công an xã"]


def test_hidden_text_is_left_out_and_said(tmp_path):
    document = read(open_source(docx(tmp_path / "a.docx", p(runs=r("Một") + r(" ẩn", "<w:vanish/>")))))
    assert [(line.text, line.noise) for line in document.lines] == [("Một", None), ("ẩn", Noise.HIDDEN)]
    assert "chữ ẩn" in document.warnings[0]


def test_what_is_no_text_of_the_file_is_said(tmp_path):
    body = p("Một", runs=r("Một") + "<w:r><w:object/></w:r>") + '<w:altChunk r:id="rId9"/>'
    warnings = read(open_source(docx(tmp_path / "a.docx", body))).warnings
    assert [warning.split()[2] for warning in warnings] == ["1", "phần"]


def test_content_controls_fields_links_and_special_letters(tmp_path):
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("2026") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Sở')}</w:sdtContent></w:sdt>"
    runs = (
        control
        + f"<w:hyperlink>{r(' Nội')}</w:hyperlink>"
        + "<w:r><w:tab/><w:t>vụ</w:t><w:noBreakHyphen/></w:r>"
        + field
    )
    block = f"<w:sdt><w:sdtContent>{p('Hai')}</w:sdtContent></w:sdt>"
    assert lines(docx(tmp_path / "a.docx", p(runs=runs) + block)) == ["Sở Nội vụ-2026", "Hai"]


def test_a_broken_line_stays_in_its_paragraph(tmp_path):
    document = read(
        open_source(docx(tmp_path / "a.docx", p(runs="<w:r><w:t>Một</w:t><w:br/><w:t>Hai</w:t></w:r>") + p("Ba")))
    )
    assert [(line.text, line.paragraph) for line in document.lines] == [("Một", 0), ("Hai", 0), ("Ba", 1)]


def test_a_text_box_is_read_once(tmp_path):
    box = f"<w:txbxContent>{p('Trong khung')}</w:txbxContent>"
    choice = f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
    runs = r("Ngoài") + f"<w:r>{choice}<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert lines(docx(tmp_path / "a.docx", p(runs=runs))) == ["Ngoài", "Trong khung"]


def test_merged_cells_across_and_down(tmp_path):
    body = table(
        [cell(p("STT")), cell(p("Nội dung")), cell(p("Chủ trì"))],
        [cell(p("I")), cell(p("Nhóm việc"), span=2)],
        [cell(p("1")), cell(p("Việc một")), cell(p("Sở Nội vụ"), merge="restart")],
        [cell(p("2")), cell(p("Việc hai")), cell(p(), merge="")],
    )
    (found,) = [
        block for block in read(open_source(docx(tmp_path / "a.docx", body))).blocks if isinstance(block, Table)
    ]
    grid = [[place.text for place in row] for row in found.grid()]
    assert grid == [
        ["STT", "Nội dung", "Chủ trì"],
        ["I", "Nhóm việc", "Nhóm việc"],
        ["1", "Việc một", "Sở Nội vụ"],
        ["2", "Việc hai", "Sở Nội vụ"],
    ]


def test_a_table_that_only_places_text_comes_as_lines(tmp_path):
    inner = table([cell(p("STT")), cell(p("Việc"))], [cell(p("1")), cell(p("Họp"))])
    body = table([cell(p("UBND XÃ A") + p("Số: 1/KH-UBND")), cell(p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))])
    blocks = read(open_source(docx(tmp_path / "a.docx", body + table([cell(inner)])))).blocks
    assert [block.text for block in blocks if isinstance(block, Line)] == [
        "UBND XÃ A",
        "Số: 1/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ]
    assert isinstance(blocks[-1], Table)


def test_notes_and_running_heads_are_named(tmp_path):
    notes = root("footnotes", f'<w:footnote w:id="1">{p("Theo số liệu năm 2025")}</w:footnote>')
    path = docx(tmp_path / "a.docx", p("Nội dung"), footnotes=notes, header1=root("hdr", p("Kế hoạch năm 2026")))
    found = {line.text: line.noise for line in read(open_source(path)).lines}
    assert found == {
        "Nội dung": None,
        "Theo số liệu năm 2025": Noise.FOOTNOTE,
        "Kế hoạch năm 2026": Noise.RUNNING_HEAD,
    }


def test_a_letterhead_in_the_header_is_content(tmp_path):
    path = docx(tmp_path / "a.docx", p("KẾ HOẠCH"), header1=root("hdr", p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")))
    found = read(open_source(path)).lines
    assert [(line.text, line.noise) for line in found] == [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", None),
        ("KẾ HOẠCH", None),
    ]


def test_strict_open_xml_and_missing_pictures(tmp_path):
    gone = '<Relationship Id="r9" Target="media/a.png" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    null = gone.replace("r9", "r8").replace("media/a.png", "../NULL")
    assert lines(docx(tmp_path / "a.docx", p("Một"), strict=True)) == ["Một"]
    assert lines(docx(tmp_path / "b.docx", p("Hai"), extra_rels=gone + null)) == ["Hai"]


def test_bold_and_centred_are_told(tmp_path):
    body = p(runs=r("KẾ HOẠCH", "<w:b/>"), props='<w:jc w:val="center"/>') + p(runs=r("Một ", "<w:b/>") + r("hai"))
    first, second = read(open_source(docx(tmp_path / "a.docx", body))).lines
    assert (first.bold, first.centered) == (True, True)
    assert (second.bold, second.centered) == (False, False)


def test_limits_and_refusals(tmp_path):
    with pytest.raises(FileTooLarge):
        read(open_source(docx(tmp_path / "a.docx", table([cell(p("x"), span=99999)]))))
    with pytest.raises(FileTooLarge, match="đoạn"):
        read(open_source(docx(tmp_path / "b.docx", p() * 100_001)))
    with pytest.raises(NoTextFound):
        read(open_source(docx(tmp_path / "c.docx", p(" "))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path, encoding):
    path = docx(tmp_path / "a.docx", p("Một"))
    bomb = root("document", f"<w:body>{p('&amp;')}</w:body>").replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    replace_part(path, "word/document.xml", bomb.replace("UTF-8", encoding).encode(encoding))
    with pytest.raises(UnreadableFile, match="không an toàn"):
        read(open_source(path))


def test_a_locked_word_file_asks_for_its_password(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(EncryptedFile):
        read(open_source(path))


def replace_part(path, name, data):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in (parts | {name: data}).items():
            archive.writestr(one, content)
