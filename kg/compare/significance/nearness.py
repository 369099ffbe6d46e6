"""Whether regions of one unit show something at times more alike than chance would have it.

The statistic is that of Kruskal and Wallis (1952, JASA 47, 583–621) on the ranks of the first days, regions grouped by
the unit above them: large where the units differ, that is where regions of one unit follow each other closely. Its
distribution comes from two sorts of chance:

* the days are dealt out anew among the regions (a permutation test: Pitman 1937, Supplement to the J. Royal Statistical
  Society 4, 119–130);
* each region draws as many of its dated practices, whatever they are, as it has with the feature, and the first of them
  counts. If articles of one province were all written in one year, this chance shows the same nearness: it tells
  spreading from the press's own calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.compare.significance.statistics import permutation_p
from kg.query.phrases import many

__all__ = ["Nearness", "drawn_firsts", "nearness", "ranks_of"]

_LEAST = 3
"""Regions in units with two or more of them, below which no permutation could be surprising."""
_MOST_DRAWS = 20_000_000
"""Practices drawn in all for the second chance."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nearness:
    """Result of the tests for one level of units."""

    level: str
    units: int
    """With two or more of the regions."""
    regions: int
    """In these units."""
    lag: float | None
    """Median days from the first region of a unit to each that follows in it."""
    lag_by_chance: float | None
    """The same where the days are dealt out anew."""
    p: float | None
    """One-sided, of days dealt out anew; None where there are too few regions."""
    p_press: float | None
    """One-sided, of practices drawn whatever they are."""

    def figures(self) -> dict[str, float | int | None]:
        """The numbers by name."""
        return {
            f"{self.level}_units": self.units,
            f"{self.level}_lag_days": self.lag,
            f"{self.level}_lag_days_by_chance": self.lag_by_chance,
            f"{self.level}_p": self.p,
            f"{self.level}_p_press": self.p_press,
        }

    def note(self) -> str:
        """One line for a reader."""
        if self.p is None:
            return f"regions of the same {self.level}: too few with dates to say whether they follow sooner than chance"
        press = "not tested" if self.p_press is None else f"p = {self.p_press:.3g}"
        return (
            f"regions of the same {self.level} ({self.regions} in {self.units}) follow after {many(round(self.lag or 0), 'day')} "
            f"in the median, {self.lag_by_chance:.0f} by chance: p = {self.p:.3g} (Kruskal-Wallis on permuted dates); against "
            f"other practices of the same regions: {press}"
        )


def nearness(
    days: Ints,
    units: NDArray[np.int32],
    pools: Sequence[Ints],
    bearing: Ints,
    level: str,
    *,
    seed: int,
    permutations: int,
) -> Nearness:
    """Test the first days of some regions.

    Parameters
    ----------
    days : first day of each region.
    units : the unit above each region; −1 where unknown, such regions are left out.
    pools : of each region, the first days of all its dated practices, ascending.
    bearing : of each region, how many of these practices have what is asked about.
    """
    sizes = np.bincount(units[units >= 0]) if (units >= 0).any() else np.zeros(1, dtype=np.int64)
    kept = np.flatnonzero((units >= 0) & (np.where(units >= 0, sizes[np.maximum(units, 0)], 0) >= 2))
    found, group = np.unique(units[kept], return_inverse=True)
    group = group.reshape(-1)
    if len(kept) < _LEAST or len(found) < 2:
        return Nearness(level, len(found), len(kept), None, None, None, None)
    random = np.random.default_rng(seed)
    own = days[kept]
    ranks = ranks_of(own[None, :])
    observed = _between(ranks, group)[0]
    order = np.argsort(random.random((permutations, len(own))), axis=1)
    drawn = drawn_firsts([pools[at] for at in kept.tolist()], bearing[kept], random, permutations)
    return Nearness(
        level,
        len(found),
        len(kept),
        _lag(own[None, :], group),
        _lag(own[order[:200]], group),
        # Ranks of days dealt out anew are the ranks dealt out anew.
        permutation_p(-observed, -_between(ranks[0][order], group)),
        None if drawn is None else permutation_p(-observed, -_between(ranks_of(drawn), group)),
    )


def ranks_of(days: Ints) -> Floats:
    """Ranks within each row; ties share their mean."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(days, axis=1))


def _between(ranks: Floats, group: Ints) -> Floats:
    """Sum over the groups of (sum of ranks)² / size: H of Kruskal and Wallis but for constants. One number a row."""
    sizes = np.bincount(group)
    order = np.argsort(group, kind="stable")
    sums = np.add.reduceat(ranks[:, order], np.concatenate(([0], np.cumsum(sizes)[:-1])), axis=1)
    scaled: Floats = (sums**2 / sizes).sum(axis=1)
    return scaled


def _lag(days: Ints, group: Ints) -> float:
    lags = []
    for one in range(int(group.max()) + 1):
        inside = np.sort(days[:, group == one], axis=1)
        lags.append((inside[:, 1:] - inside[:, :1]).reshape(-1))
    return float(np.median(np.concatenate(lags)))


def drawn_firsts(pools: Sequence[Ints], bearing: Ints, random: np.random.Generator, permutations: int) -> Ints | None:
    """Rows of first days that the regions would show with as many practices of any sort."""
    if all(len(pool) == count for pool, count in zip(pools, bearing.tolist(), strict=True)):
        return None  # all their practices have it: there is nothing to compare with
    times = int(min(permutations, max(_MOST_DRAWS // max(sum(map(len, pools)), 1), 99)))
    found = np.zeros((times, len(pools)), dtype=np.int64)
    for at, (pool, count) in enumerate(zip(pools, bearing.tolist(), strict=True)):
        # The first of `count` practices drawn without replacement: that with the smallest place among them.
        keys = random.random((times, len(pool)))
        places = np.argpartition(keys, count - 1, axis=1)[:, :count]
        found[:, at] = pool[places.min(axis=1)]
    return found
