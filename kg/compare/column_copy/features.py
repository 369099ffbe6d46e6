"""Practices × features as a sparse matrix: the one table that all comparisons walk.

A feature is a kind with a concept: (format, 夜校). A practice has the concepts that an article gives it, with weight 1,
and all broader ones (``skos:broader``, any number of steps) with weight ½: so siblings meet in what is above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from kg.compare.column_copy.columns import Columns

__all__ = ["BROADER", "Features", "distinct", "feature_table"]

Number = TypeVar("Number", bound=np.signedinteger[Any])

BROADER = 0.5
"""Part of its idf that a feature weighs where the practice has it only through a narrower one."""


@dataclass(frozen=True)
class Features:
    """Compressed sparse rows: practice i has features ``feature[start[i]:start[i + 1]]``, ascending, each once."""

    kinds: tuple[str, ...]
    kind: NDArray[np.int8]
    """Of each feature: place in ``kinds``."""
    concept: NDArray[np.int32]
    """Of each feature: its concept."""
    start: NDArray[np.int64]
    feature: NDArray[np.int32]
    own: NDArray[np.bool_]
    """True where an article gives the feature itself, False where it follows from a narrower one."""

    def __len__(self) -> int:
        """Number of features."""
        return len(self.concept)

    @property
    def practices(self) -> int:
        """Number of rows, those without features included."""
        return len(self.start) - 1

    def row(self, practice: int) -> slice:
        """Where the features of a practice stand."""
        return slice(int(self.start[practice]), int(self.start[practice + 1]))

    @cached_property
    def owner(self) -> NDArray[np.int32]:
        """The practice of each entry."""
        return np.repeat(np.arange(self.practices, dtype=np.int32), np.diff(self.start))

    @cached_property
    def bearers(self) -> NDArray[np.int64]:
        """How many practices have each feature, themselves or through a narrower one."""
        return np.bincount(self.feature, minlength=len(self))

    @cached_property
    def compared(self) -> int:
        """Practices that have a feature at all."""
        return int(np.count_nonzero(np.diff(self.start)))

    @cached_property
    def idf(self) -> NDArray[np.float64]:
        """ln(1 + N / n) of each feature: N practices have a feature at all, n this one."""
        return np.asarray(np.log1p(self.compared / np.maximum(self.bearers, 1)), dtype=np.float64)

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """Weight of each entry: the idf, or half of it."""
        return self.idf[self.feature] * np.where(self.own, 1.0, BROADER)

    @cached_property
    def total(self) -> NDArray[np.float64]:
        """Sum of the weights of each practice."""
        return np.bincount(self.owner, weights=self.weight, minlength=self.practices).astype(np.float64)

    @cached_property
    def postings(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
        """By feature: where its entries begin, its practices (ascending), and whether the feature is their own."""
        order = np.argsort(self.feature, kind="stable")
        begins = np.concatenate(([0], np.cumsum(self.bearers)))
        return begins, self.owner[order], self.own[order]

    @cached_property
    def place(self) -> dict[tuple[str, int], int]:
        """(kind, concept) → feature."""
        return {
            (self.kinds[kind], concept): at
            for at, (kind, concept) in enumerate(zip(self.kind.tolist(), self.concept.tolist(), strict=True))
        }


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """Each number once, ascending: with millions, sorting is several times faster than the hashing of ``np.unique``."""
    found = np.sort(numbers)
    return found[np.diff(found, prepend=found[:1] - 1) != 0]


def feature_table(columns: Columns, kinds: tuple[str, ...], *, broader: bool) -> Features:
    """The table of these kinds of features; see ``Columns.features``."""
    from kg.compare.column_copy.columns import RELATIONS

    said, nodes = columns.statements, columns.concepts
    code = np.full(len(RELATIONS), -1, dtype=np.int64)
    code[[RELATIONS.index(kind) for kind in kinds]] = np.arange(len(kinds))
    here = code[said.relation] >= 0
    practice, kind, concept = said.practice[here].astype(np.int64), code[said.relation[here]], said.value[here]
    size = max(len(nodes), 1)
    given = distinct((practice * len(kinds) + kind) * size + concept)
    if broader:
        row, node = np.divmod(given, size)
        length = (nodes.up_from[node + 1] - nodes.up_from[node]) if len(node) else np.zeros(0, dtype=np.int64)
        first = np.repeat(nodes.up_from[node] - np.concatenate(([0], np.cumsum(length)))[:-1], length)
        above = nodes.up[first + np.arange(int(length.sum()))]
        entries = distinct(np.repeat(row, length) * size + above)
    else:
        entries = given
    own = np.zeros(len(entries), dtype=np.bool_)
    own[np.searchsorted(entries, given)] = True
    row, concepts = np.divmod(entries, size)
    owner, kind_of = np.divmod(row, len(kinds))
    there = np.zeros(len(kinds) * size, dtype=np.bool_)
    there[kind_of * size + concepts] = True
    used, feature = np.flatnonzero(there), (np.cumsum(there) - 1)[kind_of * size + concepts]
    start = np.searchsorted(owner, np.arange(len(columns) + 1)).astype(np.int64)
    return Features(
        kinds,
        (used // size).astype(np.int8),
        (used % size).astype(np.int32),
        start,
        feature.astype(np.int32),
        own,
    )
