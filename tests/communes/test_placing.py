"""A document's commune: issuer and province together, else the folder, never a name alone."""

from __future__ import annotations

from typing import Any

import pytest

from normalizers.places import Succession
from pipeline.communes.placing import Basis, folder_communes, place_document


def document(issuer: str | None = None, day: str | None = None, **more: Any) -> dict[str, Any]:
    return {"issuer": issuer, "issuer_level": None, "issued_date": day} | more


def test_hai_phong_has_its_114_units_and_their_old_names() -> None:
    succession = Succession.load()
    today = {place.code: place for place in succession.communes("thành phố Hải Phòng")}
    assert len(today) == 114
    assert {place.level for place in today.values()} == {"xã", "phường", "đặc khu"}
    former = {code for units in succession.by_fold.values() for unit in units for code in unit.became}
    assert set(today) <= former
    (bac_son,) = succession.find("phường Bắc Sơn", ["thành phố Hải Phòng"])
    assert (bac_son.district, bac_son.until) == ("quận Kiến An", "2025-06-30")
    assert [today[code].full_name for code in bac_son.became] == ["phường Kiến An", "phường Phù Liễn"]


def test_every_unit_of_today_was_something_before() -> None:
    succession = Succession.load()
    became = {code for units in succession.by_fold.values() for unit in units for code in unit.became}
    communes = {code for code, place in succession.by_code.items() if place.full_name != place.province}
    assert len(communes) == 3321
    assert became == communes


@pytest.mark.parametrize(
    "witness",
    [
        {"recipients": ["UBND thành phố Hải Phòng (b/c)"]},
        {"title": "Cải cách hành chính trên địa bàn phường Lê Chân, thành phố Hải Phòng"},
        {"legal_bases": [{"issuer": "UBND TP. Hải Phòng", "date": "2025-08-06"}]},
        {"recipients": ["Sở Nội vụ tỉnh Hải Dương"]},
    ],
)
def test_issuer_and_a_witness_of_the_province(witness: dict[str, Any]) -> None:
    placed = place_document(document("Ủy ban nhân dân phường Lê Chân", "2026-01-15", **witness))
    assert placed.commune is not None
    assert (placed.commune.full_name, placed.basis, placed.reason) == ("phường Lê Chân", Basis.ISSUER, "")


@pytest.mark.parametrize("issuer", ["Ủy ban nhân dân xã Bắc Sơn", "Ủy ban nhân dân phường Lê Chân"])
@pytest.mark.parametrize("day", ["2023-04-17", "2026-01-15", None])
def test_a_name_alone_is_never_enough(issuer: str, day: str | None) -> None:
    placed = place_document(document(issuer, day))
    assert placed.commune is None
    assert placed.reason


def test_the_day_decides_between_the_units_of_then_and_of_today() -> None:
    city = {"recipients": ["UBND thành phố Hải Phòng"]}
    old = place_document(document("UBND phường Bắc Sơn", "2023-04-17", **city))
    assert old.commune is not None
    assert old.former is not None
    assert (old.commune.full_name, old.former.district) == ("phường Kiến An", "quận Kiến An")
    new = place_document(document("UBND phường Bắc Sơn", "2026-04-17", **city))
    assert (new.commune, new.basis) == (None, Basis.NONE)


def test_the_level_of_the_district_written_to_narrows_and_is_said() -> None:
    placed = place_document(document("UBND phường Bắc Sơn", "2023-04-17", recipients=["UBND Thị xã (b/c)"]))
    assert placed.former is not None
    assert placed.former.district == "thị xã Bỉm Sơn"
    assert "thị xã Bỉm Sơn" in placed.reason


def test_a_basis_of_before_says_nothing_of_the_plan_s_own_day() -> None:
    bases = [{"issuer": "UBND thành phố Hải Phòng", "date": "2025-02-28"}]
    placed = place_document(document("UBND phường Nam Triệu", None, plan_years=[2025], legal_bases=bases))
    assert placed.commune is not None
    assert placed.commune.full_name == "phường Nam Triệu"


@pytest.mark.parametrize("folder", ["Lê Chân", "phường Lê Chân", "P. Lê Chân", "p lê chân", "UBND phường Lê Chân"])
def test_the_folder_names_the_commune_where_the_document_does_not(folder: str) -> None:
    placed = place_document(document(), [folder], "Hải Phòng")
    assert placed.commune is not None
    assert (placed.commune.full_name, placed.basis) == ("phường Lê Chân", Basis.FOLDER)


def test_spelling_parts_what_the_fold_joins() -> None:
    assert [place.name for place in folder_communes("xã Cẩm Giàng", "Hải Phòng")] == ["Cẩm Giàng"]
    assert len(folder_communes("cam giang", "Hải Phòng")) == 2


def test_a_document_in_the_wrong_folder_is_its_issuer_s_and_said() -> None:
    city = {"recipients": ["UBND thành phố Hải Phòng"]}
    placed = place_document(document("UBND phường Lê Chân", "2026-01-15", **city), ["Hồng Châu"], "Hải Phòng")
    assert placed.commune is not None
    assert placed.commune.full_name == "phường Lê Chân"
    assert "Hồng Châu" in placed.reason


def test_a_document_of_the_city_in_a_commune_s_folder_is_not_the_commune_s() -> None:
    city = document("Ủy ban nhân dân thành phố Hải Phòng", "2025-02-28", issuer_level="thành phố")
    placed = place_document(city, ["Lê Chân"], "Hải Phòng")
    assert (placed.commune, placed.above) == (None, True)


def test_what_stands_above_the_commune_in_its_name_is_a_witness() -> None:
    placed = place_document(document("UBND phường Lê Chân, thành phố Hải Phòng", "2026-01-15"))
    assert placed.commune is not None
    assert placed.commune.full_name == "phường Lê Chân"
