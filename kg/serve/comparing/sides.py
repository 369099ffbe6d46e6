"""Two regions, or two practices, side by side."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel

from kg.errors import UsageError
from kg.serve.answers import Card, Feature, Reference
from kg.serve.citation import graph_line
from kg.serve.finding.cards import cards
from kg.serve.finding.filters import Filters, selected
from kg.serve.opened.catalogue import FEATURES
from kg.serve.opened.store import ServedStore

__all__ = ["Pair", "Sides", "pair", "sides"]


class Side(BaseModel):
    """One of two regions."""

    id: str
    label: str
    path: list[str]
    practices: int


class Shares(BaseModel):
    """A feature in two regions: numbers of practices."""

    feature: Reference
    kind: Feature
    one: int
    other: int


class Sides(BaseModel):
    """Two regions side by side."""

    one: Side
    other: Side
    features: list[Shares]
    cards: tuple[list[Card], list[Card]]
    """The practices of each that have the most in common with the other."""
    caption: str
    cite: str


class Pair(BaseModel):
    """Two practices side by side: what both have, and what one alone has."""

    one: Card
    other: Card
    both: dict[str, list[Reference]]
    only_one: dict[str, list[Reference]]
    only_other: dict[str, list[Reference]]


def sides(store: ServedStore, filters: Filters, *, one: str, other: str, top: int | None) -> Sides:
    """Two regions: how many of their practices have which feature, ``top`` of each kind (None: all).

    Raises UsageError for an unknown region.
    """
    catalogue = store.catalogue
    kept = selected(store, filters)
    masks, heads = [], []
    facet = catalogue.facets["region"]
    for asked in (one, other):
        number = catalogue.thing("region", asked)
        if number is None:
            raise UsageError("the graph knows no such region", where=asked[:200], remedy="choose one of the list")
        mask = np.zeros(catalogue.size, dtype=np.bool_)
        mask[facet.bearers(np.array([number]), facet.fits(filters.min_confidence, filters.stated_only))] = True
        masks.append(mask & kept)
        thing = catalogue.regions[number]
        heads.append(Side(id=thing.id, label=thing.zh, path=list(thing.path), practices=int((mask & kept).sum())))
    made: list[Shares] = []
    common = np.zeros(catalogue.size, dtype=np.float64)
    for kind in FEATURES:
        facet = catalogue.facets[kind]
        fits = facet.fits(filters.min_confidence, filters.stated_only)
        left, right = (facet.counts(mask, fits) for mask in masks)
        both = (left > 0) & (right > 0)
        weight = np.where(both, np.log(1 + catalogue.kept.sum() / np.maximum(1, catalogue.totals[kind])), 0.0)
        common += np.bincount(facet.practice, weights=weight[facet.value] * facet.own, minlength=catalogue.size)
        some = np.flatnonzero(left + right)
        # What both have comes first, by the smaller of the two numbers.
        some = some[np.lexsort((some, -(left + right)[some], -np.minimum(left, right)[some]))][:top]
        for n in some.tolist():
            made.append(
                Shares(feature=catalogue.things[kind][n].reference(), kind=kind, one=int(left[n]), other=int(right[n]))
            )
    chosen = []
    for mask in masks:
        mine = np.flatnonzero(mask & (common > 0))
        chosen.append(cards(store, mine[np.argsort(-common[mine], kind="stable")][:6].tolist(), filters))
    return Sides(
        one=heads[0],
        other=heads[1],
        features=made,
        cards=(chosen[0], chosen[1]),
        caption=f"Practices of {heads[0].label} and {heads[1].label} by feature",
        cite=graph_line(store),
    )


def pair(store: ServedStore, one: str, other: str) -> Pair:
    """Two practices. Raises UsageError for an unknown one."""
    catalogue = store.catalogue
    numbers = []
    for asked in (one, other):
        number = catalogue.number(asked)
        if number is None:
            raise UsageError("no such practice", where=asked[:200], remedy="search for its name")
        numbers.append(number)
    both: dict[str, list[Reference]] = {}
    left: dict[str, list[Reference]] = {}
    right: dict[str, list[Reference]] = {}
    for kind in FEATURES:
        facet = catalogue.facets[kind]
        rows = [facet.rows(np.array([n])) for n in numbers]
        mine, theirs = (set(facet.value[each].tolist()) for each in rows)
        own = [set(facet.value[each[facet.own[each]]].tolist()) for each in rows]
        things = catalogue.things[kind]
        shared = sorted(mine & theirs, key=lambda n: int(catalogue.totals[kind][n]))
        both[kind] = [things[n].reference() for n in shared]
        left[kind] = [things[n].reference() for n in sorted(own[0] - theirs)]
        right[kind] = [things[n].reference() for n in sorted(own[1] - mine)]
    first, second = cards(store, numbers)
    return Pair(one=first, other=second, both=both, only_one=left, only_other=right)
