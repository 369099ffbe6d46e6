"""The statistics: against other implementations, against exact numbers, and what they promise on random data."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from kg.compare.significance.nearness import nearness
from kg.compare.significance.neighbours import borders, neighbours
from kg.compare.significance.statistics import (
    adjusted,
    fisher,
    newcombe,
    occupancy_tail,
    permutation_p,
    together_tail,
    wilson,
)
from kg.knowledge.gazetteer import Gazetteer


def test_wilson_and_fisher_are_those_of_scipy() -> None:
    for x, n in [(0, 7), (3, 9), (9, 9), (250, 1000)]:
        ours = [float(end) for end in wilson(x, n)]
        theirs = stats.binomtest(x, n).proportion_ci(method="wilson")
        assert ours == pytest.approx([theirs.low, theirs.high])
    assert [float(end) for end in wilson(0, 0)] == [0.0, 1.0]
    random = np.random.default_rng(5)
    n, m = random.integers(1, 60, 100), random.integers(1, 60, 100)
    x, y = random.binomial(n, 0.3), random.binomial(m, 0.4)
    theirs_p = [stats.fisher_exact([[a, b - a], [c, d - c]])[1] for a, b, c, d in zip(x, n, y, m, strict=True)]
    assert fisher(x, n, y, m) == pytest.approx(theirs_p)
    assert float(fisher(3000, 90_000, 900, 30_000)[0]) == pytest.approx(
        stats.fisher_exact([[3000, 87_000], [900, 29_100]])[1]
    )
    assert fisher([8, 2], [10, 30], [1, 9], [6, 31]) == pytest.approx(
        [stats.fisher_exact([[8, 2], [1, 5]])[1], stats.fisher_exact([[2, 28], [9, 22]])[1]]
    )


def test_newcombe_covers_the_true_difference_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    x, y = random.binomial(40, 0.3, 4000), random.binomial(25, 0.6, 4000)
    low, high = newcombe(x, np.full(4000, 40), y, np.full(4000, 25))
    assert 0.93 < np.mean((low <= -0.3) & (high >= -0.3)) < 0.97


def test_corrections_are_those_of_scipy() -> None:
    p = np.array([0.001, 0.2, 0.01, 0.04, 0.9, 0.01])
    assert adjusted(p, dependent=False) == pytest.approx(stats.false_discovery_control(p, method="bh"))
    assert adjusted(p) == pytest.approx(stats.false_discovery_control(p, method="by"))
    # What was tried and not listed counts as p = 1.
    small = p / 10_000  # else, each is 1
    padded = np.concatenate([small, np.ones(194)])
    assert adjusted(small, 200) == pytest.approx(stats.false_discovery_control(padded, method="by")[:6])
    assert len(adjusted(np.zeros(0), 10)) == 0


def test_the_bound_for_two_features_is_never_below_the_exact_tail() -> None:
    """Three regions, all margins: the exact distribution is a convolution of hypergeometric ones."""
    for sizes in [(6, 9, 4), (12, 3, 5)]:
        for a, b in product([(2, 3, 1), (3, 1, 2)], repeat=2):
            exact = np.array([1.0])
            for n, x, y in zip(sizes, a, b, strict=True):
                exact = np.convolve(exact, stats.hypergeom(n, x, y).pmf(np.arange(min(x, y) + 1)))
            expected = sum(x * y / n for n, x, y in zip(sizes, a, b, strict=True))
            trials = sum(map(min, a, b))
            for seen in range(trials + 1):
                bound = float(together_tail(seen, expected, trials))
                assert bound >= exact[seen:].sum() - 1e-12
                assert bound <= 1.0 and (seen >= expected + 1 or bound == 1.0)


def test_the_bound_for_reached_regions_is_never_below_what_happens() -> None:
    random = np.random.default_rng(2)
    sizes = np.array([40, 10, 5, 5, 5, 5, 5, 5])
    home = np.repeat(np.arange(8), sizes)
    reached = np.array([len(set(random.choice(home, 12, replace=False).tolist())) for _ in range(4000)])
    expected = float(np.mean(reached))
    for seen in range(9):
        assert float(occupancy_tail(seen, expected, 8)) >= np.mean(reached >= seen) - 0.02


def test_a_permutation_never_gives_zero() -> None:
    assert permutation_p(0.0, np.ones(99)) == 0.01 and permutation_p(2.0, np.ones(99)) == 1.0


def test_nearness_is_seldom_found_in_random_dates_and_always_where_planted() -> None:
    random = np.random.default_rng(3)
    units = np.repeat(np.arange(6, dtype=np.int32), 4)
    found: list[tuple[float, float]] = []
    for run in range(200):
        pools = [np.sort(random.integers(0, 3000, 8)) for _ in units]
        bearing = random.integers(1, 4, len(units))
        days = np.array([random.choice(pool, n, replace=False).min() for pool, n in zip(pools, bearing, strict=True)])
        test = nearness(days, units, pools, bearing, "province", seed=run, permutations=99)
        assert test.p is not None and test.p_press is not None
        found.append((test.p, test.p_press))
    # Three standard errors above the share that a test at 10 % may find.
    assert np.mean(np.array(found) <= 0.1, axis=0).max() <= 0.1 + 3 * np.sqrt(0.09 / 200)
    near = np.repeat(random.permutation(6) * 400, 4) + random.integers(0, 300, 24)
    planted = nearness(near, units, pools, bearing, "province", seed=0, permutations=999)
    assert planted.p is not None and planted.p <= 0.001
    assert planted.lag is not None and planted.lag_by_chance is not None and planted.lag < planted.lag_by_chance / 2


def test_nearness_that_is_the_calendar_of_the_press_is_told_apart() -> None:
    """Each province's articles were written in one year: every feature looks near, against other practices it is not."""
    random = np.random.default_rng(4)
    units = np.repeat(np.arange(8, dtype=np.int32), 4)
    pools = [np.sort(int(unit) * 400 + random.integers(0, 300, 10)) for unit in units]
    bearing = np.full(len(units), 2)
    days = np.array([random.choice(pool, 2, replace=False).min() for pool in pools])
    test = nearness(days, units, pools, bearing, "province", seed=0, permutations=999)
    assert test.p is not None and test.p <= 0.001
    assert test.p_press is not None and test.p_press > 0.05


def test_borders_name_provinces_of_the_gazetteer_once() -> None:
    known, named = Gazetteer.load(), {name for pair in borders() for name in pair}
    assert all(known.by_path([name]) is not None for name in named) and len(named) == 32
    assert all(one < other for one, other in borders()) and len(borders()) == 70


def test_neighbours_that_follow_are_found_and_random_dates_are_not() -> None:
    random = np.random.default_rng(6)
    names = sorted({name for pair in borders() for name in pair})
    steps = {"广东省": 0}
    for name in (queue := ["广东省"]):  # grows while it is walked: from province to province over the borders
        for one, other in sorted(borders()):
            if name in (one, other) and (near := other if name == one else one) not in steps:
                steps[near] = steps[name] + 1
                queue.append(near)
    pools = [np.sort(random.integers(0, 3000, 8)) for _ in names]
    bearing = np.full(len(names), 2)
    wave = np.array([steps[name] * 300 + int(random.integers(0, 400)) for name in names])
    found = neighbours(wave, names, pools, bearing, seed=0, permutations=999)
    assert found.p is not None and found.p <= 0.002
    assert found.p_press is not None and found.p_press <= 0.002
    below = []
    for run in range(100):
        days = np.array([random.choice(pool, 2, replace=False).min() for pool in pools])
        test = neighbours(days, names, pools, bearing, seed=run, permutations=99)
        below.append((test.p, test.p_press))
    assert np.mean(np.array(below, dtype=float) <= 0.1, axis=0).max() <= 0.1 + 3 * np.sqrt(0.09 / 100)
    assert neighbours(wave[:2], names[:2], pools, bearing, seed=0, permutations=9).p is None


def test_nearness_of_six_regions_in_two_units_is_that_of_all_ways_to_deal_out_their_days() -> None:
    """Of the twenty ways to deal six days out three and three, two set the units as far apart."""
    days = np.array([0, 40, 10, 100, 130, 110])
    units = np.array([1, 1, 1, 3, 3, 3], dtype=np.int32)
    pools = [np.sort(np.array([day, *range(20, 150, 40)])) for day in days.tolist()]
    found = nearness(days, units, pools, np.ones(6, dtype=np.int64), "province", seed=0, permutations=9_999)
    assert (found.units, found.regions) == (2, 6)
    assert found.lag == 20  # of 10 and 40, and of 10 and 30
    assert found.p == pytest.approx(0.1, abs=0.01)
    assert found.p_press is not None
    assert found.note() == (
        f"regions of the same province (6 in 2) follow after 20 days in the median, {found.lag_by_chance:.0f} by chance: "
        f"p = {found.p:.3g} (Kruskal-Wallis on permuted dates); against other practices of the same regions: "
        f"p = {found.p_press:.3g}"
    )
    alone = np.append(units[:3], [-1, -1, 7]).astype(np.int32)  # of no unit that is known, and the only one of its unit
    few = nearness(days, alone, pools, np.ones(6, dtype=np.int64), "province", seed=0, permutations=9)
    assert (few.units, few.regions, few.p) == (1, 3, None)


def test_too_few_regions_are_not_tested() -> None:
    test = nearness(
        np.array([1, 2]), np.array([0, 0], dtype=np.int32), [], np.ones(2, dtype=np.int64), "x", seed=0, permutations=9
    )
    assert test.p is None and "too few" in test.note()
