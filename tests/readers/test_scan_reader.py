"""Scans: preparation, OCR behind one door, junk, tables; real engines only where Tesseract is installed."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from extractors.readers import open_source, read, scan_tables
from extractors.readers.image_files import pictures
from extractors.readers.layout import page_lines
from extractors.readers.ocr import ENGINES, OcrWord, tessdata_folder
from extractors.readers.page_image import (
    despeckled,
    even_paper,
    likely_dpi,
    prepared,
    red_ink,
    skew,
    turned,
    without_colour,
)
from extractors.readers.scan import PagePicture, read_page
from extractors.readers.scan_tables import ruled_tables
from extractors.readers.scan_words import Scale, pieces_of
from extractors.readers.second_look import with_page_number
from extractors.readers.signature_block import title_is_lost, with_signature_block
from schemas.errors import FileTooLarge, MissingProgram, UnreadableFile
from schemas.source import BBox, Noise, Table

SAMPLES = Path(__file__).parents[2] / "sample_docs"
NEEDS_TESSERACT = pytest.mark.skipif(
    tessdata_folder() is None, reason="Tesseract with Vietnamese data is not installed"
)


@dataclass
class Spoken:
    """An engine that reads the same words on every page, and "ô" in every block."""

    page: list[OcrWord]
    name: str = "spoken"
    block: list[OcrWord] | None = None

    def words(self, picture, dpi, *, block=False, strong=False):
        return (self.block or [OcrWord("ô", (20, 20, 40, 40), 96.0, 0)]) if block else self.page


def word(text, x0, confidence=96.0, top=100, line=0, height=30):
    return OcrWord(text, (x0, top, x0 + 18 * len(text), top + height), confidence, line)


def paper(height=1169, width=827, value=255):
    return np.full((height, width), value, np.uint8)


def page_of(picture, dpi=100):
    height, width = picture.shape[:2]
    return PagePicture(1, picture, dpi, BBox(0, 0, width / dpi * 72, height / dpi * 72))


def marked(ink, paper_colour=(255, 255, 255)):
    """Black print with a thick stroke of ink beside it and one across it."""
    picture = np.full((400, 120, 3), paper_colour, np.uint8)
    for top in range(140, 390, 30):
        picture[top : top + 12] = 5
    picture[20:30] = ink
    picture[60:70, :] = 5
    picture[70:100, 80:90] = ink
    picture[40:60, 80:90] = ink
    return picture


@pytest.mark.parametrize("ink", [(216, 32, 48), (30, 45, 150)], ids=["seal", "pen"])
@pytest.mark.parametrize("paper_colour", [(255, 255, 255), (235, 215, 175)], ids=["white", "warm light"])
def test_coloured_ink_fades_and_print_stays(ink, paper_colour):
    grey = without_colour(marked(ink, paper_colour))
    paper_level = int(grey[110, 20])
    assert grey[25, 20:60].min() > paper_level - 25
    assert grey[65, 20:60].max() < 60
    assert red_ink(marked((216, 32, 48)))[25].min() == 255


def test_a_page_written_in_blue_is_read_as_print():
    picture = np.full((200, 200, 3), 255, np.uint8)
    for top in range(20, 180, 20):
        picture[top : top + 6, 20:180] = (40, 50, 160)
    assert without_colour(picture)[23, 100] < 120


def test_a_shadow_is_evened_out_and_strokes_stay():
    picture = paper(400, 400, 250)
    picture[:, 200:260] = 160
    picture[100:103, 50:350] = 40
    even = even_paper(picture, 200)
    assert even[300, 230] > 235
    assert even[101, 230] < 120


def test_specks_go_and_letters_stay():
    picture = paper(100, 100)
    picture[10:12, 10:12] = 0
    picture[40:60, 40:44] = 0
    cleaned = despeckled(picture, 300)
    assert cleaned[11, 11] == 255
    assert cleaned[50, 42] == 0


def test_few_dots_become_more():
    grey, dpi = prepared(np.random.default_rng(1).integers(90, 200, (300, 200)).astype(np.uint8), 150)
    assert (grey.shape, dpi) == ((450, 300), 225)
    assert likely_dpi(2480, 3508) == 300


@pytest.mark.parametrize("angle", [-1.5, 0.0, 2.0])
def test_a_leaning_page_is_measured(angle):
    picture = paper()
    for top in range(100, 1000, 40):
        picture[top : top + 12, 80:740] = 0
    assert skew(turned(picture, angle), 100) == pytest.approx(-angle, abs=0.25)


def test_words_become_lines_with_boxes_and_confidence():
    said = ["Ủy", "ban", "nhân", "dân", "xã"]
    reading = read_page(page_of(paper()), Spoken([word(text, 60 + 90 * at) for at, text in enumerate(said)]))
    (line,) = reading.blocks
    assert line.text == "Ủy ban nhân dân xã"
    assert line.confidence == 96.0
    assert len(line.words) == 5
    assert line.bbox.x0 == pytest.approx(60 * 72 / 300, rel=1e-3)


def test_the_lines_of_a_leaning_page_keep_their_order():
    """At two degrees the right end of a line stands as low as the left end of the next one."""
    lean = 0.035
    words = []
    for row, text in enumerate(["một hai ba bốn năm sáu bảy tám", "chín.", "mười một hai ba bốn năm sáu bảy"]):
        for at, said in enumerate(text.split()):
            words.append(word(said, 60 + 90 * at, top=round(100 + 40 * row + lean * (60 + 90 * at)), line=row))
    scale = Scale(0.36, 0.36, lean=lean, middle=(400.0, 600.0))
    lines = page_lines(pieces_of(words, scale), 1, 595.0, 842.0)
    assert [line.text.split()[0] for line in lines] == ["một", "chín.", "mười"]
    assert lines[1].words[0].bbox == scale.box(words[8].box)


def test_a_lone_page_number_is_looked_at_again():
    picture = paper(1650, 1170)
    picture[60:84, 580:594] = 20
    engine = Spoken([word("Kế", 100, top=300), word("hoạch", 160, top=300)], block=[word("2", 20, top=20)])
    words = with_page_number(engine.page, picture, 144, engine)
    assert words[-1].text == "2"
    assert words[-1].box[0] < 580 < words[-1].box[2]
    assert words[-1].line != words[0].line
    assert with_page_number(engine.page, paper(1650, 1170), 144, engine) == engine.page


def test_recipients_and_signature_are_read_apart_where_that_reads_more():
    picture = paper(1650, 1170)
    picture[900:930, 100:400] = 0
    picture[905:935, 700:1000] = 0
    first = [word("Kế", 100, top=600), word("Nơi", 100, top=880, line=1), word("nhận:", 170, top=880, line=1)]
    block = [word("Nơi", 100, top=20), word("nhận:", 170, top=20), word("Sở", 100, top=60, line=1)]
    engine = Spoken([word("CHỦ", 100, top=20), word("TỊCH", 200, top=20)], block=block)
    words = with_signature_block(first, picture, 144, 0.0, engine)
    assert [said.text for said in words] == ["Kế", "Nơi", "nhận:", "Sở", "CHỦ", "TỊCH"]
    assert words[-1].box[0] > 585
    assert len({said.line for said in words}) == 4
    picture[900:930] = 0
    assert with_signature_block(first, picture, 144, 0.0, engine) == first


@pytest.mark.parametrize(
    ("title", "seal", "lost"),
    [
        ("CHỦ TỊCH", True, False),
        ("cHỦ VỊCH", True, True),
        ("cHỦ VỊCH", False, False),
        ("", True, True),
        ("", False, False),
    ],
)
def test_a_title_lost_under_a_seal_is_said(title, seal, lost):
    picture = paper(1650, 1170)
    if seal:
        picture[900:910, 640:1000] = 0
    signed = [word(part, 700, top=940, line=2) for part in title.split()]
    words = [word("Nơi", 100, top=880), word("nhận:", 170, top=880), *signed]
    assert title_is_lost(words, picture, 144, 0.0) is lost
    assert not title_is_lost(words[1:], picture, 144, 0.0)


def test_junk_of_a_signature_is_named_and_nothing_is_lost():
    words = [word("CHỦ", 400), word("TỊCH", 470), word("ES)w", 560, 20.0, height=90), word("%&", 400, 12.0, line=1)]
    pieces = pieces_of(words, Scale(1, 1))
    assert [(piece.text, piece.noise) for piece in pieces] == [
        ("CHỦ TỊCH", None),
        ("ES)w", Noise.HANDWRITING),
        ("%&", Noise.HANDWRITING),
    ]


def test_words_out_of_red_ink_are_a_stamp():
    red = np.zeros((200, 800), np.uint8)
    red[90:140, 500:700] = 255
    pieces = pieces_of([word("CHỦ", 300), word("KP%", 520, 40.0)], Scale(1, 1), red)
    assert [piece.noise for piece in pieces] == [None, Noise.STAMP]


def test_a_doubtful_number_is_kept():
    (piece,) = pieces_of([word("Số", 100), word("15]L/QĐ-UBND", 150, 30.0), word("ngày", 385)], Scale(1, 1))
    assert piece.text == "Số 15]L/QĐ-UBND ngày"


def test_a_dash_misread_is_a_dash():
    (piece,) = pieces_of([word("_", 60), word("Tuyên", 100), word("truyền", 210)], Scale(1, 1))
    assert piece.text == "- Tuyên truyền"


def ruled_page(merged=False):
    picture = paper(1650, 1170)
    for top in (300, 420, 540, 660):
        cv2.line(picture, (100, top), (1050, top), 0, 3)
    for left in (100, 250, 700, 1050):
        start = 420 if merged and left == 700 else 300
        cv2.line(picture, (left, start), (left, 660), 0, 3)
    return picture


def test_rules_make_cells():
    (table,), _ = ruled_tables(ruled_page(), 144)
    assert len(table.cells) == 9
    assert ruled_tables(paper(), 144)[0] == []


def test_a_scanned_table_is_read_cell_by_cell_also_where_the_page_leans():
    picture = ruled_page(merged=True)
    for left in (130, 300, 750):
        for top in (330, 450, 570):
            picture[top : top + 30, left : left + 80] = 30
    reading = read_page(page_of(turned(picture, 0.8), 144), Spoken([word(f"từ{at}", 100 * at) for at in range(1, 7)]))
    (table,) = [block for block in reading.blocks if isinstance(block, Table)]
    assert (table.n_rows, table.n_cols) == (3, 3)
    assert [(cell.row, cell.col, cell.colspan) for cell in table.cells][:2] == [(0, 0, 1), (0, 1, 2)]
    assert all(cell.text == "ô" for cell in table.cells)


def test_a_poor_page_is_said():
    reading = read_page(page_of(paper()), Spoken([word("Kế", 60 * at, 75.0) for at in range(1, 9)]))
    assert "Trang 1" in reading.warnings[0]


@pytest.mark.parametrize("maker", list(ENGINES))
@NEEDS_TESSERACT
def test_both_engines_read_a_page(maker):
    engine = ENGINES[maker]()
    if engine is None:
        pytest.skip(f"{maker} is not installed")
    (page,) = pictures(open_source(SAMPLES / "scans/000_le_chan.page1.png"))
    text = "\n".join(block.text for block in read_page(page, engine).blocks)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "3177/QĐ-UBND" in text


@NEEDS_TESSERACT
def test_a_page_on_its_side_is_read_upright(tmp_path):
    with Image.open(SAMPLES / "scans/000_le_chan.page1.png") as image:
        image.convert("L").rotate(90, expand=True).save(tmp_path / "a.png", dpi=image.info.get("dpi", (200, 200)))
    assert "Độc lập - Tự do - Hạnh phúc" in read(open_source(tmp_path / "a.png")).text


def test_the_camera_knew_how_it_was_held(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (300, 200), 255).save(tmp_path / "a.jpg", exif=exif)
    (page,) = pictures(open_source(tmp_path / "a.jpg"))
    assert page.picture.shape == (300, 200)


def test_a_tiff_has_all_its_pages(tmp_path):
    frames = [Image.new("L", (200, 300), 255) for _ in range(3)]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    assert [page.number for page in pictures(open_source(tmp_path / "a.tif"))] == [1, 2, 3]


def test_a_program_in_a_picture_is_never_run(tmp_path):
    """Pillow would start Ghostscript on this."""
    path = tmp_path / "a.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")
    with pytest.raises(UnreadableFile):
        list(pictures(open_source(path)))


def test_a_picture_with_too_many_dots_is_refused(tmp_path):
    Image.new("1", (9000, 9000), 1).save(tmp_path / "a.png")
    with pytest.raises(FileTooLarge):
        list(pictures(open_source(tmp_path / "a.png")))


def test_without_tesseract_the_sentence_says_how_to_get_it(monkeypatch):
    from extractors.readers import ocr

    monkeypatch.setattr(ocr, "TESSDATA_FOLDERS", ())
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    ocr._engine.cache_clear()
    with pytest.raises(MissingProgram, match="tesseract-ocr-vie"):
        ocr.default_ocr()
    ocr._engine.cache_clear()


def test_stems_of_letters_between_two_rules_are_no_rules():
    """Closed up, a stem reaches from rule to rule in a low row; the rules of a table go on in one line."""
    runs = np.zeros((900, 900), np.uint8)
    runs[100:800, 100:104] = runs[100:800, 600:604] = 255
    for at, left in enumerate((210, 330, 455)):
        runs[100 + 200 * at : 170 + 200 * at, left : left + 4] = 255
    kept = scan_tables._aligned(runs, 300, 1, 0.6)
    assert kept[:, 100].any()
    assert kept[:, 600].any()
    assert not kept[:, 200:500].any()
