"""Places: the provinces and communes since 1 July 2025, and the units that they replaced."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from normalizers.assets import load_yaml, open_asset
from normalizers.fold import fold

LEVELS = ("thị xã", "thị trấn", "đặc khu", "xã", "phường", "thành phố", "tỉnh", "huyện", "quận")
"""The words for a level of government, longer ones before those that they hold."""

FIRST_DAY = "2025-07-01"
"""The first day of today's provinces and communes; the units of before ended on the day before."""
_TABLE, _BEFORE, _BY_HAND = "communes.tsv", "communes_before.tsv", "communes_by_hand.yaml"


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
class Former:
    """A commune that ended on `until` (ISO): its district and province of then, and the codes of what it became.

    The unit that took most of it stands first in `became`; () where that is not known.
    """

    level: str
    name: str
    district: str
    province: str
    code: str
    until: str
    became: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """The unit and all above it, as in running text ("phường Bắc Sơn, quận Kiến An, thành phố Hải Phòng")."""
        return ", ".join(filter(None, (f"{self.level} {self.name}", self.district, self.province)))


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by the fold of their names, with and without their level."""

    places: tuple[Place, ...]
    by_fold: dict[str, tuple[Place, ...]]

    @staticmethod
    @cache
    def load() -> Gazetteer:
        """The gazetteer of the product's data files; AssetError where one is missing or changed."""
        places = (*_rows(_TABLE), *(_place(unit) for unit in load_yaml(_BY_HAND)["units"]))
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


@lru_cache(maxsize=1024)
def _bare(province: str) -> str:
    key = _key(province)
    for level in ("tinh ", "thanh pho ", "tp. ", "tp "):
        key = key.removeprefix(level)
    return key


def _lines(name: str) -> list[list[str]]:
    lines = open_asset(name).decode("utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def _rows(name: str) -> list[Place]:
    return [Place(level, place, province, code, until == "") for level, place, province, code, until in _lines(name)]


def _place(unit: dict[str, str]) -> Place:
    return Place(unit["level"], unit["name"], unit["province"], unit.get("code", ""), not unit.get("until"))


@dataclass(frozen=True, slots=True)
class Succession:
    """The communes of before 1 July 2025, by the fold of their names, and what each became."""

    by_fold: dict[str, tuple[Former, ...]]
    by_code: dict[str, Place]
    """Today's communes."""
    provinces: dict[str, frozenset[str]]
    """A province's name without its level, folded → the provinces of today that hold its communes."""

    @staticmethod
    @cache
    def load() -> Succession:
        """The succession of the product's data files; AssetError where one is missing or changed."""
        units = [
            Former(level, name, district, province, code, until, tuple(became.split()))
            for level, name, district, province, code, until, became in _lines(_BEFORE)
        ]
        today = {place.code: place for place in Gazetteer.load().places if place.current}
        by_fold: dict[str, list[Former]] = defaultdict(list)
        provinces: dict[str, set[str]] = defaultdict(set)
        for unit in units:
            by_fold[_key(f"{unit.level} {unit.name}")].append(unit)
            provinces[_bare(unit.province)] |= {today[code].province for code in unit.became}
        return Succession(
            {key: tuple(found) for key, found in by_fold.items()},
            today,
            {key: frozenset(found) for key, found in provinces.items()},
        )

    def find(self, name: str, provinces: Iterable[str] = ()) -> tuple[Former, ...]:
        """Every commune of before of that level and name, in `provinces` of today where some are given.

        >>> [unit.full_name for unit in Succession.load().find("phường Bắc Sơn", ["thành phố Hải Phòng"])]
        ['phường Bắc Sơn, quận Kiến An, thành phố Hải Phòng']
        """
        wanted = set(provinces)
        return tuple(
            unit
            for unit in self.by_fold.get(_key(name), ())
            if not wanted or wanted & {self.by_code[code].province for code in unit.became}
        )

    def today(self, province: str) -> frozenset[str]:
        """The full names of today's provinces that a province's name, of today or of before, stands for.

        >>> sorted(Succession.load().today("tỉnh Hải Dương"))
        ['thành phố Hải Phòng']
        """
        return self.provinces.get(_bare(province), frozenset())

    def communes(self, province: str) -> tuple[Place, ...]:
        """Today's communes of a province, by name.

        >>> len(Succession.load().communes("Hải Phòng"))
        114
        """
        found = [one for one in self.by_code.values() if one.full_name != one.province]
        wanted = [one for one in found if _bare(one.province) == _bare(province)]
        return tuple(sorted(wanted, key=lambda one: (_key(one.name), one.level, one.name)))
