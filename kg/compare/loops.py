"""The compiled loops of ``kg.compare.pairs``; importing this needs numba."""
# ruff: noqa: PLR0917, C901, PLR0912, PLR0915 - one loop; numba takes plain arrays, and calls within it cost what they save

from __future__ import annotations

import numba
import numpy as np

__all__ = ["BLOCK", "nearest_rows"]

BLOCK = 16384
"""Practices whose sums are held at once: 64 kB, which stays in the nearest caches; below 2¹⁶, for the lists."""
_A_LITTLE_LESS = 1 - 1e-9
"""A bound that equals what it bounds must not lose to rounding."""
_FIRST_LOOK = 96
"""Practices that are summed at once to have a bound to begin with."""


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
def _similarity(start, feature, weight, total, mine, whole, b):  # type: ignore[no-untyped-def]
    common = 0
    for entry in range(start[b], start[b + 1]):
        common += min(mine[feature[entry]], weight[entry])
    return common / (whole + total[b] - common)


@numba.njit(cache=True, nogil=True)
def _passing(met, light, slope, offset, passes):  # type: ignore[no-untyped-def]
    """Which of a block may be near enough; as simple as this, so that it is compiled to eight or sixteen at a time."""
    for b in range(len(light)):
        passes[b] = (met[b] > 0) & (np.float32(met[b]) >= slope * light[b] + offset)


@numba.njit(cache=True, nogil=True)
def _first_bound(  # type: ignore[no-untyped-def]
    start, feature, weight, total, heavy, begins, lists, group_end, mine, a, low, high, stamp, bounds
):
    """The worst of the ``top`` best among a few practices that share a heavy feature; 0 where there are fewer."""
    top, seen, found = len(bounds), 0, 0
    ids = np.empty(top, dtype=np.int32)
    known = group_end[-1]
    for at in range(start[a], start[a + 1]):
        f = feature[heavy[at]]
        for each in (2 * f + 1, 2 * f):  # those that have it themselves first
            for block in range(begins.shape[0]):
                for entry in range(begins[block, each], begins[block, each + 1]):
                    b = block * BLOCK + lists[entry]
                    if b >= known or low <= b < high or stamp[b] == a:
                        continue
                    stamp[b] = a
                    s = _similarity(start, feature, weight, total, mine, total[a], b)
                    found = _offer(bounds, ids, found, s, b)
                    seen += 1
                    if seen == _FIRST_LOOK:
                        return bounds[top - 1] if found == top else 0.0
    return bounds[top - 1] if found == top else 0.0


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
    bit,
    has,
    own,
    asked,
    neighbour,
    similarity,
):
    """Fill a row of ``neighbour`` and ``similarity`` for each practice of ``asked``.

    Practices stand sorted by group, those without one last; ``number`` is what they are called in the answer.
    ``lists[begins[block, 2 f + own]:…]`` are the practices of a block that have feature f themselves (own = 1) or through a
    narrower one, counted from the block's beginning. ``bit[f]`` is the place of feature f among the 64 most common, −1 for
    others; ``has[b]`` and ``own[b]`` are the sets of those that b has at all and has itself.
    """
    rows, top = neighbour.shape
    blocks, known = begins.shape[0], group_end[-1]
    met = np.zeros(BLOCK, dtype=np.int32)
    touched = np.empty(BLOCK, dtype=np.int32)
    passes = np.zeros(BLOCK, dtype=np.uint8)
    words = passes.view(np.uint64)
    mine = np.zeros(len(idf), dtype=np.int32)
    counts = np.zeros(rows, dtype=np.int64)
    least = np.zeros(rows, dtype=np.float64)
    stamp = np.full(len(total), -1, dtype=np.int32)
    bounds = np.empty(top, dtype=np.float64)
    light = total.astype(np.float32)
    zero, one = np.uint64(0), np.uint64(1)
    left_bit = np.empty(64, dtype=np.uint64)
    left_half, left_more = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    for row in range(rows):
        a = asked[row]
        low = group_end[group[a] - 1] if group[a] > 0 else 0
        high = group_end[group[a]] if group[a] >= 0 else 0
        for at in range(start[a], start[a + 1]):
            mine[feature[at]] = weight[at]
        least[row] = _first_bound(
            start, feature, weight, total, heavy, begins, lists, group_end, mine, a, low, high, stamp, bounds
        )
        for at in range(start[a], start[a + 1]):
            mine[feature[at]] = 0
    for block in range(blocks):
        base = block * BLOCK
        size = min(BLOCK, known - base)
        if size <= 0:
            break
        for row in range(rows):
            a = asked[row]
            low = (group_end[group[a] - 1] if group[a] > 0 else 0) - base
            high = (group_end[group[a]] if group[a] >= 0 else 0) - base
            if low <= 0 and high >= size:
                continue  # the whole block is of its own region
            whole = total[a]
            bound = least[row]
            # What is not walked is of the 64 most common, whose lists are long: it is added from the sets of bits.
            rest, steps, left, lefts, enough = whole, 0, zero, 0, False
            for at in range(start[a], start[a + 1]):
                f, w = feature[heavy[at]], weight[heavy[at]]
                length = begins[block, 2 * f + 2] - begins[block, 2 * f]
                enough = enough or rest < bound * whole * _A_LITTLE_LESS
                if enough and bit[f] >= 0:
                    left |= one << np.uint64(bit[f])
                    left_bit[lefts] = bit[f]
                    left_half[lefts] = idf[f] // 2
                    left_more[lefts] = w - idf[f] // 2
                    lefts += 1
                else:
                    steps += length
                    rest -= w
            dense = 12 * steps > size
            count = 0
            for at in range(start[a], start[a + 1]):
                f, w = feature[heavy[at]], weight[heavy[at]]
                if bit[f] >= 0 and left >> np.uint64(bit[f]) & one:
                    continue
                for each in (2 * f, 2 * f + 1):
                    add = min(w, idf[f] if each & 1 else idf[f] // 2)
                    if dense:
                        for entry in range(begins[block, each], begins[block, each + 1]):
                            met[lists[entry]] += add
                    else:
                        for entry in range(begins[block, each], begins[block, each + 1]):
                            b = lists[entry]
                            if met[b] == 0:
                                touched[count] = b
                                count += 1
                            met[b] += add
            # similarity ≥ bound means: met + rest ≥ bound / (1 + bound) · (W(a) + W(b)); a little less for rounding.
            slope = np.float32(bound / (1 + bound) * (1 - 1e-5))
            offset = np.float32(slope * whole - rest)
            if dense:
                _passing(met, light[base : base + size], slope, offset, passes)
                for word in range(len(words)):
                    if words[word] == 0:
                        continue
                    for b in range(8 * word, min(8 * word + 8, size)):
                        if passes[b]:
                            touched[count] = b
                            count += 1
            found = counts[row]
            for each in range(count):
                b = touched[each]
                if b < size and not low <= b < high and np.float32(met[b]) >= slope * light[base + b] + offset:
                    common = met[b]
                    here, itself = has[base + b], own[base + b]
                    for each_left in range(lefts):
                        p = left_bit[each_left]
                        common += left_half[each_left] * np.int64(here >> p & one)
                        common += left_more[each_left] * np.int64(itself >> p & one)
                    s = common / (whole + total[base + b] - common)
                    if s >= bound:
                        found = _offer(similarity[row], neighbour[row], found, s, number[base + b])
                        if found == top and similarity[row, top - 1] > bound:
                            bound = similarity[row, top - 1]
                            slope = np.float32(bound / (1 + bound) * (1 - 1e-5))
                            offset = np.float32(slope * whole - rest)
                if not dense:
                    met[b] = 0
            if dense:
                met[:] = 0
            least[row] = bound
            counts[row] = found
