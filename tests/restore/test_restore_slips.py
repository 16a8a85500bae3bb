"""Vietnamese OCR's slips are mended where the reading is sure; nothing else is touched."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from normalizers.restore import Restorer, replayed
from normalizers.restore.caution import Quality, is_slip, least_posterior, quality_of
from normalizers.restore.glued import Glue
from normalizers.restore.slips import Slips
from schemas.restored import Damage
from schemas.source import BBox, Line, RawDocument, SourceFile, Word

_BOX = BBox(0, 0, 1, 1)
_GOOD = "Ủy ban nhân dân phường tổ chức thực hiện kế hoạch kiểm tra năm 2025 theo Quyết định số 87/QĐ-UBND."
_READ = "Ủy ban nhân dân phường tố chức thực hiện kế hoạch kiếm tra năm 2025 theo Quyết định số 87/QĐ-UBND."


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer.load()


def _scan(*texts: str, doubtful: str = "", ocr: bool = True) -> RawDocument:
    """A page as OCR reads it: 96 for every word but the doubtful ones."""
    lines, start = [], 0
    for text in texts:
        words = tuple(Word(word, _BOX, 60.0 if word in doubtful.split() else 96.0) for word in text.split())
        lines.append(Line(text, start, 1, _BOX, 95.0 if ocr else None, words if ocr else ()))
        start += len(text) + 1
    source = SourceFile(Path("a.pdf"), "a.pdf", "0" * 64, 1)
    return RawDocument(source, "test", tuple(lines), "\n".join(texts))


def test_slips_of_a_scan_are_mended_with_evidence(restorer: Restorer) -> None:
    restored = restorer.restore_document(_scan(_READ, doubtful="tố kiếm"))
    (line,) = restored.lines
    assert line.text == _GOOD
    assert [(edit.before, edit.after) for edit in line.edits] == [("tố", "tổ"), ("kiếm", "kiểm")]
    assert replayed(line.source_text, line.edits) == line.text
    assert restored.damage is Damage.OCR_SLIPS


def test_a_very_poor_scan_is_not_taken_for_a_foreign_engine_s(restorer: Restorer) -> None:
    noisy = "Cin ctr Ké hoach sb cia Uy ban nhan dan thanh phé vé xay dung mé hinh trén dia ban phuong"
    raw = _scan(*[noisy] * 6, doubtful=noisy)
    assert restorer.restore_document(raw).damage is Damage.OCR_SLIPS
    assert restorer.restore_document(_scan(*[noisy] * 6, ocr=False)).damage is Damage.OCR_NOISE


def test_the_same_words_typed_stay(restorer: Restorer) -> None:
    raw = _scan(_READ, ocr=False)
    assert restorer.restore_document(raw).blocks[0] is raw.blocks[0]


def test_a_good_scan_stays_the_same_objects(restorer: Restorer) -> None:
    raw = _scan(_GOOD)
    assert restorer.restore_document(raw).blocks[0] is raw.blocks[0]


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024, UBND, HĐND, TU, BCĐ và website của xã",
        "Chủ trì: phường Nam Triệu, xã Lượng Minh; phối hợp: đồng chí Nguyễn Văn Thế",
        "a) b) c) 1. 2.1. II. 100% 5G (2b) email abc@haiphong.gov.vn",
    ],
)
def test_numbers_names_and_abbreviations_are_kept(restorer: Restorer, text: str) -> None:
    raw = _scan(text, doubtful=text)
    assert restorer.restore_document(raw).lines[0].text == text


def test_confidence_moves_the_odds() -> None:
    slips = Slips([0.0, 90.0], [(-1.0, 2.0), (0.0, -2.0)], {"kiếm": 7})
    assert slips.odds(None) == (0.0, 0.0)
    assert slips.odds(50.0) == (-1.0, 2.0)
    assert slips.odds(97.0) == (0.0, -2.0)


def test_glued_words_may_only_fall_apart() -> None:
    assert is_slip("Tựdo", "Tự do", {"tu"})
    assert not is_slip("Tựdo", "Tu", {"tu"})


def test_a_text_with_many_slips_is_told_without_confidences(restorer: Restorer) -> None:
    text = "\n".join([_READ] * 5)
    restored = restorer.restore(text)
    assert (restored.damage, restored.text) == (Damage.OCR_SLIPS, "\n".join([_GOOD] * 5))


def test_a_typist_s_mistake_is_no_reason_to_change_a_text(restorer: Restorer) -> None:
    text = "\n".join([_GOOD] * 12 + [_READ])
    restored = restorer.restore(text)
    assert (restored.damage, restored.text, restored.words) == (Damage.NONE, text, ())


def _layer(*lines: tuple[str, int]) -> RawDocument:
    """Lines without confidences on their pages; another OCR laid the text of page 1 under its picture."""
    source = SourceFile(Path("a.pdf"), "a.pdf", "0" * 64, 1)
    made = tuple(Line(text, page=page, bbox=_BOX) for text, page in lines)
    return RawDocument(source, "test", made, "\n".join(text for text, _ in lines), facts={"layer_pages": "1"})


def test_the_layer_of_another_ocr_is_mended_in_the_walk_and_no_typed_page_beside_it(restorer: Restorer) -> None:
    restored = restorer.restore_document(_layer(*[(_READ, 1)] * 5, *[(_READ, 2)] * 5))
    assert [line.text for line in restored.lines] == [_GOOD] * 5 + [_READ] * 5
    assert all(replayed(line.source_text, line.edits) == line.text for line in restored.lines)
    assert [edit.before for edit in restored.lines[0].edits] == ["tố", "kiếm"]


def test_a_layer_with_a_slip_or_two_stays_as_it_is(restorer: Restorer) -> None:
    raw = _layer(*[(_GOOD, 1)] * 12, (_READ, 1))
    assert restorer.restore_document(raw).blocks == raw.blocks


@pytest.fixture(scope="module")
def glue(restorer: Restorer) -> Glue:
    scorer = restorer.scorer(Damage.OCR_SLIPS)
    return Glue(restorer.slips[1].numbers, scorer.foreign, scorer.model)


@pytest.mark.parametrize(
    ("form", "apart"),
    [
        ("phủvềbanhành", "phủ về ban hành"),
        ("CHỦNGHĨAVIỆTNAM", "CHỦ NGHĨA VIỆT NAM"),
        ("côngtácCCHC", "công tác CCHC"),
        ("HàNộingày", "Hà Nội ngày"),
        ("nghiêng", "nghiêng"),
        ("khuuẩn", "khuuẩn"),
        ("website", "website"),
        ("UBTVQH", "UBTVQH"),
    ],
)
def test_several_glued_words_are_told_apart_by_their_letters(glue: Glue, form: str, apart: str) -> None:
    bounds = [0, *glue.cuts(form), len(form)]
    assert " ".join(form[low:high] for low, high in pairwise(bounds)) == apart


def test_glued_words_of_a_scan_become_one_change_each(restorer: Restorer) -> None:
    read = "Căn cứ Nghị định của Chính phủvềbanhành quy chế và sựthamgiacủa người dân trong kế hoạch năm 2025."
    line = restorer.restore_document(_scan(read)).lines[0]
    assert line.text == (
        "Căn cứ Nghị định của Chính phủ về ban hành quy chế và sự tham gia của người dân trong kế hoạch năm 2025."
    )
    assert [edit.before for edit in line.edits] == ["phủvềbanhành", "sựthamgiacủa"]
    assert replayed(line.source_text, line.edits) == line.text
    assert restorer.restore_document(_scan(read, ocr=False)).lines[0].text == read


def test_poor_pages_are_mended_sooner_than_good_ones() -> None:
    good, fair, poor = quality_of(0, 400), quality_of(8, 400), quality_of(30, 400)
    assert (good, fair, poor) == (Quality.GOOD, Quality.FAIR, Quality.POOR)
    least = [least_posterior("Trường", True, quality, 97.0) for quality in (poor, fair, good)]
    assert least[0] < least[1] < least[2]
    assert least_posterior("Trường", True, good, 80.0) == least[1]
    assert least_posterior("Trường", True, good, None) == least[1]


def test_an_abbreviation_that_the_document_uses_is_known_again(restorer: Restorer) -> None:
    good = "UBND xã giao Văn phòng HĐND và UBND xã chủ trì, UBND các xã phối hợp thực hiện"
    bad = "Các cơ quan, đơn vị báo cáo LBND xã kết quả thực hiện trước ngày 15/12/2025"
    raw = _scan(good, good, bad, doubtful="LBND")
    assert restorer.restore_document(raw).lines[2].text == bad.replace("LBND", "UBND")
    for other in (_scan(good, good, bad), _scan(bad, bad, doubtful="LBND")):
        assert bad in [line.text for line in restorer.restore_document(other).lines]
