"""All of the graph with positions, for pictures of tens of thousands of nodes."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from kg.compare.column_copy.nodes import Nodes
from kg.serve.finding.filters import Filters, selected
from kg.serve.opened.catalogue import FEATURES
from kg.serve.opened.store import ServedStore

__all__ = ["Network", "network"]

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


class Network(BaseModel):
    """Very many nodes, as columns of one length; ``ends`` are pairs of places in them, one after the other."""

    ids: list[str]
    labels: list[str]
    kinds: list[int]
    """Places in ``kind_names``."""
    kind_names: list[str]
    sizes: list[int]
    """Practices that have it or a narrower one, as search counts them; 1 for a practice."""
    x: list[int]
    y: list[int]
    ends: list[int]
    practices: int
    left_out: int
    """Practices that fit but are not shown."""


def network(store: ServedStore, filters: Filters, *, limit: int) -> Network:
    """Practices that fit, those with the most features first, with their places and the features that they share.

    About ``limit`` nodes: places and shared features are never left out, practices are. A practice hangs on its own features,
    those on the broader ones: lines stay few. A feature that is not shown is stood for by the next broader one that is.

    Positions: a province is a disc of its practices, the discs follow a spiral by size; features that several
    practices have stand in rings around, in the direction of their practices. No force is computed: the same store gives
    the same picture, and 50,000 nodes take a fraction of a second.
    """
    catalogue = store.catalogue
    fitting = selected(store, filters)
    kept = np.flatnonzero(fitting)
    sure = (filters.min_confidence, filters.stated_only)
    richness = np.zeros(catalogue.size, dtype=np.int64)
    for kind in FEATURES:
        facet = catalogue.facets[kind]
        richness += np.bincount(facet.practice[facet.own_fits(*sure)], minlength=catalogue.size)
    order = kept[np.lexsort((kept, -richness[kept]))]
    chosen = order[: max(1, int(limit * 0.85))]
    features = [_shared(store, kind, chosen, sure) for kind in FEATURES]
    columns = catalogue.limited(*sure)
    provinces, counties = columns.region_at("province"), columns.region_at("county")
    regions = np.unique(np.concatenate((provinces[chosen], counties[chosen]))).astype(np.int64)
    regions = regions[regions >= 0]
    chosen = order[: max(1, limit - sum(map(len, features)) - len(regions))]
    places = _Places(store, chosen, provinces, counties, fitting, sure)
    return places.network(features, regions, left_out=len(order) - len(chosen))


def _shared(store: ServedStore, kind: str, practices: _Ints, sure: tuple[float, bool]) -> _Ints:
    """Values of this kind that at least two of the practices have, themselves or by a narrower one."""
    facet = store.catalogue.facets[kind]
    inside = np.zeros(store.catalogue.size, dtype=np.bool_)
    inside[practices] = True
    return np.flatnonzero(facet.counts(inside, facet.fits(*sure)) > 1)


class _Places:
    """Where the nodes of a network stand; lays out practices first, all else by them."""

    SPACING = 14.0

    def __init__(  # noqa: PLR0917 - what a picture is made of
        self,
        store: ServedStore,
        practices: _Ints,
        provinces: npt.NDArray[np.int32],
        counties: npt.NDArray[np.int32],
        fitting: npt.NDArray[np.bool_],
        sure: tuple[float, bool],
    ) -> None:
        self.catalogue, self.fitting, self.sure = store.catalogue, fitting, sure
        self.practices, self.counties, self.provinces = practices, counties, provinces
        order = np.lexsort((practices, counties[practices], provinces[practices]))
        self.practices = practices[order]
        home = provinces[self.practices]
        _, starts, sizes = np.unique(home, return_index=True, return_counts=True)
        self.x, self.y = np.zeros(len(practices)), np.zeros(len(practices))
        reach = 0.0
        for turn, at in enumerate(np.argsort(-sizes, kind="stable").tolist()):
            count, start = int(sizes[at]), int(starts[at])
            radius = self.SPACING * 0.62 * math.sqrt(count) + self.SPACING
            far = 0.0 if turn == 0 else math.sqrt(reach) + radius
            angle = turn * GOLDEN_ANGLE
            reach += (radius * 1.25) ** 2
            step = np.arange(count)
            out = self.SPACING * 0.62 * np.sqrt(step + 0.5)
            self.x[start : start + count] = far * math.cos(angle) + out * np.cos(step * GOLDEN_ANGLE)
            self.y[start : start + count] = far * math.sin(angle) + out * np.sin(step * GOLDEN_ANGLE)
        self.place = np.full(self.catalogue.size, -1, dtype=np.int64)
        self.place[self.practices] = np.arange(len(practices))

    def network(self, features: list[_Ints], regions: _Ints, *, left_out: int) -> Network:
        """All columns, practices first."""
        catalogue = self.catalogue
        ids = [catalogue.ids[n] for n in self.practices.tolist()]
        labels = [catalogue.labels[n] for n in self.practices.tolist()]
        names = ["practice", "region", *FEATURES]
        kinds, sizes = [0] * len(ids), [1] * len(ids)
        xs, ys = [self.x], [self.y]
        ends: list[_Ints] = []
        x, y, pairs = self._regions(regions, len(ids))
        xs, ys, ends = [*xs, x], [*ys, y], [*ends, pairs]
        ids += [catalogue.regions[n].id for n in regions.tolist()]
        labels += [catalogue.regions[n].zh for n in regions.tolist()]
        kinds += [1] * len(regions)
        sizes += self._counts("region", regions)
        rim = float(np.hypot(self.x, self.y).max(initial=0.0)) + 6 * self.SPACING
        for number, (kind, values) in enumerate(zip(FEATURES, features, strict=True)):
            x, y, pairs = self._features(kind, values, len(ids), rim)
            rim = max(rim, float(np.hypot(x, y).max(initial=0.0)) + 3 * self.SPACING)
            xs, ys, ends = [*xs, x], [*ys, y], [*ends, pairs]
            ids += [catalogue.concepts[n].id for n in values.tolist()]
            labels += [catalogue.concepts[n].zh for n in values.tolist()]
            kinds += [number + 2] * len(values)
            sizes += self._counts(kind, values)
        return Network(
            ids=ids,
            labels=labels,
            kinds=kinds,
            kind_names=names,
            sizes=sizes,
            x=np.concatenate(xs).round().astype(np.int64).tolist(),
            y=np.concatenate(ys).round().astype(np.int64).tolist(),
            ends=np.concatenate(ends).ravel().tolist(),
            practices=len(self.practices),
            left_out=left_out,
        )

    def _counts(self, kind: str, values: _Ints) -> list[int]:
        """How many of the practices that fit have each of the values, drawn or not."""
        facet = self.catalogue.facets[kind]
        return [int(count) for count in facet.counts(self.fitting, facet.fits(*self.sure))[values]]

    def _regions(self, regions: _Ints, first: int) -> tuple[_Floats, _Floats, _Ints]:
        """Counties and provinces in the middle of their practices; practices hang on counties, or on the province."""
        number = np.full(len(self.catalogue.regions) + 1, -1, dtype=np.int64)
        number[regions] = np.arange(len(regions))
        county, province = self.counties[self.practices], self.provinces[self.practices]
        hung = number[np.where(county >= 0, county, province)]
        here = hung >= 0
        of_province = number[province]
        inside = of_province >= 0
        whole = np.bincount(of_province[inside], minlength=len(regions))
        x = _means(hung[here], self.x[here], len(regions))
        y = _means(hung[here], self.y[here], len(regions))
        px, py = (_means(of_province[inside], axis[inside], len(regions)) for axis in (self.x, self.y))
        x, y = np.where(whole > 0, px, x), np.where(whole > 0, py, y)
        pairs = [np.stack([np.flatnonzero(here), first + hung[here]], axis=1)]
        up = self.catalogue.columns.regions.lift(regions.astype(np.int32), "province")
        above = np.where(up >= 0, number[up], -1)
        joined = (above >= 0) & (above != np.arange(len(regions)))
        pairs.append(np.stack([first + np.flatnonzero(joined), first + above[joined]], axis=1))
        return x, y, np.concatenate(pairs)

    def _features(self, kind: str, values: _Ints, first: int, rim: float) -> tuple[_Floats, _Floats, _Ints]:
        """Features in rings outside, each in the direction of its practices."""
        facet = self.catalogue.facets[kind]
        number = np.full(facet.size, -1, dtype=np.int64)
        number[values] = np.arange(len(values))
        fits, shown = facet.fits(*self.sure), self.place[facet.practice] >= 0
        here = shown & (number[facet.value] >= 0) & (True if fits is None else fits)
        practice, value = self.place[facet.practice[here]], number[facet.value[here]]
        mean_x, mean_y = _means(value, self.x[practice], len(values)), _means(value, self.y[practice], len(values))
        order = np.argsort(np.arctan2(mean_y, mean_x), kind="stable")
        per_ring = max(8, int(2 * math.pi * rim / (3 * self.SPACING)))
        rings = max(1, math.ceil(len(values) / per_ring))
        x, y = np.zeros(len(values)), np.zeros(len(values))
        turn = np.arange(len(values))
        angle = -math.pi + 2 * math.pi * (turn + 0.5) / max(1, len(values))
        far = rim + (turn % rings) * 3 * self.SPACING
        x[order], y[order] = far * np.cos(angle), far * np.sin(angle)
        own = shown & facet.own_fits(*self.sure)
        nodes = self.catalogue.nodes(kind)
        hung, width = _nearest(nodes, number)[facet.value[own]], max(1, len(values))
        pairs = np.unique((self.place[facet.practice[own]] * width + hung)[hung >= 0])
        above = _nearest(nodes, number, itself=False)[values]
        upper = np.stack([first + np.flatnonzero(above >= 0), first + above[above >= 0]], axis=1)
        return x, y, np.concatenate([np.stack([pairs // width, first + pairs % width], axis=1), upper])


def _nearest(nodes: Nodes, number: _Ints, *, itself: bool = True) -> _Ints:
    """Node → the number of the first that has one, of itself (where asked) and what is above it; else −1."""
    owner = np.repeat(np.arange(len(nodes)), np.diff(nodes.up_from))
    here = np.flatnonzero((number[nodes.up] >= 0) & (itself | (nodes.up != owner)))[::-1]
    found = np.full(len(nodes), -1, dtype=np.int64)
    found[owner[here]] = number[nodes.up[here]]  # the nearest is written last
    return found


def _means(group: _Ints, values: _Floats, size: int) -> _Floats:
    return np.bincount(group, weights=values, minlength=size) / np.maximum(1, np.bincount(group, minlength=size))
