"""Places: the provinces and communes since 1 July 2025, and the units that they replaced."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from normalizers.assets import open_asset
from normalizers.fold import fold

LEVELS = ("thị xã", "thị trấn", "đặc khu", "xã", "phường", "thành phố", "tỉnh", "huyện", "quận")
"""The words for a level of government, longer ones before those that they hold."""

_FILES = ("communes.tsv", "communes_extra.tsv")


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of government: "phường", "Lê Chân", of "thành phố Hải Phòng"; `code` is the statistics office's.

    `province` is the province's full name in running text; a province is its own. `current` is False for a unit
    that ended on 30 June 2025.
    """

    level: str
    name: str
    province: str
    code: str
    current: bool = True

    @property
    def full_name(self) -> str:
        """Level and name, as in running text ("phường Lê Chân")."""
        return f"{self.level} {self.name}"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by the fold of their names, with and without their level."""

    places: tuple[Place, ...]
    by_fold: dict[str, tuple[Place, ...]]

    @staticmethod
    @cache
    def load() -> Gazetteer:
        """The gazetteer of the product's data files; AssetError where one is missing or changed."""
        places = tuple(place for name in _FILES for place in _rows(name))
        by_fold: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            for key in {_key(place.name), _key(place.full_name)}:
                by_fold[key].append(place)
        return Gazetteer(places, {key: tuple(found) for key, found in by_fold.items()})

    def find(self, name: str, province: str | None = None) -> tuple[Place, ...]:
        """Every place of that name, spelling and level word set aside, those of today first; () if there is none.

        Never a single place out of many: "Bắc Sơn" has many, and only `province` ("Hải Phòng", "tỉnh Quảng Ninh")
        or the level in front of the name narrows them. Places spelled exactly so go before those that fold to it.

        >>> [place.province for place in Gazetteer.load().find("phường Lê Chân", "Hải Phòng") if place.current]
        ['thành phố Hải Phòng']
        >>> Gazetteer.load().find("phường Không Có")
        ()
        """
        found = self.by_fold.get(_key(name), ())
        if province is not None:
            wanted = _bare(province)
            found = tuple(place for place in found if _bare(place.province) == wanted)
        spelled = unicodedata.normalize("NFC", name).casefold()
        return tuple(
            sorted(found, key=lambda place: (not place.current, not spelled.endswith(place.name.casefold())))
        )


def _key(name: str) -> str:
    return " ".join(fold(unicodedata.normalize("NFC", name)).replace("'", "").replace("-", " ").split())


def _bare(province: str) -> str:
    key = _key(province)
    for level in ("tinh ", "thanh pho ", "tp. ", "tp "):
        key = key.removeprefix(level)
    return key


def _rows(name: str) -> list[Place]:
    lines = open_asset(name).decode("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Place(level, place, province, code, until == "") for level, place, province, code, until in rows[1:]]
