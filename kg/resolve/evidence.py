"""How strongly the places that an article names speak for a candidate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.knowledge.gazetteer.place import DEPTH
from kg.resolve.mentions import Address, PlaceContext

__all__ = ["DEPTH", "NAMED", "SENTENCE", "Anchor", "anchors_of", "deepest_base", "support"]

SENTENCE, PARAGRAPH, NAMED, BEFORE, AFTER = 5.0, 3.0, 3.0, 1.0, 0.7
"""Closeness of a place named before in the same sentence, in the same paragraph, by title, head or publisher, elsewhere
before, and after. Set by hand: only their order matters, and a factor between them that keeps a far crowd from
beating a neighbour."""
_ENDS = "。！？；\n"
_PARAGRAPH_LENGTH, _HEAD_LENGTH = 60, 240
"""In characters: what is shorter is a line of the head; a longer head is none."""


@dataclass(frozen=True)
class Anchor:
    """A place that the article names, and how near its nearest name stands (see ``SENTENCE`` …)."""

    place: Place
    closeness: float

    @property
    def weight(self) -> float:
        """Closeness times depth: a street in the headline weighs more than a province in the same sentence."""
        return self.closeness * DEPTH[self.place.level]


class _Position(NamedTuple):
    """Where the name stands, and where its sentence and its paragraph begin."""

    at: int
    sentence: int
    paragraph: int

    def closeness(self, start: int, end: int) -> float:
        """Of a name from ``start`` to ``end``."""
        if end > self.at:
            return AFTER
        return SENTENCE if start >= self.sentence else PARAGRAPH if start >= self.paragraph else BEFORE


def _position(at: int, text: str) -> _Position:
    return _Position(at, max(text.rfind(mark, 0, at) for mark in _ENDS) + 1, text.rfind("\n", 0, at) + 1)


def _head(text: str) -> int:
    """Where the head of a text ends: the short lines before its first paragraph (headline, source, byline)."""
    end = 0
    for line in text.split("\n"):
        if len(line.strip()) >= _PARAGRAPH_LENGTH:
            break
        end += len(line) + 1
    return end if end <= _HEAD_LENGTH else 0


def _shared(address: Address, gazetteer: Gazetteer) -> Place | None:
    """The lowest place above all that an address can mean: 河北省 of the three 桥西区."""
    paths = [gazetteer.path(place) for place in address.options]
    same = [steps[0] for steps in zip(*paths, strict=False) if len({step.id for step in steps}) == 1]
    return same[-1] if same else None


class _Named(NamedTuple):
    """One address as evidence: its place, how near it stands, whether its words may mean none, whether it leads."""

    place: Place
    closeness: float
    stray: bool
    leading: bool


def _named(context: PlaceContext, name: str, positions: Sequence[int]) -> Iterator[_Named]:
    title, head = context.title_span or (0, 0), _head(context.text)
    places = [_position(at, context.text) for at in positions]
    for address in context.addresses:
        place = address.place or _shared(address, context.gazetteer)
        if place is None:
            continue
        outside = address.where != "body"
        if not outside and any(address.start < at + len(name) and at < address.end for at in positions):
            continue  # the name itself
        leading = outside or address.end <= head or title[0] <= address.start < title[1]
        near = [] if outside else [position.closeness(address.start, address.end) for position in places]
        closeness = max([*near, NAMED if leading else BEFORE if not near else 0.0])
        alone = len(address.matches) == 1 and DEPTH[place.level] >= DEPTH["county"]
        yield _Named(place, closeness, alone and (address.matches[0].short or place.level == "township"), leading)


def anchors_of(context: PlaceContext, name: str, positions: Sequence[int]) -> list[Anchor]:
    """The places that the article names apart from the name itself, each once, nearest first.

    ``positions`` are the places where the name stands. A place named often counts a little more than one named once.
    Where head, title or publisher name a place, and the article its province once more or in full, a lone short or
    street name of another province is left out: it is more often a word, a nickname or the end of a longer name (鹤城,
    大街街道) than a place.
    """
    gazetteer = context.gazetteer
    named = list(_named(context, name, positions))
    provinces = [gazetteer.path(one.place)[0].id for one in named]
    sure = {province for one, province in zip(named, provinces, strict=True) if not one.stray}
    leading = {province for one, province in zip(named, provinces, strict=True) if one.leading}
    own = leading & sure
    best: dict[int, tuple[Place, float, int]] = {}
    for place, closeness, stray, _ in named:
        if stray and own and gazetteer.path(place)[0].id not in own:
            continue
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


def deepest_base(anchors: Sequence[Anchor], below: str, gazetteer: Gazetteer) -> Anchor | None:
    """The named place below which a place of the level ``below`` is put that no list has; None where none fits.

    A near place counts, and a deep one. Of a street that is far off only the district counts, if the article names
    other streets too, since their communities stand in it as well.
    """
    streets = sum(anchor.place.level == "township" for anchor in anchors)
    fitting = []
    for anchor in anchors:
        place, far = anchor.place, anchor.closeness < NAMED and streets > 1
        if place.level == "township" and place.parent is not None and (far or below != "village"):
            place = gazetteer.place(place.parent)
        if DEPTH[place.level] < DEPTH[below]:
            fitting.append(Anchor(place, anchor.closeness))
    base = max(fitting, key=lambda anchor: (anchor.weight, -anchor.place.id), default=None)
    if base is not None and below == "village" and streets == 1:
        for anchor in anchors:  # the one street of the article
            if anchor.place.level == "township" and gazetteer.lies_in(anchor.place, base.place):
                return Anchor(anchor.place, max(anchor.closeness, base.closeness))
    return base
