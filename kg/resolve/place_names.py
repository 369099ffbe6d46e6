"""Reads the name of a place as a text has it: what of it names the places above, and what the place itself."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.knowledge.gazetteer import Gazetteer, Level, Place, PlaceMatch
from kg.knowledge.gazetteer.place import DEPTH
from kg.resolve.lying_in import lying_in
from kg.resolve.place_rules import place_rules

__all__ = ["UPPER", "NameParts", "former_kind", "level_below", "level_of", "of_office", "of_street", "split_name"]
__all__ += ["township_names", "without_office"]

UPPER = ("province", "prefecture", "county", "zone", "township")


class NameParts(NamedTuple):
    """``above``: the names of upper places inside the name (offsets within it); ``own``: the rest, from ``at`` on."""

    above: tuple[PlaceMatch, ...]
    own: str
    at: int


def level_of(name: str) -> Level | None:
    """The level that a name's ending says: 社区 a village's, 街道 a township's, 开发区 a zone's; None where it is open.

    >>> level_of("团结村"), level_of("双福街道"), level_of("双福街道办"), level_of("143团"), level_of("合肥")
    ('village', 'township', 'township', 'township', None)
    """
    rules = place_rules()
    if name.endswith(tuple(rules["village_endings"])):
        return "village"
    if name.endswith((*rules["township_endings"], *rules["office_endings"])) or _is_regiment(name):
        return "township"
    return "zone" if name.endswith(tuple(rules["zone_endings"])) else None


def _is_regiment(name: str) -> bool:
    return bool(re.fullmatch(place_rules()["regiment"], name))


def level_below(name: str, above: Level) -> Level:
    """The level of a name that no list has and that stands below a place of the level ``above``.

    >>> level_below("桥东区", "prefecture"), level_below("莱芜市", "province"), level_below("红星", "county")
    ('county', 'prefecture', 'village')
    >>> level_below("红星农场", "county"), level_below("红星农场", "township")
    ('township', 'village')
    """
    known = level_of(name)
    if name.endswith(tuple(place_rules()["farm_endings"])) and DEPTH[above] < DEPTH["township"]:
        return "township"
    if known or not _is_county(name) or above not in ("province", "prefecture"):
        return known or "village"
    return "prefecture" if name.endswith("市") and above == "province" else "county"


def _is_county(name: str) -> bool:
    """Whether a name ends as those of counties do: 桥东区, and not 居民区."""
    rules = place_rules()
    return (
        len(name) > 1 and name.endswith(tuple(rules["county_endings"])) and not name.endswith(tuple(rules["no_county"]))
    )


def of_office(name: str) -> tuple[str, ...]:
    """The streets and towns that the name of an office may mean; nothing where it is none's.

    >>> of_office("丰产路街道办事处"), of_office("丰产路街办"), of_office("三星镇办事处"), of_office("丰产路")
    (('丰产路街道',), ('丰产路街道',), ('三星镇', '三星镇街道'), ())
    >>> of_office("东关街办事处")
    ('东关街街道', '东关街道')
    """
    rules = place_rules()
    office = next((ending for ending in rules["office_endings"] if name.endswith(ending)), "")
    stem = name.removesuffix(office)
    if not office or len(stem) < 2:
        return ()
    if office.startswith("街"):
        return (stem + "街道",)
    if stem.endswith(tuple(rules["township_endings"])):
        return (stem, stem + "街道")
    return (stem + "街道", stem + "道") if stem.endswith("街") else (stem + "街道",)


def of_street(name: str) -> str | None:
    """The other of the two ways in which a street's name is formed of a road's; None of what is no street.

    >>> of_street("东关街街道"), of_street("东关街道"), of_street("东关镇")
    ('东关街道', '东关街街道', None)
    """
    stem = name.removesuffix("街道")
    if stem == name or len(stem) < 2:
        return None
    return name.removesuffix("街街道") + "街道" if stem.endswith("街") else stem + "街街道"


def former_kind(name: str, gazetteer: Gazetteer) -> list[Place]:
    """What a city or county of today was when it was of another kind: 江津市, 毕节地区.

    >>> gazetteer = Gazetteer.load()
    >>> [place.name for name in ("江津市", "毕节地区", "江津区") for place in former_kind(name, gazetteer)]
    ['江津区', '毕节市']
    """
    kind = next((kind for kind in place_rules()["former_kinds"] if name.endswith(kind)), "")
    stem = name.removesuffix(kind)
    if not kind or len(stem) < 2:
        return []
    levels = ("prefecture",) if len(kind) > 1 or kind == "盟" else ("county",)
    return [place for place in gazetteer.candidates(stem, levels) if len(place.name) == len(stem) + 1]


def without_office(name: str) -> str:
    """A street's or town's name without the words for its office; one that may be another place's stays.

    >>> without_office("丰产路街道办"), without_office("三星镇办事处"), without_office("丰产路办事处")
    ('丰产路街道', '三星镇', '丰产路办事处')
    """
    forms = of_office(name)
    return forms[0] if forms and (name.startswith(forms[0]) or name.endswith(("街道办", "街办"))) else name


def township_names(name: str) -> list[str]:
    """What a name without an ending may be short for: 双福 for 双福街道."""
    return (
        [name + ending for ending in place_rules()["township_endings"]] if len(name) > 1 and not level_of(name) else []
    )


def split_name(name: str, gazetteer: Gazetteer) -> NameParts:
    """Split a composite name (山西晋城东圣社区) into the names above and its own.

    A name that the gazetteer has as a whole above the village is not split, nor one of which too little would be left
    (朝阳村 is not 朝阳 and 村).

    >>> parts = split_name("山西晋城东圣社区", Gazetteer.load())
    >>> [match.name for match in parts.above], parts.own
    (['山西', '晋城'], '东圣社区')
    >>> split_name("银川市金凤区", Gazetteer.load()).own
    '金凤区'
    """
    whole = NameParts((), name, 0)
    if any(gazetteer.candidates(known, UPPER) for known in (name, *of_office(name))):
        return whole  # an office's too: 延安北路办事处 is not 北路办事处 of 延安
    above: list[PlaceMatch] = []
    at = 0
    for match in gazetteer.find(name):
        if match.start != at or match.end == len(name):
            break
        if above and not _below(match, above[-1]):
            break
        above.append(match)
        at = match.end
    while above:
        own = name[above[-1].end :]
        if _can_be_own(own, above, gazetteer):
            return NameParts(tuple(above), own, above[-1].end)
        above.pop()
    return whole


def _can_be_own(own: str, above: list[PlaceMatch], gazetteer: Gazetteer) -> bool:
    """Whether the rest of a name can be a place's, and what stands before it names the places above."""
    village = level_of(own) == "village"
    stem = own.removesuffix("社区").removesuffix("小区").removesuffix("村") if village else own
    if len(stem) < (2 if village else 1) or own in place_rules()["office_endings"]:
        return False
    places = gazetteer.candidates(own, UPPER)
    doubtful = above[-1].common and len(above) == 1 and not _is_regiment(own)
    if doubtful and not lying_in(places, above[-1].candidates, gazetteer):
        return False
    if places or level_of(own) or gazetteer.own(own):
        return True
    return (_is_county(own) and len(own) > 2) or _is_township(own, above[-1], gazetteer)


def _is_township(own: str, upper: PlaceMatch, gazetteer: Gazetteer) -> bool:
    counties = [place for place in upper.candidates if place.level in ("county", "zone")]
    return any(gazetteer.below(gazetteer.candidates(long, ("township",)), counties) for long in township_names(own))


def _below(lower: PlaceMatch, upper: PlaceMatch) -> bool:
    """Whether some reading of ``lower`` stands on a lower level than some reading of ``upper``."""
    return max(DEPTH[place.level] for place in lower.candidates) > min(DEPTH[place.level] for place in upper.candidates)
