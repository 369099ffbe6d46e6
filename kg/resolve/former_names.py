"""Says so where a place has another name today, or none."""

from __future__ import annotations

from kg.knowledge.gazetteer import Gazetteer
from kg.knowledge.gazetteer.former import renamed
from kg.resolve.place_levels import Finding
from kg.resolve.place_rules import place_rules

__all__ = ["with_former_name"]

_OTHER_KIND_CONFIDENCE = 0.75
"""Of a county or city that has kept only the stem of its name, unless it lies in the place named before it."""


def with_former_name(own: str, finding: Finding, gazetteer: Gazetteer) -> Finding:
    """A finding with the note that ``own`` is the former name of what was found, or of a district that is no more."""
    if finding.own or not finding.known or finding.note:
        return finding
    place = finding.known[-1]
    if place.until:
        now = "、".join(gazetteer.place(number).name for number in place.merged_into)
        return finding._replace(note=f"there was a {place.name} until {place.until}; its area belongs to {now}")
    year = renamed(own, gazetteer.names(place))
    if year:
        return finding._replace(note=f"it has been called {place.name} since {year}")
    former = own.endswith(tuple(place_rules()["former_kinds"])) and own not in (place.name, *place.aliases)
    if former and place.level in ("prefecture", "county") and own[-1] != place.name[-1]:
        finding = finding._replace(note=f"no list has it; taken for {place.name}")
        return finding if finding.rule == "place.address" else finding._replace(confidence=_OTHER_KIND_CONFIDENCE)
    return finding
