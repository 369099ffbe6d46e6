"""The statistics behind the comparisons: intervals, tests and corrections, each with its source.

All take and give numpy arrays; none draws a random number but ``permutation_p``'s callers, who name their seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "adjusted",
    "effective_number",
    "fisher",
    "newcombe",
    "occupancy_tail",
    "permutation_p",
    "together_tail",
    "wilson",
]

_Z = 1.959963984540054
"""Quantile of the normal distribution for intervals of 95 %."""
_HARMONIC_EXACT = 100
_EULER = 0.5772156649015329


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Lower and upper end of the 95 % score interval of shares; 0 to 1 where there are no trials.

    Wilson (1927), Probable inference, the law of succession, and statistical inference. JASA 22, 209–212.

    >>> [round(float(end), 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    x, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    safe = np.maximum(n, 1.0)
    share = x / safe
    middle = (share + _Z**2 / (2 * safe)) / (1 + _Z**2 / safe)
    half = _Z * np.sqrt(share * (1 - share) / safe + _Z**2 / (4 * safe**2)) / (1 + _Z**2 / safe)
    some = n > 0
    # The ends at 0 and at n are exact: rounding must not leave a share outside its interval.
    low = np.where(some & (x > 0), middle - half, 0.0)
    high = np.where(some & (x < n), middle + half, 1.0)
    return low, high


def newcombe(x: ArrayLike, n: ArrayLike, y: ArrayLike, m: ArrayLike) -> tuple[Floats, Floats]:
    """Ends of the 95 % interval of the difference x/n − y/m of two independent shares.

    Newcombe (1998), Interval estimation for the difference between independent proportions. Statistics in Medicine 17,
    873–890, method 10 (from two Wilson intervals).

    >>> [round(float(end), 4) for end in newcombe(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    x, n, y, m = (np.asarray(each, dtype=float) for each in (x, n, y, m))
    one, other = x / np.maximum(n, 1.0), y / np.maximum(m, 1.0)
    (low, high), (under, over) = wilson(x, n), wilson(y, m)
    difference = one - other
    return (
        difference - np.sqrt((one - low) ** 2 + (over - other) ** 2),
        difference + np.sqrt((high - one) ** 2 + (other - under) ** 2),
    )


def fisher(x: ArrayLike, n: ArrayLike, y: ArrayLike, m: ArrayLike) -> Floats:
    """Two-sided p of Fisher's exact test that two shares x/n and y/m are equal, element by element.

    Fisher (1935), The logic of inductive inference. J. Royal Statistical Society 98, 39–82.

    >>> round(float(fisher(8, 10, 1, 6)[0]), 4)
    0.035
    """
    tables = zip(*(each.tolist() for each in np.broadcast_arrays(*map(np.atleast_1d, (x, n, y, m)))), strict=True)
    return np.array([_fisher(int(a), int(b), int(c), int(d)) for a, b, c, d in tables], dtype=float)


def _fisher(x: int, n: int, y: int, m: int) -> float:
    """Sum of the probabilities of all tables of these margins that are no more probable than this one."""
    from scipy.special import gammaln

    both = x + y
    k = np.arange(max(0, both - m), min(n, both) + 1, dtype=float)
    log = -(gammaln(k + 1) + gammaln(n - k + 1) + gammaln(both - k + 1) + gammaln(m - both + k + 1))
    log -= log.max()
    seen = log[x - int(k[0])]
    probability = np.exp(log)
    # Tables as probable as this one must not be lost to rounding: the margin of R and scipy.
    return float(min(probability[log <= seen + 1e-7].sum() / probability.sum(), 1.0))


def together_tail(observed: ArrayLike, expected: ArrayLike, trials: ArrayLike) -> Floats:
    """Upper bound of P(S ≥ observed) for the number S of successes of independent trials, ``expected`` in the mean.

    Of shared features S counts the articles that tell of a combination, ``trials`` the articles that could, and
    ``expected`` is what ``combinations`` expects by chance. For observed ≥ expected + 1 the tail is at most
    that of the binomial with as many trials and the same mean (Hoeffding 1956, Annals of Mathematical Statistics 27,
    713–721, theorem 4). Below that the bound is 1. No approximation: the true p is never larger.

    >>> [float(p) for p in together_tail([3, 6], [2.5, 1.0], [10, 10]).round(5)]
    [1.0, 0.00015]
    """
    from scipy.special import betainc

    seen, mean, n = (np.asarray(each, dtype=float) for each in (observed, expected, trials))
    share = np.clip(mean / np.maximum(n, 1.0), 0.0, 1.0)
    surprising = (seen >= mean + 1) & (seen <= n)
    # P(Binomial(n, share) ≥ seen) is the regularised incomplete beta function of seen and n − seen + 1.
    tail = betainc(np.where(surprising, seen, 1.0), np.where(surprising, n - seen + 1, 1.0), share)
    return np.where(surprising, tail, 1.0)


def occupancy_tail(observed: ArrayLike, expected: ArrayLike, regions: int) -> Floats:
    """Upper bound of P(R ≥ observed) for the number R of regions that a feature would reach by chance.

    By chance: its reports are drawn at random, without replacement, from all reports of all regions. Whether a
    region is reached is then negatively associated with whether another one is (Joag-Dev and Proschan 1983, Annals of
    Statistics 11, 286–295), so that Chernoff's bound holds as for independent trials (Dubhashi and Ranjan 1998, Random
    Structures and Algorithms 13, 99–124): exp(−regions · KL(observed/regions ‖ expected/regions)). 1 where no more
    regions are reached than expected.
    """
    from scipy.special import rel_entr

    seen = np.asarray(observed, dtype=float) / max(regions, 1)
    mean = np.clip(np.asarray(expected, dtype=float) / max(regions, 1), 0.0, 1.0)
    distance = rel_entr(seen, mean) + rel_entr(1 - seen, 1 - mean)
    return np.where(seen > mean, np.exp(-regions * np.maximum(distance, 0.0)), 1.0)


def adjusted(p: ArrayLike, tried: int | None = None, *, dependent: bool = True) -> Floats:
    """p values corrected for the number of hypotheses tried, so that those ≤ q hold a share of at most q false ones.

    ``tried`` counts the hypotheses that are not in ``p`` too (their p was 1). ``dependent`` holds however the tests hang
    together: Benjamini and Yekutieli (2001), Annals of Statistics 29, 1165–1188; else Benjamini and Hochberg (1995), J.
    Royal Statistical Society B 57, 289–300, for independent or positively dependent tests.

    >>> [float(q) for q in adjusted([0.01, 0.04, 0.03], dependent=False).round(3)]
    [0.03, 0.04, 0.04]
    """
    values = np.asarray(p, dtype=float)
    m = max(len(values) if tried is None else tried, len(values))
    if not len(values):
        return values
    order = np.argsort(values, kind="stable")
    factor = m * (_harmonic(m) if dependent else 1.0)
    scaled = values[order] * factor / np.arange(1, len(values) + 1)
    found = np.empty_like(values)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found


def _harmonic(m: int) -> float:
    if m < _HARMONIC_EXACT:
        return float(np.sum(1.0 / np.arange(1, m + 1)))
    return float(np.log(m) + _EULER + 1 / (2 * m))


def permutation_p(observed: float, drawn: ArrayLike) -> float:
    """One-sided p of a statistic that is small under the alternative, from its values under permutation.

    (1 + number as small) / (1 + permutations): never 0. Phipson and Smyth (2010), Statistical Applications in Genetics
    and Molecular Biology 9, article 39.

    >>> permutation_p(1.0, [2.0, 3.0, 0.5])
    0.5
    """
    values = np.asarray(drawn, dtype=float)
    # Rounding of sums must not make an equal permutation a larger one.
    return float((1 + np.sum(values <= observed + 1e-9 * max(1.0, abs(observed)))) / (1 + len(values)))


def effective_number(counts: ArrayLike) -> float:
    """How many equally large parts would be as diverse as these: exp of Shannon's entropy; 0 for nothing.

    Hill (1973), Diversity and evenness. Ecology 54, 427–432 (order 1).

    >>> round(effective_number([5, 5]), 2), round(effective_number([98, 1, 1]), 2)
    (2.0, 1.12)
    """
    from scipy.special import entr

    found = np.asarray(counts, dtype=float)
    total = found.sum()
    return float(np.exp(entr(found / total).sum())) if total > 0 else 0.0
