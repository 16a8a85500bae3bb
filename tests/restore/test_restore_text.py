"""Damaged lines become readable, with evidence; numbers stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizers.build.texts import digit_tokens, score
from normalizers.restore import Reason, Restorer, doubtful, replayed
from normalizers.restore.alphabet import bare
from normalizers.restore.tokens import TokenKind, tokens
from schemas.restored import Damage

_PARAGRAPH = (
    "Ủy ban nhân dân phường giao Văn phòng chủ trì, phối hợp với các phòng, ban chuyên môn tham mưu xây dựng kế "
    "hoạch kiểm tra cải cách hành chính; báo cáo kết quả trước ngày 15/12/2025. Các cơ quan, đơn vị tăng cường công "
    "tác tuyên truyền, nâng cao trách nhiệm của cán bộ, công chức, viên chức trong thực hiện nhiệm vụ được giao."
)


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer.load()


def test_a_line_without_marks_gets_them(restorer: Restorer) -> None:
    assert restorer.restore("Uy ban nhan dan phuong Nam Trieu").text == "Ủy ban nhân dân phường Nam Triệu"


def test_a_stripped_paragraph_comes_back(restorer: Restorer) -> None:
    restored = restorer.restore(bare(_PARAGRAPH))
    assert restored.damage is Damage.STRIPPED
    assert score(_PARAGRAPH, restored.text).accuracy >= 98


def test_double_spacing_does_not_end_a_sentence(restorer: Restorer) -> None:
    rows = ["Đợt thi đua vì chính quyền thân thiện, công dân hài", "lòng; các đơn vị cung cấp thông tin rõ", "ràng."]
    assert restorer.restore(bare("\n\n".join(rows)), Damage.STRIPPED).text == "\n\n".join(rows)


def test_good_text_is_the_same_text(restorer: Restorer) -> None:
    restored = restorer.restore(_PARAGRAPH)
    assert (restored.text, restored.damage, restored.words) == (_PARAGRAPH, Damage.NONE, ())


def test_english_ocr_of_a_sentence(restorer: Restorer) -> None:
    noisy = "Cin ctr Ké hoach sb 49/KH-UBND ngay 28/02/2025 ctia Uy ban nhan dan thanh phd Hai Phong"
    wanted = "Căn cứ Kế hoạch số 49/KH-UBND ngày 28/02/2025 của Ủy ban nhân dân thành phố Hải Phòng"
    assert restorer.restore(noisy, Damage.OCR_NOISE).text == wanted


def test_nam_trieu_against_its_reading(restorer: Restorer) -> None:
    source = Path("sample_docs/text/004_nam_trieu_ocr.txt")
    if not source.exists():
        pytest.skip("sample_docs/text/004_nam_trieu_ocr.txt is not there")
    read = Path(__file__).with_name("data").joinpath("004_read.txt").read_text(encoding="utf-8")
    restored = restorer.restore(source.read_text(encoding="utf-8"))
    assert restored.damage is Damage.OCR_NOISE
    assert score(read, restored.text).accuracy >= 98.2
    assert digit_tokens(restored.text) == digit_tokens(restored.source)


def test_edits_replay_to_the_text(restorer: Restorer) -> None:
    restored = restorer.restore(
        "1. Xay dwng va thuc hién md hinh “Chinh quyén than thién”\nnam 2025", Damage.OCR_NOISE
    )
    lines = [replayed(line, edits) for line, edits in zip(restored.source.split("\n"), restored.edits, strict=True)]
    assert "\n".join(lines) == restored.text


def test_words_tell_their_source_rivals_and_posterior(restorer: Restorer) -> None:
    restored = restorer.restore("Uy ban nhan dan xa Toan Thang huyen Go Dau")
    for word in restored.words:
        assert restored.source[word.start : word.end] == word.source
        assert 0 < word.posterior <= 1
        assert bare(word.chosen) == word.source
        assert all(rival != word.chosen and p <= 1 for rival, p in word.rivals)
    assert {word.reason for word in restored.words} <= {Reason.MARKS, Reason.KEPT}


def test_doubtful_words_are_those_below_the_threshold(restorer: Restorer) -> None:
    restored = restorer.restore("Tang cudng cdng tac tuy@n truyén, t6 chirc ¢ dia phwong", Damage.OCR_NOISE)
    assert all(word.posterior < 0.95 for word in doubtful(restored, 0.95))
    assert len(doubtful(restored, 1.1)) == len([word for word in restored.words if not word.protected])


@pytest.mark.parametrize(
    "kept",
    [
        "so 49/KH-UBND",
        "28/02/2025",
        "08/2018/TT-BNV",
        "ngay 5 thang 6",
        "100%",
        "1.234.567",
        "0912345678",
        "https://haiphong.gov.vn/ke-hoach",
        "vanphong@haiphong.gov.vn",
    ],
)
def test_numbers_and_addresses_stay(restorer: Restorer, kept: str) -> None:
    text = f"Uy ban nhan dan phuong thuc hién nhiém vu theo {kept} cia thanh phd"
    for damage in (Damage.OCR_NOISE, Damage.STRIPPED):
        restored = restorer.restore(text, damage).text
        assert re.findall(r"\d+", restored) == re.findall(r"\d+", text)


def test_a_digit_that_became_a_word_is_a_doubt(restorer: Restorer) -> None:
    restored = restorer.restore("nghiém tuc, chat lugng, nhat 13 nang cao trach nhiém cia can bo", Damage.OCR_NOISE)
    became = [word for word in restored.words if word.reason is Reason.DIGIT]
    assert [(word.source, word.chosen) for word in became] == [("13", "là")]
    assert all(word.posterior < 0.9 for word in became)


def test_markers_of_lines_are_mended(restorer: Restorer) -> None:
    text = "I1. NQI DUNG\na) Xay dung ké hoach\nb) T6 chtrc thuc hién\n¢) Bao cdo két qua\nI11. TO CHUC THUC HIEN"
    restored = restorer.restore(text, Damage.OCR_NOISE).text.split("\n")
    assert [line.split()[0] for line in restored] == ["II.", "a)", "b)", "c)", "III."]


def test_the_letter_of_a_part_stays(restorer: Restorer) -> None:
    text = "Phan II\nNHIEM VU VA GIAI PHAP\nA. TRUOC MUA MUA BAO\nO. TO CHUC\na.Xay dung ke hoach"
    restored = restorer.restore(text, Damage.STRIPPED).text.split("\n")
    assert restored[2:] == ["A. TRƯỚC MÙA MƯA BÃO", "O. TỔ CHỨC", "a.Xây dựng kế hoạch"]


_NOISE = st.text(alphabet=" abcdeghiéđưộ¢@&60,.;:-/()\n\u0301%“”’Đ", max_size=120)


@settings(max_examples=60, deadline=None)
@given(_NOISE, st.sampled_from([Damage.OCR_NOISE, Damage.STRIPPED, None]))
def test_any_text_is_restored_and_replays(text: str, damage: Damage | None) -> None:
    restored = _RESTORER.restore(text, damage)
    lines = [replayed(line, edits) for line, edits in zip(text.split("\n"), restored.edits, strict=True)]
    assert "\n".join(lines) == restored.text
    assert digit_tokens(restored.text) == digit_tokens(text)


_RESTORER = Restorer.load()


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("khau hiéu “4 xin, 4 luon va 5 khong” tai xa", ["4", "4", "5"]),
        ('thuc hién "3 sach", "5 khong"', ["3", "5"]),
        ('noi dung "3 khong gian" va 2 diém', ["3", "2"]),
        ("nguoi dan 6 dia phuong, 6 trung uong", []),
        ('vi tri "ban" 6 dia phuong', []),
    ],
)
def test_what_a_slogan_counts_is_a_number(line: str, numbers: list[str]) -> None:
    assert [token.text for token in tokens(line) if token.kind is TokenKind.NUMBER] == numbers


def test_counted_slogans_keep_their_digits(restorer: Restorer) -> None:
    text = "- Thuc hién nghiém “4 xin”, “4 luon”, “5 khong” va 3 co tai Trung tam Phuc vu hanh chinh cong cua xa"
    assert re.findall(r"\d", restorer.restore(text, Damage.OCR_NOISE).text) == ["4", "4", "5", "3"]
