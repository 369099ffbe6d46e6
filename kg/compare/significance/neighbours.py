"""Whether provinces that border on each other show something at times more alike than chance would have it.

The statistic is the sum of the differences of rank over all pairs of neighbours that state a date (a Mantel test of time on
contiguity: Mantel 1967, Cancer Research 27, 209–220); small where neighbours follow each other. The chances are the two of
``kg.compare.significance.nearness``. The borders are ``borders.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kg.compare.significance.nearness import Ints, drawn_firsts, ranks_of
from kg.compare.significance.statistics import permutation_p
from kg.query.phrases import many

__all__ = ["Neighbours", "borders", "neighbours"]

_LEAST = 3
"""Pairs below which no permutation could be surprising."""


@cache
def borders() -> frozenset[tuple[str, str]]:
    """Pairs of provinces (official names, sorted) with a border by land."""
    text = resources.files(__package__).joinpath("borders.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return frozenset((row["one"], row["other"]) for row in rows)


@dataclass(frozen=True)
class Neighbours:
    """Result of the tests."""

    pairs: int
    """Pairs of neighbours that both state a date."""
    gap: float | None
    """Median days between neighbours."""
    gap_by_chance: float | None
    p: float | None
    """One-sided, of days dealt out anew; None where there are too few pairs."""
    p_press: float | None
    """One-sided, of practices drawn whatever they are."""

    def figures(self) -> dict[str, float | int | None]:
        """The numbers by name."""
        return {
            "neighbour_pairs": self.pairs,
            "neighbour_gap_days": self.gap,
            "neighbour_gap_days_by_chance": self.gap_by_chance,
            "neighbour_p": self.p,
            "neighbour_p_press": self.p_press,
        }

    def note(self) -> str:
        """One line for a reader."""
        if self.p is None:
            return "neighbouring provinces: too few with dates to say whether they follow sooner than chance"
        press = "not tested" if self.p_press is None else f"p = {self.p_press:.3g}"
        return (
            f"neighbouring provinces ({self.pairs} pairs) lie {many(round(self.gap or 0), 'day')} apart in the "
            f"median, {self.gap_by_chance:.0f} by chance: p = {self.p:.3g} (Mantel, dates permuted); against other "
            f"practices of the same regions: {press}"
        )


def neighbours(
    days: Ints, names: Sequence[str], pools: Sequence[Ints], bearing: Ints, *, seed: int, permutations: int
) -> Neighbours:
    """Test the first days of some provinces, by name; ``pools`` and ``bearing`` as in ``nearness.nearness``."""
    place = {name: at for at, name in enumerate(names)}
    pairs = np.array(
        sorted((place[one], place[other]) for one, other in borders() if one in place and other in place),
        dtype=np.int64,
    ).reshape(-1, 2)
    if len(pairs) < _LEAST:
        return Neighbours(len(pairs), None, None, None, None)
    random = np.random.default_rng(seed)
    ranks = ranks_of(days[None, :])
    observed = float(_apart(ranks, pairs).sum())
    order = np.argsort(random.random((permutations, len(days))), axis=1)
    drawn = drawn_firsts(pools, bearing, random, permutations)
    return Neighbours(
        len(pairs),
        float(np.median(_apart(days[None, :], pairs))),
        float(np.median(_apart(days[order[:200]], pairs))),
        permutation_p(observed, _apart(ranks[0][order], pairs).sum(axis=1)),
        None if drawn is None else permutation_p(observed, _apart(ranks_of(drawn), pairs).sum(axis=1)),
    )


def _apart(values: NDArray[np.float64] | Ints, pairs: Ints) -> NDArray[np.float64]:
    return np.abs(values[:, pairs[:, 0]] - values[:, pairs[:, 1]]).astype(np.float64)
