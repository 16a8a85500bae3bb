"""Data files are opened by name; a missing one is refused with a sentence for staff."""

import pytest

from normalizers.assets import asset_path, load_yaml, open_asset
from schemas.errors import AssetError


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(AssetError, match=r"Thiếu tệp dữ liệu khong_co\.yaml"):
        open_asset("khong_co.yaml")


def test_the_lexicon_is_plain_lists_of_text() -> None:
    lists = load_yaml("bodies.yaml")
    assert all(isinstance(phrase, str) for phrases in lists.values() for phrase in phrases)


def test_the_path_is_inside_the_package() -> None:
    assert asset_path("bodies.yaml").parent.name == "data"
