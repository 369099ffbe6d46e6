"""A feature over time and over the map: where it first appears, and how many practices of each region have it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from kg.errors import UsageError
from kg.serve.answers import CountedReference, Feature, Level, Reference
from kg.serve.citation import graph_line
from kg.serve.finding.filters import Filters, selected
from kg.serve.opened.store import ServedStore

__all__ = ["Share", "Timeline", "appearances", "shares"]


class Appearance(BaseModel):
    """The first practice of a region that has a feature and is not only announced."""

    region: CountedReference
    first_day: str
    stated: bool
    """False where no article states a date and the day of the first article stands in its place."""
    practice: Reference


class Timeline(BaseModel):
    """First appearances by region, the earliest first, and practices by year."""

    about: Reference | None
    level: Level
    appearances: list[Appearance]
    undated: int
    """Regions that have it without any date, or where it is only announced."""
    years: dict[str, int]
    caption: str
    cite: str


class Share(BaseModel):
    """One region on the map."""

    region: CountedReference
    value: int
    """Practices that have the feature."""
    whole: int
    """All practices of the region that the filters leave."""


def appearances(
    store: ServedStore, filters: Filters, *, kind: Feature | None, thing: str | None, level: Level
) -> Timeline:
    """When each region first shows a feature (any practice where none is named)."""
    catalogue = store.catalogue
    kept, about = _bearing(store, filters, kind, thing)
    columns = catalogue.limited(filters.min_confidence, filters.stated_only)
    practices, regions = columns.practices, columns.region_at(level)
    days = practices.date
    here = np.flatnonzero(kept & (regions >= 0))
    dated = here[~np.isnat(days[here]) & ~practices.planned[here]]  # what is only announced has not appeared
    order = dated[np.lexsort((dated, days[dated], regions[dated]))]
    heads = order[np.flatnonzero(np.diff(regions[order], prepend=-1))]
    heads = heads[np.lexsort((regions[heads], days[heads]))]
    totals = np.bincount(regions[here], minlength=len(catalogue.regions))
    made = [
        Appearance(
            region=catalogue.regions[int(regions[n])].counted(int(totals[regions[n]])),
            first_day=str(days[n]),
            stated=not np.isnat(practices.first_day[n]),
            practice=Reference(id=catalogue.ids[n], label=catalogue.labels[n]),
        )
        for n in heads.tolist()
    ]
    years, counts = np.unique(catalogue.years[kept & (catalogue.years > 0)], return_counts=True)
    return Timeline(
        about=about,
        level=level,
        appearances=made,
        undated=len(np.unique(regions[here])) - len(made),
        years={str(year): int(count) for year, count in zip(years.tolist(), counts.tolist(), strict=True)},
        caption=f"First practice reported in each {level}" + (f" with {about.label}" if about else ""),
        cite=graph_line(store),
    )


def shares(
    store: ServedStore, filters: Filters, *, kind: Feature | None, thing: str | None, level: Level
) -> tuple[list[Share], Reference | None]:
    """For each region how many of its practices have a feature, and how many there are."""
    catalogue = store.catalogue
    everything = selected(store, filters)
    bearing, about = _bearing(store, filters, kind, thing)
    regions = catalogue.limited(filters.min_confidence, filters.stated_only).region_at(level)
    size = len(catalogue.regions)
    value = np.bincount(regions[bearing & (regions >= 0)], minlength=size)
    whole = np.bincount(regions[everything & (regions >= 0)], minlength=size)
    found = np.flatnonzero(whole)
    found = found[np.lexsort((found, -value[found]))]
    made = [
        Share(region=catalogue.regions[n].counted(int(whole[n])), value=int(value[n]), whole=int(whole[n]))
        for n in found.tolist()
    ]
    return made, about


def _bearing(
    store: ServedStore, filters: Filters, kind: Feature | None, thing: str | None
) -> tuple[npt.NDArray[np.bool_], Reference | None]:
    kept = selected(store, filters)
    if not thing:
        return kept, None
    catalogue = store.catalogue
    number = catalogue.thing(kind or "format", thing)  # the kinds share their concepts
    slot = kind or (None if number is None else catalogue.kind_of(number))
    if number is None or slot is None:
        raise UsageError(
            f"the graph knows no such {kind or 'feature'}", where=thing[:200], remedy="choose one of the list"
        )
    facet = catalogue.facets[slot]
    bearers = np.zeros(catalogue.size, dtype=np.bool_)
    bearers[facet.bearers(np.array([number]), facet.fits(filters.min_confidence, filters.stated_only))] = True
    return kept & bearers, catalogue.concepts[number].reference()
