"""What is mended after OCR: specks, signs with one reading, the numbers of a table's rows, broken rules."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from extractors.readers import page_image
from extractors.readers.joined_tables import join_tables
from extractors.readers.misprints import settled
from extractors.readers.ocr import OcrWord
from extractors.readers.ordinals import with_ordinals
from extractors.readers.page_image import (
    despeckled,
    inked,
    inked_area,
    prepared,
    softened,
    without_lines,
    without_specks,
)
from extractors.readers.quarters import with_quarters
from extractors.readers.scan_tables import RuledTable, has_lost_text, ruled_tables
from extractors.readers.scan_words import Scale, pieces_of
from extractors.readers.second_look import with_rivals
from schemas.source import Cell, Line, Noise, Table


def said(*texts, confidence=95.0):
    lefts = [sum(20 * len(before) + 10 for before in texts[:at]) for at in range(len(texts))]
    return [
        OcrWord(text, (left, 100, left + 20 * len(text), 160), confidence, 0)
        for text, left in zip(texts, lefts, strict=True)
    ]


def test_specks_are_named_and_leave_the_words_alone():
    pieces = pieces_of(said("Ủy", "`", "ban", "_", "nhân", "dânˆ"), Scale(1, 1))
    assert [piece.text for piece in pieces if piece.noise is None] == ["Ủy ban nhân dân"]
    assert [piece.text for piece in pieces if piece.noise is Noise.HANDWRITING] == ["`", "_"]


def test_dashes_bullets_and_dots_are_no_specks():
    (piece,) = pieces_of(said("-", "Tổ", "chức", "–", "thực", "hiện", "..."), Scale(1, 1))
    assert piece.text == "- Tổ chức – thực hiện ..."


def test_in_a_cell_doubtful_words_stay():
    words = said("Quý", "H/2026", "Š)q", confidence=20.0)
    assert [piece.text for piece in pieces_of(words, Scale(1, 1), in_cell=True)] == ["Quý II/2026 Š)q"]
    assert any(piece.noise for piece in pieces_of(words, Scale(1, 1)))


@pytest.mark.parametrize(
    "text",
    ["Quý 1/2026", "số 3/ 12 hồ sơ", "Quyết định số 5049/QĐ-UBND", "H. Yên Định", "I.5", "Quý IV", "01 - 12/2026"],
)
def test_what_has_two_readings_is_left_alone(text):
    assert settled(text) == text


def numbered(figures, groups=(), page=1):
    """A table with a column of figures; rows of `groups` are merged over the rest."""
    cells = [Cell(0, 0, (Line("STT"),)), Cell(0, 1, (Line("Việc"),)), Cell(0, 2, (Line("Ai"),))]
    for row, figure in enumerate(figures, start=1):
        lines = (Line(figure, page=page, confidence=60.0),) if figure else ()
        cells.append(Cell(row, 0, lines))
        cells.append(Cell(row, 1, (Line("việc", page=page),), 1, 2 if row in groups else 1))
        if row not in groups:
            cells.append(Cell(row, 2, (Line("ai", page=page),)))
    return Table(tuple(cells), len(figures) + 1, 3, (page,))


def figures(table):
    return [cell.text for cell in table.cells if cell.col == 0][1:]


def test_misread_figures_follow_the_order_of_their_rows():
    read = numbered(["lÍ", "1", "z", "3", "H", "1", "", "E)", "4", "IH", "1"], groups=(1, 5, 10))
    assert figures(with_ordinals(read)) == ["I", "1", "2", "3", "II", "1", "2", "3", "4", "III", "1"]


@pytest.mark.parametrize("read", [["7", "9", "12"], ["a", "b"], ["1.1", "1.2", "2"], ["x", "2", "y"], ["5", "7"]])
def test_figures_without_an_order_stay(read):
    assert figures(with_ordinals(numbered(read))) == read


def test_typed_tables_keep_their_figures():
    typed = numbered(["1", "2", "2", "4", "5"])
    cells = tuple(Cell(c.row, c.col, tuple(Line(line.text) for line in c.lines), 1, c.colspan) for c in typed.cells)
    table = Table(cells, typed.n_rows, 3, (1,))
    assert join_tables([table]) == [table]
    assert figures(join_tables([typed])[0]) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("level", [40, 178])
def test_a_pale_or_broken_rule_still_parts_two_cells(level):
    picture = np.full((1100, 1200), 255, np.uint8)
    for top in (300, 420, 540, 660):
        cv2.line(picture, (100, top), (1050, top), level, 2)
    for left in (100, 400, 700, 1050):
        cv2.line(picture, (left, 300), (left, 660), 40, 2)
    picture[418:423, 500:504] = 255
    (table,), _ = ruled_tables(picture, 200)
    assert len(table.cells) == 9
    assert table.broken == 0


@dataclass
class Looking:
    """An engine whose readings of any crop come one after the other, as (text, confidence)."""

    readings: list[tuple[str, float]]
    name: str = "looking"

    def words(self, picture, dpi, *, block=False, strong=False):
        assert block
        text, confidence = self.readings.pop(0)
        return [OcrWord(text, (0, 0, 30, 20), confidence, 0)] if text else []


@pytest.mark.parametrize(
    ("readings", "text", "other"),
    [
        ([("5049/QĐ-UBND", 94.0), ("5049/QĐ-UBND", 80.0)], "5049/QĐ-UBND", "9049/QĐ-UBND"),
        ([("5049QĐ-UBND", 96.0), ("5049/QĐ-UBND", 80.0)], "5049/QĐ-UBND", "9049/QĐ-UBND"),
        ([("5049/QĐ-UBND", 94.0), ("9049/QĐ-UBND", 80.0)], "9049/QĐ-UBND", "5049/QĐ-UBND"),
        ([("5049/QĐ-UBND", 60.0), ("5049/QĐ-UBND", 65.0)], "9049/QĐ-UBND", "5049/QĐ-UBND"),
        ([("9049/QD-UBND", 94.0)], "9049/QĐ-UBND", None),
        ([("", 0.0)], "9049/QĐ-UBND", None),
    ],
)
def test_of_three_readings_two_stand_and_what_differs_in_a_digit_is_kept_beside(readings, text, other):
    grey = np.full((300, 900), 255, np.uint8)
    words = [*said("số", "9049/QĐ-UBND"), OcrWord("11/12/2025", (500, 100, 700, 160), 95.0, 0)]
    words[1] = replace(words[1], confidence=70.0)
    read = with_rivals(words, grey, 200, Looking(readings))
    assert [word.other for word in read] == [None, other, None]
    assert [word.text for word in read] == ["số", text, "11/12/2025"]
    (piece,) = pieces_of(read[:2], Scale(1, 1))
    assert piece.words[1].other == other


@pytest.mark.parametrize(
    ("first", "readings", "text", "other"),
    [
        ("();", [("@®);", 49.0), ("(5);", 95.0)], "(5);", "();"),
        ("3),", [("(3),", 86.0)], "(3),", None),
        ("G);", [("@);", 44.0), ("(5);", 40.0), ("(5)", 30.0)], "G);", None),
        ("1)", [], "1)", None),
        ("(7);", [], "(7);", None),
        ("xã)", [], "xã)", None),
    ],
)
def test_a_figure_lost_between_brackets_is_looked_at_again(first, readings, text, other):
    grey = np.full((300, 900), 255, np.uint8)
    engine = Looking(list(readings))
    words = with_rivals(said("mục", first), grey, 200, engine)
    assert (words[1].text, words[1].other, engine.readings) == (text, other, [])


def lines_of(*texts, confidence=90.0):
    return [Line(text, page=1, confidence=confidence) for text in texts]


def test_the_first_quarter_is_written_as_the_others_of_its_document():
    cell = Cell(0, 0, tuple(lines_of("Quý 1/2026")))
    table = Table((cell, Cell(0, 1, tuple(lines_of("Quý II/2026")))), 1, 2)
    read = with_quarters([*lines_of("Trong quý 1, các phòng; quý 11"), table])
    assert read[0].text == "Trong quý I, các phòng; quý 11"
    assert [cell.text for cell in read[1].cells] == ["Quý I/2026", "Quý II/2026"]


@pytest.mark.parametrize("others", [("Quý 2/2026",), ("Quý 2", "Quý III"), ("Quyết định",)])
def test_a_quarter_stays_a_figure_where_the_document_does_not_tell(others):
    lines = lines_of("Quý 1/2026", *others)
    assert with_quarters(lines) == lines
    typed = lines_of("Quý 1/2026", "Quý III", confidence=None)
    assert with_quarters(typed) == typed


@pytest.mark.parametrize("most_edges", [page_image.MOST_EDGES, 0.0], ids=["outlines", "parts"])
def test_specks_go_also_from_within_frames_and_no_hole_does(most_edges, monkeypatch):
    monkeypatch.setattr(page_image, "MOST_EDGES", most_edges)
    picture = np.full((600, 600), 255, np.uint8)
    picture[100:500, 100:103] = picture[100:500, 497:500] = 0
    picture[100:103, 100:500] = picture[497:500, 100:500] = 0
    picture[200:210, 200:210] = 0
    clean = picture.copy()
    picture[300:303, 300:304] = picture[50, 50] = 0
    picture[204, 204] = clean[204, 204] = 255  # a hole in a letter is no speck
    assert (despeckled(picture, 300) == clean).all()


def test_pale_print_becomes_dark_and_dark_print_stays():
    pale = np.full((400, 400), 250, np.uint8)
    pale[50:350:20, 50:350] = 150
    assert inked(pale)[50, 100] < 80
    assert inked(pale)[5, 5] > 240
    dark = np.where(pale == 150, 30, 250).astype(np.uint8)
    assert (inked(dark) == dark).all()


def test_a_line_through_a_row_goes_and_the_strokes_that_cross_it_stay():
    picture = np.full((300, 900), 255, np.uint8)
    picture[150:152] = 0
    picture[130:175, 300:306] = 0
    cleaned = without_lines(picture, 200)
    assert cleaned[150, 100] == 255
    assert cleaned[150, 303] == 0
    short = np.full((300, 900), 255, np.uint8)
    short[150:152, 100:250] = 0
    assert (without_lines(short, 200) == short).all()


def test_dirt_goes_from_a_grey_page():
    picture = np.full((200, 200), 240, np.uint8)
    picture[50, 50] = 20
    picture[100:130, 100:104] = 20
    cleaned = without_specks(picture, 200)
    assert cleaned[50, 50] == 255
    assert cleaned[110, 102] == 20


def test_black_and_white_is_softened_and_finer():
    picture = np.full((400, 300), 255, np.uint8)
    picture[100:200, 100:110] = 0
    grey, dpi = prepared(picture, 200)
    assert (grey.shape, dpi) == ((600, 450), 300)
    assert 0 < softened(picture, 200)[150, 110] < 255


def test_the_engine_jumping_back_to_the_left_column_opens_a_new_piece():
    right = [
        replace(word, box=(word.box[0] + 3000, 90, word.box[2] + 3000, 150)) for word in said("TM.", "ỦY", "BAN")
    ]
    pieces = pieces_of([*right, *said("Nơi", "nhận:")], Scale(1, 1))
    assert [piece.text for piece in pieces] == ["TM. ỦY BAN", "Nơi nhận:"]


def test_bare_margins_are_told_and_a_speck_is_no_ink():
    picture = np.full((1200, 800), 255, np.uint8)
    assert inked_area(picture, 100) == (0, 0, 800, 1200)
    picture[400:440, 200:600] = 0
    picture[1000, 10] = 0
    left, top, right, bottom = inked_area(picture, 100)
    assert (left, top, right, bottom) == pytest.approx((177, 377, 623, 463), abs=12)


@pytest.mark.parametrize(
    ("cells", "lost"), [([(10, 10, 290, 60), (10, 70, 290, 120)], False), ([(10, 10, 290, 60)], True)]
)
def test_text_of_a_table_in_no_cell_is_said(cells: list[tuple[int, int, int, int]], lost: bool) -> None:
    grey = np.full((140, 300), 255, np.uint8)
    for x in range(20, 280, 40):
        grey[20:45, x : x + 15] = grey[80:105, x : x + 15] = 0
    rules = np.zeros_like(grey)
    rules[64:67] = 255
    table = RuledTable((0, 0, 300, 130), cells, [1.0] * len(cells))
    assert has_lost_text(grey, rules, table, 300) is lost
