"""Pages photographed at an angle are laid flat; lines that were passed over are read by themselves."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from extractors.readers.flat_page import laid_flat, on_dark_ground
from extractors.readers.lost_lines import with_lost_lines
from extractors.readers.ocr import OcrWord
from extractors.readers.scan import PagePicture, read_page
from schemas.source import BBox


def photograph(shadow=False):
    """White paper with a black frame 40 dots from its edges, seen from one side on a dark table."""
    paper = np.full((1400, 1000, 3), 240, np.uint8)
    cv2.rectangle(paper, (40, 40), (959, 1359), (20, 20, 20), 6)
    near = np.array([[0, 0], [1000, 0], [1000, 1400], [0, 1400]], np.float32)
    far = np.array([[180, 100], [1080, 60], [1180, 1500], [60, 1540]], np.float32)
    matrix = cv2.getPerspectiveTransform(near, far)
    seen = cv2.warpPerspective(paper, matrix, (1250, 1650))
    mask = cv2.warpPerspective(np.full(paper.shape, 255, np.uint8), matrix, (1250, 1650)) > 127
    table = np.full_like(seen, 70)
    seen = np.where(mask, seen, table)
    if shadow:
        fading = np.clip(np.linspace(1.4, 0.4, seen.shape[1]), 0, 1)[None, :, None]
        seen = (seen * fading).astype(np.uint8)
    return seen


@pytest.mark.parametrize("shadow", [False, True])
def test_paper_at_an_angle_is_laid_flat(shadow):
    picture = photograph(shadow)
    assert on_dark_ground(picture)
    flat = laid_flat(picture)
    assert flat is not None
    height, width = flat.shape[:2]
    ink = flat.max(axis=2) < 24
    for place in (0.25, 0.5, 0.75):  # the frame stands where it was printed, in every row and column
        across, down = np.flatnonzero(ink[int(place * height)]), np.flatnonzero(ink[:, int(place * width)])
        assert (across[0] / width, across[-1] / width) == pytest.approx((0.04, 0.96), abs=0.012)
        assert (down[0] / height, down[-1] / height) == pytest.approx((0.0285, 0.9715), abs=0.012)


def test_a_scan_and_paper_without_its_edges_stay_as_they_are():
    scan = np.full((1400, 1000, 3), 240, np.uint8)
    scan[200:210, 100:900] = 10
    assert not on_dark_ground(scan)
    assert laid_flat(scan) is None
    assert laid_flat(photograph()[:, 300:]) is None
    square = np.full((1600, 1200), 60, np.uint8)
    square[100:1500, 100:1100] = 240
    assert laid_flat(square) is None


@dataclass
class Eyes:
    """An engine that tells the sizes of the pictures it was shown, and reads one word more on those laid flat."""

    shown: list[tuple[int, int]] = field(default_factory=list)
    name: str = "eyes"

    def words(self, picture, dpi, *, block=False, strong=False):
        self.shown.append(picture.shape)
        return [OcrWord("chữ", (60 + 80 * at, 60, 120 + 80 * at, 90), 96.0, 0) for at in range(8)]


def test_a_photographed_page_is_read_flat():
    picture = photograph()
    height, width = picture.shape[:2]
    reading = read_page(PagePicture(1, picture, 150, BBox(0, 0, width / 150 * 72, height / 150 * 72)), Eyes())
    assert reading.turned
    assert reading.size[0] / reading.size[1] == pytest.approx(1060 / 1440, abs=0.05)


@dataclass
class Block:
    """An engine that reads one line of words in whatever block it is shown."""

    texts: tuple[str, ...]
    confidence: float = 95.0
    shown: list[tuple[int, int]] = field(default_factory=list)
    name: str = "block"

    def words(self, picture, dpi, *, block=False, strong=False):
        assert block
        self.shown.append(picture.shape)
        return [
            OcrWord(text, (9 + 110 * at, 5, 109 + 110 * at, 45), self.confidence, 0)
            for at, text in enumerate(self.texts)
        ]


def lined(*tops, left=100, right=760):
    """A page at 100 dots an inch with grey lines of strokes, as high as print."""
    page = np.full((800, 900), 255, np.uint8)
    for top in tops:
        page[top : top + 14, left:right:4] = 0
        page[top : top + 14, left + 1 : right : 4] = 60
    return page


def read_line(top):
    return [OcrWord("chữ", (100 + 110 * at, top - 2, 205 + 110 * at, top + 16), 95.0, 0) for at in range(6)]


def test_a_line_that_was_passed_over_is_read_by_itself():
    engine = Block(("một", "dòng", "bị", "bỏ", "sót", "ở", "đây"))
    words, lost = with_lost_lines(read_line(100), lined(100, 400), 100, 0.0, engine)
    assert [word.text for word in words[6:]] == list(engine.texts)
    assert len(engine.shown) == 1
    assert all(390 < word.box[1] < 420 and word.line == 1 for word in words[6:])
    assert not lost


def test_a_line_that_stays_unread_is_said_and_one_that_was_read_is_not_read_again():
    engine = Block(("chữ", "mờ"), confidence=20.0)
    words, lost = with_lost_lines(read_line(100), lined(100, 400), 100, 0.0, engine)
    assert (len(words), lost) == (6, True)
    assert with_lost_lines(read_line(100), lined(100), 100, 0.0, Block(())) == (read_line(100), False)


@pytest.mark.parametrize("spoil", ["rule", "seal", "bar"])
def test_rules_seals_and_bars_are_no_lines_of_print(spoil):
    page = lined()
    if spoil == "rule":
        page[400:402, 100:800] = 0
    elif spoil == "seal":
        cv2.circle(page, (500, 400), 75, 0, 3)
    else:
        page[400:418, 100:800] = 0
    engine = Block(())
    assert with_lost_lines([], page, 100, 0.0, engine) == ([], False)
    assert engine.shown == []
