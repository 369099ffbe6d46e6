"""The administrative levels, and who stands in where a place has none of a level."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LEVELS", "MUNICIPALITIES", "UNDIVIDED_CITIES", "at_level"]

LEVELS = ("province", "prefecture", "county", "township", "village")
"""Administrative levels, from the top."""
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
"""Of the rank of provinces, and cities: their districts have no prefecture."""
UNDIVIDED_CITIES = ("东莞市", "中山市", "嘉峪关市", "儋州市")
"""Prefectures without counties: their towns lie directly below them. Those of 台湾 have no towns in the gazetteer."""


def at_level(holders: Mapping[str, str], names: Mapping[str, str], level: str) -> str | None:
    """The place of a level among a place and all that hold it; None where it is unknown or the place lies above.

    ``holders`` maps level → place, ``names`` place → name. A functional zone stands in the county's place, an undivided
    city (东莞市) too; a municipality (重庆市) in the prefecture's, and where a county lies directly below a province
    (仙桃市) the county itself: it is no part of any other city.
    """
    county = holders.get("county") or holders.get("zone")
    city, province = holders.get("prefecture"), holders.get("province")
    if level == "county":
        return county or (city if city is not None and names.get(city) in UNDIVIDED_CITIES else None)
    if level == "prefecture" and city is None:
        return province if province is not None and names.get(province) in MUNICIPALITIES else county
    return holders.get(level)
