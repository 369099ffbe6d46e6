"""The features and places of practices as pairs with all broader values, for filters and counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.compare import RELATIONS, Columns

__all__ = ["Facet", "facet"]

_Ints = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Facet:
    """(practice, value) pairs of one kind, the broader values too, each pair once; arrays of one length.

    ``sure`` is the highest confidence of the pair, ``said`` that among what is stated and not inferred (−1 where nothing
    is), ``own`` whether the practice has the value itself and not only a narrower one.
    """

    practice: _Ints
    """Ascending."""
    value: _Ints
    sure: npt.NDArray[np.float32]
    said: npt.NDArray[np.float32]
    own: _Mask
    size: int
    """Number of values."""
    start: _Ints
    """Pairs ``start[i]`` to ``start[i + 1]`` are those of practice i."""

    def rows(self, practices: _Ints) -> _Ints:
        """Places of the pairs of these practices, one practice after the other."""
        begins, lengths = self.start[practices], self.start[practices + 1] - self.start[practices]
        ends = np.cumsum(lengths)
        return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(begins - (ends - lengths), lengths)

    def fits(self, min_confidence: float, stated_only: bool) -> _Mask | None:
        """Which pairs are sure enough; None for all."""
        if stated_only:
            return (self.said >= 0) & (self.said >= np.float32(min_confidence))
        return self.sure >= np.float32(min_confidence) if min_confidence > 0 else None

    def own_fits(self, min_confidence: float, stated_only: bool) -> _Mask:
        """Which pairs are sure enough and what the practice has itself."""
        fits = self.fits(min_confidence, stated_only)
        return self.own if fits is None else self.own & fits

    def bearers(self, values: _Ints, fits: _Mask | None) -> _Ints:
        """Practices that have any of these values."""
        wanted = np.zeros(self.size, dtype=np.bool_)
        wanted[values] = True
        here = wanted[self.value]
        return self.practice[here if fits is None else here & fits]

    def counts(self, kept: _Mask, fits: _Mask | None = None) -> _Ints:
        """Value → number of the kept practices that have it."""
        if np.count_nonzero(kept) * 8 < len(kept):  # few: their pairs alone are cheaper than a look at all
            rows = self.rows(np.flatnonzero(kept))
            return np.bincount(self.value[rows if fits is None else rows[fits[rows]]], minlength=self.size)
        here = kept[self.practice]
        if fits is not None:
            here &= fits
        return np.bincount(self.value[here], minlength=self.size)


def facet(columns: Columns, kind: str) -> Facet:
    """The pairs of a kind of features (or ``region``), of the practices that more than a repost tells of."""
    kept = columns.practices.kept
    nodes = columns.regions if kind == "region" else columns.concepts
    said = columns.statements
    rows = np.flatnonzero((said.relation == RELATIONS.index(kind)) & kept[said.practice])
    direct = said.value[rows].astype(np.int64)
    lengths = (nodes.up_from[direct + 1] - nodes.up_from[direct]).astype(np.int64)
    owner = np.repeat(np.arange(len(rows)), lengths)
    begins = np.repeat(nodes.up_from[direct] - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    values = nodes.up[begins + np.arange(len(owner))].astype(np.int64)
    practice = said.practice[rows][owner].astype(np.int64)
    pairs, inverse = np.unique(practice * max(1, len(nodes)) + values, return_inverse=True)
    sure = np.zeros(len(pairs), dtype=np.float32)
    np.maximum.at(sure, inverse, said.confidence[rows][owner])
    stated = np.full(len(pairs), -1, dtype=np.float32)
    told = ~said.inferred[rows][owner]
    np.maximum.at(stated, inverse[told], said.confidence[rows][owner][told])
    own = np.zeros(len(pairs), dtype=np.bool_)
    own[inverse[values == direct[owner]]] = True
    width = max(1, len(nodes))
    owners = pairs // width
    starts = np.searchsorted(owners, np.arange(len(columns) + 1))
    return Facet(owners, pairs % width, sure, stated, own, len(nodes), starts)
