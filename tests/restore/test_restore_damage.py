"""Damage is told apart; legacy encodings and broken fonts are undone."""

from __future__ import annotations

import unicodedata

import pytest

from normalizers.legacy import from_legacy, legacy_encoding
from normalizers.restore import Reason, Restorer
from normalizers.restore.alphabet import bare
from schemas.restored import Damage

_TEXT = (
    "Ủy ban nhân dân tỉnh ban hành Kế hoạch thực hiện quy hoạch sử dụng đất rừng và giao các sở, ban, ngành tổ chức "
    "triển khai thực hiện nghiêm túc, bảo đảm chất lượng, hiệu quả, tiết kiệm và đúng thời hạn được giao trong năm."
)
_ENGLISH = (
    "The committee shall review the annual work programme and report to the council before the end of the year, "
    "taking into account the comments received from all members and from the public during the consultation."
)


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer.load()


def test_english_is_left_alone(restorer: Restorer) -> None:
    restored = restorer.restore(_ENGLISH)
    assert (restored.text, restored.damage) == (_ENGLISH, Damage.NONE)


@pytest.mark.parametrize("text", ["", " \n\n", "12/2025", "STT", "x" * 5000, "…"])
def test_nothing_to_restore(restorer: Restorer, text: str) -> None:
    assert restorer.restore(text).text == text


def test_decomposed_text_is_composed(restorer: Restorer) -> None:
    restored = restorer.restore(unicodedata.normalize("NFD", _TEXT))
    assert restored.text == _TEXT
    assert {edit.reason for edits in restored.edits for edit in edits} == {Reason.UNICODE.value}


def test_letters_of_broken_fonts_are_mended(restorer: Restorer) -> None:
    broken = "Nâng cao chất lƣợng phục vụ, báo cáo định kǶ hằng tháng của các trƣờng trên địa bàn huyện"
    restored = restorer.restore(broken)
    assert (
        restored.text == "Nâng cao chất lượng phục vụ, báo cáo định kỳ hằng tháng của các trường trên địa bàn huyện"
    )
    assert restored.damage is Damage.GLYPHS


def test_vni_is_converted_with_its_spaces(restorer: Restorer) -> None:
    source = "UÛY BAN NHAÂN DAÂN   TÆNH BÌNH PHÖÔÙC\nVeà vieäc pheâ duyeät Keá hoaïch quy hoaïch söû duïng röøng"
    restored = restorer.restore(source)
    assert restored.damage is Damage.LEGACY
    assert restored.text.split("\n")[0] == "ỦY BAN NHÂN DÂN   TỈNH BÌNH PHƯỚC"
    assert restored.text.split("\n")[1].endswith("quy hoạch sử dụng rừng")


def test_viqr_is_converted() -> None:
    source = "Ke^' hoa.ch kie^?m tra co^ng ta'c ca?i ca'ch ha`nh chi'nh na(m 2025 cu?a ddo+n vi."
    assert legacy_encoding(source) == "viqr"
    assert from_legacy(source, "viqr").startswith("Kế hoạch kiểm tra công tác cải cách hành chính năm 2025 của đơn")


def test_one_stripped_line_among_good_ones(restorer: Restorer) -> None:
    lines = [_TEXT, "De nghi cac phong ban nghiem tuc trien khai thuc hien ke hoach nay", _TEXT]
    restored = restorer.restore("\n".join(lines)).text.split("\n")
    assert (restored[0], restored[2]) == (_TEXT, _TEXT)
    assert restored[1] == "Đề nghị các phòng ban nghiêm túc triển khai thực hiện kế hoạch này"


def test_damage_is_told_by_page(restorer: Restorer) -> None:
    lines = [_TEXT] * 4 + [bare(_TEXT)] * 4
    restoration = restorer.restore_lines(lines, [1] * 4 + [2] * 4)
    assert [bool(edits) for edits in restoration.edits] == [False] * 4 + [True] * 4
