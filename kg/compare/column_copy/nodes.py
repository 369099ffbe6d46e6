"""Concepts and regions: their names, and what stands above them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.compare.column_copy.texts import Texts
from kg.query.levels import LEVELS, MUNICIPALITIES, UNDIVIDED_CITIES
from kg.query.names import Names

__all__ = ["ALL_LEVELS", "LEVELS", "Concepts", "Nodes", "Regions", "chains"]

ALL_LEVELS = (*LEVELS, "zone")
"""With the functional zone, which stands in the county's place; the code of a level is its place here, −1 unknown."""

Index = NDArray[np.int32]


@dataclass(frozen=True)
class Nodes:
    """Things in a hierarchy, sorted by IRI."""

    iri: Texts
    label: Texts
    """Chinese where there is one."""
    up_from: NDArray[np.int64]
    """``up[up_from[i]:up_from[i + 1]]`` are node i itself and all above it, nearest first."""
    up: Index

    def __len__(self) -> int:
        return len(self.iri)

    def above(self, node: int) -> Index:
        """The node and all above it, nearest first."""
        return self.up[self.up_from[node] : self.up_from[node + 1]]

    def below(self, node: int) -> Index:
        """The node and all below it, ascending."""
        owner = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.up_from))
        return np.unique(owner[self.up == node])

    @cached_property
    def place(self) -> dict[str, int]:
        """IRI → node."""
        return {iri: at for at, iri in enumerate(self.iri)}


@dataclass(frozen=True)
class Concepts(Nodes):
    """The concepts of the schemes, candidates, units and counted things."""

    name: Texts
    """Further names (alternative labels, other languages)."""
    named: Index
    """The concept that further name i belongs to."""
    candidate: NDArray[np.bool_]
    """True where no concept of the schemes fitted and the words of an article stand for themselves."""

    @cached_property
    def names(self) -> Names:
        """All labels, for looking up the words of a user."""
        labels = {iri: [label] for iri, label in zip(self.iri, self.label, strict=True)}
        iris = list(self.iri)
        for name, node in zip(self.name, self.named.tolist(), strict=True):
            labels[iris[node]].append(name)
        return Names("concept", {iri: tuple(dict.fromkeys(names)) for iri, names in labels.items()})


@dataclass(frozen=True)
class Regions(Nodes):
    """The places of the practices and all above them."""

    level: NDArray[np.int8]
    """Place in ALL_LEVELS; −1 where the path could not be told."""

    def path(self, region: int) -> str:
        """Names from the province down, joined by ``/``; empty for −1."""
        if region < 0:
            return ""
        return "/".join(self.label[at] for at in reversed(self.above(region).tolist()))

    def told_apart(self, regions: Iterable[int]) -> dict[int, str]:
        """Region → its name, of those of one name with as much of the path as tells them apart (南京市/鼓楼区)."""
        alike: dict[str, list[int]] = defaultdict(list)
        for at in dict.fromkeys(regions):
            alike[self.label[at]].append(at)
        return {at: name for group in alike.values() for at, name in self._names_apart(group).items()}

    def _names_apart(self, regions: Sequence[int]) -> dict[int, str]:
        if len(regions) == 1:
            return {regions[0]: self.label[regions[0]]}
        paths = {at: self.path(at).split("/") for at in regions}
        names = {at: "/".join(path) for at, path in paths.items()}
        for depth in range(max(map(len, paths.values())), 0, -1):  # the shortest is written last
            ends = {at: "/".join(path[-depth:]) for at, path in paths.items()}
            alike = Counter(ends.values())
            names |= {at: end for at, end in ends.items() if alike[end] == 1}
        return names

    @cached_property
    def names(self) -> Names:
        """Labels and paths, for looking up the words of a user."""
        paths = {iri: tuple(self.path(at).split("/")) for at, iri in enumerate(self.iri)}
        return Names("region", {iri: (path[-1],) for iri, path in paths.items()}, paths)

    def lift(self, regions: Index, level: str) -> Index:
        """The regions of a level that hold these; −1 stays −1.

        A functional zone stands in the county's place, a city without counties (东莞市) too; a municipality (重庆市) in
        the prefecture's, and where a county lies directly below a province (仙桃市) the county itself.
        """
        table = self._at[level]
        return np.where(regions >= 0, table[regions], np.int32(-1)) if len(table) else regions

    @cached_property
    def _at(self) -> dict[str, Index]:
        owner = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.up_from))
        levels = self.level[self.up]
        tables = {}
        for code, name in enumerate(ALL_LEVELS):
            table = np.full(len(self), -1, dtype=np.int32)
            here = np.flatnonzero(levels == code)[::-1]  # the nearest is written last
            table[owner[here]] = self.up[here]
            tables[name] = table
        province, city = tables["province"], tables["prefecture"]
        county = np.where(tables["county"] < 0, tables["zone"], tables["county"])
        undivided = self._named(city, UNDIVIDED_CITIES)
        tables["county"] = np.where((county < 0) & undivided, city, county)
        instead = np.where(self._named(province, MUNICIPALITIES), province, county)
        tables["prefecture"] = np.where(city < 0, instead, city)
        return tables

    def _named(self, regions: Index, names: Collection[str]) -> NDArray[np.bool_]:
        """Whether each of these is called one of the names; never for −1."""
        bears = np.array([*(label in names for label in self.label), False], dtype=np.bool_)  # the last for −1
        return bears[regions]


def chains(count: int, upper: dict[int, list[int]]) -> tuple[NDArray[np.int64], Index]:
    """``up_from`` and ``up`` of nodes whose direct uppers are given; nearest first, a cycle is walked once."""
    ends, flat = [0], []
    for node in range(count):
        found = [node]
        for each in found:  # grows while it is walked
            found += [up for up in upper.get(each, ()) if up not in found]
        flat += found
        ends.append(len(flat))
    return np.array(ends, dtype=np.int64), np.array(flat, dtype=np.int32)
