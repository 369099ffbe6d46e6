"""For each practice the nearest of other regions: the one comparison whose cost grows faster than the number of practices.

Two looks. The first adds up what a practice shares with all others in sixteen bits, rounded up: the weights of the most
common features stand in tables that are added sixteen at a time, the rarer ones' practices in lists. A practice of too
small or too great a total weight is not looked at (length filter), nor one whose sum, with everything rounded in its favour,
stays below the worst of the best ``top`` (Bayardo, Ma and Srikant, Scaling up all pairs similarity search, WWW 2007; Xiao
et al., Efficient similarity joins, WWW 2008). The second sums those that are left exactly. The answer is exact, not an
approximation.

The loops are compiled by numba where it is installed (``pip install practice-graph[scale]``); without it numpy answers
one practice at a time, with the same bytes, some thirty times slower.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kg.compare.nearest.weights import Weights
from kg.errors import StoreError

__all__ = ["Pairs", "PairsTask", "all_pairs", "all_pairs_on", "best", "compiled", "nearest", "scores"]

_BLOCK = 2048
"""Rows that a thread takes at a time: some 0.2 s of work."""


@dataclass(frozen=True)
class Pairs:
    """Row i: the practices nearest to practice ``first + i``, the nearest first, then by number; −1 where there are fewer."""

    neighbour: NDArray[np.int32]
    similarity: NDArray[np.float64]
    """0 where there is no neighbour."""
    first: int = 0


def compiled() -> bool:
    """Whether the compiled loops are there."""
    return _kernel() is not None


def all_pairs(
    weights: Weights,
    groups: NDArray[np.int32],
    *,
    top: int = 20,
    rows: range | None = None,
    threads: int | None = None,
) -> Pairs:
    """The ``top`` nearest practices of other groups, for each practice or for a block of rows.

    Parameters
    ----------
    weights : of all practices (``weigh``).
    groups : the region of each practice; −1 where it is unknown: such a one is never an answer, and is itself answered
        with those of all regions.
    rows : the practices that are asked about; default: all.
    threads : default: one for each processor.

    Blocks are independent: whatever their size and the number of threads or machines, the same bytes.
    """
    rows = range(weights.practices) if rows is None else rows
    neighbour = np.full((len(rows), top), -1, dtype=np.int32)
    similarity = np.zeros((len(rows), top), dtype=np.float64)
    if not len(weights.idf):  # nothing is shared, and there is no table to make
        return Pairs(neighbour, similarity, rows.start)
    kernel = _kernel()
    if kernel is None:
        for at, practice in enumerate(rows):
            found, how = nearest(weights, groups, practice, top=top)
            neighbour[at, : len(found)], similarity[at, : len(found)] = found, how
        return Pairs(neighbour, similarity, rows.start)
    table, place = _table(weights, groups)

    def work(begin: int) -> None:
        end = min(begin + _BLOCK, len(rows))
        asked = place[rows.start + begin : rows.start + end]
        kernel(*table, asked, neighbour[begin:end], similarity[begin:end])

    begins = range(0, len(rows), _BLOCK)
    workers = min(threads or os.cpu_count() or 1, max(len(begins), 1))
    if workers == 1:
        for begin in begins:
            work(begin)
    else:
        with ThreadPoolExecutor(workers) as pool:  # the loops let go of the interpreter
            list(pool.map(work, begins))
    return Pairs(neighbour, similarity, rows.start)


class PairsTask:
    """All pairs of a block of rows as a task for ``kg.workers``: it can be pickled and depends on nothing else."""

    def __init__(self, weights: Weights, groups: NDArray[np.int32], top: int) -> None:
        self.top = top
        self._plain = (weights, groups)
        # made once, not in every worker
        self._table = _table(weights, groups) if compiled() and len(weights.idf) else None

    def __call__(self, rows: range) -> Pairs:
        kernel = _kernel()
        if self._table is None or kernel is None:
            return all_pairs(*self._plain, top=self.top, rows=rows, threads=1)
        table, place = self._table
        found = Pairs(np.full((len(rows), self.top), -1, dtype=np.int32), np.zeros((len(rows), self.top)), rows.start)
        kernel(*table, place[rows.start : rows.stop], found.neighbour, found.similarity)
        return found


class Mapper(Protocol):
    """What of ``kg.workers.Workers`` is needed."""

    def map(self, task: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """The results in the order of the items; what is lost is no Pairs."""


def all_pairs_on(
    workers: Mapper, weights: Weights, groups: NDArray[np.int32], *, top: int = 20, block: int = 16_384
) -> Pairs:
    """``all_pairs`` on other processes or machines (``kg.workers.open_workers``), in blocks of rows: the same bytes.

    Raises StoreError where a block was lost more often than the workers try.
    """
    rows = [range(at, min(at + block, weights.practices)) for at in range(0, weights.practices, block)]
    found = []
    for part in workers.map(PairsTask(weights, groups, top), rows):
        if not isinstance(part, Pairs):
            raise StoreError(
                f"a block of rows was lost: {part}", where="all pairs", remedy="try again with fewer workers"
            )
        found.append(part)
    if not found:
        return all_pairs(weights, groups, top=top)
    return Pairs(
        np.concatenate([part.neighbour for part in found]), np.concatenate([part.similarity for part in found])
    )


def scores(
    weights: Weights, features: NDArray[np.int32], weight: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The practices that have any of these features, ascending, and their similarity to one with these weights."""
    found = _similarities(weights, features, weight)
    here = np.flatnonzero(found)
    return here, found[here]


def _similarities(weights: Weights, features: NDArray[np.int32], weight: NDArray[np.int32]) -> NDArray[np.float64]:
    """Of every practice to one with these weights; 0 for those that share nothing with it."""
    begins, practices, theirs = weights.postings
    slices = [slice(int(begins[f]), int(begins[f + 1])) for f in features.tolist()]
    if not slices:
        return np.zeros(weights.practices)
    met = np.concatenate([practices[each] for each in slices])
    least = np.concatenate([np.minimum(theirs[e], w) for e, w in zip(slices, weight.tolist(), strict=True)])
    common = np.bincount(met, weights=least, minlength=weights.practices)
    similar: NDArray[np.float64] = common / np.maximum(weights.total + int(weight.sum()) - common, 1)
    return similar


def nearest(
    weights: Weights, groups: NDArray[np.int32], practice: int, *, top: int = 20
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The ``top`` nearest practices of other groups to one, with their similarities; order as in ``Pairs``."""
    row = slice(int(weights.start[practice]), int(weights.start[practice + 1]))
    similar = _similarities(weights, weights.feature[row], weights.weight[row])
    similar[groups < 0] = 0
    if groups[practice] >= 0:
        similar[groups == groups[practice]] = 0
    similar[practice] = 0
    here = np.flatnonzero(similar >= max(_bound(similar, top), np.finfo(np.float64).tiny))
    return best(here, similar[here], top)


def _bound(found: NDArray[np.float64], top: int) -> float:
    """A number that at least ``top`` of them reach: the ``top`` greatest maxima of stretches of the array; 0 for all.

    Ten times faster than the exact one, which then has a few hundred numbers to look through.
    """
    stretches = 16 * top
    if not top or len(found) < 4 * stretches:
        return 0.0
    maxima = np.maximum.reduceat(found, np.linspace(0, len(found), stretches, endpoint=False, dtype=np.int64))
    return float(np.partition(maxima, stretches - top)[stretches - top])


def best(
    practices: NDArray[np.int64], found: NDArray[np.float64], top: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The ``top`` practices (0: all) of the greatest similarity, equal ones in their order, and how great it is."""
    if len(found) > top > 0:
        bound = np.partition(found, len(found) - top)[len(found) - top]
        kept = found >= bound
        practices, found = practices[kept], found[kept]
    order = np.argsort(-found, kind="stable")
    order = order[:top] if top else order
    return practices[order].astype(np.int32), found[order]


def _table(weights: Weights, groups: NDArray[np.int32]) -> tuple[tuple[Any, ...], NDArray[np.int32]]:
    """What the loops walk, the practices sorted by group and total weight; and where each practice stands in that order."""
    from kg.compare.nearest.loops import BLOCK

    named, group = np.unique(groups, return_inverse=True)
    group = group.astype(np.int32) - np.int32(len(named) > 0 and named[0] < 0)  # −1 stays the first
    number = np.lexsort((weights.total, np.where(group < 0, np.int32(len(named)), group))).astype(np.int32)
    place = np.empty(len(number), dtype=np.int32)
    place[number] = np.arange(len(number), dtype=np.int32)
    sizes = np.diff(weights.start)[number]
    start = np.concatenate(([0], np.cumsum(sizes)))
    taken = np.repeat(weights.start[:-1][number] - start[:-1], sizes) + np.arange(int(start[-1]))
    feature, weight, total = weights.feature[taken], weights.weight[taken], weights.total[number]
    owner = np.repeat(np.arange(len(number)), sizes)
    heavy = np.lexsort((feature, -weight, owner))
    own = weight == weights.idf[feature]
    blocks, lists = -(-len(number) // BLOCK), 2 * len(weights.idf)
    key = (owner // BLOCK) * lists + 2 * feature + own
    order = np.argsort(key, kind="stable")
    ends = np.cumsum(np.bincount(key, minlength=blocks * lists)).reshape(blocks, lists)
    first = np.concatenate(([0], ends[:-1, -1])) if blocks else np.zeros(0, dtype=np.int64)
    table = (
        start,
        feature,
        weight,
        total,
        heavy,
        np.concatenate((first[:, None], ends), axis=1).astype(np.int64),
        (owner[order] % BLOCK).astype(np.uint16),
        weights.idf,
        group[number],
        np.cumsum(np.bincount(group[group >= 0], minlength=1)),
        number,
        *_common(feature, weight, owner, weights, total),
    )
    return table, place


def _common(
    feature: NDArray[np.int32],
    weight: NDArray[np.int32],
    owner: NDArray[np.int64],
    weights: Weights,
    total: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.uint16], float, NDArray[np.int64], NDArray[np.int64]]:
    """The most common features, their weights at every practice in 16 bits, the unit of these, and the chunks' totals."""
    from kg.compare.nearest.loops import BLOCK, CHUNK, COMMON

    features, longest = len(weights.idf), int(np.diff(weights.start).max(initial=0))
    chosen = np.argsort(-np.bincount(feature, minlength=features), kind="stable")[:COMMON]
    common = np.full(features, -1, dtype=np.int64)
    common[chosen] = np.arange(len(chosen))
    # The greatest sum, each of its parts rounded up, is below 2¹⁶.
    scale = (2**16 - 1 - longest) / max(int(total.max(initial=0)), 1)
    blocks = -(-len(total) // BLOCK)
    tables = np.zeros((blocks, COMMON, BLOCK), dtype=np.uint16)
    here = common[feature] >= 0
    tables[owner[here] // BLOCK, common[feature[here]], owner[here] % BLOCK] = weight[here] * scale + 1
    padded = np.full(blocks * BLOCK, total[-1] if len(total) else 0, dtype=np.int64)
    padded[: len(total)] = total
    chunks = padded.reshape(blocks, BLOCK // CHUNK, CHUNK)
    return common, tables.reshape(blocks, -1), scale, chunks.min(axis=2), chunks.max(axis=2)


@cache
def _kernel() -> Callable[..., None] | None:
    try:
        from kg.compare.nearest.loops import nearest_rows
    except ImportError:
        return None
    return nearest_rows
