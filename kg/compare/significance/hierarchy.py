"""What the hierarchy of concepts says of combinations: which cannot surprise, and which say no more than a narrower one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kg.compare.column_copy.features import Features
from kg.compare.column_copy.nodes import Nodes

__all__ = ["Entangled", "entangled", "most_specific"]

Ints = NDArray[np.int64]


class Entangled:
    """Which of so many features belong together by the hierarchy: members of one group do."""

    def __init__(self, features: int, group: Ints, member: Ints) -> None:
        some = np.unique(member)
        # Number 0 is for the many that belong to no group: the table stays small enough for the processor's cache.
        self._at = np.zeros(features, dtype=np.int32)
        self._at[some] = np.arange(1, len(some) + 1, dtype=np.int32)
        self._table = np.zeros((len(some) + 1, len(some) + 1), dtype=np.bool_)
        for inside in np.split(self._at[member], np.flatnonzero(np.diff(group)) + 1):
            self._table[np.ix_(inside, inside)] = True

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return int(np.count_nonzero(np.triu(self._table, 1)))

    def are(self, one: NDArray[np.signedinteger], other: NDArray[np.signedinteger]) -> NDArray[np.bool_]:
        """Whether these features belong together, element by element."""
        found: NDArray[np.bool_] = self._table.take(self._at.take(one) * len(self._table) + self._at.take(other))
        return found


def entangled(table: Features, features: Ints, nodes: Nodes) -> Entangled:
    """Pairs among these features (ascending) that one narrower concept gives both, or of which one is above the other."""
    own = np.flatnonzero(np.bincount(table.feature[table.own], minlength=len(table)))
    concept, kind = table.concept[own].astype(np.int64), table.kind[own].astype(np.int64)
    length = nodes.up_from[concept + 1] - nodes.up_from[concept]
    # Most features are words of an article with nothing above them: they are entangled with nothing.
    own, concept, kind, length = (each[length > 1] for each in (own, concept, kind, length))
    first = np.repeat(nodes.up_from[concept] - np.concatenate(([0], np.cumsum(length)))[:-1], length)
    ups = nodes.up[first + np.arange(int(length.sum()))]
    size = max(len(nodes), 1)
    known = table.kind[features].astype(np.int64) * size + table.concept[features]
    # The table numbers features by kind and concept, ascending: so does ``known``.
    wanted = np.repeat(kind, length) * size + ups
    place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    here = known[place] == wanted if len(known) else np.zeros(len(wanted), dtype=np.bool_)
    return Entangled(len(features), np.repeat(np.arange(len(own)), length)[here], place[here])


def most_specific(features: Ints, practices: Ints, table: Features, nodes: Nodes) -> NDArray[np.bool_]:
    """Of each combination (a row of features): False where a narrower one in its place is had by the very same practices."""
    keep = np.ones(len(features), dtype=np.bool_)
    if not len(features):
        return keep
    starts, uppers = _uppers(table, nodes)
    keys = _keys(features, len(table))
    order = np.argsort(keys)
    for position in range(features.shape[1]):
        feature = features[:, position]
        length = starts[feature + 1] - starts[feature]
        rows = np.repeat(np.arange(len(features)), length)
        first = np.repeat(starts[feature] - np.concatenate(([0], np.cumsum(length)))[:-1], length)
        broader = features[rows]
        broader[:, position] = uppers[first + np.arange(len(rows))]
        wanted = _keys(np.sort(broader, axis=1), len(table))
        at = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
        # The broader one's practices hold those of the narrower one: as many means the same.
        keep[at[(keys[at] == wanted) & (practices[at] == practices[rows])]] = False
    return keep


def _uppers(table: Features, nodes: Nodes) -> tuple[Ints, Ints]:
    """Of each feature, the broader ones in the table: ``uppers[starts[f]:starts[f + 1]]``."""
    length = nodes.up_from[table.concept + 1] - nodes.up_from[table.concept] - 1
    several = np.flatnonzero(length)
    found: list[list[int]] = [[] for _ in range(len(table))]
    for feature in several.tolist():
        kind = table.kinds[int(table.kind[feature])]
        above = nodes.above(int(table.concept[feature])).tolist()[1:]
        found[feature] = [table.place[kind, up] for up in above if (kind, up) in table.place]
    starts = np.concatenate(([0], np.cumsum([len(each) for each in found]))).astype(np.int64)
    return starts, np.array([up for each in found for up in each], dtype=np.int64)


def _keys(features: Ints, base: int) -> Ints:
    key = features[:, 0]
    for position in range(1, features.shape[1]):
        key = key * base + features[:, position]
    return key
