"""A feature over time and over the map: where it first appears, and how many practices of each region have it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from kg.errors import UsageError
from kg.serve.answers import CountedReference, Reference
from kg.serve.comparing.kinds import Feature, counted, named
from kg.serve.finding.search import Filters, selected
from kg.serve.request import Level
from kg.serve.store import ServedStore

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
    store: ServedStore, filters: Filters, *, kind: Feature | None, thing: str | None, level: Level, cite: str
) -> Timeline:
    """When each region first shows a feature (any practice where none is named)."""
    known = store.catalogue
    kept, about = _bearing(store, filters, kind, thing)
    columns = known.limited(filters.min_confidence, filters.stated_only)
    practices, regions = columns.practices, columns.region_at(level)
    days = practices.date
    here = np.flatnonzero(kept & (regions >= 0))
    dated = here[~np.isnat(days[here]) & ~practices.planned[here]]  # what is only announced has not appeared
    order = dated[np.lexsort((dated, days[dated], regions[dated]))]
    heads = order[np.flatnonzero(np.diff(regions[order], prepend=-1))]
    heads = heads[np.lexsort((regions[heads], days[heads]))]
    totals = np.bincount(regions[here], minlength=len(known.regions))
    made = [
        Appearance(
            region=counted(known.regions[int(regions[n])], int(totals[regions[n]])),
            first_day=str(days[n]),
            stated=not np.isnat(practices.first_day[n]),
            practice=Reference(id=known.ids[n], label=known.labels[n]),
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
) -> tuple[list[Share], Reference | None]:
    """For each region how many of its practices have a feature, and how many there are."""
    known = store.catalogue
    everything = selected(store, filters)
    bearing, about = _bearing(store, filters, kind, thing)
    regions = known.limited(filters.min_confidence, filters.stated_only).region_at(level)
    size = len(known.regions)
    value = np.bincount(regions[bearing & (regions >= 0)], minlength=size)
    whole = np.bincount(regions[everything & (regions >= 0)], minlength=size)
    found = np.flatnonzero(whole)
    found = found[np.lexsort((found, -value[found]))]
    made = [
        Share(region=counted(known.regions[n], int(whole[n])), value=int(value[n]), whole=int(whole[n]))
        for n in found.tolist()
    ]
    return made, about


def _bearing(
    store: ServedStore, filters: Filters, kind: Feature | None, thing: str | None
) -> tuple[npt.NDArray[np.bool_], Reference | None]:
    kept = selected(store, filters)
    if not thing:
        return kept, None
    known = store.catalogue
    number = known.thing(kind or "format", thing)  # the kinds share their concepts
    slot = kind or (None if number is None else known.kind_of(number))
    if number is None or slot is None:
        raise UsageError(
            f"the graph knows no such {kind or 'feature'}", where=thing[:200], remedy="choose one of the list"
        )
    facet = known.facets[slot]
    bearers = np.zeros(known.size, dtype=np.bool_)
    bearers[facet.bearers(np.array([number]), facet.fits(filters.min_confidence, filters.stated_only))] = True
    return kept & bearers, named(known.concepts[number])
