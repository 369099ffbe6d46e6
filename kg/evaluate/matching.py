"""Which gold value or practice is which predicted one: one to one, best pairs first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from kg.evaluate.gold import PlainRecord
from kg.evaluate.slots import Item, practice_items, text_of
from kg.evaluate.words import place_similarity, similarity

__all__ = ["align", "pair", "pair_items"]

SHARED = 0.4
"""Share of common values from which an unnamed practice counts as found at its place."""

_DESCRIBING = ("formats", "audiences", "topics", "organisers", "partners", "outcomes")

_One = TypeVar("_One")


def pair(gold: Sequence[_One], predicted: Sequence[_One], alike: Callable[[_One, _One], float]) -> dict[int, int]:
    """Gold index → predicted index, greedily from the most alike pair; of equals the first comes first."""
    scored = [
        (-s, g, p) for g, one in enumerate(gold) for p, other in enumerate(predicted) if (s := alike(one, other)) > 0
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, g, p in sorted(scored):
        if g not in pairs and p not in taken:
            pairs[g] = p
            taken.add(p)
    return pairs


def pair_items(gold: Sequence[Item], predicted: Sequence[Item], slot: str) -> dict[int, int]:
    """``pair`` by the likeness that belongs to a slot: places by name, tuples exactly, all else by its words."""
    words = place_similarity if slot == "region" else similarity

    def alike(one: Item, other: Item) -> float:
        if isinstance(one, str) and isinstance(other, str):
            return words(one, other)
        return float(one == other)

    return pair(gold, predicted, alike)


def align(gold: Sequence[PlainRecord], predicted: Sequence[PlainRecord]) -> dict[int, int]:
    """Gold index → predicted index of the practices of one article.

    A practice aligns by its name. An unnamed one, which any phrase may stand for, aligns also with one at the same
    place that has a share of at least ``SHARED`` of the values in common.
    """

    def alike(one: PlainRecord, other: PlainRecord) -> float:
        name = similarity(text_of(one.get("programme")), text_of(other.get("programme")))
        place = place_similarity(text_of(one.get("region")), text_of(other.get("region")))
        if name:
            return name + place
        if one.get("named") is False and place and (shared := _overlap(one, other)) >= SHARED:
            return shared
        return 0.0

    return pair(gold, predicted, alike)


def _overlap(one: PlainRecord, other: PlainRecord) -> float:
    """Share of the values of two practices that they have in common (Dice), over the slots that describe a practice."""
    matched = total = 0
    for slot in _DESCRIBING:
        mine, theirs = practice_items(one, slot), practice_items(other, slot)
        matched += 2 * len(pair_items(mine, theirs, slot))
        total += len(mine) + len(theirs)
    return matched / total if total else 0.0
