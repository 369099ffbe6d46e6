"""Regions × features: how many practices of each region have each feature."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from kg.serve.answers import CountedReference, Feature, Level
from kg.serve.citation import graph_line
from kg.serve.finding.filters import Filters, selected
from kg.serve.opened.store import ServedStore

__all__ = ["Matrix", "matrix"]

_Ints = npt.NDArray[np.int64]


class Matrix(BaseModel):
    """How many practices of each region have each feature; ``cells[row][column]``."""

    kind: Feature
    level: Level
    rows: list[CountedReference]
    """Features; ``practices`` counts those of all regions."""
    columns: list[CountedReference]
    """Regions; ``practices`` counts all of the region's practices that the filters leave."""
    cells: list[list[int]]
    regions: list[int]
    """Of each feature: in how many regions it is found, shown or not."""
    left_out: tuple[int, int]
    """Features and regions that are not shown because there are too many."""
    caption: str
    cite: str


def matrix(store: ServedStore, filters: Filters, *, kind: Feature, level: Level, rows: int, columns: int) -> Matrix:
    """The features of most regions and the regions of most practices."""
    catalogue = store.catalogue
    kept = selected(store, filters)
    regions = catalogue.limited(filters.min_confidence, filters.stated_only).region_at(level)
    facet = catalogue.facets[kind]
    fits = facet.fits(filters.min_confidence, filters.stated_only)
    here = kept[facet.practice] & (regions[facet.practice] >= 0)
    if fits is not None:
        here &= fits
    practice, value = facet.practice[here], facet.value[here].astype(np.int64)
    place = regions[practice].astype(np.int64)
    size = max(1, len(catalogue.regions))
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
        rows=[catalogue.things[kind][n].counted(int(total[n])) for n in shown_rows.tolist()],
        columns=[catalogue.regions[n].counted(int(whole[n])) for n in shown_columns.tolist()],
        cells=cells.tolist(),
        regions=spread[shown_rows].tolist(),
        left_out=(len(some) - len(shown_rows), len(held) - len(shown_columns)),
        caption=f"Practices by {kind} and {level}",
        cite=graph_line(store),
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
