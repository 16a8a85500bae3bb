"""Places are spelled as the gazetteer has them, the same over the whole document."""

from __future__ import annotations

import pytest

from normalizers.restore import Restorer
from normalizers.restore.alphabet import bare
from schemas.restored import Damage

_PLAN = """ỦY BAN NHÂN DÂN
XÃ {upper}

Căn cứ Kế hoạch của Ủy ban nhân dân {province} về công tác bầu cử, Ủy ban nhân dân xã {name} xây dựng kế hoạch.

{name}, ngày 10 tháng 12 năm 2025"""


def _plan(name: str, province: str) -> str:
    return _PLAN.format(upper=name.upper(), name=name, province=province)


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer.load()


@pytest.mark.parametrize(("name", "province"), [("Lương Minh", "tỉnh Quảng Ninh"), ("Lượng Minh", "tỉnh Nghệ An")])
def test_the_province_decides_between_names_of_the_same_letters(restorer: Restorer, name: str, province: str) -> None:
    plan = _plan(name, province)
    assert restorer.restore(bare(plan), Damage.STRIPPED).text == plan


def test_without_a_province_one_spelling_stands_and_asks_for_a_look(restorer: Restorer) -> None:
    restored = restorer.restore(bare(_plan("Lương Minh", "cấp trên")), Damage.STRIPPED)
    named = [word for word in restored.words if word.source.lower() == "luong"]
    assert len(named) == 3
    assert len({word.chosen.lower() for word in named}) == 1
    assert all(word.posterior < 0.9 for word in named)


def test_the_level_in_front_of_a_name_is_put_right(restorer: Restorer) -> None:
    text = "Uy ban nhan dan phuong Nam Trieu va Uy ban nhan dan phuong Le Chan, thanh pho Hai Phong"
    wanted = "Ủy ban nhân dân phường Nam Triệu và Ủy ban nhân dân phường Lê Chân, thành phố Hải Phòng"
    assert restorer.restore(text, Damage.STRIPPED).text == wanted
