"""How strongly the places that an article names speak for a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.resolve.mentions import PlaceContext

__all__ = ["DEPTH", "NAMED", "SENTENCE", "Anchor", "anchors_of", "deepest_base", "support"]

DEPTH = {"province": 1, "prefecture": 2, "county": 3, "zone": 3, "township": 4, "village": 5}
"""Levels from the top down; a zone stands in the county's place."""
SENTENCE, PARAGRAPH, NAMED, BEFORE, AFTER = 6.0, 3.0, 3.0, 1.0, 0.7
"""Closeness of a place named before in the same sentence, in the same paragraph, by title or publisher, elsewhere
before, and after. Set by hand: only their order matters, and a factor between them that keeps a far crowd from beating
a neighbour."""
_ENDS = "。！？；\n"


@dataclass(frozen=True)
class Anchor:
    """A place that the article names, and how near its nearest name stands (see ``SENTENCE`` …)."""

    place: Place
    closeness: float


def _closeness(start: int, end: int, at: int, text: str) -> float:
    if end <= at:
        between = text[end:at]
        if not any(mark in between for mark in _ENDS):
            return SENTENCE
        return PARAGRAPH if "\n" not in between else BEFORE
    return AFTER


def anchors_of(context: PlaceContext, name: str, positions: Sequence[int]) -> list[Anchor]:
    """The places that the article names apart from the name itself, each once, nearest first.

    ``positions`` are the places where the name stands. A place named often counts a little more than one named once.
    """
    best: dict[int, tuple[Place, float, int]] = {}
    title = context.title_span
    for address in context.addresses:
        place = address.place
        if place is None:
            continue
        if address.where != "body":
            closeness = NAMED
        else:
            if any(address.start < at + len(name) and at < address.end for at in positions):
                continue
            closeness = max(
                (_closeness(address.start, address.end, at, context.text) for at in positions), default=BEFORE
            )
            if title and title[0] <= address.start < title[1]:
                closeness = max(closeness, NAMED)
        _, known, count = best.get(place.id, (place, 0.0, 0))
        best[place.id] = (place, max(closeness, known), count + 1)
    found = [Anchor(place, closeness + min(0.2 * (count - 1), 2.0)) for place, closeness, count in best.values()]
    return sorted(found, key=lambda anchor: (-anchor.closeness, -DEPTH[anchor.place.level], anchor.place.id))


def support(place: Place, anchors: Sequence[Anchor], gazetteer: Gazetteer) -> float:
    """The sum over the anchors of closeness times the depth of the level that anchor and place share.

    A place that lies in the anchor counts in full; one that only shares an upper place with it by half.
    """
    path = {step.id: step for step in gazetteer.path(place)[:-1]}
    total = 0.0
    for anchor in anchors:
        if anchor.place.id in path:
            total += anchor.closeness * DEPTH[anchor.place.level]
            continue
        shared = [path[step.id] for step in gazetteer.path(anchor.place) if step.id in path]
        if shared:
            total += 0.5 * anchor.closeness * DEPTH[shared[-1].level]
    return total


def deepest_base(anchors: Sequence[Anchor], below: str) -> Anchor | None:
    """The named place below which a place of the level ``below`` is put that no list has; None where none fits.

    A near place counts, and a deep one; a street only where it is near or named by title or publisher, since other
    streets' communities stand in the same article.
    """
    fitting = [
        anchor
        for anchor in anchors
        if DEPTH[anchor.place.level] < DEPTH[below] and (anchor.place.level != "township" or anchor.closeness >= NAMED)
    ]
    return max(fitting, key=lambda a: (a.closeness * DEPTH[a.place.level] ** 0.5, -a.place.id), default=None)
