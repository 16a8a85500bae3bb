"""Names of bodies: split where each side stands alone, compared in one form."""

from pathlib import Path

import pytest
import yaml

from normalizers.bodies import body_key, is_body, split_bodies
from normalizers.body_lexicon import HEAD_KINDS, lexicon

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "bodies.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES["one"])
def test_one_body_stays_one(name: str) -> None:
    assert split_bodies(name) == (name,)


@pytest.mark.parametrize("case", CASES["several"], ids=lambda case: case["text"][:40])
def test_lists_are_split_where_each_side_stands_alone(case: dict[str, list[str]]) -> None:
    assert split_bodies(str(case["text"])) == tuple(case["bodies"])


@pytest.mark.parametrize("text", CASES["none"])
def test_words_that_begin_like_a_body_are_none(text: str) -> None:
    assert not is_body(text)


@pytest.mark.parametrize(
    ("written", "same", "issuer"),
    [
        ("Văn phòng HĐND&UBND xã", "Văn phòng HĐND và UBND", "Ủy ban nhân dân xã Hồng Châu"),
        ("Uỷ ban nhân dân xã Hồng Châu", "UBND xã", "Ủy ban nhân dân xã Hồng Châu"),
        ("phường", "Ủy ban nhân dân phường Lê Chân", "Ủy ban nhân dân phường Lê Chân"),
        ("địa phương", "UBND xã", "Ủy ban nhân dân xã Hồng Châu"),
        ("Phòng Văn hoá – Xã hội", "phòng văn hóa-xã hội", ""),
        ("100% cán bộ, công chức", "Toàn thể cán bộ công chức", ""),
        ("các đơn vị có liên quan", "các cơ quan, đơn vị liên quan", ""),
        ("UBND các phường, xã, đặc khu", "UBND xã, phường, đặc khu", ""),
        ("PCT UBND xã", "Phó Chủ tịch Ủy ban nhân dân xã", ""),
        ("Ủy ban MTTQVN Thành phố", "UBMTTQ thành phố", ""),
    ],
)
def test_names_that_mean_one_body_have_one_key(written: str, same: str, issuer: str) -> None:
    assert body_key(written, issuer) == body_key(same, issuer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND cấp xã", "UBND xã"),
        ("Đảng ủy xã", "UBND xã"),
        ("Phòng Kinh tế", "Phòng Kinh tế - Hạ tầng và Đô thị"),
    ],
)
def test_different_bodies_have_different_keys(one: str, other: str) -> None:
    issuer = "Ủy ban nhân dân xã Hồng Châu"
    assert body_key(one, issuer) != body_key(other, issuer)


def test_every_phrase_of_the_lexicon_is_found() -> None:
    """No list of the lexicon is left empty, and a phrase stands in the kind it was written under."""
    kinds = {kind for entries in lexicon().heads.by_first.values() for _, found in entries for kind in found}
    assert kinds == set(HEAD_KINDS)


def test_a_text_that_repeats_a_body_without_end_is_read():
    """Bug: "ỦY BAN NHÂN DÂN XÃ" 300 times in one line went too deep."""
    assert split_bodies("ỦY BAN NHÂN DÂN XÃ " * 300)
