"""What stands directly before and behind the name of a place, which says below and above what it lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.knowledge.gazetteer import Gazetteer, Place, PlaceMatch
from kg.knowledge.gazetteer.place import DEPTH
from kg.resolve.lying_in import lying_in
from kg.resolve.mentions import PlaceContext, highest
from kg.resolve.place_names import NameParts
from kg.resolve.place_rules import place_rules

__all__ = ["NamedPlace", "surroundings"]


class NamedPlace(NamedTuple):
    """A name with what the text has around it."""

    own: str
    """Without the names of places above that it begins with."""
    places: Sequence[Place]
    """All places of the name."""
    above: tuple[Place, ...]
    """What the name directly before, or inside, can mean."""
    direct: bool
    """Whether nothing stands between the two."""
    begun: Sequence[Place]
    """Those of ``places`` in which the place named directly behind lies."""


def surroundings(
    name: str, parts: NameParts, places: Sequence[Place], context: PlaceContext, positions: Sequence[int]
) -> NamedPlace:
    """The name with what stands around it at these positions; of several, the deepest run of names before it."""
    gazetteer = context.gazetteer
    above: tuple[Place, ...] = ()
    direct = False
    for before in [context.before(at) for at in positions] or [()]:
        options = _read(before + parts.above, gazetteer)
        if not options or (above and DEPTH[options[0].level] <= DEPTH[above[0].level]):
            continue
        if not parts.above and _ends_longer_name(before, context.text) and not lying_in(places, options, gazetteer):
            continue
        above, direct = options, bool(parts.above) or before[-1].end in positions
    behind = [place for at in positions for place in context.readings(at, at + len(name))]
    begun = [place for place in places if any(gazetteer.lies_in(lower, place) for lower in behind)]
    return NamedPlace(parts.own, places, above, direct, begun)


def _read(run: Sequence[PlaceMatch], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """What the last name of a run of names can mean, each lying in the one before; a break begins anew."""
    options: tuple[Place, ...] = ()
    for match in run:
        inside = lying_in(match.candidates, options, gazetteer)
        if inside:
            options = highest(inside)
        elif not (options and match.common):  # 常州经开区: a zone that no list has does not undo 常州
            options = match.candidates
    return options


def _ends_longer_name(run: Sequence[PlaceMatch], text: str) -> bool:
    """Whether the one name before is but the end of a longer one that no list has: 新城 in 沣东新城, 北区 in 云北区."""
    if len(run) != 1 or run[0].candidates[0].level == "zone":
        return False
    if not run[0].common or not (run[0].short or len(run[0].name) == 2):
        return False
    before = text[: run[0].start]
    return "\u4e00" <= before[-1:] <= "\u9fff" and not before.endswith(tuple(place_rules()["leading"]))
