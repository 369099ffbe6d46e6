"""Weights of features as whole numbers, by feature and by practice: what similarity is summed from.

Similarity is a weighted Jaccard over the features of two practices a and b (see ``kg.compare.column_copy.features``)::

    similarity(a, b) = Σ min(w(a, f), w(b, f)) / Σ max(w(a, f), w(b, f))     over all features f
    w(p, f) = idf(f)       where an article gives f to p
              idf(f) / 2   where f is only broader than such a feature
              0            otherwise
    idf(f)  = ln(1 + N / n(f))

N practices have a feature at all, n(f) of them f or a narrower one. It lies between 0 (nothing in common) and 1 (the
same features); siblings meet in what is above them, a rare feature counts more than a common one. Since
Σ max = W(a) + W(b) − Σ min, only the features in common need be walked.

idf is rounded to 2⁻¹⁸: whole numbers add up to the same sum in whatever order, so that ties are ties and every engine, block
and number of workers gives the same bytes. The similarity moves by less than 10⁻⁶.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.compare.column_copy.features import Features

__all__ = ["UNIT", "Weights", "weigh"]

UNIT = 2**18
"""What weights are multiplied by before they are rounded."""


@dataclass(frozen=True)
class Weights:
    """Rows and postings with their weights."""

    start: NDArray[np.int64]
    feature: NDArray[np.int32]
    weight: NDArray[np.int32]
    total: NDArray[np.int64]
    """W(p)."""
    idf: NDArray[np.int32]
    """Of each feature, a multiple of 2."""

    @property
    def practices(self) -> int:
        """Number of rows."""
        return len(self.start) - 1

    @cached_property
    def postings(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """By feature: where its entries begin, its practices (ascending) and their weights."""
        order = np.argsort(self.feature, kind="stable")
        owner = np.repeat(np.arange(self.practices, dtype=np.int32), np.diff(self.start))
        begins = np.concatenate(([0], np.cumsum(np.bincount(self.feature, minlength=len(self.idf)))))
        return begins.astype(np.int64), owner[order], self.weight[order]


def weigh(features: Features) -> Weights:
    """The weights of a table of features."""
    half = np.rint(features.idf * (UNIT / 2)).astype(np.int32)
    weight = half[features.feature] * np.where(features.own, 2, 1).astype(np.int32)
    total = np.bincount(features.owner, weights=weight, minlength=features.practices).astype(np.int64)
    if len(total) and total.max() >= 2**31:
        raise ValueError("a practice has too many features for sums of 32 bits")
    return Weights(features.start, features.feature, weight, total, half * 2)
