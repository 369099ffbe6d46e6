"""Combinations of features: how many practices of how many regions have each, and how many would by chance.

By chance: within each region every practice has as many formats, audiences … as it has, but which ones is drawn in
proportion to how many practices of the region have each (the configuration model with expected margins: Chung and Lu
2002, Annals of Combinatorics 6, 125–145). So neither a feature that one province likes, nor a practice that was told in
detail, makes features look as if they belonged together. With k(i) features of a kind at practice i, a(r) and b(r)
practices of region r with the one and the other::

    expected(a, b) = Σ over r of  a(r) · b(r) · Σ k(i) l(i) / (Σ k(i) · Σ l(i))      i in r; k, l of the kinds of a and b

(for two of one kind k(i)·(k(i) − 1) stands for k(i)·l(i)). A combination of three is compared with the chance that each
pair in it meets the third, and the highest of the three expectations counts: it must be more than any of its pairs
(an intersection-union test, Berger 1982, Technometrics 24, 295–300).

Practices of one article are told by one hand, often in one sentence: they are one witness. ``Combined.articles`` counts
articles (a practice of several counts for the first); as an article has a combination with at most the sum of its
practices' chances, ``expected`` bounds what is expected of that number too, however an article's practices hang together.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kg.compare.column_copy.features import Features, distinct
from kg.compare.column_copy.nodes import Nodes
from kg.compare.significance.hierarchy import Entangled, entangled

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["Combined", "Reach"]

_DENSE = 30_000_000
"""Cells up to which pairs are counted in one array."""
_BLOCK = 4_000_000
"""Cells of one block of combinations × regions."""
_MANY = 64
"""Regions from which a table of them is mostly empty."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Combined:
    """Combinations that practices of enough regions have; one row each."""

    features: Ints
    """Combinations × size: numbers of features, ascending."""
    practices: Ints
    articles: Ints
    regions: Ints
    expected: Floats
    """Practices that would have it by chance."""
    trials: Ints
    """Articles with practices that could have it: they have as many features of each kind."""
    tried: int
    """How many combinations there were to look at."""


class Reach:
    """Which features practices of at least ``least`` regions have; ``features`` lists them, in the table's numbers.

    ``region`` and ``article`` give the place and the (first) article of each practice, −1 where unknown.
    """

    def __init__(self, table: Features, region: NDArray[np.int32], article: NDArray[np.int32], least: int) -> None:
        self.table, self.least = table, least
        self.article: Ints = article.astype(np.int64)
        placed = region >= 0
        self.region_ids, codes = np.unique(region[placed], return_inverse=True)
        self.code = np.full(len(region), -1, dtype=np.int64)
        self.code[placed] = codes.reshape(-1)
        here = placed[table.owner]
        owner, feature = table.owner[here].astype(np.int64), table.feature[here].astype(np.int64)
        enough = np.bincount(feature, minlength=len(table)) >= max(least, 1)
        fits = enough[feature]
        owner, feature = owner[fits], feature[fits]
        some = np.flatnonzero(enough)
        counts = self._count((np.cumsum(enough) - 1)[feature], owner, len(some))
        wide = np.count_nonzero(counts, axis=1) >= least
        self.features: Ints = some[wide]
        self.counts: Ints = counts[wide]
        """Features × regions: practices."""
        place = np.full(len(table), -1, dtype=np.int64)
        place[self.features] = np.arange(len(self.features))
        kept = place[feature] >= 0
        self.owner: Ints = owner[kept]
        self.feature: Ints = place[feature[kept]]
        """Places in ``features``; ascending within a practice."""

    @cached_property
    def reports(self) -> Ints:
        """Features × regions: articles that tell of practices of the region with the feature."""
        width, many = max(len(self.region_ids), 1), int(self.article.max(initial=0)) + 2
        cell = self.feature * width + self.code[self.owner]
        told = distinct(cell * many + self.article[self.owner] + 1) // many
        return np.bincount(told, minlength=len(self.features) * width).reshape(len(self.features), width)

    @cached_property
    def articles(self) -> Ints:
        """Articles that tell of each feature, in any region."""
        many = int(self.article.max(initial=0)) + 2
        told = distinct(self.feature * many + self.article[self.owner] + 1) // many
        return np.bincount(told, minlength=len(self.features))

    def described(self, kind: int) -> Ints:
        """Of each region: articles that tell of practices there with any feature of this kind."""
        many = int(self.article.max(initial=0)) + 2
        practices = np.flatnonzero((self.told[kind] > 0) & (self.code >= 0))
        told = distinct(self.code[practices] * many + self.article[practices] + 1) // many
        return np.bincount(told, minlength=len(self.region_ids))

    def _count(self, feature: Ints, owner: Ints, size: int) -> Ints:
        width = max(len(self.region_ids), 1)
        return np.bincount(feature * width + self.code[owner], minlength=size * width).reshape(size, width)

    @cached_property
    def told(self) -> Ints:
        """Kinds × practices: how many features of the kind the practice has itself; 0 where its region is unknown."""
        own = self.table.own & (self.code[self.table.owner] >= 0)
        kind = self.table.kind[self.table.feature[own]].astype(np.int64)
        size = len(self.table.kinds) * self.table.practices
        found = np.bincount(kind * self.table.practices + self.table.owner[own], minlength=size)
        return found.reshape(len(self.table.kinds), -1)

    def ways(self, kinds: tuple[int, ...]) -> Ints:
        """Of each practice: in how many ways it could draw so many different features of these kinds, in order."""
        found = np.ones(self.table.practices, dtype=np.int64)
        for kind, times in Counter(kinds).items():
            for taken in range(times):
                found *= np.maximum(self.told[kind] - taken, 0)
        return found

    def by_region(self, kinds: tuple[int, ...]) -> Floats:
        """Sum of ``ways`` over the practices of each region."""
        placed = self.code >= 0
        weights = self.ways(kinds)[placed].astype(np.float64)
        found: Floats = np.bincount(self.code[placed], weights=weights, minlength=len(self.region_ids)).astype(
            np.float64
        )
        return found

    def together(self, size: int, nodes: Nodes) -> Combined:
        """Combinations of two or three features that practices of enough regions have."""
        groups = entangled(self.table, self.features, nodes)
        raw, rows = self._occurrences(size, groups)
        keys, counts = self._tally(raw, size)
        width, base = max(len(self.region_ids), 1), max(len(self.features), 1)
        combined = keys // width
        starts = np.flatnonzero(np.diff(combined, prepend=-1))
        ends = np.append(starts[1:], len(keys))
        wide = ends - starts >= self.least
        support = np.add.reduceat(counts, starts) if len(starts) else np.zeros(0, dtype=np.int64)
        places = np.stack([combined[starts[wide]] // base**p % base for p in range(size - 1, -1, -1)], axis=1)
        pairs = (keys, counts) if size == 2 else self._tally(self._occurrences(2, groups)[0], 2)
        expected, trials = self._expected(places, pairs)
        free = comb(len(self.features), size)
        if size == 2:
            free -= groups.pairs
        articles = support[wide] - self._repeated(combined[starts[wide]], raw // width, rows)
        return Combined(places, support[wide], articles, (ends - starts)[wide], expected, trials, free)

    def _occurrences(self, size: int, groups: Entangled) -> tuple[NDArray[np.signedinteger], Ints]:
        """Each combination of each practice: (combination, region) as one number, and the practice."""
        width, base = max(len(self.region_ids), 1), max(len(self.features), 1)
        # Short numbers are moved and sorted in half the time.
        kind = np.int32 if base**size * width < 2**31 else np.int64
        feature, code = self.feature.astype(kind), self.code.astype(kind)
        lengths = np.bincount(self.owner, minlength=self.table.practices)
        first = np.concatenate(([0], np.cumsum(lengths)))
        found: list[NDArray[np.signedinteger]] = [np.zeros(0, dtype=kind)]
        owners: list[Ints] = [np.zeros(0, dtype=np.int64)]
        for length in np.unique(lengths[lengths >= size]).tolist():
            chosen = np.array(list(combinations(range(length), size)))
            rows = np.flatnonzero(lengths == length)
            step = max(_BLOCK // (2 * len(chosen)), 1)
            for some in (rows[start : start + step] for start in range(0, len(rows), step)):
                block = feature[first[some][:, None] + np.arange(length)]
                parts = [block[:, chosen[:, at]] for at in range(size)]
                fits = np.ones(parts[0].shape, dtype=np.bool_)
                for one, other in combinations(parts, 2):
                    fits &= ~groups.are(one, other)
                key = parts[0]
                for part in parts[1:]:
                    key = key * base + part
                key *= width
                key += code[some][:, None]
                found.append(key[fits])
                owners.append(np.repeat(some, np.count_nonzero(fits, axis=1)))
        return np.concatenate(found), np.concatenate(owners)

    def _tally(self, raw: NDArray[np.signedinteger], size: int) -> tuple[Ints, Ints]:
        """The numbers, ascending and each once, and how often each stands there."""
        if len(self.features) ** size * max(len(self.region_ids), 1) <= _DENSE:
            dense = np.bincount(raw)
            cells = np.flatnonzero(dense)
            return cells, dense[cells]
        cells, counts = np.unique(raw, return_counts=True)
        return cells.astype(np.int64), counts

    def _repeated(self, wanted: Ints, combined: NDArray[np.signedinteger], rows: Ints) -> Ints:
        """Of each wanted combination: practices beyond the first of their article."""
        several = np.bincount(self.article[self.article >= 0], minlength=1) > 1
        here = several[self.article[rows]] & (self.article[rows] >= 0)
        combined, articles = combined[here], self.article[rows[here]]
        at = np.minimum(np.searchsorted(wanted, combined), max(len(wanted) - 1, 0))
        hit = wanted[at] == combined if len(wanted) else np.zeros(len(at), dtype=np.bool_)
        base = max(len(several), 1)
        cells, counts = np.unique(at[hit] * base + articles[hit], return_counts=True)
        return np.bincount(cells // base, weights=counts - 1, minlength=len(wanted)).astype(np.int64)

    def _expected(self, places: Ints, pairs: tuple[Ints, Ints]) -> tuple[Floats, Ints]:
        expected = np.zeros(len(places))
        trials = np.zeros(len(places), dtype=np.int64)
        if not len(places):
            return expected, trials
        kinds = self.table.kind[self.features[places]].astype(np.int64)
        code = kinds @ (len(self.table.kinds) ** np.arange(kinds.shape[1]))
        for rows in (np.flatnonzero(code == one) for one in np.flatnonzero(np.bincount(code))):
            group = kinds[rows[0]]
            able = (self.ways(tuple(group.tolist())) > 0) & (self.code >= 0)
            told = np.zeros(int(self.article.max(initial=0)) + 2, dtype=np.bool_)
            told[self.article[able]] = True
            trials[rows] = int(np.count_nonzero(told))
            step = max(_BLOCK // min(max(len(self.region_ids), 1), _MANY), 1)
            for start in range(0, len(rows), step):
                block = rows[start : start + step]
                expected[block] = self._by_chance(places[block], tuple(group.tolist()), pairs)
        return expected, trials

    def _by_chance(self, places: Ints, kinds: tuple[int, ...], pairs: tuple[Ints, Ints]) -> Floats:
        size, whole = len(kinds), self.by_region(kinds)
        if size == 2 and len(self.region_ids) > _MANY:
            return self._by_chance_sparse(places, whole, self.by_region(kinds[:1]) * self.by_region(kinds[1:]))
        best = np.zeros(len(places))
        for last in range(size) if size > 2 else (1,):
            rest = [at for at in range(size) if at != last]
            one = self.counts[places[:, rest[0]]] if size == 2 else self._pair_counts(places[:, rest], pairs)
            other = self.counts[places[:, last]]
            below = self.by_region(tuple(kinds[at] for at in rest)) * self.by_region((kinds[last],))
            factor = np.divide(whole, below, out=np.zeros_like(whole), where=below > 0)
            # Not more than have the rarer of the two: a share of more than 1 is none.
            best = np.maximum(best, np.minimum(one * other * factor, np.minimum(one, other)).sum(axis=1))
        return best

    def _by_chance_sparse(self, places: Ints, whole: Floats, below: Floats) -> Floats:
        """The same for two features where most features are absent from most regions."""
        one, other = self._sparse[places[:, 0]], self._sparse[places[:, 1]]
        factor = np.divide(whole, below, out=np.zeros_like(whole), where=below > 0)
        product, least = one.multiply(other).tocsr(), one.minimum(other).tocsr()
        product.sort_indices()
        least.sort_indices()
        # Counts are positive: product and least have their entries in the same cells.
        cells = np.minimum(product.data * factor[product.indices], least.data)
        sums = np.concatenate(([0.0], np.cumsum(cells)))
        found: Floats = sums[product.indptr[1:]] - sums[product.indptr[:-1]]
        return found

    @cached_property
    def _sparse(self) -> csr_matrix:
        from scipy.sparse import csr_matrix

        return csr_matrix(self.counts.astype(np.float64))

    def _pair_counts(self, two: Ints, pairs: tuple[Ints, Ints]) -> Ints:
        width, base = len(self.region_ids), len(self.features)
        wanted = ((two[:, 0] * base + two[:, 1])[:, None] * width + np.arange(width)).reshape(-1)
        keys, counts = pairs
        at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return np.where(keys[at] == wanted, counts[at], 0).reshape(len(two), width)
