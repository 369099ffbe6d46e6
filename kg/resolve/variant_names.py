"""Finds a place in the lists by another form of the name that the text has, below a place that the article names."""

from __future__ import annotations

from collections.abc import Sequence

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.knowledge.gazetteer.names import village_key
from kg.knowledge.gazetteer.place import DEPTH
from kg.resolve.place_levels import Finding, known
from kg.resolve.place_names import of_street, township_names

__all__ = ["renamed_village", "respelt_street", "short_township"]


def renamed_village(own: str, bases: Sequence[Place], gazetteer: Gazetteer) -> Finding | None:
    """A village that has become a community, or the reverse: found by what the two names share."""
    if not own.endswith(("社区", "村")):
        return None
    others = (village_key(own) + ("村" if own.endswith("社区") else "社区"), own + "社区")
    found = [place for other in others for base in bases for place in gazetteer.within(other, base, ("village",))]
    if len(found) != 1 or DEPTH[bases[0].level] < DEPTH["county"]:
        return None
    note = f"the list has it as {found[0].name}"
    return Finding(gazetteer.path(found[0])[:-1], own, "village", "place.renamed", 0.75, note)


def short_township(own: str, bases: Sequence[Place], gazetteer: Gazetteer) -> Finding | None:
    """A street or town called by its short name (双福), in one of these counties, or cities without any (中山)."""
    counties = [base for base in bases if base.level in ("county", "zone")]
    cities = [base.id for base in bases if base.level == "prefecture"]
    found = {
        place
        for long in township_names(own)
        for place in gazetteer.candidates(long, ("township",))
        if place.parent in cities or gazetteer.below([place], counties)
    }
    return known(found.pop(), "place.short", 0.8, gazetteer) if len(found) == 1 else None


def respelt_street(own: str, base: Place, gazetteer: Gazetteer) -> Finding | None:
    """A street whose name the lists form otherwise (东关街街道, 东关街道)."""
    found = gazetteer.within(of_street(own) or "", base, ("township",))
    return known(found[0], "place.renamed", 0.85, gazetteer) if len(found) == 1 else None
