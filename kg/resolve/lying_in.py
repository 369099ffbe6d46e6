"""Which places lie in others, also where no list puts them there: in zones, divisions, and districts that are no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.resolve.place_rules import place_rules

__all__ = ["lying_in"]

_MOST_ZONES = 2
"""Readings of a zone's name: 高新区 alone may be any of some fifty, and says nothing of where."""


def lying_in(places: Sequence[Place], above: Collection[Place], gazetteer: Gazetteer) -> list[Place]:
    """Those of some places that lie in one of the others.

    Where none does, of zones also the townships of their city, of a division of the 兵团 its city with all in it, and
    of a district that is no more what lies in those that it was merged into.

    >>> gazetteer = Gazetteer.load()
    >>> def paths(name, above):
    ...     inside = lying_in(gazetteer.candidates(name), gazetteer.candidates(above), gazetteer)
    ...     return ["/".join(gazetteer.names(place)) for place in inside]
    >>> paths("桂溪街道", "成都高新区"), paths("石河子市", "第八师")
    (['四川省/成都市/武侯区/桂溪街道'], ['新疆维吾尔自治区/石河子市'])
    >>> paths("临汾路街道", "闸北区")
    ['上海市/静安区/临汾路街道']
    """
    inside = gazetteer.below(places, above)
    if inside:
        return inside
    merged = [gazetteer.place(number) for place in above for number in place.merged_into]
    divided = [city for place in above for city in _cities_of_division(place, gazetteer)]
    townships = [place for place in places if place.level == "township"]
    return (
        gazetteer.below(places, merged)
        or [place for place in places if any(gazetteer.lies_in(place, city) for city in divided)]
        or gazetteer.below(townships, _cities_of_zones(above, gazetteer))
    )


def _cities_of_division(place: Place, gazetteer: Gazetteer) -> list[Place]:
    city = place_rules()["division_cities"].get(place.name)
    return gazetteer.candidates(city, ("county",)) if city else []


def _cities_of_zones(places: Collection[Place], gazetteer: Gazetteer) -> list[Place]:
    zones = [place for place in places if place.level == "zone"]
    return [city for zone in zones for city in _cities(zone, gazetteer)] if len(zones) <= _MOST_ZONES else []


def _cities(zone: Place, gazetteer: Gazetteer) -> Iterator[Place]:
    """The city or, where it lies in a municipality, province of a zone; those that are on file for a zone of several cities."""
    path = gazetteer.path(zone)
    several = [city for step in path for city in place_rules()["zone_cities"].get(step.name, ())]
    if several and path[1].level == "zone":
        yield from (city for name in several for city in gazetteer.within(name, path[0], ("prefecture",)))
    elif path[1].level == "prefecture" or path[0].name.endswith("市"):
        yield path[1] if path[1].level == "prefecture" else path[0]
