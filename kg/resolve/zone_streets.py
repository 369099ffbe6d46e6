"""The streets of development zones: the lists have many of them only in the districts over which the zone lies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.resolve.place_rules import place_rules

__all__ = ["lying_in"]

_MOST_ZONES = 2
"""Readings of a zone's name: 高新区 alone may be any of some fifty, and says nothing of where."""


def lying_in(places: Sequence[Place], above: Collection[Place], gazetteer: Gazetteer) -> list[Place]:
    """Those of some places that lie in one of the others; of zones also the townships of their city.

    A township is looked for in the city only where the zone has none of the name.

    >>> gazetteer = Gazetteer.load()
    >>> streets, zone = gazetteer.candidates("桂溪街道"), gazetteer.candidates("成都高新区")
    >>> ["/".join(gazetteer.names(place)) for place in lying_in(streets, zone, gazetteer)]
    ['四川省/成都市/武侯区/桂溪街道']
    """
    inside = gazetteer.below(places, above)
    zones = [place for place in above if place.level == "zone"]
    if inside or not 0 < len(zones) <= _MOST_ZONES:
        return inside
    cities = [city for zone in zones for city in _cities(zone, gazetteer)]
    return gazetteer.below([place for place in places if place.level == "township"], cities)


def _cities(zone: Place, gazetteer: Gazetteer) -> Iterator[Place]:
    """The city or, where it lies in a municipality, province of a zone; those that are on file for a zone of several cities."""
    path = gazetteer.path(zone)
    several = [city for step in path for city in place_rules()["zone_cities"].get(step.name, ())]
    if several and path[1].level == "zone":
        yield from (city for name in several for city in gazetteer.within(name, path[0], ("prefecture",)))
    elif path[1].level == "prefecture" or path[0].name.endswith("市"):
        yield path[1] if path[1].level == "prefecture" else path[0]
