"""The compiled loops of ``kg.compare.nearest.pairs``; importing this needs numba."""
# ruff: noqa: PLR0917, C901, PLR0912, PLR0915 - one loop; numba takes plain arrays, and calls within it cost what they save

from __future__ import annotations

import numba
import numpy as np

from kg.compare.nearest.weights import UNIT

__all__ = ["BLOCK", "CHUNK", "COMMON", "nearest_rows"]

BLOCK = 8192
"""Practices whose sums are held at once; with the weights of the common features 1 MB, which stays in a core's own cache."""
CHUNK = 512
"""Practices that are summed or left out together; divides ``BLOCK``, and is divided by 8."""
COMMON = 48
"""Features whose weights are held for every practice; the others' practices are listed."""
_A_LITTLE_LESS = 1 - 1e-6
"""A bound that equals what it bounds must not lose to rounding."""
_FIRST_LOOK = 96
"""Practices that are summed at once to have a bound to begin with."""
_RARE = 8.0
"""What rare features must bring at least, in units of idf, for only those who share such to be looked at: 15.3 s instead of
16.4 s with 5, 14.1 with 7 to 10 (all pairs of 120,000), 20 with 1."""
_KEPT = 256
"""Practices of a row that wait to be summed exactly; when there are more, those still near enough are summed at once."""


@numba.njit(cache=True, nogil=True)
def _offer(best_s, best_p, count, s, p):  # type: ignore[no-untyped-def]
    """Put (s, p) into the sorted list of the best, if it belongs there; returns their number."""
    top = len(best_s)
    if count == top and (s < best_s[top - 1] or (s == best_s[top - 1] and p > best_p[top - 1])):
        return count
    at = min(count, top - 1)
    while at > 0 and (s > best_s[at - 1] or (s == best_s[at - 1] and p < best_p[at - 1])):
        best_s[at] = best_s[at - 1]
        best_p[at] = best_p[at - 1]
        at -= 1
    best_s[at] = s
    best_p[at] = p
    return min(count + 1, top)


@numba.njit(cache=True, nogil=True)
def _insert(best_s, s):  # type: ignore[no-untyped-def]
    """Put s into the full, falling list of the best, if it belongs there."""
    at = len(best_s) - 1
    if s <= best_s[at]:
        return
    while at > 0 and s > best_s[at - 1]:
        best_s[at] = best_s[at - 1]
        at -= 1
    best_s[at] = s


@numba.njit(cache=True, nogil=True)
def _similarity(start, feature, weight, total, mine, whole, b):  # type: ignore[no-untyped-def]
    common = 0
    for entry in range(start[b], start[b + 1]):
        common += min(mine[feature[entry]], weight[entry])
    return common / (whole + total[b] - common)


@numba.njit(cache=True, nogil=True)
def _note(start, feature, weight, a, mine):  # type: ignore[no-untyped-def]
    """The weights of practice a by feature."""
    for at in range(start[a], start[a + 1]):
        mine[feature[at]] = weight[at]


@numba.njit(cache=True, nogil=True)
def _forget(start, feature, a, mine):  # type: ignore[no-untyped-def]
    for at in range(start[a], start[a + 1]):
        mine[feature[at]] = 0


@numba.njit(cache=True, nogil=True)
def _sum(met, table, begin, end, places, adds, count):  # type: ignore[no-untyped-def]
    """Add the common features to a chunk's sums; so simple that sixteen are done at a time."""
    width, at = np.uintp(BLOCK), 0
    while at + 4 <= count:
        a, b, c, d = places[at] * width, places[at + 1] * width, places[at + 2] * width, places[at + 3] * width
        one, two, three, four = adds[at], adds[at + 1], adds[at + 2], adds[at + 3]
        for i in range(begin, end):
            met[i] += (
                min(table[a + i], one) + min(table[b + i], two) + min(table[c + i], three) + min(table[d + i], four)
            )
        at += 4
    while at < count:
        a, one = places[at] * width, adds[at]
        for i in range(begin, end):
            met[i] += min(table[a + i], one)
        at += 1


@numba.njit(cache=True, nogil=True)
def _most(met, begin, end):  # type: ignore[no-untyped-def]
    """The greatest sum of a chunk."""
    most = met[begin]
    for i in range(begin, end):
        most = max(most, met[i])
    return most


@numba.njit(cache=True, nogil=True)
def _passing(met, begin, end, enough, passes):  # type: ignore[no-untyped-def]
    """Which of a chunk may be near enough; as simple as this for the same reason."""
    for i in range(begin, end):
        passes[i - begin] = met[i] >= enough


@numba.njit(cache=True, nogil=True)
def _settle(  # type: ignore[no-untyped-def]
    start, feature, weight, total, number, a, bound, kept, upper, count, mine, best_s, best_p, found
):
    """Sum exactly those kept that may still be near enough; returns the number of the best."""
    _note(start, feature, weight, a, mine)
    for each in range(count):
        if upper[each] >= bound:
            s = _similarity(start, feature, weight, total, mine, total[a], kept[each])
            found = _offer(best_s, best_p, found, s, number[kept[each]])
    _forget(start, feature, a, mine)
    return found


@numba.njit(cache=True, nogil=True)
def _first_bound(  # type: ignore[no-untyped-def]
    start, feature, weight, total, heavy, begins, lists, known, a, low, high, mine, stamp, best_s
):
    """A bound from a few practices that share a heavy feature: the worst of the best; 0 where there are too few."""
    seen, best_s[:] = 0, 0
    for at in range(start[a], start[a + 1]):
        f = feature[heavy[at]]
        for each in (2 * f + 1, 2 * f):  # those that have it themselves first
            for block in range(begins.shape[0]):
                for entry in range(begins[block, each], begins[block, each + 1]):
                    b = block * BLOCK + lists[entry]
                    if b >= known or low <= b < high or stamp[b] == a:
                        continue
                    stamp[b] = a
                    _insert(best_s, _similarity(start, feature, weight, total, mine, total[a], b))
                    seen += 1
                    if seen == _FIRST_LOOK:
                        return best_s[-1]
    return best_s[-1]


@numba.njit(cache=True, nogil=True)
def nearest_rows(  # type: ignore[no-untyped-def]
    start,
    feature,
    weight,
    total,
    heavy,
    begins,
    lists,
    idf,
    group,
    group_end,
    number,
    common,
    tables,
    scale,
    lightest,
    heaviest,
    asked,
    neighbour,
    similarity,
):
    """Fill a row of ``neighbour`` and ``similarity`` for each practice of ``asked``.

    Practices stand sorted by group and total weight, those without a group last; ``number`` is what they are called in the
    answer. ``lists[begins[block, 2 f + own]:…]`` are the practices of a block that have feature f themselves (own = 1) or
    through a narrower one, counted from the block's beginning. ``common[f]`` is the place of feature f among the most
    common, −1 for others; ``tables[block, common[f] · BLOCK + b]`` is its weight at practice b of the block, times ``scale``
    and rounded up to 16 bits. ``lightest`` and ``heaviest`` bound the total weights of each chunk of each block.
    """
    rows, top = neighbour.shape
    few = _RARE * UNIT * scale
    blocks, known = begins.shape[0], group_end[-1]
    mine = np.zeros(len(idf), dtype=np.int32)
    stamp = np.full(len(total), -1, dtype=np.int32)
    # Sums in 16 bits, each share rounded up: never less than the true sum, and at most one more for each feature.
    met = np.zeros(BLOCK, dtype=np.uint16)
    places = np.empty(COMMON, dtype=np.uintp)
    adds = np.empty(COMMON, dtype=np.uint16)
    passes = np.zeros(CHUNK, dtype=np.uint8)
    words = passes.view(np.uint64)
    firsts = np.zeros(rows, dtype=np.float64)
    reached = np.zeros((rows, top), dtype=np.float64)  # similarities that so many practices have at least
    kept = np.empty((rows, _KEPT), dtype=np.int32)
    upper = np.empty((rows, _KEPT), dtype=np.float64)  # similarities that those kept have at most
    waiting = np.zeros(rows, dtype=np.int64)
    counts = np.zeros(rows, dtype=np.int64)
    for row in range(rows):
        a = asked[row]
        low = group_end[group[a] - 1] if group[a] > 0 else 0
        high = group_end[group[a]] if group[a] >= 0 else 0
        _note(start, feature, weight, a, mine)
        firsts[row] = _A_LITTLE_LESS * _first_bound(
            start, feature, weight, total, heavy, begins, lists, known, a, low, high, mine, stamp, reached[row]
        )
        _forget(start, feature, a, mine)
        reached[row] = 0  # they are met again
    for block in range(blocks):
        base = block * BLOCK
        size = min(BLOCK, known - base)
        if size <= 0:
            break
        table = tables[block]
        for row in range(rows):
            a = asked[row]
            low = (group_end[group[a] - 1] if group[a] > 0 else 0) - base
            high = (group_end[group[a]] if group[a] >= 0 else 0) - base
            if low <= 0 and high >= size:
                continue  # the whole block is of its own region
            whole, count, rest = total[a], 0, 0
            for at in range(start[a], start[a + 1]):
                f, w = feature[at], weight[at]
                if common[f] >= 0:
                    places[count] = common[f]
                    adds[count] = np.uint16(w * scale + 1)
                    rest += adds[count]
                    count += 1
                    continue
                for each in (2 * f, 2 * f + 1):
                    add = np.uint16(min(w, idf[f] if each & 1 else idf[f] // 2) * scale + 1)
                    for entry in range(begins[block, each], begins[block, each + 1]):
                        met[lists[entry]] += add
            excess = start[a + 1] - start[a]
            bound = max(firsts[row], reached[row, top - 1] * _A_LITTLE_LESS)
            # similarity ≥ bound means: Σ min ≥ bound / (1 + bound) · (W(a) + W(b))
            slope = bound / (1 + bound) * scale
            for chunk in range(BLOCK // CHUNK):
                begin, end = chunk * CHUNK, (chunk + 1) * CHUNK
                if begin >= size:
                    break
                light, heaviest_here = lightest[block, chunk], heaviest[block, chunk]
                if (low <= begin and high >= min(end, size)) or heaviest_here < bound * whole or light * bound > whole:
                    continue  # of its own region; or so much lighter or heavier that all in common would not do
                enough = np.int64(max(1, slope * (whole + light)))
                rare = enough - rest > few
                if rare:
                    enough -= rest  # the common ones are added where the rare ones do
                else:
                    _sum(met, table, np.uintp(begin), np.uintp(end), places, adds, count)
                if _most(met, np.uintp(begin), np.uintp(end)) < enough:
                    continue
                _passing(met, np.uintp(begin), np.uintp(end), np.uint16(enough), passes)
                for word in range(len(words)):
                    if words[word] == 0:
                        continue
                    for b in range(begin + 8 * word, begin + 8 * word + 8):
                        if not passes[b - begin] or b >= size or low <= b < high:
                            continue
                        both = whole + total[base + b]
                        if rare and met[b] + rest >= slope * both:
                            for each in range(count):
                                met[b] += min(table[places[each] * np.uintp(BLOCK) + np.uintp(b)], adds[each])
                        if met[b] < slope * both:
                            continue
                        n = waiting[row]
                        kept[row, n] = base + b
                        upper[row, n] = met[b] / max(both * scale - met[b], 1.0)
                        least = met[b] - excess
                        _insert(reached[row], least / (both * scale - least))
                        if reached[row, top - 1] * _A_LITTLE_LESS > bound:
                            bound = reached[row, top - 1] * _A_LITTLE_LESS
                            slope = bound / (1 + bound) * scale
                        waiting[row] = n + 1
                        if n + 1 == _KEPT:
                            counts[row] = _settle(
                                *(start, feature, weight, total, number, a, bound, kept[row], upper[row], n + 1, mine),
                                *(similarity[row], neighbour[row], counts[row]),
                            )
                            waiting[row] = 0
            met[:] = 0
    for row in range(rows):
        bound = max(firsts[row], reached[row, top - 1] * _A_LITTLE_LESS)
        _settle(
            *(start, feature, weight, total, number, asked[row], bound, kept[row], upper[row], waiting[row], mine),
            *(similarity[row], neighbour[row], counts[row]),
        )
