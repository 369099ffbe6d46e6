"""What a name directly before another one says, where no list has the second below the first."""

from __future__ import annotations

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.knowledge.gazetteer.place import DEPTH
from kg.resolve.place_levels import Finding, abstention
from kg.resolve.place_names import level_of
from kg.resolve.surroundings import NamedPlace

__all__ = ["belongs_below", "despite"]

_MOVED_CONFIDENCE, _APART_CONFIDENCE = 0.85, 0.6
"""Of the only county of a name, where it does not lie in the place named before it: in its province, and elsewhere."""


def belongs_below(named: NamedPlace, gazetteer: Gazetteer) -> bool:
    """Whether a name that no list has below the place before it is still one of that place: 淮安市清河区 was one once.

    Not where the name before cannot be above it (北京大兴和上海, 雄安新区容城县, 广东鼓楼区), nor where the name is that of
    the one county that has come to another city of the province (六安市寿县).
    """
    own, places, above = named.own, named.places, named.above[0]
    if level_of(own) or not places:
        return True
    city = above.level == "prefecture" or (above.level == "province" and above.name.endswith("市"))
    if not city or not own.endswith(("区", "县", "旗")):
        return False
    moved = len(places) == 1 and not own.endswith("区") and _same_province(places[0], above, gazetteer)
    return not moved


def despite(finding: Finding, named: NamedPlace, gazetteer: Gazetteer) -> Finding:
    """A finding by context, less sure of a county that does not lie in the place named directly before it.

    In another province only the full name of a city, county or banner counts: 牡丹 in 沈阳市牡丹社区 is not 牡丹区 of 菏泽.
    """
    above, county = named.above[0], finding.rule == "place.unique" and finding.level == "county"
    if not county or not named.direct or DEPTH[above.level] >= DEPTH["county"]:
        return finding
    place, note = finding.known[-1], f"the lists do not have it in {above.name}, named before it"
    if _same_province(place, above, gazetteer):
        return finding._replace(confidence=_MOVED_CONFIDENCE, note=note)
    if place.name != named.own or place.name.endswith("区"):
        return abstention(named.own, note)
    return finding._replace(confidence=_APART_CONFIDENCE, note=note)


def _same_province(one: Place, other: Place, gazetteer: Gazetteer) -> bool:
    return gazetteer.path(one)[0].id == gazetteer.path(other)[0].id
