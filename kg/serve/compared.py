"""Comparison: regions × features, two regions or two practices side by side, first appearances, a count a province."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from kg.errors import UsageError
from kg.serve.answers import Card, Count, Named
from kg.serve.catalogue import Thing
from kg.serve.search import Filters, cards, selected
from kg.serve.store import ServedStore

__all__ = [
    "Appearance", "Feature", "Level", "Matrix", "Pair", "Sides", "Timeline", "appearances", "matrix", "pair", "shares", "sides",
]  # fmt: skip

Feature = Literal["format", "audience", "topic"]
Level = Literal["province", "prefecture", "county"]
_MOST = 60
_Ints = npt.NDArray[np.int64]


class Matrix(BaseModel):
    """How many practices of each region have each feature; ``cells[row][column]``."""

    kind: Feature
    level: Level
    rows: list[Count]
    """Features; ``practices`` counts those of all regions."""
    columns: list[Count]
    """Regions; ``practices`` counts all of the region's practices that the filters leave."""
    cells: list[list[int]]
    regions: list[int]
    """Of each feature: in how many regions it is found, shown or not."""
    left_out: tuple[int, int]
    """Features and regions that are not shown because there are too many."""
    caption: str
    cite: str


class Side(BaseModel):
    """One of two regions."""

    id: str
    label: str
    path: list[str]
    practices: int


class Shares(BaseModel):
    """A feature in two regions: numbers of practices."""

    feature: Named
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
    both: dict[str, list[Named]]
    only_one: dict[str, list[Named]]
    only_other: dict[str, list[Named]]


class Appearance(BaseModel):
    """The first practice of a region that has a feature."""

    region: Count
    first_day: str
    stated: bool
    """False where no article states a date and the day of the first article stands in its place."""
    practice: Named


class Timeline(BaseModel):
    """First appearances by region, the earliest first, and practices by year."""

    about: Named | None
    level: Level
    appearances: list[Appearance]
    undated: int
    """Regions that have it without any date."""
    years: dict[str, int]
    caption: str
    cite: str


class Share(BaseModel):
    """One region on the map."""

    region: Count
    value: int
    """Practices that have the feature."""
    whole: int
    """All practices of the region that the filters leave."""


def matrix(
    store: ServedStore, filters: Filters, *, kind: Feature, level: Level, rows: int, columns: int, cite: str
) -> Matrix:
    """The features of most regions and the regions of most practices."""
    known = store.catalogue
    kept = selected(store, filters)
    regions = known.columns.region_at(level)
    facet = known.facets[kind]
    fits = facet.fits(filters.min_confidence, filters.stated_only)
    here = kept[facet.practice] & (regions[facet.practice] >= 0)
    if fits is not None:
        here &= fits
    practice, value = facet.practice[here], facet.value[here].astype(np.int64)
    place = regions[practice].astype(np.int64)
    size = max(1, len(known.regions))
    pairs, counts = np.unique(value * size + place, return_counts=True)
    features, places = pairs // size, pairs % size
    spread = np.bincount(features, minlength=facet.size)
    total = np.bincount(value, minlength=facet.size)
    some = np.flatnonzero(spread)
    some = some[np.lexsort((some, -total[some], -spread[some]))]
    whole = np.bincount(regions[kept & (regions >= 0)], minlength=size)
    held = np.unique(places)
    held = held[np.lexsort((held, -whole[held]))]
    shown_rows, shown_columns = some[:rows], held[:columns]
    cells = _cells((features, places, counts), shown_rows, shown_columns, facet.size, size)
    return Matrix(
        kind=kind,
        level=level,
        rows=[_count(known.things[kind][n], int(total[n])) for n in shown_rows.tolist()],
        columns=[_count(known.regions[n], int(whole[n])) for n in shown_columns.tolist()],
        cells=cells.tolist(),
        regions=spread[shown_rows].tolist(),
        left_out=(len(some) - len(shown_rows), len(held) - len(shown_columns)),
        caption=f"Practices by {kind} and {level}",
        cite=cite,
    )


def _cells(pairs: tuple[_Ints, _Ints, _Ints], rows: _Ints, columns: _Ints, features: int, regions: int) -> _Ints:
    """The counts of (feature, region) pairs as a table of the rows and columns that are shown."""
    row_of, column_of = np.full(features, -1, dtype=np.int64), np.full(regions, -1, dtype=np.int64)
    row_of[rows], column_of[columns] = np.arange(len(rows)), np.arange(len(columns))
    row, column = row_of[pairs[0]], column_of[pairs[1]]
    here = (row >= 0) & (column >= 0)
    cells = np.zeros((len(rows), len(columns)), dtype=np.int64)
    cells[row[here], column[here]] = pairs[2][here]
    return cells


def sides(store: ServedStore, filters: Filters, *, one: str, other: str, top: int, cite: str) -> Sides:
    """Two regions: how many of their practices have which feature. Raises UsageError for an unknown region."""
    known = store.catalogue
    kept = selected(store, filters)
    masks, heads = [], []
    facet = known.facets["region"]
    for asked in (one, other):
        number = known.thing("region", asked)
        if number is None:
            raise UsageError("the graph knows no such region", where=asked[:200], remedy="choose one of the list")
        mask = np.zeros(known.size, dtype=np.bool_)
        mask[facet.bearers(np.array([number]), facet.fits(filters.min_confidence, filters.stated_only))] = True
        masks.append(mask & kept)
        thing = known.regions[number]
        heads.append(Side(id=thing.id, label=thing.zh, path=list(thing.path), practices=int((mask & kept).sum())))
    made: list[Shares] = []
    common = np.zeros(known.size, dtype=np.float64)
    kinds: tuple[Feature, ...] = ("format", "audience", "topic")
    for kind in kinds:
        facet = known.facets[kind]
        fits = facet.fits(filters.min_confidence, filters.stated_only)
        left, right = (facet.counts(mask, fits) for mask in masks)
        both = (left > 0) & (right > 0)
        weight = np.where(both, np.log(1 + known.kept.sum() / np.maximum(1, known.totals[kind])), 0.0)
        common += np.bincount(facet.practice, weights=weight[facet.value] * facet.own, minlength=known.size)
        some = np.flatnonzero(left + right)
        # What both have comes first, by the smaller of the two numbers.
        some = some[np.lexsort((some, -(left + right)[some], -np.minimum(left, right)[some]))][:top]
        for n in some.tolist():
            made.append(Shares(feature=_named(known.things[kind][n]), kind=kind, one=int(left[n]), other=int(right[n])))
    chosen = []
    for mask in masks:
        mine = np.flatnonzero(mask & (common > 0))
        chosen.append(cards(store, mine[np.argsort(-common[mine], kind="stable")][:6].tolist()))
    return Sides(
        one=heads[0],
        other=heads[1],
        features=made,
        cards=(chosen[0], chosen[1]),
        caption=f"Practices of {heads[0].label} and {heads[1].label} by feature",
        cite=cite,
    )


def pair(store: ServedStore, one: str, other: str) -> Pair:
    """Two practices. Raises UsageError for an unknown one."""
    known = store.catalogue
    numbers = []
    for asked in (one, other):
        number = known.number(asked)
        if number is None:
            raise UsageError("no such practice", where=asked[:200], remedy="search for its name")
        numbers.append(number)
    both: dict[str, list[Named]] = {}
    left: dict[str, list[Named]] = {}
    right: dict[str, list[Named]] = {}
    for kind in ("format", "audience", "topic"):
        facet = known.facets[kind]
        rows = [facet.rows(np.array([n])) for n in numbers]
        mine, theirs = (set(facet.value[each].tolist()) for each in rows)
        own = [set(facet.value[each[facet.own[each]]].tolist()) for each in rows]
        things = known.things[kind]
        shared = sorted(mine & theirs, key=lambda n: int(known.totals[kind][n]))
        both[kind] = [_named(things[n]) for n in shared]
        left[kind] = [_named(things[n]) for n in sorted(own[0] - theirs)]
        right[kind] = [_named(things[n]) for n in sorted(own[1] - mine)]
    first, second = cards(store, numbers)
    return Pair(one=first, other=second, both=both, only_one=left, only_other=right)


def appearances(
    store: ServedStore, filters: Filters, *, kind: Feature | None, thing: str | None, level: Level, cite: str
) -> Timeline:
    """When each region first shows a feature (any practice where none is named)."""
    known = store.catalogue
    kept, about = _bearing(store, filters, kind, thing)
    practices = known.columns.practices
    regions = known.columns.region_at(level)
    here = np.flatnonzero(kept & (regions >= 0))
    days = known.dates[here]
    dated = here[~np.isnat(days)]
    order = dated[np.lexsort((dated, known.dates[dated], regions[dated]))]
    heads = order[np.flatnonzero(np.diff(regions[order], prepend=-1))]
    heads = heads[np.lexsort((regions[heads], known.dates[heads]))]
    totals = np.bincount(regions[here], minlength=len(known.regions))
    made = [
        Appearance(
            region=_count(known.regions[int(regions[n])], int(totals[regions[n]])),
            first_day=str(known.dates[n]),
            stated=not np.isnat(practices.first_day[n]),
            practice=Named(id=known.ids[n], label=known.labels[n]),
        )
        for n in heads.tolist()
    ]
    years, counts = np.unique(known.years[kept & (known.years > 0)], return_counts=True)
    return Timeline(
        about=about,
        level=level,
        appearances=made,
        undated=len(np.unique(regions[here])) - len(made),
        years={str(year): int(count) for year, count in zip(years.tolist(), counts.tolist(), strict=True)},
        caption=f"First practice reported in each {level}" + (f" with {about.label}" if about else ""),
        cite=cite,
    )


def shares(
    store: ServedStore, filters: Filters, *, kind: Feature | None, thing: str | None, level: Level
) -> tuple[list[Share], Named | None]:
    """For each region how many of its practices have a feature, and how many there are."""
    known = store.catalogue
    everything = selected(store, filters)
    bearing, about = _bearing(store, filters, kind, thing)
    regions = known.columns.region_at(level)
    size = len(known.regions)
    value = np.bincount(regions[bearing & (regions >= 0)], minlength=size)
    whole = np.bincount(regions[everything & (regions >= 0)], minlength=size)
    found = np.flatnonzero(whole)
    found = found[np.lexsort((found, -value[found]))]
    made = [
        Share(region=_count(known.regions[n], int(whole[n])), value=int(value[n]), whole=int(whole[n]))
        for n in found.tolist()
    ]
    return made, about


def _bearing(
    store: ServedStore, filters: Filters, kind: Feature | None, thing: str | None
) -> tuple[npt.NDArray[np.bool_], Named | None]:
    kept = selected(store, filters)
    if kind is None or not thing:
        return kept, None
    known = store.catalogue
    number = known.thing(kind, thing)
    if number is None:
        raise UsageError(f"the graph knows no such {kind}", where=thing[:200], remedy="choose one of the list")
    facet = known.facets[kind]
    bearers = np.zeros(known.size, dtype=np.bool_)
    bearers[facet.bearers(np.array([number]), facet.fits(filters.min_confidence, filters.stated_only))] = True
    return kept & bearers, _named(known.things[kind][number])


def _named(thing: Thing) -> Named:
    return Named(id=thing.id, label=thing.zh, label_en=thing.en)


def _count(thing: Thing, practices: int) -> Count:
    return Count(
        id=thing.id, label=thing.zh, label_en=thing.en, practices=practices, path=list(thing.path), level=thing.level
    )
